"""Commands for cron, and those that may also watch: work again after so many seconds."""

import os
import signal
import time
from typing import Any

import psycopg
from django.core.management.base import BaseCommand, CommandParser
from django.db import Error, connection

MOMENT = 0.2  # seconds until it notices that it has to end


class CronCommand(BaseCommand):
    """Starts without system checks, which load all pages: migrate runs them."""

    requires_system_checks = ()


class WatchingCommand(CronCommand):
    """Works once, or with --watch until SIGTERM, or the end of the process that began it."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--watch",
            type=float,
            metavar="SECONDS",
            help="look again after so many seconds, until it is ended",
        )
        parser.add_argument(
            "--parent", type=int, metavar="PID", help="end when this process, which began it, ends"
        )

    def handle(self, *, watch: float | None, parent: int | None, **options: Any) -> None:
        self.parent = parent or os.getppid()
        self.must_stop = False
        signal.signal(signal.SIGTERM, self.stop)
        while True:
            try:
                self.work(watch)
                return
            except (Error, psycopg.Error):  # the database of a demonstration is started again
                if not watch:
                    raise
                connection.close()
                self.wait(watch)
                if self.must_stop:
                    return

    def stop(self, *_: Any) -> None:
        self.must_stop = True

    def work(self, watch: float | None) -> None:
        """Do what there is to do, and with `watch` go on until `must_stop`."""
        raise NotImplementedError

    def wait(self, seconds: float) -> None:
        ends_at = time.monotonic() + seconds
        while not self.must_stop and time.monotonic() < ends_at:
            time.sleep(MOMENT)
            self.must_stop = self.must_stop or os.getppid() != self.parent
