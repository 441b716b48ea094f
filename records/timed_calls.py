"""Calls to other servers, each waited for no longer than its time."""

import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any, TypeVar

Result = TypeVar("Result")
Job = tuple[Callable[[], Any], Future]

MOST = 16  # threads of a process, those that hang included
LATE_IN_A_ROW = 3  # so many calls that ran out of time, and nobody waits for a while
REST = 15  # seconds of that while


class OutOfTimeError(Exception):
    """The call did not end in time; it may yet have its effect."""


class Calls:
    """Runs calls in threads of its own, each for a limited time, whatever the other side does.

    A socket's time-out starts again with every byte, so that a call is waited for from outside.

    A call that runs out of time goes on in its thread until its socket gives up. After three in a
    row the next ones fail at once for some seconds, so that a server that hangs does not take
    every thread of this one with it. What hangs by itself has calls of its own, one for a process.
    """

    def __init__(self) -> None:
        self.forget()
        os.register_at_fork(after_in_child=self.forget)

    def forget(self) -> None:
        """Start over, as a forked process has to: threads do not come along."""
        self._free = threading.Semaphore(MOST)
        self._idle: list[SimpleQueue[Job]] = []
        self._late = 0
        self._rests_until = 0.0

    def run(self, call: Callable[[], Result], *, seconds: float) -> Result:
        """Return what the call returns, or raise what it raises.

        Raises:
            OutOfTimeError: if it takes longer, or if others lately did.
        """
        end = time.monotonic() + seconds
        if end - seconds < self._rests_until or not self._free.acquire(timeout=max(seconds, 0)):
            raise OutOfTimeError
        future: Future[Result] = Future()
        self._worker().put((call, future))
        try:
            result = future.result(max(end - time.monotonic(), 0))
        except TimeoutError:
            if future.done():  # it is the call's own
                raise
            self._late += 1
            if self._late >= LATE_IN_A_ROW:
                self._rests_until = time.monotonic() + REST
            raise OutOfTimeError from None
        self._late = 0
        return result

    def _worker(self) -> "SimpleQueue[Job]":
        try:
            return self._idle.pop()
        except IndexError:
            jobs: SimpleQueue[Job] = SimpleQueue()
            threading.Thread(target=self._work, args=[jobs], daemon=True, name="timed-call").start()
            return jobs

    def _work(self, jobs: "SimpleQueue[Job]") -> None:
        free, idle = self._free, self._idle
        while True:
            call, future = jobs.get()
            try:
                future.set_result(call())
            except BaseException as error:
                future.set_exception(error)
            del call, future
            idle.append(jobs)
            free.release()
