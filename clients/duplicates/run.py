"""The search of all clients, or of those changed since the last one, for possible duplicates."""

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connections
from django.utils import timezone

from clients.duplicates.blocking import Pairs
from clients.duplicates.frequencies import read_term_frequencies
from clients.duplicates.listing import Counts, list_pairs
from clients.duplicates.worker import begin
from clients.models import Client, DuplicateSearch

CHUNK = 5000  # pairs in memory at a time
LOCK = 0x64757065  # "dupe": any number of ours
# Longer than any transaction takes: what it wrote carries the time of its beginning.
OVERLAP = timedelta(hours=1)


class AlreadySearchingError(Exception):
    """Another search is on its way."""


@dataclass
class Outcome:
    """What a search did; oversized_blocks: rows with a key that too many share, by its columns."""

    search: DuplicateSearch
    counts: Counts = field(default_factory=Counts)
    oversized_blocks: dict[str, int] = field(default_factory=dict)


def find_duplicates(*, whole: bool = False, processes: int = 2) -> Outcome:
    """Search, list what is found, and note the run for the next one to begin where it began.

    Killed anywhere it has listed some of the pairs; the next run finds the others.

    whole: all clients, not only those that were changed since the last search.

    Raises:
        AlreadySearchingError: when another search is.
    """
    with _alone():
        started = timezone.now()
        since = None if whole else _last_start()
        outcome = Outcome(DuplicateSearch(started_at=started, is_whole=since is None, clients=0))
        if since is None:
            # The frequencies of names come from these statistics, and so do the plans.
            with connections[Client.objects.db].cursor() as cursor:
                cursor.execute("SELECT clients_analyze()")
        for part in _parts(since, processes):
            _add(outcome, part)
        outcome.search.pairs = outcome.counts.weighed
        outcome.search.finished_at = timezone.now()
        outcome.search.save()
    return outcome


@contextmanager
def _alone() -> Iterator[None]:
    """Hold a lock that ends with the connection, however this process does."""
    with connections[Client.objects.db].cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            raise AlreadySearchingError
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _last_start() -> datetime | None:
    last = DuplicateSearch.objects.order_by("-started_at").first()
    return last.started_at - OVERLAP if last else None


@dataclass
class Part:
    """What one process did."""

    counts: Counts
    clients: int
    oversized_blocks: dict[str, int]


def _parts(since: datetime | None, processes: int) -> Iterator[Part]:
    if processes == 1:
        yield search_part(since, 0, 1)
        return
    database = connections[Client.objects.db].settings_dict["NAME"]
    # Forked processes would share this one's connection.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, context, begin, (database,)) as pool:
        parts = [pool.submit(search_part, since, part, processes) for part in range(processes)]
        for done in as_completed(parts):
            yield done.result()


def search_part(since: datetime | None, part: int, parts: int) -> Part:
    """Look for this share of the pairs and list them, so many at a time."""
    frequencies, counts = read_term_frequencies(), Counts()
    with Pairs(since, part, parts) as pairs:
        for chunk in pairs.chunks(CHUNK):
            counts.add(list_pairs(chunk, frequencies))
        return Part(counts, pairs.clients, pairs.oversized_blocks)


def _add(outcome: Outcome, part: Part) -> None:
    outcome.counts.add(part.counts)
    outcome.search.clients = max(outcome.search.clients, part.clients)
    outcome.oversized_blocks |= part.oversized_blocks
