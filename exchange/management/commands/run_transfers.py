import os
import signal
import time
from typing import Any

import psycopg
from django.core.management.base import BaseCommand, CommandParser
from django.db import Error, connection

from exchange import kept
from exchange.actions import expire
from exchange.jobs import remove_left_folders, work
from exchange.models import Transfer
from exchange.runs import Worker, working
from files.store import StoreError

MOMENT = 0.2  # seconds until it notices that it has to end


class Command(BaseCommand):
    help = (
        "Runs the exports and imports of HMIS CSV that users have asked for, deletes the files of "
        "those that have expired, and ends when nothing is left. Run it every minute from cron, on "
        "one machine or on several."
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
        parent = parent or os.getppid()
        while True:
            try:
                self.work(watch, parent)
                return
            except (Error, psycopg.Error):  # the database of a demonstration is started again
                if not watch:
                    raise
                if os.getppid() != parent:
                    return
                connection.close()
                time.sleep(watch)

    def work(self, watch: float | None, parent: int) -> None:
        with working() as worker:

            def stop(*_: Any) -> None:
                worker.must_stop = True

            signal.signal(signal.SIGTERM, stop)
            clean_up(worker)
            run_all(worker)
            looked = time.monotonic()
            while watch and not worker.must_stop and os.getppid() == parent:
                time.sleep(MOMENT)
                if time.monotonic() - looked >= watch:
                    run_all(worker)
                    looked = time.monotonic()


def run_all(worker: Worker) -> int:
    """Work until nothing waits; return how many transfers that were."""
    worker.take_back()
    for transfer in Transfer.objects.outdated():
        expire(transfer)
    count = 0
    worker.must_wait = False
    while not (worker.must_stop or worker.must_wait):
        with worker.taken_up() as run:
            if run is None:
                break
            work(run)
            count += 1
    return count


def clean_up(worker: Worker) -> None:
    """Delete what killed workers and interrupted uploads have left behind."""
    remove_left_folders(worker.is_dead)
    try:
        kept.sweep()
    except StoreError:
        return  # the next run sweeps
