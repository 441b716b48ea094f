"""The list of possible duplicates, brought up to date with what was weighed."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connections, transaction

from clients.duplicates.frequencies import TermFrequencies
from clients.duplicates.person import Person, identity, people
from clients.duplicates.scoring import LISTED, Match, weigh
from clients.models import PossibleDuplicate

LOCK = 0x6C697374  # "list": any number of ours
Decision = PossibleDuplicate.Decision
Pair = tuple[int, int]


@dataclass
class Counts:
    """How many pairs were weighed, are new on the list, came back to it, and were taken off it."""

    weighed: int = 0
    new: int = 0
    reopened: int = 0
    removed: int = 0

    def add(self, other: "Counts") -> None:
        for name, count in vars(other).items():
            setattr(self, name, getattr(self, name) + count)


def weighed(
    pairs: Iterable[Pair], frequencies: TermFrequencies, *, least: float = LISTED
) -> list[tuple[Person, Person, Match]]:
    """The pairs with how well they match; those below the weight `least` are hopeless."""
    pairs = list(pairs)
    known = people({client_id for pair in pairs for client_id in pair})
    return [
        (known[one], known[two], weigh(known[one], known[two], frequencies, least=least))
        for one, two in pairs
    ]


def list_pairs(pairs: list[Pair], frequencies: TermFrequencies) -> Counts:
    """Weigh these pairs and bring their rows up to date."""
    results = weighed(pairs, frequencies)
    likely = {
        (one.client_id, two.client_id): (one, two, match)
        for one, two, match in results
        if match.weight >= LISTED
    }
    counts = Counts(weighed=len(pairs))
    with transaction.atomic():
        _one_at_a_time()
        # A decision that an officer makes meanwhile waits, or is seen.
        rows = _rows_of(pairs)
        gone = [
            row.pk
            for pair, row in rows.items()
            if row.decision == Decision.OPEN and pair not in likely
        ]
        PossibleDuplicate.objects.filter(pk__in=gone).delete()
        counts.removed = len(gone)
        _update(rows, likely, counts)
        found = [_row(*likely[pair]) for pair in likely if pair not in rows]
        PossibleDuplicate.objects.bulk_create(found, ignore_conflicts=True)
        counts.new = len(found)
    return counts


def _one_at_a_time() -> None:
    """Wait for other processes of a search: the same pair may come in the parts of two."""
    with connections[PossibleDuplicate.objects.db].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _rows_of(pairs: list[Pair]) -> dict[Pair, PossibleDuplicate]:
    firsts, seconds = ({pair[at] for pair in pairs} for at in (0, 1))
    rows = PossibleDuplicate.objects.filter(client_1__in=firsts, client_2__in=seconds)
    rows = rows.select_for_update().order_by("pk")
    wanted = set(pairs)
    known = {(row.client_1_id, row.client_2_id): row for row in rows}
    return {pair: row for pair, row in known.items() if pair in wanted}


def _update(
    rows: dict[Pair, PossibleDuplicate],
    likely: dict[Pair, tuple[Person, Person, Match]],
    counts: Counts,
) -> None:
    """A better score for what is open; "different people" comes back as the model says."""
    changed = []
    for pair in rows.keys() & likely.keys():
        row, now = rows[pair], _row(*likely[pair])
        if row.decision == Decision.DIFFERENT and _speaks_more_for_one_person(row, now):
            row.reopen()
            counts.reopened += 1
        elif row.decision != Decision.OPEN or (row.identity, row.reasons, row.score) == (
            *(now.identity, now.reasons, now.score),
        ):
            continue
        row.score, row.reasons, row.identity = now.score, now.reasons, now.identity
        changed.append(row)
    fields = ["score", "reasons", "identity", "decision", "decided_by", "decided_at"]
    PossibleDuplicate.objects.bulk_update(changed, fields)


def _speaks_more_for_one_person(before: PossibleDuplicate, now: PossibleDuplicate) -> bool:
    return before.identity != now.identity and now.score > before.score


def _row(one: Person, two: Person, match: Match) -> PossibleDuplicate:
    return PossibleDuplicate(
        client_1_id=one.client_id,
        client_2_id=two.client_id,
        score=round(match.score, 4),  # names grow commoner from night to night
        reasons=[*match.reasons, *match.against],
        identity=identity(one, two),
    )
