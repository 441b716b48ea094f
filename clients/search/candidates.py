"""Clients who may be meant, by look-ups whose number and size have fixed limits.

Every source is a queryset that some index answers from its first row on, with a limit; one
statement unites them. What they bring is judged afterwards, by near.py and likely_duplicates.py.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import product
from typing import Any, NamedTuple

from django.db import connections
from django.db.models import BooleanField, CharField, F, Q, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from agencies.models import User
from clients.encryption import keyed_hash
from clients.models import Client, ClientAlias, NameForm
from clients.querysets import INDEXED_LETTERS, ClientQuerySet
from clients.search.births import approximately, not_against
from clients.search.similarity import (
    SAME,
    SOUND,
    SPELLING,
    Likeness,
    day_and_month_swapped,
    dobs_like,
    nicknames,
    ssns_like,
)
from clients.search.spellings import SHORTEST, Spellings
from hud.rules import ssn as numbers
from hud.rules.dob import BirthDate, Precision, birth_date

EACH = 10  # rows for one pair of names
BY_DAY = 100
# A name of which one client in so many is the bearer, and no more than these, says who is meant.
FEW, ONE_IN = 25, 10_000
SPELLINGS_OF_FEW = 4
PAIRS = 80
PAIRS_IN_YEAR = 20
BY_NUMBER = 40
BY_PREFIX = 30
SHORTEST_BEGINNING = 3

COLUMNS = ["first_key", "last_key", "last_part_key"]
NUMBERS = ["dob", "dob_data_quality", "ssn_hash", "ssn_last4_hash"]


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
    """

    first_key: str
    last_key: str
    firsts: Spellings
    lasts: Spellings
    born: BirthDate | None = None
    ssn: str = ""
    ssn_hashes: dict[str, Likeness] = field(init=False)

    def __post_init__(self) -> None:
        whole = self.ssn if numbers.is_valid(self.ssn) and len(self.ssn) == numbers.LENGTH else ""
        hashes = {keyed_hash(ssn): why for ssn, why in ssns_like(whole).items()} if whole else {}
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
    def has_name(self) -> bool:
        return bool(self.first_key or self.last_key)

    @property
    def spelt(self) -> dict[str, list[str]]:
        """The columns of the names that were typed, with the keys that each may hold."""
        both = {"last_key": self.lasts, "first_key": self.firsts}
        return {column: list(keys) for column, keys in both.items() if keys}

    @property
    def firsts_in_other_box(self) -> list[str]:
        """First names that were meant where they were typed as the last name."""
        return [*list(self.lasts)[:4], *sorted(nicknames(self.last_key))[:8]]

    @property
    def wants_number(self) -> bool:
        return bool(self.born or self.ssn)


def candidates(query: SearchQuery, user: User, *, among_exact: bool) -> list[Candidate]:
    """The rows of all sources, one client possibly several times. One statement.

    among_exact: whether names that begin as typed are wanted too, not only those that differ; and
        nobody who only bears the names, whose date of birth is another one.
    """
    people = _People(user)
    parts = [*_by_numbers(query, people), *_by_names(query, people, among_exact=among_exact)]
    if not among_exact:
        parts += [*_by_day(query, people), *_by_one_name(query, people)]
    if not parts:
        return []
    sql = " UNION ALL ".join(f"({part})" for part, _ in parts)
    params = [value for _, values in parts for value in values]
    with connections[Client.objects.db].cursor() as cursor:
        cursor.execute(sql, params)
        return [Candidate(*row) for row in cursor.fetchall()]


Sql = tuple[str, tuple[Any, ...]]
LETTERS = "a, b, c, d, e, f, g, h, i, j, k"  # names for the columns of Candidate
OtherName = ClientAlias | NameForm
BLANK = Value("", output_field=CharField())
NO = Value(False, output_field=BooleanField())


class _People:
    """The clients whom a user may see, by legal name and by alias, in the columns of Candidate."""

    def __init__(self, user: User):
        self.visible: ClientQuerySet = Client.objects.visible_to(user).current()

    def by_legal_name(self, *conditions: Q, **fields: Any) -> QuerySet:
        return as_candidates(self.visible.filter(*conditions, **fields))

    def by_other_name(self, model: type[OtherName], client: Q, **fields: Any) -> QuerySet:
        """By an alias; or by a form: a later word of a name or an alias, or the middle name."""
        rows = model.objects.order_by().filter(**fields, client__in=self.visible.filter(client))
        numbers = [F(f"client__{name}") for name in NUMBERS]
        part, alias = (BLANK, "alias__") if model is NameForm else (F("last_part_key"), "")
        names = [Coalesce(F(f"{alias}{name}"), BLANK) for name in ("first_name", "last_name")]
        return rows.values_list("client_id", *COLUMNS[:2], part, *numbers, *names, NO)


def as_candidates(clients: QuerySet) -> QuerySet:
    return clients.values_list("pk", *COLUMNS, *NUMBERS, BLANK, BLANK, NO)


def _by_numbers(query: SearchQuery, people: _People) -> Iterator[Sql]:
    """The same or nearly the same SSN or date of birth."""
    if query.ssn_hashes:
        yield _sql(people.by_legal_name(ssn_hash__in=list(query.ssn_hashes))[:BY_NUMBER])
    if query.ssn:
        yield from _beside(Q(ssn_last4_hash=query.last_four_hash), query, people)
    if query.dob and query.has_name:
        yield from _beside(Q(dob=query.dob), query, people)
        names = {f"{name}__in": keys for name, keys in query.spelt.items()}
        begins = {f"{name}__startswith": getattr(query, name) for name in query.spelt}
        born = Q(dob__in=dobs_like(query.dob))
        like = people.by_legal_name(born)
        yield _sql(people.by_other_name(NameForm, born, **names)[:BY_NUMBER])
        yield _sql(like.filter(**names)[:BY_NUMBER])
        yield _sql(like.filter(**begins)[:BY_NUMBER])
    elif swapped := query.dob and day_and_month_swapped(query.dob):
        yield _sql(people.by_legal_name(dob=swapped)[:BY_NUMBER])


def _beside(number: Q, query: SearchQuery, people: _People) -> Iterator[Sql]:
    """One of the names, or both in the wrong boxes, beside a number that is the same."""
    for name, keys in query.spelt.items():
        named = {f"{name}__in": keys}
        yield _sql(people.by_legal_name(number, **named)[:BY_NUMBER])
        for model in (ClientAlias, NameForm):
            yield _sql(people.by_other_name(model, number, **named)[:BY_NUMBER])
    if len(query.spelt) == 2:
        swapped = people.by_legal_name(
            number, last_key__in=list(query.firsts), first_key__in=query.firsts_in_other_box
        )
        yield _sql(swapped[:BY_NUMBER])


def _by_names(query: SearchQuery, people: _People, *, among_exact: bool) -> Iterator[Sql]:
    """Names that differ, of clients whose SSN does not speak against it."""
    if not query.has_name:
        return
    other = Q(ssn_last4_hash="") if query.ssn else Q()
    unknown = not_against(query.born) & other if query.born else other
    wanted = unknown if among_exact else other
    pairs = _pairs(query, among_exact=among_exact or query.wants_number)
    if pairs:
        names = [name for name in ("first_key", "last_key") if getattr(query, name)]
        pair = {name: RawSQL(f'pair."{name}"', []) for name in names}  # noqa: S611
        yield _each_pair(pairs, people.by_legal_name(wanted, **pair)[:EACH])
        if query.born:
            # Rows of the same year are not lost among all those without a date of birth, nor
            # these among all those with another one.
            for few in [approximately(query.born), *([] if among_exact else [unknown])]:
                rows = people.by_legal_name(few, **pair)
                yield _each_pair(pairs[:PAIRS_IN_YEAR], rows[:EACH])
        for model in (ClientAlias, NameForm):
            yield _each_pair(pairs, people.by_other_name(model, wanted, **pair)[:EACH])
    if not query.wants_number:
        yield from _by_prefixes(query, people)
    elif wanted != unknown:
        yield from _beginning(query, people, wanted)


def _beginning(query: SearchQuery, people: _People, wanted: Q) -> Iterator[Sql]:
    """Both names as they begin, whatever the date of birth: whom the names alone would list."""
    if min(len(query.first_key), len(query.last_key)) < SHORTEST_BEGINNING:
        return
    visible = people.visible.filter(wanted).named(query.first_key, query.last_key)
    yield _sql(as_candidates(visible.order_by("first_key", "last_key"))[:BY_PREFIX])
    for model in (ClientAlias, NameForm):
        rows = people.by_other_name(model, wanted).named(query.first_key, query.last_key)
        yield _sql(rows.order_by("first_key", "last_key")[:BY_PREFIX])


def _by_day(query: SearchQuery, people: _People) -> Iterator[Sql]:
    """Whoever is born that day, whatever the names: of a million clients some thirty."""
    if query.dob and query.has_name:
        yield _sql(people.by_legal_name(dob=query.dob)[:BY_DAY])


def _by_one_name(query: SearchQuery, people: _People) -> Iterator[Sql]:
    """Bearers of one of two names, where these are few."""
    if len(query.spelt) < 2:
        return
    other = Q(ssn_last4_hash="") if query.ssn else Q()
    for column, spellings in (("last_key", query.lasts), ("first_key", query.firsts)):
        near = [key for key, one in spellings.items() if one.reason in (SAME, SPELLING, SOUND)]
        named = {f"{column}__in": near[:SPELLINGS_OF_FEW]}
        sql, params = _sql(people.by_legal_name(other, **named)[: FEW + 1])
        # What is put together here is SQL that the ORM has written; values stay parameters.
        yield (
            "SELECT a, b, c, d, e, f, g, h, i, j, true FROM"  # noqa: S608
            f" (SELECT *, count(*) OVER () AS bearers FROM ({sql}) AS found({LETTERS})) AS few"
            " WHERE bearers <= %s AND bearers * %s <="
            " (SELECT reltuples FROM pg_class WHERE oid = %s::regclass)",
            (*params, FEW, ONE_IN, Client._meta.db_table),
        )


def _by_prefixes(query: SearchQuery, people: _People) -> Iterator[Sql]:
    """The other box, and beginnings of names: Smith as first name, Bob + Smi, Smi + Jo."""
    first, last = query.first_key, query.last_key
    if not (first and last):
        for typed, column in ((first, "last_key"), (last, "first_key")):
            if len(typed) >= SHORTEST:
                yield _sql(people.by_legal_name(**{column: typed})[:EACH])
        return
    if len(last) >= 2 and len(first) >= 2:
        swapped = people.visible.named(last, first).order_by("first_key", "last_key")
        yield _sql(as_candidates(swapped)[:BY_PREFIX])
    others = [key for key in query.firsts if not key.startswith(first)]
    if others and len(last) < SHORTEST:
        begins = people.visible.last_begins(last[:INDEXED_LETTERS])
        yield _sql(as_candidates(begins.filter(first_key__in=others))[:BY_PREFIX])
    others = [key for key in query.lasts if not key.startswith(last)]
    if others and len(first) < SHORTEST:
        rows = people.by_legal_name(last_key__in=others, first_key__startswith=first)
        yield _sql(rows[:BY_PREFIX])


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


def _each_pair(pairs: list[tuple[str, str]], rows: QuerySet) -> Sql:
    """Run `rows` once for each pair, so that a common name does not use up a rarer one's limit."""
    sql, params = _sql(rows)
    firsts, lasts = (list(column) for column in zip(*pairs, strict=True))
    # What is put together here is SQL that the ORM has written; values stay parameters.
    return (
        "SELECT found.* FROM unnest(%s::text[], %s::text[]) AS pair(first_key, last_key)"  # noqa: S608
        f" CROSS JOIN LATERAL ({sql}) AS found({LETTERS})",
        (firsts, lasts, *params),
    )


def _sql(rows: QuerySet) -> Sql:
    return rows.query.sql_with_params()
