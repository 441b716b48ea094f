"""Rows become events: each in a transaction of its own, so that running it again goes on."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any

import pghistory
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone

from agencies.models import Membership
from cas.actions.notify import notify_of_event
from cas.imports.table import Row, RowIssue
from cas.imports.values import RefusedError, key, moment_of, refuse, values_of
from cas.models import Event, EventKind
from clients.locks import lock_client_of
from clients.models import Client
from enrollments.models import Enrollment
from hud.choices.coordinated_entry import ReferralResult
from records.constraints import constraint_messages
from records.model_fields import has_key
from records.retries import again_if_rolled_back

OTHER_PERSON = "This event is on file for another person."
AT_ONCE = 500  # rows whose people are looked up together


@dataclass
class Counts:
    """How many rows had which outcome."""

    rows: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    deleted: int = 0
    kept: int = 0
    refused: int = 0
    cells_left_out: int = 0
    notified: int = 0

    @property
    def is_complete(self) -> bool:
        return not self.refused and not self.cells_left_out

    def __str__(self) -> str:
        counts = vars(self).items()
        return ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in counts)


@dataclass(frozen=True)
class Stored:
    """What the database knows of some rows, by the keys in them."""

    enrollments: dict[str, Enrollment]
    people: dict[str, int]
    events: dict[str, Event]

    @classmethod
    def of(cls, rows: list[Row]) -> "Stored":
        def keys(column: str) -> set[str]:
            return {row[column] for row in rows if row[column].isprintable()}

        # A merged-away person is the one that remains.
        people = Client.with_deleted.filter(has_key("personal_id", keys("PersonalID")))
        events = Event.with_deleted.filter(has_key("event_id", keys("EventID")))
        enrollments = Enrollment.objects.filter(has_key("enrollment_id", keys("EnrollmentID")))
        return cls(
            {enrollment.enrollment_id: enrollment for enrollment in enrollments},
            {
                personal_id: merged_into or pk
                for personal_id, merged_into, pk in people.values_list(
                    "personal_id", "merged_into", "pk"
                )
            },
            {event.event_id: event for event in events},
        )


def import_events(
    rows: Iterable[Row], *, import_user: Membership, report: Callable[[RowIssue], None]
) -> Counts:
    """Take the rows over; a row that was taken before changes what it changes, and nothing twice.

    Args:
        import_user: in whose name, and for which organization, the events are filed.
        report: is given each issue as it is found.

    Raises:
        UnreadableError: by the rows; what was read until then is kept.
    """
    counts, waiting = Counts(), iter(rows)
    names = {"user": import_user.user.pk, "organization": import_user.organization.pk}
    with pghistory.context(**names):
        while batch := list(islice(waiting, AT_ONCE)):
            stored = Stored.of(batch)
            for row in batch:
                _take(row, stored, import_user, counts)
                for issue in row.issues:
                    report(issue)
    return counts


def _take(row: Row, stored: Stored, import_user: Membership, counts: Counts) -> None:
    counts.rows += 1
    issues, notified = list(row.issues), counts.notified

    def write() -> str:
        row.issues[:], counts.notified = issues, notified
        with constraint_messages():
            return _write(row, stored, import_user, counts)

    try:
        outcome = again_if_rolled_back(write)
    except RefusedError:
        outcome = "refused"
    except ValidationError as error:
        # A column that the file does not have contradicts what it says now.
        row.leave_out("Event", " ".join(error.messages))
        outcome = "refused"
    setattr(counts, outcome, getattr(counts, outcome) + 1)
    if outcome != "refused":
        counts.cells_left_out += len(row.issues)


def _write(row: Row, stored: Stored, import_user: Membership, counts: Counts) -> str:
    event_id = key(row, "EventID")
    event = stored.events.get(event_id)
    if row["DateDeleted"]:
        return _delete(event, row, stored, import_user)
    enrollment = _enrollment(row, stored)
    if event is not None and event.client_id != enrollment.client_id:
        raise refuse(row, "EventID", OTHER_PERSON)
    values = values_of(row, today=timezone.localdate()) | {"enrollment_id": enrollment.pk}
    if values["event_date"] < enrollment.entry_date:
        raise refuse(row, "EventDate", "This day is before the start of the enrollment.")
    if event is not None and not _differs(event, values):
        return "kept" if _is_ours(event, row, import_user) else "unchanged"
    # What others did since the rows of this batch were looked up.
    lock_client_of(enrollment, among=Enrollment.with_deleted.all(), fields=["client", "visibility"])
    event = Event.with_deleted.filter(has_key("event_id", [event_id])).first()
    if event is None:
        event = Event(
            event_id=event_id,
            client_id=enrollment.client_id,
            organization=import_user.organization,
            visibility=enrollment.visibility,
        )
        outcome = "new"
    elif _is_ours(event, row, import_user):
        return "kept"
    else:
        outcome = "changed" if _differs(event, values) else "unchanged"
    if outcome != "unchanged":
        _save(event, values, import_user)
        stored.events[event_id] = event
        counts.notified += _notify(event, import_user)
    return outcome


def _enrollment(row: Row, stored: Stored) -> Enrollment:
    enrollment_id, personal_id = key(row, "EnrollmentID"), key(row, "PersonalID")
    enrollment = stored.enrollments.get(enrollment_id)
    if enrollment is None:
        raise refuse(row, "EnrollmentID", "This enrollment is not on file.")
    person = stored.people.get(personal_id)
    if person is None:
        raise refuse(row, "PersonalID", "This person is not on file.")
    if person != enrollment.client_id:
        raise refuse(row, "PersonalID", "The enrollment is another person's.")
    return enrollment


def _delete(event: Event | None, row: Row, stored: Stored, import_user: Membership) -> str:
    """An event that was deleted over there; the person stays."""
    if event is None or event.date_deleted:
        return "unchanged"
    if event.client_id != stored.people.get(key(row, "PersonalID")):
        raise refuse(row, "EventID", OTHER_PERSON)
    lock_client_of(event, among=Event.with_deleted.all())
    if event.date_deleted or _is_ours(event, row, import_user):
        return "kept"
    event.mark_deleted(by=import_user.user)
    return "deleted"


def _is_ours(event: Event, row: Row, import_user: Membership) -> bool:
    """Whether somebody changed or deleted the event here after the row was written."""
    if event.date_deleted:
        return event.deleted_by_id != import_user.user.pk
    if event.updated_by_id == import_user.user.pk:
        return False
    written = moment_of(row["DateUpdated"])
    return written is None or written <= event.date_updated


def _differs(event: Event, values: dict[str, Any]) -> bool:
    is_back = event.date_deleted is not None
    return is_back or any(getattr(event, name) != value for name, value in values.items())


def _save(event: Event, values: dict[str, Any], import_user: Membership) -> None:
    for name, value in values.items():
        setattr(event, name, value)
    event.kind = EventKind.HUD
    # HUD has no code for it: what was recorded here stays while the result does.
    event.no_show = event.no_show and event.referral_result == ReferralResult.CLIENT_REJECTED
    if event.date_deleted:
        event.restore(by=import_user.user)
    event.stamp(by=import_user.user)
    event.save()


def _notify(event: Event, import_user: Membership) -> int:
    """Notify of what is recent: a file may bring years."""
    day = event.result_date or event.event_date
    if day < timezone.localdate() - timedelta(days=settings.CAS_RECENT_DAYS):
        return 0
    return len(notify_of_event(event, but=import_user.user))
