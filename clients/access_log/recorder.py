"""Which clients a request showed to its user, written to the access log in one statement (ADR 30).

A page that is read notes everybody whom it shows and writes them when it is done, before it is
sent: what could not be logged is not shown. What changes something is written at once, in the
transaction of the change.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from agencies.models import Organization
from agencies.requests import UserRequest
from clients.models import Client, ClientAccess

Kind = ClientAccess.Kind
READING = {"GET", "HEAD", "OPTIONS"}
SAME_VIEW = timedelta(minutes=10)  # a list, a picture or a refusal again within it is one access

# An ID that there is no client of writes nothing, at the same cost.
SINGLE = """
SELECT client.id, NULL::bigint[], %(user)s, COALESCE(one.organization, client.organization_id),
    one.kind, %(page)s, %(at)s::timestamptz, %(request)s
FROM unnest(%(ids)s::bigint[], %(kinds)s::text[], %(organizations)s::bigint[], %(once)s::bool[])
    AS one (id, kind, organization, once)
JOIN clients_client client ON client.id = one.id
WHERE NOT (one.once AND EXISTS (
    SELECT FROM clients_clientaccess earlier
    WHERE earlier.user_id = %(user)s AND earlier.at >= %(since)s
    AND (earlier.client_id = client.id OR client.id = ANY (earlier.listed))
    AND (earlier.kind = 'refused') = (one.kind = 'refused')
    AND (one.kind <> 'refused' OR earlier.page = %(page)s)
))
"""
LISTED = """
SELECT NULL::bigint, array_agg(client.id ORDER BY client.id), %(user)s,
    COALESCE(one.organization, client.organization_id) AS acted_for,
    %(listed_kind)s, %(page)s, %(at)s::timestamptz, %(request)s
FROM unnest(%(listed)s::bigint[], %(listed_for)s::bigint[]) AS one (id, organization)
JOIN clients_client client ON client.id = one.id
WHERE %(listed_kind)s <> 'list' OR client.id NOT IN (
    SELECT unnest(earlier.listed) FROM clients_clientaccess earlier
    WHERE earlier.user_id = %(user)s AND earlier.at >= %(since)s AND earlier.page = %(page)s
    AND earlier.kind = 'list'
)
GROUP BY acted_for
"""
COLUMNS = "client_id, listed, user_id, organization_id, kind, page, at, request_id"


class AccessRecorder:
    """The accesses of one request.

    Args:
        request: of a user who is logged in.
    """

    def __init__(self, request: UserRequest):
        self.request = request
        self.is_waiting = request.method in READING
        self.has_refused = False  # of a page that refuses by leading elsewhere
        self._single: dict[tuple[int, str, int | None], bool] = {}
        self._listed: dict[tuple[int, int | None], None] = {}

    def add(
        self,
        client_ids: Iterable[int],
        kind: Kind = Kind.VIEW,
        *,
        organization: int | None = None,
        once: bool = False,
    ) -> None:
        """Note an access to each of these clients' records.

        Args:
            organization: for which it was; left out, the one in force, or the client's own.
            once: not where the user had access to the client in the last ten minutes anyhow.
        """
        for client_id in client_ids:
            key = client_id, kind.value, organization or self._organization
            self._single[key] = once and self._single.get(key, True)
        self._written_at_once()

    def add_list(self, client_ids: Iterable[int], *, organization: int | None = None) -> None:
        """Note everybody whom a list or a page about somebody else shows."""
        acted_for = organization or self._organization
        self._listed |= {(client_id, acted_for): None for client_id in client_ids}
        self._written_at_once()

    def nothing_was_shown(self) -> None:
        """The page was refused after all: what was noted was not viewed."""
        self._single, self._listed = {}, {}

    def write(self, *, listed_as: Kind = Kind.LIST) -> None:
        """Write what was noted since the last time: one statement, or none."""
        self.is_waiting = False
        seen = {client_id for client_id, kind, _ in self._single if kind != Kind.REFUSED}
        listed = [key for key in self._listed if key[0] not in seen]
        parts = [SINGLE] if self._single else []
        parts += [LISTED] if listed else []
        if parts:
            statement = f"INSERT INTO clients_clientaccess ({COLUMNS}) {' UNION ALL '.join(parts)}"
            with connection.cursor() as cursor:
                cursor.execute(statement, self._values(listed, listed_as))
        self._single, self._listed = {}, {}

    def _values(self, listed: list[tuple[int, int | None]], listed_as: Kind) -> dict:
        now = timezone.now()
        match = self.request.resolver_match
        return {
            "user": self.request.user.pk,
            "page": (match.view_name if match else "")[: ClientAccess.LONGEST_PAGE],
            "at": now,
            "since": now - SAME_VIEW,
            "request": getattr(self.request, "request_id", ""),
            "ids": [client_id for client_id, _, _ in self._single],
            "kinds": [kind for _, kind, _ in self._single],
            "organizations": [organization for _, _, organization in self._single],
            "once": list(self._single.values()),
            "listed": [client_id for client_id, _ in listed],
            "listed_for": [organization for _, organization in listed],
            "listed_kind": listed_as.value,
        }

    @property
    def _organization(self) -> int | None:
        organization = getattr(self.request, "organization", None)
        return organization.pk if organization else None

    def _written_at_once(self) -> None:
        if not self.is_waiting:
            self.write()


def recorder(request: UserRequest) -> AccessRecorder:
    """The request's way into the access log; the middleware makes it and writes it at the end."""
    if not hasattr(request, "access_recorder"):
        request.access_recorder = AccessRecorder(request)
        request.access_recorder.is_waiting = False  # nobody would write it later
    return request.access_recorder


def record_views(
    request: UserRequest,
    clients: Iterable[Client],
    kind: Kind,
    *,
    organization: Organization | None = None,
) -> None:
    """Write to the access log that the user views each of these clients' records."""
    recorder(request).add(_ids(clients), kind, organization=_id(organization))


def record_list(
    request: UserRequest,
    clients: Iterable[Client | int | None],
    *,
    organization: Organization | int | None = None,
) -> None:
    """Write to the access log whom a page shows beside the client that it is about, if any.

    However often it is called, a page that is read costs one statement. The same clients on the
    same page within ten minutes are one access. None, for whom the user may not see, is nobody.
    """
    recorder(request).add_list(_ids(clients), organization=_id(organization))


def record_refusal(request: UserRequest, client_ids: Iterable[int]) -> None:
    """Write to the access log for which clients the user asked by number and was refused.

    It is for what was typed; an address that is refused is written by the middleware. There is no
    row for a client that does not exist.
    """
    recorder(request).add(client_ids, Kind.REFUSED, once=True)


def record_export(
    request: UserRequest,
    clients: Iterable[Client | int],
    *,
    organization: Organization | int | None = None,
) -> None:
    """Write to the access log whom a file names that leaves the system: at once, and each time."""
    export = AccessRecorder(request)
    export.is_waiting = True
    export.add_list(_ids(clients), organization=_id(organization))
    export.write(listed_as=Kind.EXPORT)


def by_organization(shown: Iterable[tuple[int | None, int]]) -> dict[int | None, dict[int, None]]:
    """The clients of a list, each once, by the organization under which the access log has them.

    Args:
        shown: the IDs of organization and client, of each line.
    """
    found: dict[int | None, dict[int, None]] = defaultdict(dict)
    for organization, client in shown:
        found[organization][client] = None
    return found


def _ids(clients: Iterable[Client | int | None]) -> list[int]:
    return [one.pk if isinstance(one, Client) else one for one in clients if one is not None]


def _id(organization: Organization | int | None) -> int | None:
    return organization.pk if isinstance(organization, Organization) else organization
