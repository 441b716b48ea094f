"""When somebody of the agency last met or wrote about an enrolled household.

A child is met with its parents: a contact with one member is one with all of them. What another
organization recorded is none. Upper floors have kinds of their own: settings.CONTACT_KINDS
(docs/adr/0005).
"""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from django.conf import settings
from django.db.models import DateField, Exists, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Greatest
from django.utils.module_loading import import_string

from enrollments.models import CurrentLivingSituation, Enrollment, IncomeBenefits


class Contacts(NamedTuple):
    """Rows of the household of the enrollment around them, and the column of their day."""

    rows: QuerySet
    day: str


def in_household(model: type[Model]) -> QuerySet:
    """What the organization that enrolled a household recorded in its enrollments.

    Asked for each household: of a join PostgreSQL may make one table of everybody's rows first.
    """
    rows: QuerySet = model._default_manager.filter(organization=OuterRef("organization"))
    together = Enrollment.with_deleted.filter(household=OuterRef(OuterRef("household")))
    return rows.filter(enrollment__in=together.order_by().values("pk"))


def living_situations() -> Contacts:
    return Contacts(in_household(CurrentLivingSituation), "information_date")


def assessments() -> Contacts:
    return Contacts(in_household(IncomeBenefits), "information_date")


def kinds() -> list[Contacts]:
    found: list[Callable[[], Contacts]] = [import_string(path) for path in settings.CONTACT_KINDS]
    return [kind() for kind in found]


def without_contact_since(day: date) -> Q:
    """Enrollments that began before a day, in which there was no contact on it or later."""
    wanted = Q(entry_date__lt=day)
    for rows, column in kinds():
        wanted &= ~Q(Exists(rows.filter(**{f"{column}__gte": day}).order_by()))
    return wanted


def last_contact() -> Greatest:
    """The day of the last contact; that of the start where there is none."""
    days = [
        Subquery(rows.order_by(f"-{column}").values(column)[:1], output_field=DateField())
        for rows, column in kinds()
    ]
    return Greatest("entry_date", *days)
