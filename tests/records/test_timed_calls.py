"""Calls with a time limit in a process that was forked."""

import subprocess
import sys

FORKED = """
import os
from records.timed_calls import Calls

calls = Calls()
assert calls.run(lambda: 1, seconds=30) == 1  # its thread waits for the next call
child = os.fork()
if child == 0:
    os._exit(calls.run(lambda: 7, seconds=30))
raise SystemExit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def test_forked_process_waits_for_no_thread_of_its_parent():
    run = subprocess.run([sys.executable, "-W", "ignore", "-c", FORKED], check=False)
    assert run.returncode == 7
