from contextlib import suppress

from data_quality import background
from outbox.runs import own_connection
from outbox.watching import WatchingCommand


class StoppedError(Exception):
    """It has to end; what it counts is counted by the next one."""


class Command(WatchingCommand):
    help = (
        "Counts what the data quality rules find, for the pages that officers have opened: what "
        "was asked for, and what has changed since. Ends when nothing is left. Run it every minute "
        "from cron, on one machine or on several."
    )

    def work(self, watch: float | None) -> None:
        with own_connection("count_quality") as life:
            while not self.must_stop:
                with background.turn(life) as is_ours, suppress(StoppedError):
                    if is_ours:
                        background.run_all(step=self.go_on)
                if not watch:
                    return
                self.wait(watch)

    def go_on(self) -> None:
        if self.must_stop:
            raise StoppedError
