import os
import signal
import time
from typing import Any

import psycopg
from django.core.management.base import BaseCommand, CommandParser
from django.db import Error, connection

from data_quality import background
from outbox.runs import own_connection

MOMENT = 0.2  # seconds until it notices that it has to end


class StoppedError(Exception):
    """It has to end; what it counts is counted by the next one."""


class Command(BaseCommand):
    help = (
        "Counts what the data quality rules find, for the pages that officers have opened: what "
        "was asked for, and what has changed since. Ends when nothing is left. Run it every minute "
        "from cron, on one machine or on several."
    )

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
            except StoppedError:
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
        with own_connection("count_quality") as life:
            while not self.must_stop:
                with background.turn(life) as is_ours:
                    if is_ours:
                        background.run_all(step=self.go_on)
                if not watch:
                    return
                self.wait(watch)

    def go_on(self) -> None:
        if self.must_stop:
            raise StoppedError

    def wait(self, seconds: float) -> None:
        ends_at = time.monotonic() + seconds
        while not self.must_stop and time.monotonic() < ends_at:
            time.sleep(MOMENT)
            self.must_stop = self.must_stop or os.getppid() != self.parent
