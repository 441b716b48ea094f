"""Waiting for what happens in another process or thread."""

import time
from collections.abc import Callable


def wait_until(happened: Callable[[], object]) -> None:
    """Return when it happened; fail after a minute."""
    deadline = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.02)
