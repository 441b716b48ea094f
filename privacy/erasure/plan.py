"""What an erasure would do, listed without a word of what goes, and the token that allows it."""

from collections.abc import Iterator

from clients.encryption import keyed_hash
from clients.models import Client
from privacy.erasure import files
from privacy.erasure.fields import about_clients
from privacy.erasure.obstacles import granted_request, obstacles

TOKEN_LENGTH = 12


class Plan:
    """Everything that goes and that stays of one client, counted."""

    def __init__(self, client: Client):
        self.client = client
        self.ids = client.all_ids
        self.obstacles = obstacles(client)
        self.request = granted_request(client)

    @property
    def lines(self) -> list[str]:
        return [self._head, *self._goes, *self._stays]

    @property
    def token(self) -> str:
        """Good for exactly this list: whatever is added to the record makes another one."""
        version = f"version {self.client.version}"
        return keyed_hash("\n".join(["erase_client", version, *self.lines]))[:TOKEN_LENGTH]

    @property
    def _head(self) -> str:
        merged = ", ".join(map(str, self.ids[1:]))
        asked = f"; request {self.request.pk} was granted" if self.request else ""
        return f"Client ID {self.client.pk}" + (f" (also {merged})" if merged else "") + asked

    @property
    def _goes(self) -> Iterator[str]:
        yield "Taken out for good:"
        for rows in about_clients():
            found = rows.of(self.ids)
            name = rows.model._meta.verbose_name_plural
            count = found.count()
            if count and rows.is_deleted:
                yield f"  {name}: {count}, deleted"
            elif count and rows.changed:
                yield f"  {name}: {count}, without {', '.join(sorted(rows.changed))}"
            if rows.event_changes:
                keys = list(found.values_list("pk", flat=True))
                if versions := rows.events_of(self.ids, keys).count():
                    yield f"  history of {name}: {versions} versions, without the same"
        keys = files.stored_files(self.ids).values_list("key", "thumbnail_key")
        count = len([key for pair in keys for key in pair if key])
        yield f"  files in the store, small pictures too: {count}, deleted"
        yield "  and the spellings of the names that no other client has"

    @property
    def _stays(self) -> Iterator[str]:
        yield "Stays, without a name:"
        for rows in about_clients():
            if not rows.is_deleted and (count := rows.of(self.ids).count()):
                yield f"  {rows.model._meta.verbose_name_plural}: {count}"
