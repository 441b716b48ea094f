"""Case notes and services as contacts with a household (enrollments/contacts.py)."""

from django.db.models import OuterRef

from casenotes.models import CaseNote, Service
from enrollments.contacts import Contacts, in_household
from enrollments.models import Enrollment


def notes() -> Contacts:
    """The notes about its members; a note names no enrollment."""
    members = Enrollment.objects.filter(household=OuterRef(OuterRef("household")))
    rows = CaseNote.objects.filter(
        organization=OuterRef("organization"), client__in=members.order_by().values("client")
    )
    return Contacts(rows, "date")


def services() -> Contacts:
    return Contacts(in_household(Service), "date")
