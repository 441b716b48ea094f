"""The search of all clients, or of those changed since the last one, for possible duplicates."""

import multiprocessing
from collections import Counter
from collections.abc import Iterator, Set
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from django.db import connections, transaction
from django.utils import timezone

from clients.duplicates import keys
from clients.duplicates.blocking import Pairs
from clients.duplicates.frequencies import TermFrequencies, read_term_frequencies
from clients.duplicates.person import Person, identity, people
from clients.duplicates.scoring import LISTED, Match, weigh
from clients.duplicates.worker import begin
from clients.locks import lock_clients
from clients.models import Client, DuplicateSearch, PossibleDuplicate
from records.retries import again_if_rolled_back

CHUNK = 5000  # pairs in memory at a time
LOCK, LIST_LOCK = 0x64757065, 0x6C697374  # "dupe" and "list": any two numbers of ours
# Longer than any transaction takes: what it wrote carries the time of its beginning.
OVERLAP = timedelta(hours=1)


Decision = PossibleDuplicate.Decision
Pair = tuple[int, int]


class AlreadySearchingError(Exception):
    """Another search is on its way."""


@dataclass
class Outcome:
    """What a search, or one process of it, did.

    counts: pairs that were "weighed", are "new" on the list, came back ("reopened"), and left it
        ("removed").
    oversized_blocks: rows with a key that too many share, by its columns.
    """

    search: DuplicateSearch
    counts: Counter[str] = field(default_factory=Counter)
    oversized_blocks: dict[str, int] = field(default_factory=dict)


def find_duplicates(*, whole: bool = False, processes: int = 2) -> Outcome:
    """Search, list what is found, and note the run for the next one to begin where it began.

    Killed anywhere it has listed some of the pairs; the next run finds the others. A `whole` one
    is of all clients, not only of those that were changed since the last.
    """
    with _alone():
        started = timezone.now()
        # One that began later than now was dated by a clock that has been set back.
        earlier = DuplicateSearch.objects.filter(started_at__lte=started)
        last = None if whole else earlier.order_by("-started_at").first()
        since = last.started_at - OVERLAP if last else None
        has_keys = last is not None and keys.are_complete(last)
        outcome = Outcome(DuplicateSearch(started_at=started, is_whole=since is None, clients=0))
        if since is None:
            # The frequencies of names come from these statistics, and so do the plans.
            with connections[Client.objects.db].cursor() as cursor:
                cursor.execute("SELECT clients_analyze()")
        # A process costs a second to begin, more than its share of the few.
        for part in _parts(since, 1 if since else processes, has_keys=has_keys):
            outcome.counts += part.counts
            outcome.search.clients = max(outcome.search.clients, part.search.clients)
            outcome.oversized_blocks |= part.oversized_blocks
        outcome.search.pairs = outcome.counts["weighed"]
        outcome.search.keys_version = keys.version()
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


def _parts(since: datetime | None, processes: int, *, has_keys: bool) -> Iterator[Outcome]:
    if processes == 1:
        yield search_part(since, 0, 1, has_keys=has_keys)
        return
    database = connections[Client.objects.db].settings_dict["NAME"]
    # Forked processes would share this one's connection.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, context, begin, (database,)) as pool:
        parts = [pool.submit(search_part, since, part, processes) for part in range(processes)]
        for done in as_completed(parts):
            yield done.result()


def search_part(
    since: datetime | None, part: int, parts: int, *, has_keys: bool = False
) -> Outcome:
    """Look for this share of the pairs and list them, so many at a time."""
    frequencies, counts = read_term_frequencies(), Counter[str]()
    with Pairs(since, part, parts, has_keys=has_keys) as pairs:
        for chunk in pairs.chunks(CHUNK):
            counts += again_if_rolled_back(partial(list_pairs, chunk, frequencies))
        return Outcome(DuplicateSearch(clients=pairs.clients), counts, pairs.oversized_blocks)


def weighed(pairs: list[Pair], frequencies: TermFrequencies) -> list[tuple[Person, Person, Match]]:
    """The pairs with how well they match."""
    known = people({client_id for pair in pairs for client_id in pair})
    return [
        (known[one], known[two], weigh(known[one], known[two], frequencies)) for one, two in pairs
    ]


def list_pairs(pairs: list[Pair], frequencies: TermFrequencies) -> Counter[str]:
    """Weigh these pairs and bring their rows up to date."""
    likely = {
        (one.client_id, two.client_id): (one, two, match)
        for one, two, match in weighed(pairs, frequencies)
        if match.weight >= LISTED
    }
    counts = Counter(weighed=len(pairs))
    with transaction.atomic():
        # Other processes of a search wait: the same pair may come in the parts of two.
        with connections[PossibleDuplicate.objects.db].cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LIST_LOCK])
        keys.let_erasures_wait()
        firsts, seconds = ({pair[at] for pair in pairs} for at in (0, 1))
        found = PossibleDuplicate.objects.filter(client_1__in=firsts, client_2__in=seconds)
        new_pairs = _of_clients_still_there(
            likely.keys() - set(found.values_list("client_1_id", "client_2_id"))
        )
        # A decision that an officer makes at the same time waits for this, or is read here.
        locked = found.select_for_update().order_by("pk")
        listed = {(row.client_1_id, row.client_2_id): row for row in locked}
        rows = {pair: listed[pair] for pair in pairs if pair in listed}
        open_rows = {pair: row for pair, row in rows.items() if row.decision == Decision.OPEN}
        gone = [row.pk for pair, row in open_rows.items() if pair not in likely]
        PossibleDuplicate.objects.filter(pk__in=gone).delete()
        counts["removed"] = len(gone)
        counts["reopened"] = _update(rows, likely)
        new = [_row(*likely[pair]) for pair in likely if pair in new_pairs]
        PossibleDuplicate.objects.bulk_create(new, ignore_conflicts=True)
        counts["new"] = len(new)
    return counts


def _of_clients_still_there(pairs: Set[Pair]) -> set[Pair]:
    """Let merges of their clients wait; one, or an erasure, since they were weighed is seen.

    Whoever else writes about these thousands does not wait, nor is waited for.
    """
    client_ids = {client_id for pair in pairs for client_id in pair}
    lock_clients(client_ids, shared=True)
    there = Client.objects.filter(pk__in=client_ids, merged_into=None)
    there_ids = set(there.values_list("pk", flat=True))
    return {pair for pair in pairs if there_ids.issuperset(pair)}


def _update(
    rows: dict[Pair, PossibleDuplicate], likely: dict[Pair, tuple[Person, Person, Match]]
) -> int:
    """A better score for what is open; "different people" comes back as the model says.

    Returns: how many came back.
    """
    changed, reopened = [], 0
    for pair in rows.keys() & likely.keys():
        row, now = rows[pair], _row(*likely[pair])
        speaks_more_for_one = row.identity != now.identity and now.score > row.score
        if row.decision == Decision.DIFFERENT and speaks_more_for_one:
            row.reopen()
            reopened += 1
        elif row.decision != Decision.OPEN or (row.identity, row.reasons, row.score) == (
            *(now.identity, now.reasons, now.score),
        ):
            continue
        row.score, row.reasons, row.identity = now.score, now.reasons, now.identity
        changed.append(row)
    fields = ["score", "reasons", "identity", "decision", "decided_by", "decided_at"]
    PossibleDuplicate.objects.bulk_update(changed, fields)
    return reopened


def _row(one: Person, two: Person, match: Match) -> PossibleDuplicate:
    return PossibleDuplicate(
        client_1_id=one.client_id,
        client_2_id=two.client_id,
        score=round(match.score, 4),  # names become more frequent from night to night
        reasons=[*match.reasons, *match.against],
        identity=identity(one, two),
    )
