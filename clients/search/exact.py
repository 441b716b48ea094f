"""What was typed, found as it was typed (2.2)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import CharField, F, QuerySet, Value

from clients.models import Client, ClientAlias
from clients.querysets import ClientQuerySet
from clients.search.criteria import Criteria
from clients.search.similarity import closeness

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


def narrowed(criteria: Criteria, user: "User") -> ClientQuerySet:
    """The clients that `user` may see and that fit the criteria other than the names."""
    clients: ClientQuerySet = Client.objects.visible_to(user).current()
    if criteria.client_id is not None:
        clients = clients.numbered(criteria.client_id)
    if criteria.dob:
        clients = clients.born_on(criteria.dob)
    if criteria.ssn:
        clients = clients.with_ssn(criteria.ssn)
    return clients


def _rows(criteria: Criteria, user: "User") -> QuerySet:
    names = criteria.first_key, criteria.last_key
    clients = narrowed(criteria, user)
    blank = Value("", output_field=CharField())
    legal = clients.named(*names).values_list("pk", "first_key", "last_key", blank, blank)
    if not criteria.has_name:
        return legal.order_by("last_key", "first_key")[:POOL]
    aliases = (
        ClientAlias.objects.named(*names)
        .filter(client__in=clients)
        .values_list("client_id", "first_key", "last_key", F("first_name"), F("last_name"))
    )
    # In the order of the index that finds them, so that the first hundred end the scan.
    order = ["first_key", "last_key"] if criteria.first_key else ["last_key", "first_key"]
    return legal.order_by(*order)[:POOL].union(aliases.order_by(*order)[:POOL], all=True)


def _rank(criteria: Criteria, row: _Row) -> tuple:
    close = closeness(criteria.first_key, row.first_key) + closeness(
        criteria.last_key, row.last_key
    )
    return (
        -round(close, 6),
        bool(row.alias_last or row.alias_first),
        row.last_key,
        row.first_key,
        row.client_id,
    )
