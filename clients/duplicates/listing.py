"""The list of possible duplicates, brought up to date with what was weighed."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connections, transaction

from clients.duplicates.frequencies import Shares
from clients.duplicates.person import Person, identity, people
from clients.duplicates.scoring import LISTED, Weight, weigh
from clients.models import PossibleDuplicate

LOCK = 0x6C697374  # "list": any number of ours
Decision = PossibleDuplicate.Decision
Pair = tuple[int, int]


@dataclass
class Tally:
    """How many pairs were weighed, are new on the list, came back to it, and were taken off it."""

    weighed: int = 0
    new: int = 0
    reopened: int = 0
    removed: int = 0

    def add(self, other: "Tally") -> None:
        for name, count in vars(other).items():
            setattr(self, name, getattr(self, name) + count)


def weighed(
    pairs: Iterable[Pair], shares: Shares, *, least: float = LISTED
) -> list[tuple[Person, Person, Weight]]:
    """The pairs with their weights; those below `least` bits are hopeless."""
    pairs = list(pairs)
    known = people({client_id for pair in pairs for client_id in pair})
    return [
        (known[one], known[two], weigh(known[one], known[two], shares, least=least))
        for one, two in pairs
    ]


def list_pairs(pairs: list[Pair], shares: Shares) -> Tally:
    """Weigh these pairs and bring their rows up to date."""
    results = weighed(pairs, shares)
    likely = {
        (one.client_id, two.client_id): (one, two, weight)
        for one, two, weight in results
        if weight.bits >= LISTED
    }
    tally = Tally(weighed=len(pairs))
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
        tally.removed = len(gone)
        _update(rows, likely, tally)
        found = [_row(*likely[pair]) for pair in likely if pair not in rows]
        PossibleDuplicate.objects.bulk_create(found, ignore_conflicts=True)
        tally.new = len(found)
    return tally


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
    likely: dict[Pair, tuple[Person, Person, Weight]],
    tally: Tally,
) -> None:
    """A better score for what is open; "different people" comes back as the model says."""
    changed = []
    for pair in rows.keys() & likely.keys():
        row, now = rows[pair], _row(*likely[pair])
        if row.decision == Decision.DIFFERENT and _speaks_more_for_one_person(row, now):
            row.reopen()
            tally.reopened += 1
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


def _row(one: Person, two: Person, weight: Weight) -> PossibleDuplicate:
    return PossibleDuplicate(
        client_1_id=one.client_id,
        client_2_id=two.client_id,
        score=round(weight.score, 4),  # names grow commoner from night to night
        reasons=[*weight.reasons, *weight.against],
        identity=identity(one, two),
    )
