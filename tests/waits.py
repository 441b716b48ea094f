"""Waiting for what happens in another process or thread, and several threads at once."""

import threading
import time
from collections.abc import Callable
from typing import Any

from django.db import connections


def wait_until(happened: Callable[[], object]) -> None:
    """Return when it happened; fail after two minutes."""
    deadline = time.monotonic() + 120
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def at_once(*actions: Callable[[], Any], refusal: type[Exception] | None = None) -> list[Any]:
    """Run each action in a thread of its own, all begun together; what each gave, or its refusal.

    What else an action raises is raised here, so that no thread dies unheard.
    """
    begun, outcomes = threading.Barrier(len(actions)), [None] * len(actions)

    def run(place: int, action: Callable[[], Any]) -> None:
        try:
            begun.wait(timeout=60)
            outcomes[place] = action()
        except Exception as raised:
            outcomes[place] = raised
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads)
    for outcome in outcomes:
        if isinstance(outcome, Exception) and not isinstance(outcome, refusal or ()):
            raise outcome
    return outcomes
