from typing import Any

from exchange import kept
from exchange.actions import expire
from exchange.jobs import remove_left_folders, work
from exchange.models import Transfer
from exchange.runs import Worker, working
from files.store import StoreError
from outbox.watching import WatchingCommand


class Command(WatchingCommand):
    help = (
        "Runs the exports and imports of HMIS CSV that users have asked for, deletes the files of "
        "those that have expired, and ends when nothing is left. Run it every minute from cron, on "
        "one machine or on several."
    )
    worker: Worker | None = None

    def stop(self, *_: Any) -> None:
        super().stop()
        if self.worker:
            self.worker.must_stop = True

    def work(self, watch: float | None) -> None:
        with working() as self.worker:
            clean_up(self.worker)
            while not self.must_stop:
                run_all(self.worker)
                if not watch:
                    return
                self.wait(watch)


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
