"""Clients who may be meant, by look-ups whose number and size have fixed limits.

Every source is a queryset that some index answers from its first row on, with a limit; one
statement unites them. What they bring is judged afterwards, by evidence.py and likely.py.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from itertools import product
from typing import Any, NamedTuple

from django.db import router

from agencies.models import User
from clients.encryption import keyed_hash
from clients.models import Client
from clients.search.births import Born
from clients.search.kept import beginning, statement
from clients.search.similarity import (
    SAME,
    SOUND,
    SPELLING,
    Likeness,
    day_and_month_swapped,
    dobs_like,
    nicknames,
    ssns_like,
    ssns_like_in_last_four,
)
from clients.search.sources import Shape, Sources
from clients.search.spellings import SHORTEST, Spellings
from clients.ssn import without_details
from hud.rules import ssn as numbers
from hud.rules.dob import BirthDate, Precision, birth_date

PAIRS = 80
PAIRS_IN_YEAR = 20
SPELLINGS_OF_FEW = 4


class Candidate(NamedTuple):
    """A client, or an alias of one, as it is compared."""

    client_id: int
    first_key: str
    last_key: str
    last_part_key: str
    dob: date | None
    dob_data_quality: int
    ssn_hash: str
    ssn_last4_hash: str
    alias_first: str
    alias_last: str
    is_one_of_few: bool

    @property
    def born(self) -> BirthDate | None:
        return birth_date(self.dob, self.dob_data_quality)

    @property
    def alias(self) -> str:
        return " ".join(filter(None, [self.alias_first, self.alias_last]))


@dataclass(frozen=True)
class SearchQuery:
    """A person as typed: names with the spellings that they may stand for, and numbers.

    ssn: nine digits, or the last four.
    may_compare_ssns: whether SSNs with a mistake in the first five digits are looked for.
    """

    first_key: str
    last_key: str
    firsts: Spellings
    lasts: Spellings
    born: BirthDate | None = None
    ssn: str = ""
    may_compare_ssns: bool = True
    ssn_hashes: dict[str, Likeness] = field(init=False)

    def __post_init__(self) -> None:
        whole = self.ssn if numbers.is_valid(self.ssn) and len(self.ssn) == numbers.LENGTH else ""
        alike = ssns_like if self.may_compare_ssns else ssns_like_in_last_four
        hashes = {keyed_hash(ssn): why for ssn, why in alike(whole).items()} if whole else {}
        object.__setattr__(self, "ssn_hashes", hashes)

    @property
    def dob(self) -> date | None:
        """The date of birth where its day is known."""
        is_whole = self.born and self.born.precision is Precision.DAY
        return self.born.day if self.born and is_whole else None

    @property
    def last_four_hash(self) -> str:
        return keyed_hash(self.ssn[-4:]) if self.ssn else ""

    @property
    def firsts_in_other_box(self) -> list[str]:
        """First names that were meant where they were typed as the last name."""
        return [*list(self.lasts)[:4], *sorted(nicknames(self.last_key))[:8]]

    def shape(self, pairs: list[tuple[str, str]], *, for_new: bool) -> Shape:
        first, last = self.first_key, self.last_key
        # A shape tells no more apart than its sources do: each one is a statement to be built.
        by_prefixes = not (self.ssn or self.born)
        # Of a new client only the presence of a name matters beside a number.
        letters = 1 if for_new and not by_prefixes else SHORTEST
        return Shape(
            first=min(len(first), letters),
            last=min(len(last), letters),
            precision=self.born.precision if self.born else None,
            swaps_day=bool(not (first or last) and self.dob and day_and_month_swapped(self.dob)),
            ssn=bool(self.ssn),
            whole_ssn=bool(self.ssn_hashes),
            pairs=bool(pairs),
            other_firsts=by_prefixes and bool(_beginning_otherwise(self.firsts, first)),
            other_lasts=by_prefixes and bool(_beginning_otherwise(self.lasts, last)),
            for_new=for_new,
        )

    def values(self, pairs: list[tuple[str, str]]) -> dict[str, Any]:
        """What sources.py has places for."""
        first, last = self.first_key, self.last_key
        found: dict[str, Any] = {
            **beginning("first", first),
            **beginning("last", last),
            "firsts": list(self.firsts),
            "other_firsts": _beginning_otherwise(self.firsts, first),
            "few_firsts": _misspelt(self.firsts),
            "in_other_box": self.firsts_in_other_box,
            "lasts": list(self.lasts),
            "other_lasts": _beginning_otherwise(self.lasts, last),
            "few_lasts": _misspelt(self.lasts),
            "ssn_hashes": list(self.ssn_hashes),
            "last_four": self.last_four_hash,
        }
        for name, some in (("pairs", pairs), ("few_pairs", pairs[:PAIRS_IN_YEAR])):
            found[f"{name}_firsts"] = [one for one, _ in some]
            found[f"{name}_lasts"] = [two for _, two in some]
        if self.born:
            born, day = Born.of(self.born), self.born.day
            found |= {"dob": day, "year": day.year, "month": day.month}
            found |= {"earliest": born.earliest, "latest": born.latest}
        if self.dob:
            found |= {"dobs_like": dobs_like(self.dob)}
            found |= {"swapped_day": day_and_month_swapped(self.dob)}
        return found


def _beginning_otherwise(spellings: Spellings, typed: str) -> list[str]:
    return [key for key in spellings if not key.startswith(typed)]


def _misspelt(spellings: Spellings) -> list[str]:
    near = [key for key, one in spellings.items() if one.reason in (SAME, SPELLING, SOUND)]
    return near[:SPELLINGS_OF_FEW]


def candidates(query: SearchQuery, user: User, *, among_exact: bool) -> list[Candidate]:
    """The rows of all sources, one client possibly several times. One statement, or three.

    Three where somebody's SSN differs in digits that not everybody sees: a client of whom the user
    may know no more than the identity is found as if these digits were not compared.

    among_exact: whether for a new client: names that begin as typed are wanted too, not only those
        that differ; and nobody who only bears the names, whose date of birth is another one.
    """
    rows = _candidates(query, user, among_exact=among_exact)
    by_seen = replace(query, may_compare_ssns=False)
    unseen = query.ssn_hashes.keys() - by_seen.ssn_hashes.keys()
    hidden = without_details(user, {row.client_id for row in rows if row.ssn_hash in unseen})
    if not hidden:
        return rows
    others = [row for row in rows if row.client_id not in hidden]
    again = _candidates(by_seen, user, among_exact=among_exact)
    return others + [row._replace(ssn_hash="") for row in again if row.client_id in hidden]


def _candidates(query: SearchQuery, user: User, *, among_exact: bool) -> list[Candidate]:
    pairs = []
    if query.first_key or query.last_key:
        wants_number = bool(query.born or query.ssn)
        pairs = _pairs(query, among_exact=among_exact or wants_number)
    shape = query.shape(pairs, for_new=among_exact)
    database = router.db_for_read(Client)
    found = statement(shape, user, database, lambda one: Sources(shape, one).all())
    if found is None:
        return []
    rows = found.rows(database, query.values(pairs), user.statement_values())
    return [Candidate(*row) for row in rows]


def _pairs(query: SearchQuery, *, among_exact: bool) -> list[tuple[str, str]]:
    """The likeliest combinations of spellings, those with the names swapped at the end."""
    firsts = query.firsts if query.first_key else {"": Likeness(1)}
    lasts = query.lasts if query.last_key else {"": Likeness(1)}
    scored = [
        (one.score + two.score, first, last)
        for (first, one), (last, two) in product(firsts.items(), lasts.items())
        if among_exact
        or not (first.startswith(query.first_key) and last.startswith(query.last_key))
    ]
    scored.sort(key=lambda pair: -pair[0])
    pairs = [(first, last) for _, first, last in scored[:PAIRS]]
    if query.first_key and query.last_key:
        pairs += product(query.firsts_in_other_box, list(firsts)[:4])
    return list(dict.fromkeys(pairs))
