"""Services recorded at once, for several clients or of several days, and taken back at once."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from agencies.models import Project, User
from casenotes.attendance import attending, recorded
from casenotes.models import Service
from clients.models import ClientAccess
from enrollments.locks import lock_households
from enrollments.models import Enrollment
from hud.rules.services import COLUMNS
from records.constraints import constraint_messages
from records.querysets import UNDO_FOR

MOST_APART = 100_000  # of the keys of rows that one statement wrote, others' between them
NOT_LISTED = (
    "Some of those you ticked are not in this list any more. Nothing was saved. Look at the list, "
    "and save again."
)
RECORDED = (
    "Somebody recorded this service for {count} of them in the meantime. Nothing was saved. They "
    "are marked now: untick them, or save again to record it once more."
)
NOT_TAKEN_BACK = (
    "The services were not deleted: some were changed or deleted since, or it is too long ago. "
    "Delete them one by one."
)
NOT_RESTORED = (
    "The services were not restored: some were changed or restored since, or it is too long ago. "
    "Those that you deleted within the last hour are listed under each client's Services."
)


@transaction.atomic
def add_services(
    *, service: Service, members: list[Enrollment], days: list[date], by: User
) -> list[Service]:
    """Record one service for the client, and the same for other members of the household.

    The access log notes it for each of them.

    Args:
        service: of the client, not saved.
        days: when it was provided.
    """
    lock_households([service.client_id, *(member.client_id for member in members)])
    everybody = [service.enrollment, *members]
    rows = [_same(service, member, day) for day in days for member in everybody]
    return _record(rows, [member.client_id for member in members], "casenotes:add_service", by=by)


@transaction.atomic
def record_attendance(
    *,
    service: Service,
    enrollments: list[int],
    marked: list[int],
    project: Project | None,
    by: User,
) -> list[Service]:
    """Record one service for the clients of many enrollments.

    Args:
        service: what and when; not saved.
        enrollments: their primary keys.
        marked: those of whom the page said that it was recorded before.
        project: whose clients were listed; None for the user's caseload.

    Raises:
        ValidationError: with a sentence, where one of them is not in that list any more, or
            somebody else recorded the same in between. Nothing is written then.
    """
    listed = attending(by, service.date, project=project).filter(pk__in=enrollments)
    locked = lock_households(listed.order_by().values_list("client", flat=True))
    rows = list(listed.all())
    if len(rows) != len(enrollments) or not _are_of(rows, locked):
        raise ValidationError(NOT_LISTED, code="stale")
    before = recorded(rows, service.service_type, service.date, by)
    if found := before.keys() - set(marked):
        raise ValidationError(RECORDED.format(count=len(found)), code="recorded")
    services = [_same(service, one, service.date) for one in rows]
    return _record(services, [one.client_id for one in rows], "attendance:attendance", by=by)


@transaction.atomic
def take_back(*, first: int, last: int, page: str, by: User) -> list[Service]:
    """Delete the services that a user recorded at one moment, within the hour; all or none.

    Args:
        first, last: the primary keys of the first and the last of them.
        page: the name of the URL that asks for it, for the access log.

    Raises:
        ValidationError: with a sentence, where one was changed or deleted since, or the user may
            not delete it any more.
    """
    locked = lock_households(row.client_id for row in _recorded_together(first, last, by))
    rows = _recorded_together(first, last, by)
    is_deleted = any(row.date_deleted for row in rows)
    if is_deleted or not _are_of(rows, locked) or not _are_as_left(rows, by):
        raise ValidationError(NOT_TAKEN_BACK, code="changed")
    now = timezone.now()
    for row in rows:
        row.mark_deleted(by=by, at=now)
    _log(rows, {row.client_id for row in rows}, page, by=by)
    return rows


@constraint_messages()
def restore(*, first: int, last: int, page: str, by: User) -> list[Service]:
    """Restore the services that `take_back` deleted, within the hour; all or none.

    Raises:
        ValidationError: with a sentence, where one was changed or restored since, or what it
            belongs to was deleted, or changed by somebody else.
    """
    within = 2 * UNDO_FOR  # an hour to delete them, and another one to restore them
    found = _recorded_together(first, last, by, within=within)
    locked = lock_households(row.client_id for row in found)
    rows = _recorded_together(first, last, by, within=within)
    moments = {row.date_deleted for row in rows if row.deleted_by_id == by.pk}
    is_recent = all(one and one >= timezone.now() - UNDO_FOR for one in moments)
    together = all(row.deleted_by_id == by.pk for row in rows) and len(moments) == 1
    if not (together and is_recent and _are_of(rows, locked) and _are_as_left(rows, by)):
        raise ValidationError(NOT_RESTORED, code="changed")
    for row in rows:
        if why := row.undo_refused(by):
            raise ValidationError(why, code="changed")
        row.restore(by=by)
    _log(rows, {row.client_id for row in rows}, page, by=by)
    return rows


def _are_of(rows: Sequence[Service | Enrollment], clients: set[int]) -> bool:
    """Whether all are of these clients, whom the undo of a merge may have changed in between."""
    return clients.issuperset(row.client_id for row in rows)


def _are_as_left(rows: list[Service], by: User) -> bool:
    """Whether nobody changed them since, and the user may still see and change them all."""
    pks = {row.pk for row in rows}
    seen = Service.with_deleted.visible_to(by).filter(pk__in=pks).values_list("pk", flat=True)
    is_left = all(
        row.version == 1 and row.updated_by_id == by.pk and by.may_change(row) for row in rows
    )
    return bool(rows) and set(seen) == pks and is_left


def range_of(services: list[Service]) -> list[int]:
    """The first and the last primary key of services that were recorded at once."""
    pks = [service.pk for service in services]
    return [min(pks), max(pks)]


def _recorded_together(
    first: int, last: int, by: User, *, within: timedelta = UNDO_FOR
) -> list[Service]:
    """The rows of one moment not longer ago; what others wrote in between has other ones."""
    if not 0 <= last - first <= MOST_APART or last >= 2**63:
        return []
    since = timezone.now() - within
    found = Service.with_deleted.filter(
        pk__range=(first, last), created_by=by, date_created__gte=since
    )
    found = found.select_related("organization", "enrollment__updated_by", "note")
    rows = list(found.order_by("pk"))
    head = next((row for row in rows if row.pk == first), None)
    return [row for row in rows if head and row.date_created == head.date_created]


def _same(service: Service, enrollment: Enrollment, day: date) -> Service:
    """The service once more, on another enrollment or of another day."""
    return Service(
        client_id=enrollment.client_id,
        enrollment=enrollment,
        visibility=enrollment.visibility,
        date=day,
        organization=service.organization,
        service_type=service.service_type,
        units=service.units,
        **{name: getattr(service, name) for name in COLUMNS},
    )


def _record(
    services: list[Service], logged: Iterable[int], page: str, *, by: User
) -> list[Service]:
    """Write services of one moment, and a change of these clients to the access log."""
    now = timezone.now()
    for one in services:
        one.stamp(by=by)
        one.date_created = one.date_updated = now
    Service.objects.bulk_create(services)
    _log(services, logged, page, by=by)
    return services


def _log(services: list[Service], clients: Iterable[int], page: str, *, by: User) -> None:
    ClientAccess.objects.bulk_create(
        ClientAccess(
            client_id=client,
            user=by,
            organization=services[0].organization,
            kind=ClientAccess.Kind.CHANGE,
            page=page,
        )
        for client in clients
    )
