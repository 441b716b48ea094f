from django.core.management.base import CommandParser

from clients.duplicates.run import AlreadySearchingError, Outcome, find_duplicates
from outbox.watching import CronCommand


class Command(CronCommand):
    help = (
        "Lists pairs of clients who may be one person, for the Data Quality Officers. Compares "
        "the clients that were changed since the last search. Run it daily from cron."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", dest="whole", help="compare all clients")
        parser.add_argument(
            "--processes",
            type=int,
            default=2,
            choices=range(1, 17),
            metavar="1-16",
            help="how many search at a time with --all, two by default",
        )

    def handle(self, *, whole: bool, processes: int, **options) -> None:
        try:
            outcome = find_duplicates(whole=whole, processes=processes)
        except AlreadySearchingError:
            self.stdout.write("Nothing done: another search is running.")
        else:
            self.stdout.write(in_one_line(outcome))


def in_one_line(outcome: Outcome) -> str:
    """What was done, in numbers and the names of columns alone."""
    search, counts = outcome.search, outcome.counts
    seconds = (search.finished_at - search.started_at).total_seconds()
    line = (
        f"{search.clients} clients compared in {seconds:.0f} s, {counts['weighed']} pairs weighed: "
        f"{counts['new']} new, {counts['reopened']} reopened, {counts['removed']} removed"
    )
    large = [f"{key} ({rows} rows)" for key, rows in sorted(outcome.oversized_blocks.items())]
    return f"{line}; too common to compare: {', '.join(large)}" if large else line
