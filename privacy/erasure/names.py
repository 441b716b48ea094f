"""What the search remembers of names: the dictionary of spellings, and searches that were made."""

from collections.abc import Iterable
from datetime import date

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from clients.models import Client, ClientAlias, ClientSearch, NameForm, NameSpelling
from hud.text import normalised
from records.admin.changes import events_of

ENOUGH = 3  # letters from which on the beginning of a name may tell whose it is


class Identity:
    """The names, numbers and dates that a client has, or had by the versions in history."""

    def __init__(self, client_ids: list[int]):
        rows = [
            *Client.with_deleted.filter(pk__in=client_ids),
            *events_of(Client).filter(pgh_obj_id__in=client_ids),
        ]
        aliases = [
            *ClientAlias.objects.filter(client__in=client_ids),
            *events_of(ClientAlias).filter(client_id__in=client_ids),
        ]
        self.named = [*rows, *aliases]
        self.numbers: set[str] = {row.ssn[-4:] for row in rows if row.ssn}
        self.dates: set[date] = {row.dob for row in rows if row.dob}
        names = {name for one in self.named for name in (one.first_name, one.last_name)}
        names |= {row.middle_name for row in rows}
        self.keys = {key for key in map(normalised, names) if key}

    @property
    def spellings(self) -> set[tuple[str, str]]:
        return set().union(*map(NameSpelling.pairs_of, self.named))

    def is_found_by(self, search: ClientSearch) -> bool:
        """Whether a search may have been for this person."""
        boxes = [value for value in search.criteria.values() if value]
        digits = {"".join(filter(str.isdigit, value))[-4:] for value in boxes}
        typed = {normalised(value) for value in boxes}
        begun = {key for key in self.keys for part in typed if _begins(key, part)}
        days = {f"{day:%m%d%Y}" for day in self.dates}
        whole = {"".join(filter(str.isdigit, value)) for value in boxes}
        return bool(begun or digits & self.numbers or whole & days)


def _begins(key: str, typed: str) -> bool:
    return len(typed) >= min(ENOUGH, len(key)) and (key.startswith(typed) or typed in key)


def forget_searches(identity: Identity) -> int:
    """Delete the searches that may have been for this person; they are a day old at most."""
    found = [one.pk for one in ClientSearch.objects.iterator() if identity.is_found_by(one)]
    return ClientSearch.objects.filter(pk__in=found).delete()[0]


def forget_spellings(pairs: Iterable[tuple[str, str]]) -> int:
    """Take spellings out of the dictionary that no client has any more.

    Whoever adds a client writes the name first and its spellings then: with the dictionary locked,
    each name that counts on a spelling is committed or comes later and writes it again.
    """
    pairs = sorted(pairs)
    if not pairs:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE clients_namespelling IN SHARE ROW EXCLUSIVE MODE")
    wanted = Q()
    for part, key in pairs:
        wanted |= Q(part=part, key=key)
    has_key = Q(first_key=OuterRef("key")) | Q(last_key=OuterRef("key"))
    rows = NameSpelling.objects.filter(wanted)
    for model in (Client, ClientAlias, NameForm):
        rows = rows.exclude(Exists(model._base_manager.filter(has_key).order_by()))
    return rows.delete()[0]
