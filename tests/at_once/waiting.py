"""Actions one behind the other at a lock that the test holds, so that no round is left to luck."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, connections, transaction

from tests.waits import wait_until

WAITING = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


@contextmanager
def held(client_ids: list[int]) -> Iterator[None]:
    """Nobody writes to these clients until the block ends."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM clients_client WHERE id = ANY(%s) ORDER BY id FOR UPDATE", [client_ids]
        )
        yield


def waiting() -> int:
    """How many connections to this database wait for a lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(WAITING)
        return cursor.fetchone()[0]


class Running:
    """An action in a thread of its own."""

    def __init__(self, action: Callable[[], Any]):
        self._action, self._result, self._error = action, None, None
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._result = self._action()
        except BaseException as error:
            self._error = error
        finally:
            connections.close_all()

    def wait_for_turn(self, *before: "Running") -> None:
        """Return when it waits behind those before it that have not given way, or is over."""
        everybody = [*before, self]
        wait_until(lambda: self.is_over or sum(not one.is_over for one in everybody) <= waiting())

    @property
    def is_over(self) -> bool:
        return not self._thread.is_alive()

    def result(self) -> Any:
        self._thread.join(timeout=60)
        assert self.is_over
        if self._error:
            raise self._error
        return self._result


def one_after_the_other(client_ids: list[int], *actions: Callable[[], Any]) -> list[Any]:
    """Send them so that each waits for the one before; what each gave."""
    with held(client_ids):
        running: list[Running] = []
        for action in actions:
            started = Running(action)
            started.wait_for_turn(*running)
            running.append(started)
    return [one.result() for one in running]
