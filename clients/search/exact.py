"""What was typed, found as it was typed (2.2)."""

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.core.paginator import Page, Paginator
from django.db import router

from agencies.models import User
from clients.encryption import keyed_hash
from clients.models import Client
from clients.search.aliases import with_aliases
from clients.search.as_typed import POOL, AsTyped, ExactShape
from clients.search.criteria import Criteria
from clients.search.kept import beginning, statement
from clients.search.order import Order
from hud.rules.dob import Precision

SHOWN = 25  # clients of a page


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
    ranked = sorted(_found(criteria, user), key=lambda row: _rank(criteria, row))
    best: dict[int, _Row] = {}
    for row in ranked:
        best.setdefault(row.client_id, row)
    page = _page(order.sorted(best), number)
    aliases = {pk: f"{best[pk].alias_first} {best[pk].alias_last}".strip() for pk in page}
    known = with_aliases(aliases, user)
    # One of the sources ended at its limit only where all of them have so many.
    return Matches([known[pk] for pk in page if pk in known], page, is_cut=len(ranked) >= POOL)


def _page(ids: list[int], number: Any) -> Page:
    return Paginator(ids, SHOWN).get_page(number)


def _found(criteria: Criteria, user: User) -> list[_Row]:
    database = router.db_for_read(Client)
    shape = ExactShape.of(criteria)
    kept = statement(shape, user, database, lambda one: AsTyped(shape, one).all())
    if kept is None:
        return []
    # Planned each time: which index is best hangs on how common a name is.
    rows = kept.rows(database, _values(criteria), user.statement_values(), keeps_plan=False)
    return list(map(_Row._make, rows))


def _values(criteria: Criteria) -> dict[str, Any]:
    """What as_typed.py has places for."""
    values: dict[str, Any] = {"client": criteria.client_id}
    if criteria.ssn:
        values["ssn"] = keyed_hash(criteria.ssn)
    if day := criteria.dob:
        values |= {"dob": day, "year": day.year, "month": day.month}
    for number, one in enumerate(criteria.readings):
        values |= beginning(f"first{number}", one.first_key)
        values |= beginning(f"last{number}", one.last_key)
    return values


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
