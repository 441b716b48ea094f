"""What was typed, found as it was typed (2.2)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from django.core.paginator import Page, Paginator
from django.db.models import CharField, DateField, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from agencies.models import User
from clients.models import Client, ClientAlias, NameForm
from clients.querysets import ClientQuerySet
from clients.search.births import Born, approximately, as_stored
from clients.search.criteria import Criteria
from clients.search.order import Order
from hud.rules.dob import Precision

SHOWN = 25  # clients of a page
# Rows that are ranked: the first ones of the index's own order, so that no search reads more.
POOL = 100


@dataclass(frozen=True)
class Matches:
    """A page of at most 25 of the clients that fit.

    Attributes:
        page: of the IDs of all that were found.
        is_cut: there may be more than were looked at: ask for another letter then.
    """

    clients: list[Client]
    page: Page
    is_cut: bool = False

    @property
    def ids(self) -> list[int]:
        """Of all pages."""
        return list(self.page.paginator.object_list)

    @property
    def has_more(self) -> bool:
        return self.page.has_next()


class _Row(NamedTuple):
    client_id: int
    first_key: str
    last_key: str
    dob: date | None
    alias_first: str
    alias_last: str


def exact_matches(
    criteria: Criteria, user: User, *, order: Order = Order.BEST, number: Any = 1
) -> Matches:
    """The clients that `user` may see and that fit all of the criteria.

    Two statements, whatever the size of the table, and one for another order than the best.

    Args:
        number: of the page; the first or the last one where there is no such page.
    """
    if criteria.is_empty or not criteria.is_possible:
        return Matches([], _page([], 1))
    clients: ClientQuerySet = Client.objects.visible_to(user).current()
    if criteria.client_id is not None:
        clients = clients.numbered(criteria.client_id)
    if criteria.ssn:
        clients = clients.with_ssn(criteria.ssn)
    first, *others = (rows for one in criteria.readings for rows in _named(one, clients))
    found = first.union(*others, all=True) if others else first
    ranked = sorted(map(_Row._make, found), key=lambda row: _rank(criteria, row))
    best: dict[int, _Row] = {}
    for row in ranked:
        best.setdefault(row.client_id, row)
    page = _page(order.sorted(best), number)
    known = Client.objects.select_related("organization").in_bulk(page.object_list)
    for pk, client in known.items():
        client.matched_alias = " ".join(filter(None, [best[pk].alias_first, best[pk].alias_last]))
    # One of the sources ended at its limit only where all of them have so many.
    return Matches([known[pk] for pk in page if pk in known], page, is_cut=len(ranked) >= POOL)


def _page(ids: list[int], number: Any) -> Page:
    return Paginator(ids, SHOWN).get_page(number)


def _named(criteria: Criteria, clients: ClientQuerySet) -> Iterator[QuerySet]:
    """By legal name, by alias, and by the later words of either: a range of one index each."""
    names = criteria.first_key, criteria.last_key
    blank = Value("", output_field=CharField())
    columns = ["first_key", "last_key"]
    # In the order of the index that finds them, so that the first hundred end the scan.
    by_last = columns[::-1]
    order = columns if names[0] else by_last
    is_year = criteria.born and criteria.dob_precision is not Precision.DAY
    # One condition for each index that answers the date of birth.
    births = {Q(): None}
    if born := criteria.born:
        births = dict.fromkeys([as_stored(Born.of(born)), approximately(Born.of(born))])
    for is_born in births:
        legal = clients.filter(is_born).named(*names)
        rows = legal.values_list("pk", *columns, "dob", blank, blank)
        # Behind a year stands the last name: all of John would be read to find the few of 1977.
        yield rows.order_by(*(by_last if is_year else order))[:POOL]
    if not any(names):
        return
    # Without a date that was typed nobody asks for theirs, and a join less is read.
    dob = F("client__dob") if criteria.dob else Value(None, output_field=DateField())
    narrowed = clients.filter(reduce(or_, births))
    for model, alias in ((ClientAlias, ""), (NameForm, "alias__")):
        found = model.objects.named(*names).filter(client__in=narrowed)
        as_typed = (Coalesce(F(f"{alias}{name}"), blank) for name in ("first_name", "last_name"))
        rows = found.values_list("client_id", *columns, dob, *as_typed)
        yield rows.order_by(*order)[:POOL]


def _rank(criteria: Criteria, row: _Row) -> tuple:
    """Whole names as they were typed first; then the alphabet, which one can read down."""
    whole = max(
        (bool(one.first_key) and one.first_key == row.first_key)
        + (bool(one.last_key) and one.last_key == row.last_key)
        for one in criteria.readings
    )
    # A day that was typed is closer than an approximate date that agrees with it.
    other_day = criteria.dob_precision is Precision.DAY and row.dob != criteria.dob
    return (
        bool(criteria.dob) and other_day,
        -whole,
        bool(row.alias_last or row.alias_first),
        row.last_key,
        row.first_key,
        row.client_id,
    )
