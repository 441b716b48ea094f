"""Case notes and services as contacts with a household (enrollments/contacts.py)."""

from django.db.models import OuterRef

from casenotes.models import CaseNote, Service
from enrollments.contacts import Contacts, in_household


def notes() -> Contacts:
    """The notes about its members; a note names no enrollment."""
    rows = CaseNote.objects.filter(
        organization=OuterRef("organization"),
        client__enrollments__household=OuterRef("household"),
        client__enrollments__date_deleted=None,
    )
    return Contacts(rows, "date")


def services() -> Contacts:
    return Contacts(in_household(Service), "date")
