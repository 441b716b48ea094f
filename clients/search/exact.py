"""What was typed, found as it was typed (2.2)."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import CharField, F, Q, QuerySet, Value

from clients.models import Client, ClientAlias
from clients.querysets import ClientQuerySet
from clients.search.births import agreeing, approximately, as_stored
from clients.search.criteria import Criteria
from clients.search.similarity import closeness
from hud.rules.dob import Precision

if TYPE_CHECKING:
    from agencies.models import User

SHOWN = 25
# Rows that are ranked: the first ones of the index's own order, so that no search reads more.
POOL = 100


@dataclass(frozen=True)
class Matches:
    """At most 25 clients, and whether there are more: ask for another letter then."""

    clients: list[Client]
    has_more: bool = False


class _Row(NamedTuple):
    client_id: int
    first_key: str
    last_key: str
    dob: date | None
    alias_first: str
    alias_last: str


def exact_matches(criteria: Criteria, user: "User") -> Matches:
    """The clients that `user` may see and that fit all of the criteria, closest first.

    Two statements, whatever the size of the table.
    """
    if criteria.is_empty or not criteria.is_possible:
        return Matches([])
    ranked = sorted(map(_Row._make, _rows(criteria, user)), key=lambda row: _rank(criteria, row))
    best: dict[int, _Row] = {}
    for row in ranked:
        best.setdefault(row.client_id, row)
    shown = list(best.values())[:SHOWN]
    clients = Client.objects.select_related("organization").in_bulk(
        [row.client_id for row in shown]
    )
    found = []
    for row in shown:
        client = clients[row.client_id]
        client.matched_alias = " ".join(filter(None, [row.alias_first, row.alias_last]))
        found.append(client)
    return Matches(found, has_more=len(best) > SHOWN)


def _narrowed(criteria: Criteria, user: "User") -> ClientQuerySet:
    """The clients that `user` may see, of that ID and SSN."""
    clients: ClientQuerySet = Client.objects.visible_to(user).current()
    if criteria.client_id is not None:
        clients = clients.numbered(criteria.client_id)
    if criteria.ssn:
        clients = clients.with_ssn(criteria.ssn)
    return clients


def _rows(criteria: Criteria, user: "User") -> QuerySet:
    names = criteria.first_key, criteria.last_key
    clients = _narrowed(criteria, user)
    blank = Value("", output_field=CharField())
    columns = ["first_key", "last_key"]
    # In the order of the index that finds them, so that the first hundred end the scan.
    by_first = criteria.first_key and not criteria.last_key
    order = columns if by_first else ["last_key", "first_key"]
    found = [
        clients.filter(born).named(*names).values_list("pk", *columns, "dob", blank, blank)
        for born in _born(criteria)
    ]
    if criteria.has_name:
        narrowed = clients.filter(agreeing(criteria.born)) if criteria.born else clients
        alias = F("first_name"), F("last_name")
        aliases = ClientAlias.objects.named(*names).filter(client__in=narrowed)
        found.append(aliases.values_list("client_id", *columns, F("client__dob"), *alias))
    first, *others = (rows.order_by(*order)[:POOL] for rows in found)
    return first.union(*others, all=True) if others else first


def _born(criteria: Criteria) -> list[Q]:
    """One condition for each index that answers the date of birth."""
    if not criteria.born:
        return [Q()]
    return list(dict.fromkeys([as_stored(criteria.born), approximately(criteria.born)]))


def _rank(criteria: Criteria, row: _Row) -> tuple:
    close = closeness(criteria.first_key, row.first_key) + closeness(
        criteria.last_key, row.last_key
    )
    # A day that was typed is closer than an approximate date that agrees with it.
    other_day = criteria.dob_precision is Precision.DAY and row.dob != criteria.dob
    return (
        bool(criteria.dob) and other_day,
        -round(close, 6),
        bool(row.alias_last or row.alias_first),
        row.last_key,
        row.first_key,
        row.client_id,
    )
