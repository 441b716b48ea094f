"""What changed of all that the rules look at since a count, by the history's events."""

from functools import cache
from time import sleep
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import BigIntegerField, Exists, Max, OuterRef, Q, Value

from agencies.models import Membership, Organization, Project, ProjectCoC, User
from clients.models import Client, Release
from data_quality.rules.scope import Scope
from enrollments.dates import dated_models
from enrollments.models import (
    CaseAssignment,
    Disability,
    Enrollment,
    HealthAndDV,
    IncomeBenefits,
)
from records.statements import compiled

Marks = dict[str, int]
MOST_EVENTS, MOST_CLIENTS = 2000, 500  # what is beyond is looked for among all rows
# By the label of a model: the client whom an event is about, or the user, ...
CLIENTS = {Client._meta.label: "pgh_obj", Release._meta.label: "client"}
# ... without whose access no assignment of theirs is active (docs/adr/0028) ...
USERS = {User._meta.label: "pgh_obj", Membership._meta.label: "user"}
# ... or the way to the organization, where an event is about more clients than one looks at.
SET_UP = {
    Organization._meta.label: "pgh_obj",
    Project._meta.label: "organization",
    ProjectCoC._meta.label: "project__organization",
}
# Whoever writes an event holds a lock on its table from before it has a number until the end.
WRITERS = """
SELECT DISTINCT virtualtransaction FROM pg_locks
WHERE mode = 'RowExclusiveLock' AND relation = ANY (%s::regclass[]) AND pid <> pg_backend_pid()
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
ATTEMPTS, SECONDS_BETWEEN = 50, 0.2


@cache
def _watched() -> dict[str, Any]:
    """The event models of the tables that rules read, by the label of the model."""
    of_records = [Enrollment, IncomeBenefits, HealthAndDV, Disability, CaseAssignment]
    models = dict.fromkeys([*of_records, *dated_models()])
    labels = [*(model._meta.label for model in models), *CLIENTS, *USERS, *SET_UP]
    return {label: apps.get_model(f"{label}Event") for label in labels}


def marks() -> Marks:
    """The last event of each table."""
    last = {
        label: event.objects.aggregate(last=Max("pgh_id")) for label, event in _watched().items()
    }
    return {label: found["last"] or 0 for label, found in last.items()}


def writers_have_ended() -> bool:
    """Wait until the transactions that write events now are over; False where one goes on for long.

    Their events may have a lower number than the marks, and are not seen before.
    """
    before = _writers()
    for _ in range(ATTEMPTS):
        if before.isdisjoint(_writers()):
            return True
        sleep(SECONDS_BETWEEN)
    return False


def _writers() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(WRITERS, [[event._meta.db_table for event in _watched().values()]])
        return {number for (number,) in cursor.fetchall()}


def has_changed(scope: Scope, since: Marks) -> bool:
    """Whether a row of the scope was written after these marks.

    A transaction that went on for long when they were read may be missed; a page that is opened
    counts again what is older than some minutes.
    """
    return bool(_clients.queryset(*_arguments(scope, since)))


def concerned(scope: Scope, since: Marks) -> set[int] | None:
    """The clients of whose records rules may say something else than at these marks.

    They are those who were written about, and whoever is or was in a household with one of them.
    None where they are many, as after a change of a project. Call it under `lists.ROW_BY_ROW`: a
    kept plan expects far too many events after any number.
    """
    written = _clients(*_arguments(scope, since))
    clients = set(written)
    if len(written) > MOST_EVENTS or None in clients:
        return None
    if clients:
        event = _watched()[Enrollment._meta.label]
        households = event.objects.filter(client__in=clients).order_by().values("household")
        members = Enrollment.objects.filter(household__in=households).order_by()
        found = members.values_list("client", flat=True).distinct()
        clients |= set(found[: MOST_CLIENTS + 1])
    return clients if len(clients) <= MOST_CLIENTS else None


def _arguments(scope: Scope, since: Marks) -> tuple[Any, ...]:
    """The arguments of `_clients`."""
    organizations = scope.organizations if scope.filed() else []
    return organizations, *(since.get(label, 0) for label in _watched())


@compiled
def _clients(organizations: list[int], *since: int) -> Any:
    """The clients of the events after these marks, and None for an event that is about many.

    Without organizations those of everybody: an officer who manages none is shown no row anyway.
    """
    arms = []
    for mark, (label, event) in zip(since, _watched().items(), strict=True):
        events = event.objects.filter(pgh_id__gt=mark).order_by()
        arms.append(_arm(label, events, organizations))
    return arms[0].union(*arms[1:], all=True)[: MOST_EVENTS + 1]


def _arm(label: str, events: Any, organizations: list[int]) -> Any:
    """The same of one model, as far as these organizations are concerned; all without any."""
    if label in CLIENTS:  # whoever wrote it: it is about a client who is enrolled here
        client = CLIENTS[label]
        theirs = Enrollment.objects.filter(_of("", organizations), client=OuterRef(client))
        enrolled = Exists(theirs.order_by()) if organizations else Q()
        return events.filter(enrolled).values_list(client, flat=True)
    if label in USERS:
        assignments = CaseAssignment.objects.filter(
            _of("enrollment__", organizations), case_manager__in=events.values(USERS[label])
        )
        return assignments.order_by().values_list("client", flat=True)
    if label in SET_UP:
        place = SET_UP[label]
        events = events.filter(Q(**{f"{place}__in": organizations}) if organizations else Q())
        return events.values_list(Value(None, BigIntegerField()), flat=True)
    is_enrollment = label == Enrollment._meta.label
    events = events.filter(_of("" if is_enrollment else "enrollment__", organizations))
    return events.values_list("client", flat=True)


def _of(prefix: str, organizations: list[int]) -> Q:
    return Q(**{f"{prefix}organization__in": organizations}) if organizations else Q()
