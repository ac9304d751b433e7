"""`python bench/run_measured.py command …`: run it, then print as the last line what it took: {"peak_mb": …, "cpu_s": …}.

A process of its own and a small one, because a new process's largest size begins with that of the one which started it.
"""
import json
import os
import sys

_, status, usage = os.wait4(os.spawnv(os.P_NOWAIT, sys.argv[1], sys.argv[1:]), 0)
print(json.dumps({"peak_mb": usage.ru_maxrss / 1024, "cpu_s": usage.ru_utime + usage.ru_stime}))
sys.exit(os.waitstatus_to_exitcode(status))
