"""The aliases by which a search found clients: a detail of theirs, shown as it is shared."""

from django.db.models import QuerySet

from agencies.models import User
from clients.models import Client
from clients.querysets import ClientQuerySet
from records.statements import compiled

# What a line of the results shows, on the page and in its file: not whole rows.
COLUMNS = (
    *("first_name", "middle_name", "last_name", "name_suffix", "ssn", "sex"),
    *("dob", "dob_data_quality", "organization"),
    *("organization__organization_name", "organization__organization_common_name"),
)


def with_aliases(aliases: dict[int, str], user: User) -> dict[int, Client]:
    """The clients by ID, each with the alias that found it; None for one that is not shared.

    Args:
        aliases: by the ID of the client; empty where the legal name was found.
    """
    if not aliases:
        return {}
    ids = list(aliases)
    rows = shown_as_shared(user, ids) if any(aliases.values()) else shown(ids)
    known = {client.pk: client for client in rows}
    for pk, client in known.items():
        client.matched_alias = aliases[pk] if client.has_details or not aliases[pk] else None
    return known


@compiled
def shown(ids: list[int]) -> QuerySet[Client]:
    """Clients of whom it is known that the user may see them."""
    return _named(ids)


@compiled
def shown_as_shared(user: User, ids: list[int]) -> QuerySet[Client]:
    """The same, with what is shared with the user."""
    return _named(ids).with_sharing(user)


def _named(ids: list[int]) -> ClientQuerySet:
    return Client.objects.select_related("organization").filter(pk__in=ids).only(*COLUMNS)
