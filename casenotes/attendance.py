"""Attendance: for whom one service may be recorded at once."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from agencies.models import Project, User
from casenotes.enrollment_choices import own_work
from casenotes.models import Service, ServiceType
from enrollments.models import CaseAssignment, Enrollment
from records import clock


def attending(user: User, day: date, *, project: Project | None) -> QuerySet[Enrollment]:
    """The enrollments of that day that the user may record a service on, by the clients' names.

    Emergency access lets one read a client, and change nothing: those are left out.

    Args:
        project: whose; None for the user's own caseload.
    """
    rows = own_work(Enrollment.objects.openly_visible_to(user), user)
    # As for every service, the day of the exit is inside.
    rows = rows.filter(Q(exit_date=None) | Q(exit_date__gte=day), entry_date__lte=day)
    if project:
        rows = rows.filter(project=project)
    else:
        mine = CaseAssignment.objects.active_on(clock.today()).filter(case_manager=user)
        rows = rows.filter(Exists(mine.filter(enrollment=OuterRef("pk")).order_by()))
    rows = rows.select_related("client", "project").defer("client__ssn")
    return rows.order_by("client__last_key", "client__first_key", "client", "pk")


def recorded(
    enrollments: Iterable[Enrollment], service_type: ServiceType, day: date, user: User
) -> dict[int, Service]:
    """The service of that day that the user can see, where there is one already, by enrollment."""
    clients = {one.pk: one.client_id for one in enrollments}
    rows = Service.objects.visible_to(user).filter(
        client__in=set(clients.values()), date=day, service_type=service_type
    )
    rows = rows.select_related("created_by").order_by("-pk")
    return {one.enrollment_id: one for one in rows if one.enrollment_id in clients}
