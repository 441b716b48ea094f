"""Which notifications are due on a day and not written yet, as queries.

`among` are the clients who are looked at; None for all.
"""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat, Greatest, TruncDate

from cas.choices import EventKind, Kind
from cas.models import Assessment, Event, Notification
from cas.querysets import NotificationQuerySet
from casenotes.models import CaseNote, Service
from clients.models import Client, Release
from clients.release_answers import ENDS_SOON as RELEASE_ENDS_SOON
from enrollments.models import CaseAssignment, Enrollment
from enrollments.querysets import active_on
from files.models import ClientFile, DocumentCheck
from files.models.client_file import EXPIRES_SOON
from records.clock import midnight
from records.statements import compiled

Among = Collection[int] | None


def key(word: str, *parts: object) -> str:
    """What a notification is about, such as `event:17`; it names rows by number, never a person."""
    return ":".join(map(str, (word, *parts)))


def _key_in_sql(word: str, *columns: str) -> Concat:
    """The `key` of a row, written by the database; with other values it is another subject."""
    parts: list = [Value(word)]
    for column in ("pk", *columns):
        parts += [Value(":"), Cast(column, CharField())]
    return Concat(*parts)


def clients_with_changed_assignments(day: date, among: Among = None) -> list[int]:
    """The clients of assignments that began or ended lately, of which somebody is not notified."""
    since = _since(day)
    active = CaseAssignment.objects.active_on(day)
    begun = (
        active.filter(Q(begins_on__gte=since) | Q(date_created__gte=midnight(since)))
        .exclude(created_by=F("case_manager"))
        .alias(key=_key_in_sql("assignment"))
        .filter(~_is_notified(Kind.ASSIGNED, recipient=OuterRef("case_manager")))
    )
    working = active.filter(client=OuterRef("client"), case_manager=OuterRef("case_manager"))
    ended = (
        CaseAssignment.objects.filter(ends_on__lte=day)
        .filter(Q(ends_on__gte=since) | Q(date_updated__gte=midnight(since)))
        .exclude(updated_by=F("case_manager"))
        .alias(key=_key_in_sql("assignment"))
        .filter(~Exists(working.order_by()))
        .filter(~_is_notified(Kind.UNASSIGNED, recipient=OuterRef("case_manager")))
    )
    fresh = active.filter(begins_on__gte=since).order_by()
    left = Notification.objects.unanswered().of_the_case().not_concerning(day)
    left = left.filter(client__in=fresh.values("client"))
    found = [_of(among, rows).order_by() for rows in (begun, ended, left)]
    return sorted({client for rows in found for client in rows.values_list("client", flat=True)})


def events(day: date, among: Among = None) -> QuerySet[Event]:
    """Recent events, or their results, of clients with a case manager who had none at that time."""
    return events_since(_since(day), day, among)


@compiled
def events_of(client_ids: list[int], day: date, since: date) -> QuerySet[Event]:
    """Those of these clients."""
    return events_since(since, day).filter(client__in=client_ids)


def events_since(since: date, day: date, among: Among = None) -> QuerySet[Event]:
    assigned = CaseAssignment.objects.filter(
        active_on(OuterRef("recorded_on")),
        client=OuterRef("client"),
        date_created__lte=OuterRef("date_updated"),
    )
    written = Notification.objects.filter(
        event=OuterRef("pk"), created_at__gte=OuterRef("date_updated")
    )
    recent = (
        Event.objects.select_related("updated_by")
        .alias(
            recorded_on=TruncDate("date_updated"), latest_on=Coalesce("result_date", "event_date")
        )
        .filter(latest_on__gte=since)
    )
    return _with_case_manager(_of(among, recent), day).exclude(
        Exists(assigned.order_by()) | Exists(written.order_by())
    )


def document_checks(day: date, among: Among = None) -> QuerySet[Any, Any]:
    """Documents of clients with a case manager that CAS verified lately; with their `key`."""
    checks = DocumentCheck.objects.filter(date_created__gte=midnight(_since(day)))
    return (
        _with_case_manager(_of(among, checks), day)
        .annotate(key=_key_in_sql("check"))
        .exclude(_is_notified(Kind.DOCUMENTS_VERIFIED))
        .select_related("created_by")
    )


def expiring_files(day: date, among: Among = None) -> QuerySet[Any, Any]:
    """Files of clients with a case manager that are about to expire; with their `key`."""
    rows = _with_case_manager(_of(among, _expiring(day)), day)
    return rows.exclude(_is_notified(Kind.DOCUMENTS_EXPIRING))


def ending_releases(day: date, among: Among = None) -> QuerySet[Any, Any]:
    """Releases of clients with a case manager that end soon, with nothing after them."""
    rows = _with_case_manager(_of(among, _ending(day)), day)
    return rows.exclude(_is_notified(Kind.RELEASE_ENDING))


def ended_releases(day: date, among: Among = None) -> QuerySet[Any, Any]:
    """Releases of clients with a case manager that ended lately, with nothing after them."""
    rows = _with_case_manager(_of(among, _ended(day, _since(day))), day)
    return rows.exclude(_is_notified(Kind.RELEASE_ENDED))


def inactive_clients(day: date, among: Among = None) -> QuerySet[Any, Any]:
    """Clients with a case manager of whom nothing is recorded; with their `key`."""
    rows = _with_case_manager(_of(among, _inactive(day), client="pk"), day, client="pk")
    return rows.exclude(_is_notified(Kind.INACTIVITY))


def queued_after_death(among: Among = None) -> QuerySet[Any, Any]:
    """Clients in CAS, not removed from the queue, whom an exit calls deceased (HUD 3.12)."""
    died = Enrollment.objects.deceased().filter(client=OuterRef("pk")).order_by()
    return _of(among, _queued(), client="pk").filter(Exists(died))


@compiled
def queued_after_death_of(client_ids: list[int]) -> QuerySet[Any, int]:
    """The IDs of those of these clients."""
    return queued_after_death().filter(pk__in=client_ids).values_list("pk", flat=True)


def outdated_removals() -> NotificationQuerySet:
    """Removals that were proposed and are not called for any more."""
    called_for = queued_after_death().filter(pk=OuterRef("client")).order_by()
    proposed = Notification.objects.unanswered().filter(kind=Kind.PROPOSED)
    return proposed.exclude(Exists(called_for))


def outdated(day: date, among: Among = None) -> list[NotificationQuerySet]:
    """Notifications of what is not so any more: a file was renewed, something was recorded."""
    rows = Notification.objects.unanswered().filter(event=None)
    files = _expiring(day).filter(client=OuterRef("client"), key=OuterRef("subject"))
    inactive = _inactive(day).filter(pk=OuterRef("client"), key=OuterRef("subject"))
    found = [
        rows.filter(kind=Kind.DOCUMENTS_EXPIRING).exclude(Exists(files.order_by())),
        rows.filter(kind=Kind.INACTIVITY).exclude(Exists(inactive.order_by())),
        outdated_removals(),
    ]
    return [_of(among, rows) for rows in found] + outdated_releases(day, among)


def outdated_releases(day: date, among: Among = None) -> list[NotificationQuerySet]:
    """Notifications of releases that were renewed, refused or revoked since."""
    rows = _of(among, Notification.objects.unanswered())
    due = {Kind.RELEASE_ENDING: _ending(day), Kind.RELEASE_ENDED: _ended(day)}
    about = {"client": OuterRef("client"), "key": OuterRef("subject")}
    return [
        rows.filter(kind=kind).exclude(Exists(releases.filter(**about).order_by()))
        for kind, releases in due.items()
    ]


def _expiring(day: date) -> Any:
    files = ClientFile.objects.filter(release=None)  # a release tells of its end itself
    files = files.expiring_between(day, day + EXPIRES_SOON)
    return files.annotate(key=_key_in_sql("file", "expires_on"))


def _ending(day: date) -> Any:
    rows = Release.objects.ending(day, day + RELEASE_ENDS_SOON)
    return rows.annotate(key=_key_in_sql("release"))


def _ended(day: date, since: date = date.min) -> Any:
    rows = Release.objects.ending(since, day - timedelta(days=1))
    return rows.annotate(key=_key_in_sql("release"))


def _queued() -> Any:
    """Clients with an event in CAS, the latest of which does not remove them from the queue."""
    events = Event.objects.filter(client=OuterRef("pk")).order_by("-event_date", "-pk")
    rows = Client.objects.current().annotate(latest_kind=Subquery(events.values("kind")[:1]))
    return rows.exclude(latest_kind=None).exclude(latest_kind=EventKind.REMOVED)


def _inactive(day: date) -> Any:
    """Clients in the queue without an event, assessment, note or service for so long."""
    days = settings.CAS_INACTIVE_DAYS
    events = Event.objects.annotate(day=Greatest("event_date", "result_date"))
    latest = [
        _latest(events, "day"),
        _latest(Assessment.objects, "assessment_date"),
        _latest(CaseNote.objects, "date"),
        _latest(Service.objects, "date"),
    ]
    rows = (
        _queued()
        .annotate(since=Greatest(*latest))
        .filter(since__lte=day - timedelta(days=days))
        .annotate(key=_key_in_sql("inactivity", "since"))
    )
    return rows if days else rows.none()


def _latest(rows: Any, column: str) -> Subquery:
    own = rows.filter(client=OuterRef("pk"))
    return Subquery(own.order_by(F(column).desc(nulls_last=True)).values(column)[:1])


def _of(among: Among, rows: Any, *, client: str = "client") -> Any:
    return rows if among is None else rows.filter(**{f"{client}__in": among})


def _with_case_manager(rows: QuerySet, day: date, *, client: str = "client") -> QuerySet:
    active = CaseAssignment.objects.active_on(day).filter(client=OuterRef(client))
    return rows.filter(Exists(active.order_by()))


def _is_notified(kind: Kind, **recipient: OuterRef) -> Exists:
    """Whether anybody, or this recipient, was notified of the row's `key`."""
    rows = Notification.objects.filter(kind=kind, subject=OuterRef("key"), **recipient)
    return Exists(rows.order_by())


def _since(day: date) -> date:
    return day - timedelta(days=settings.CAS_RECENT_DAYS)
