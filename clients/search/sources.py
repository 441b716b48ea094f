"""The look-ups that bring candidates: each is answered by an index from its first row on.

They are built once for each `Shape` of search, with places for what was typed (`kept.py`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from agencies.models import User
from clients.models import Client, ClientAlias, NameForm
from clients.querysets import INDEXED_LETTERS, ClientQuerySet
from clients.search.births import Born, approximately, not_against
from clients.search.kept import (
    BLANK,
    BORN,
    NO,
    Given,
    Slot,
    Sql,
    any_of,
    begins,
    given_day,
    last_begins,
    sql_of,
)
from clients.search.spellings import SHORTEST
from hud.rules.dob import Precision

EACH = 10  # rows for one pair of names
BY_NUMBER = 40
BY_PREFIX = 30
SHORTEST_BEGINNING = 3
BY_DAY = 100
# A name of which one client in so many is the bearer, and no more than these, says who is meant.
FEW, ONE_IN = 25, 10_000

COLUMNS = ["first_key", "last_key", "last_part_key"]
NUMBERS = ["dob", "dob_data_quality", "ssn_hash", "ssn_last4_hash"]
LETTERS = "a, b, c, d, e, f, g, h, i, j, k"  # names for the columns of a candidate


@dataclass(frozen=True)
class Shape:
    """What the statement of a search hangs on, as far as a source branches on it.

    Nothing of it says who was typed.

    Attributes:
        first, last: how many letters were typed, up to SHORTEST; 1 at most where it matters only
            that there is a name.
        precision: of the date of birth.
        swaps_day: where no name was typed, whether the day of birth may be a month.
        ssn, whole_ssn: whether an SSN was typed, and whether all of it.
        pairs: whether names that differ are looked for.
        other_firsts, other_lasts: where names alone were typed, whether there are spellings that
            begin otherwise.
        for_new: whether for a new client: names that begin as typed are wanted too, and nobody who
            only bears the names, whose date of birth is another one.
    """

    first: int
    last: int
    precision: Precision | None
    swaps_day: bool
    ssn: bool
    whole_ssn: bool
    pairs: bool
    other_firsts: bool
    other_lasts: bool
    for_new: bool

    @property
    def names(self) -> dict[str, Q]:
        """For each name that was typed: its column holds one of the keys that it may stand for."""
        both = {"last_key": ("lasts", self.last), "first_key": ("firsts", self.first)}
        return {column: any_of(column, keys) for column, (keys, letters) in both.items() if letters}

    @property
    def begins(self) -> Q:
        both = (("first", self.first), ("last", self.last))
        return Q(*(begins(f"{name}_key", name) for name, letters in both if letters))


class Sources:
    """The clients whom a user may see, by legal name and by alias, in the columns of Candidate."""

    def __init__(self, shape: Shape, user: User):
        self.shape = shape
        self.visible: ClientQuerySet = Client.objects.visible_to(user).current()
        self.born = Born(precision=shape.precision, **BORN) if shape.precision else None
        # Nobody with another SSN.
        self.wanted = self.unknown = Q(ssn_last4_hash="") if shape.ssn else Q()
        if self.born:
            self.unknown = not_against(self.born) & self.wanted
        if shape.for_new:
            self.wanted = self.unknown

    def all(self) -> Iterator[Sql]:
        shape = self.shape
        if shape.whole_ssn:
            yield sql_of(self.legal(any_of("ssn_hash", "ssn_hashes"))[:BY_NUMBER])
        if shape.ssn and shape.names:
            yield from self.beside(Q(ssn_last4_hash=Given("last_four")))
        if shape.precision is Precision.DAY:
            yield from self.by_day()
        if shape.pairs:
            yield from self.by_pairs()
        if shape.names and not (shape.ssn or shape.precision):
            yield from self.by_prefixes()
        if not shape.for_new:
            yield from self.beginning()
            yield from self.by_one_name()

    def legal(self, *conditions: Q, **fields: Any) -> QuerySet:
        return _as_candidates(self.visible.filter(*conditions, **fields))

    def other(self, model: type[ClientAlias | NameForm], client: Q, *names: Q) -> QuerySet:
        """By an alias; or by a form: a later word of a name or an alias, or the middle name."""
        rows = model.objects.order_by().filter(*names, client__in=self.visible.filter(client))
        numbers = [F(f"client__{name}") for name in NUMBERS]
        part, alias = (BLANK, "alias__") if model is NameForm else (F("last_part_key"), "")
        typed = [Coalesce(F(f"{alias}{name}"), BLANK) for name in ("first_name", "last_name")]
        return rows.values_list("client_id", *COLUMNS[:2], part, *numbers, *typed, NO)

    def beside(self, number: Q) -> Iterator[Sql]:
        """One of the names, or both in the wrong boxes, beside a number that is the same."""
        one = reduce(or_, self.shape.names.values())
        for model in (ClientAlias, NameForm):
            yield sql_of(self.other(model, number, one)[:BY_NUMBER])
        if len(self.shape.names) == 2:
            one |= any_of("last_key", "firsts") & any_of("first_key", "in_other_box")
        yield sql_of(self.legal(number, one)[:BY_NUMBER])

    def by_day(self) -> Iterator[Sql]:
        """The same or nearly the same date of birth."""
        shape = self.shape
        if shape.names:
            yield from self.beside(Q(dob=given_day("dob")))
            like, names = any_of("dob", "dobs_like", "date"), Q(*shape.names.values())
            yield sql_of(self.other(NameForm, like, names)[:BY_NUMBER])
            yield sql_of(self.legal(like, names)[:BY_NUMBER])
            yield sql_of(self.legal(like, shape.begins)[:BY_NUMBER])
            if not shape.for_new:  # whatever the names: of a million clients some thirty
                yield sql_of(self.legal(dob=given_day("dob"))[:BY_DAY])
        elif shape.swaps_day:
            yield sql_of(self.legal(dob=given_day("swapped_day"))[:BY_NUMBER])

    def by_pairs(self) -> Iterator[Sql]:
        """Names that differ."""
        columns = [one for one in ("first_key", "last_key") if one in self.shape.names]
        pair = {name: RawSQL(f'pair."{name}"', []) for name in columns}  # noqa: S611
        yield each_pair("pairs", self.legal(self.wanted, **pair))
        if self.born:
            # Rows of the same year are not lost among all those without a date of birth, nor
            # these among all those with another one.
            yield each_pair("few_pairs", self.legal(approximately(self.born), **pair))
            if not self.shape.for_new:
                yield each_pair("few_pairs", self.legal(self.unknown, **pair))
        for model in (ClientAlias, NameForm):
            yield each_pair("pairs", self.other(model, self.wanted, Q(**pair)))

    def by_prefixes(self) -> Iterator[Sql]:
        """The other box, and beginnings of names: Smith as first name, Bob + Smi, Smi + Jo."""
        first, last = self.shape.first, self.shape.last
        if not (first and last):
            for name, letters, column in (
                ("first", first, "last_key"),
                ("last", last, "first_key"),
            ):
                if letters >= SHORTEST:
                    yield sql_of(self.legal(**{column: Given(name)})[:EACH])
            return
        if last >= 2 and first >= 2:
            swapped = named(self.visible, "last", "first", first)
            yield sql_of(_as_candidates(swapped)[:BY_PREFIX])
        if self.shape.other_firsts and last < SHORTEST:
            some = last_begins(self.visible, "last", last)
            yield sql_of(
                _as_candidates(some.filter(any_of("first_key", "other_firsts")))[:BY_PREFIX]
            )
        if self.shape.other_lasts and first < SHORTEST:
            rows = self.legal(begins("first_key", "first"), any_of("last_key", "other_lasts"))
            yield sql_of(rows[:BY_PREFIX])

    def beginning(self) -> Iterator[Sql]:
        """Both names as they begin beside another number: whom the names alone would list."""
        last = self.shape.last
        if min(self.shape.first, last) < SHORTEST_BEGINNING or not self.shape.precision:
            return
        rows = named(self.visible.filter(self.wanted), "first", "last", last)
        yield sql_of(_as_candidates(rows)[:BY_PREFIX])
        for model in (ClientAlias, NameForm):
            yield sql_of(named(self.other(model, self.wanted), "first", "last", last)[:BY_PREFIX])

    def by_one_name(self) -> Iterator[Sql]:
        """Bearers of one of two names, where these are few."""
        if len(self.shape.names) < 2:
            return
        for column, keys in (("last_key", "few_lasts"), ("first_key", "few_firsts")):
            sql, params = sql_of(self.legal(self.wanted, any_of(column, keys))[: FEW + 1])
            # What is put together here is SQL that the ORM has written; values stay parameters.
            yield (
                "SELECT a, b, c, d, e, f, g, h, i, j, true FROM"  # noqa: S608
                f" (SELECT *, count(*) OVER () AS bearers FROM ({sql}) AS found({LETTERS})) AS few"
                " WHERE bearers <= %s AND bearers * %s <="
                " (SELECT reltuples FROM pg_class WHERE oid = %s::regclass)",
                (*params, FEW, ONE_IN, Client._meta.db_table),
            )


def _as_candidates(clients: QuerySet) -> QuerySet:
    return clients.values_list("pk", *COLUMNS, *NUMBERS, BLANK, BLANK, NO)


def named(rows: QuerySet, first: str, last: str, last_letters: int) -> QuerySet:
    """Both names by their beginnings, in the order of the index that answers."""
    rows = last_begins(rows, last, last_letters).filter(begins("first_key", first))
    if last_letters > INDEXED_LETTERS:
        rows = rows.filter(begins("last_key", last))
    return rows.order_by("first_key", "last_key")


def each_pair(pairs: str, rows: QuerySet) -> Sql:
    """Run `rows` once for each pair, so that a common name does not use up a rarer one's limit."""
    sql, params = sql_of(rows[:EACH])
    return (
        "SELECT found.* FROM unnest(%s::text[], %s::text[]) AS pair(first_key, last_key)"  # noqa: S608
        f" CROSS JOIN LATERAL ({sql}) AS found({LETTERS})",
        (Slot(f"{pairs}_firsts"), Slot(f"{pairs}_lasts"), *params),
    )
