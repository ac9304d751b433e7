import sys; sys.path.insert(0,'/work/main')

from tests.test_memory_machine import *
from tests.test_memory_machine import Memory
import os
def test_the_memory_holds_whatever_happens_in_whatever_order(loop):
    machine = type("M", (Memory,), {"loop": loop})
    run_state_machine_as_test(machine, settings=settings(max_examples=int(os.environ.get("N","60")), stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True, phases=(Phase.explicit, Phase.generate)))
