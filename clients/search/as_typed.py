"""The look-ups of what was typed: by legal name, by alias, and by the later words of either.

They are built once for each shape of search, with places for what was typed (`kept.py`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Self

from django.db.models import BigIntegerField, F, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from agencies.models import User
from clients.models import Client, ClientAlias, NameForm
from clients.querysets import INDEXED_LETTERS, ClientQuerySet
from clients.search.births import Born, approximately, as_stored
from clients.search.criteria import Criteria
from clients.search.kept import BLANK, BORN, Given, Sql, begins, last_begins, sql_of
from hud.rules.dob import Precision

# Rows that are ranked: the first ones of the index's own order, so that no search reads more.
POOL = 100
COLUMNS = ["first_key", "last_key"]
NO_DAY = RawSQL("NULL::date", ())


@dataclass(frozen=True)
class ExactShape:
    """What the statement of a search hangs on; nothing of it says who was typed.

    Attributes:
        readings: how many letters of the first and of the last name each of them has, up to one
            more than an index has.
        precision: of the date of birth.
        ssn: how many digits were typed.
        number: whether a client's ID was.
    """

    readings: tuple[tuple[int, int], ...]
    precision: Precision | None
    ssn: int
    number: bool

    @classmethod
    def of(cls, criteria: Criteria) -> Self:
        return cls(
            tuple((_letters(one.first_key), _letters(one.last_key)) for one in criteria.readings),
            criteria.born.precision if criteria.born else None,
            len(criteria.ssn),
            criteria.client_id is not None,
        )


def _letters(key: str) -> int:
    return min(len(key), INDEXED_LETTERS + 1)


class AsTyped:
    """The clients whom a user may see and who fit, in the columns of a row of `exact.py`."""

    def __init__(self, shape: ExactShape, user: User):
        self.shape = shape
        clients: ClientQuerySet = Client.objects.visible_to(user).current()
        if shape.number:
            clients = clients.numbered(Given("client", "%s::bigint", BigIntegerField()))
        if shape.ssn:
            column = "ssn_last4_hash" if shape.ssn == 4 else "ssn_hash"
            clients = clients.filter(**{column: Given("ssn")})
        self.clients = clients
        # One condition for each index that answers the date of birth.
        self.births = [Q()]
        if shape.precision:
            born = Born(precision=shape.precision, **BORN)
            self.births = [as_stored(born)]
            if shape.precision is Precision.DAY:
                self.births.append(approximately(born))

    def all(self) -> Iterator[Sql]:
        for number, letters in enumerate(self.shape.readings):
            yield from map(sql_of, self._by_names(f"first{number}", f"last{number}", *letters))

    def _by_names(self, first: str, last: str, *letters: int) -> Iterator[QuerySet]:
        """A range of one index each.

        Args:
            first, last: the names of the values.
            letters: how many of each.
        """
        # In the order of the index that finds them, so that the first hundred end the scan.
        by_last = COLUMNS[::-1]
        order = COLUMNS if letters[0] else by_last
        is_year = self.shape.precision not in (None, Precision.DAY)
        for is_born in self.births:
            legal = _named(self.clients.filter(is_born), first, last, *letters)
            rows = legal.values_list("pk", *COLUMNS, "dob", BLANK, BLANK)
            # Behind a year stands the last name: all of John would be read to find the few of 1977.
            yield rows.order_by(*(by_last if is_year else order))[:POOL]
        if not any(letters):
            return
        # Without a date that was typed nobody asks for theirs, and a join less is read.
        dob = F("client__dob") if self.shape.precision else NO_DAY
        narrowed = self.clients.filter(reduce(or_, self.births))
        for model, alias in ((ClientAlias, ""), (NameForm, "alias__")):
            found = _named(model.objects.filter(client__in=narrowed), first, last, *letters)
            names = (Coalesce(F(f"{alias}{name}"), BLANK) for name in ("first_name", "last_name"))
            rows = found.values_list("client_id", *COLUMNS, dob, *names)
            yield rows.order_by(*order)[:POOL]


def _named(rows: QuerySet, first: str, last: str, firsts: int, lasts: int) -> QuerySet:
    """Rows whose names begin so, of so many letters; as NameKeyQuerySet.named has it."""
    if firsts and lasts:
        rows = last_begins(rows, last, lasts)
    if lasts > INDEXED_LETTERS or not firsts:
        rows = rows.filter(begins("last_key", last)) if lasts else rows
    return rows.filter(begins("first_key", first)) if firsts else rows
