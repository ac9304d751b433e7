"""`python bench/run_measured.py command …`: runs the command and prints its use of resources as the last line: {"peak_mb": …, "cpu_s": …}.

It is a small process of its own, because the peak size of a new process starts at the size of the process that started it.
"""
import json
import os
import sys

_, status, usage = os.wait4(os.spawnv(os.P_NOWAIT, sys.argv[1], sys.argv[1:]), 0)
print(json.dumps({"peak_mb": usage.ru_maxrss / 1024, "cpu_s": usage.ru_utime + usage.ru_stime}))
sys.exit(os.waitstatus_to_exitcode(status))
