"""What time brings, as queries: what is so on a day and has not been told yet."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat, Greatest, TruncDate
from django.utils import timezone

from cas.models import Event, Happening, Kind, Notification
from cas.querysets import NotificationQuerySet
from casenotes.models import CaseNote, Service
from clients.models import Client
from enrollments.models import CaseAssignment, Enrollment
from enrollments.querysets import active_on
from files.models import ClientFile, DocumentCheck
from files.models.client_file import EXPIRES_SOON


def _key(word: str, *more: str) -> Concat:
    """A key of `cas.subjects`, written by the database."""
    parts: list = [Value(f"{word}:"), Cast("pk", CharField())]
    for column in more:
        parts += [Value(":"), Cast(column, CharField())]
    return Concat(*parts)


def clients_to_look_at(day: date) -> list[int]:
    """The clients of assignments that began or ended lately and whose people do not know it."""
    active = CaseAssignment.objects.active_on(day)
    begun = (
        active.filter(Q(begins_on__gte=_since(day)) | Q(date_created__gte=_start_of(_since(day))))
        .exclude(created_by=F("case_manager"))
        .alias(key=_key("assignment"))
        .filter(~_case_manager_knows(Kind.ASSIGNED))
    )
    working = active.filter(client=OuterRef("client"), case_manager=OuterRef("case_manager"))
    ended = (
        CaseAssignment.objects.filter(ends_on__lte=day)
        .filter(Q(ends_on__gte=_since(day)) | Q(date_updated__gte=_start_of(_since(day))))
        .exclude(updated_by=F("case_manager"))
        .alias(key=_key("assignment"))
        .filter(~Exists(working.order_by()), ~_case_manager_knows(Kind.TAKEN_OFF))
    )
    fresh = active.filter(begins_on__gte=_since(day)).order_by()
    left = Notification.objects.unanswered().of_the_case().not_concerning(day)
    left = left.filter(client__in=fresh.values("client"))
    found = [rows.order_by().values_list("client", flat=True) for rows in (begun, ended, left)]
    return sorted({client for rows in found for client in rows})


def events_to_tell(day: date) -> QuerySet[Event]:
    """Recent events, or their results, of clients with a case manager who had none at that time."""
    assigned = CaseAssignment.objects.filter(
        active_on(OuterRef("recorded_on")),
        client=OuterRef("client"),
        date_created__lte=OuterRef("date_updated"),
    )
    told = Notification.objects.filter(
        event=OuterRef("pk"), created_at__gte=OuterRef("date_updated")
    )
    events = (
        Event.objects.select_related("updated_by")
        .alias(
            recorded_on=TruncDate("date_updated"), happened_on=Coalesce("result_date", "event_date")
        )
        .filter(happened_on__gte=_since(day))
    )
    return _of_somebodys_client(events, day).exclude(
        Exists(assigned.order_by()) | Exists(told.order_by())
    )


def checks_to_tell(day: date) -> QuerySet[DocumentCheck]:
    """Papers of clients with a case manager that CAS verified lately."""
    checks = DocumentCheck.objects.filter(date_created__gte=_start_of(_since(day)))
    return (
        _of_somebodys_client(checks, day)
        .alias(key=_key("check"))
        .exclude(_known(Kind.DOCUMENTS_VERIFIED))
    )


def files_to_tell(day: date) -> QuerySet[ClientFile]:
    """Files of clients with a case manager that are about to expire."""
    return _of_somebodys_client(_expiring(day), day).exclude(_known(Kind.DOCUMENTS_EXPIRING))


def silences_to_tell(day: date) -> QuerySet[Any, Any]:
    """Clients with a case manager of whom nothing is recorded; `since` is the last day with any."""
    silent = _silent(day).filter(Exists(_assignments(day).filter(client=OuterRef("pk"))))
    return silent.exclude(_known(Kind.INACTIVITY))


def queued_after_death() -> QuerySet[Any, Any]:
    """Clients in CAS, not removed from the queue, whom an exit calls deceased (HUD 3.12)."""
    events = Event.objects.filter(client=OuterRef("pk")).order_by("-event_date", "-pk")
    died = Enrollment.objects.deceased().filter(client=OuterRef("pk")).order_by()
    rows = Client.objects.current().filter(Exists(died))
    rows = rows.annotate(happened=Subquery(events.values("kind")[:1]))
    return rows.exclude(happened=None).exclude(happened=Happening.REMOVED)


def removals_to_settle() -> NotificationQuerySet:
    """Removals that were proposed and are not called for any more."""
    called_for = queued_after_death().filter(pk=OuterRef("client")).order_by()
    told = Notification.objects.unanswered().filter(kind=Kind.PROPOSED)
    return told.exclude(Exists(called_for))


def outdated(day: date) -> list[NotificationQuerySet]:
    """What was told and is not so any more: a file was renewed, something was recorded."""
    told = Notification.objects.unanswered().filter(event=None)
    files = _expiring(day).filter(client=OuterRef("client"), key=OuterRef("subject"))
    silent = _silent(day).filter(pk=OuterRef("client"), key=OuterRef("subject"))
    return [
        told.filter(kind=Kind.DOCUMENTS_EXPIRING).exclude(Exists(files.order_by())),
        told.filter(kind=Kind.INACTIVITY).exclude(Exists(silent.order_by())),
        removals_to_settle(),
    ]


def _expiring(day: date) -> Any:
    files = ClientFile.objects.expiring_between(day, day + EXPIRES_SOON)
    return files.alias(key=_key("file", "expires_on"))


def _silent(day: date) -> Any:
    """Clients in CAS, not removed from the queue, without an event, note or service for so long."""
    days = settings.CAS_INACTIVE_DAYS
    events = Event.objects.filter(client=OuterRef("pk")).order_by("-event_date", "-pk")
    latest = events.annotate(day=Greatest("event_date", "result_date"))
    since = [_latest(latest, "day"), _latest(_of(CaseNote), "date"), _latest(_of(Service), "date")]
    silent = (
        Client.objects.current()
        .annotate(happened=Subquery(events.values("kind")[:1]))
        .exclude(happened=None)
        .exclude(happened=Happening.REMOVED)
        .annotate(since=Greatest(*since))
        .filter(since__lte=day - timedelta(days=days))
        .alias(key=_key("silence", "since"))
    )
    return silent if days else silent.none()


def _of(model: type) -> QuerySet:
    return model.objects.filter(client=OuterRef("pk"))  # type: ignore[attr-defined]


def _latest(rows: QuerySet, column: str) -> Subquery:
    return Subquery(rows.order_by(F(column).desc(nulls_last=True)).values(column)[:1])


def _assignments(day: date) -> QuerySet[CaseAssignment]:
    return CaseAssignment.objects.active_on(day).order_by()


def _of_somebodys_client(rows: QuerySet, day: date) -> QuerySet:
    return rows.filter(Exists(_assignments(day).filter(client=OuterRef("client"))))


def _known(kind: Kind) -> Exists:
    """Whether anybody was told of the row's `key`."""
    return Exists(Notification.objects.about_this(kind, OuterRef("key")).order_by())


def _case_manager_knows(kind: Kind) -> Exists:
    told = Notification.objects.about_this(kind, OuterRef("key"))
    return Exists(told.filter(recipient=OuterRef("case_manager")).order_by())


def _since(day: date) -> date:
    return day - timedelta(days=settings.CAS_NEWS_DAYS)


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
