"""Who may export what, and what is kept of every export."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby, islice
from operator import itemgetter

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from agencies.models import Organization, Project, SecurityEvent, User
from agencies.security_events import record_event
from clients.models import ClientAccess
from clients.ssn import NO_RIGHT
from exchange.export.refusals import ExportRefusedError
from exchange.export.scope import Scope
from exchange.export.snapshot import Snapshot
from exchange.files import FILES
from exchange.models.sources import SourceSystem

PAGE = "exchange:export"
LISTED = 10_000  # clients in one row of the access log
NOT_THEIRS = "You can export the projects of your own organizations only."


@dataclass(frozen=True)
class Asked:
    """What somebody asks to export; the words are those of `run`."""

    projects: Iterable[int] | None = None
    organizations: Iterable[int] | None = None
    start: date | None = None
    end: date | None = None
    is_complete: bool = False
    is_hashed: bool = False
    source: int | None = None


def may_read_ssns(user: User) -> bool:
    """Whether the user has the right to full SSNs, which none of the own agencies has taken."""
    return all(one.may_reveal_ssn for one in user.access.values())


def scope_for(by: User | None, asked: Asked) -> Scope:
    """What the user may export of it: an officer all of these projects, or nothing.

    Raises PermissionDenied for a project or organization that is not the officer's, and for SSNs
    in the clear without the right to see them; ExportRefusedError for a period that ends first.
    """
    if asked.start and asked.end and asked.end < asked.start:
        raise ExportRefusedError("The period ends before it begins.")
    if by and not asked.is_hashed and not may_read_ssns(by):
        raise PermissionDenied(f"{NO_RIGHT} You can export hashed identities.")
    found = Project._base_manager.order_by("pk")
    if not asked.is_complete:
        found = found.filter(date_deleted=None, organization__date_deleted=None)
    own = None if by is None or by.is_superuser else set(by.dqo_organizations)
    if own is not None and asked.source is not None:
        sources = SourceSystem.objects.filter(pk=asked.source, organization__in=own)
        if not sources.exists():
            raise PermissionDenied(NOT_THEIRS)
    rows = list(_chosen(found, asked, own).values_list("pk", "organization_id"))
    is_whole_site = own is None and asked.projects is None and asked.organizations is None
    readers = tuple(sorted({organization for _, organization in rows}))
    is_every = is_whole_site and len(rows) == Project._base_manager.count()
    return Scope(
        None if is_every else tuple(pk for pk, _ in rows),
        start=asked.start,
        end=asked.end,
        is_complete=asked.is_complete,
        readers=None if is_whole_site else readers,
    )


def _chosen(found: QuerySet[Project], asked: Asked, own: set[int] | None) -> QuerySet[Project]:
    organizations = own if asked.organizations is None else set(asked.organizations)
    if own is not None and not (own and organizations and organizations <= own):
        raise PermissionDenied(NOT_THEIRS)
    if organizations is not None:
        found = found.filter(organization__in=organizations)
    if asked.projects is None:
        return found
    wanted = set(asked.projects)
    found = found.filter(pk__in=wanted)
    if own is not None and found.count() != len(wanted):
        raise PermissionDenied(NOT_THEIRS)
    return found


def keep_on_record(scope: Scope, *, by: User | None, is_hashed: bool) -> None:
    """Write the security event of an export that begins: who, which projects, period, how."""
    organization = None
    if scope.readers and len(scope.readers) == 1:
        organization = Organization.objects.get(pk=scope.readers[0])
    detail = {
        "list": "hmis_csv",
        "identities": "hashed" if is_hashed else "plain",
        "projects": "all" if scope.projects is None else list(scope.projects),
        "deleted_rows": "included" if scope.is_complete else "",
        "start": scope.start and scope.start.isoformat(),
        "end": scope.end and scope.end.isoformat(),
    }
    record_event(
        SecurityEvent.Kind.EXPORTED,
        user=by,
        organization=organization,
        detail={key: value for key, value in detail.items() if value},
    )


def log_clients(scope: Scope, snapshot: Snapshot, *, by: User) -> None:
    """Write to the access log whose records leave the system: lists for each organization."""
    if scope.is_everything:
        rows, columns = scope.rows(FILES["Client"]), ("organization_id", "pk")
    else:
        rows, columns = scope.enrollments().distinct(), ("project__organization_id", "client_id")
    found = rows.values_list(*columns).order_by(*columns).using(snapshot.alias)
    for organization, of_one in groupby(found.iterator(), key=itemgetter(0)):
        clients = (client for _, client in of_one)
        while listed := list(islice(clients, LISTED)):
            ClientAccess.objects.create(
                listed=listed,
                user=by,
                organization_id=organization,
                kind=ClientAccess.Kind.EXPORT,
                page=PAGE,
            )
