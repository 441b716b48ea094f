"""Stable keys of what a notification is about: with recipient and kind they are unique.

They name rows by number and never a person.
"""

from datetime import date

from cas.models import Event
from enrollments.models import CaseAssignment
from files.models import ClientFile, DocumentCheck


def of_event(event: Event) -> str:
    return f"event:{event.pk}"


def of_assignment(assignment: CaseAssignment) -> str:
    return f"assignment:{assignment.pk}"


def of_check(check: DocumentCheck) -> str:
    return f"check:{check.pk}"


def of_file(file: ClientFile) -> str:
    """A file with another expiry date is another matter."""
    return f"file:{file.pk}:{file.expires_on}"


def of_death(client_id: int) -> str:
    return f"death:{client_id}"


def of_silence(client_id: int, since: date) -> str:
    """The time in which nothing was recorded of a client, by its last day with a record."""
    return f"silence:{client_id}:{since}"
