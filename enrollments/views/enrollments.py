"""Enrollments (4.9): the enrollments of a client, and one of them with its answers."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from agencies.models import User
from agencies.requests import UserRequest
from clients.loading import get_client
from enrollments.access import log_household
from enrollments.actions.assessments import deleted_assessments
from enrollments.intake.draft.stored_answers import (
    assessments_of,
    enrollment_answers,
    exit_answers,
    program_answers,
)
from enrollments.models import Enrollment
from enrollments.panels import intake_url
from enrollments.row_actions import deleting, of_enrollment
from enrollments.views.current_living import pages as contact_pages

ASKED_FOR = timedelta(days=90)  # after an exit, its answers are asked for


@require_GET
def enrollments(request: UserRequest, client_id: int) -> HttpResponse:
    client = get_client(request, client_id)
    rows = client.enrollments.visible_to(request.user).newest_first().listed_for(request.user)
    log_household(request, [member for row in rows for member in row.household.members])
    since = timezone.localdate() - ASKED_FOR
    left = {row.household_id for row in rows if row.exit_date and row.exit_date >= since}
    deleted = Enrollment.with_deleted.filter(client=client).select_related("project")
    own = Enrollment.objects.visible_to(request.user).editable_by(request.user)
    page = {
        "client": client,
        "unanswered": own.awaiting_exit_answers(left, since=since),
        "rows": [
            (row, of_enrollment(row, request.user) + deleting(row, request.user)) for row in rows
        ],
        "deleted": deleted.recently_deleted_by(request.user),
        "intake_url": intake_url(client),
    }
    return render(request, "enrollments/enrollments.html", page)


@require_GET
def enrollment(request: UserRequest, client_id: int, enrollment_id: int) -> HttpResponse:
    client = get_client(request, client_id)
    rows = client.enrollments.visible_to(request.user).listed_for(request.user)
    enrollment = get_object_or_404(rows, pk=enrollment_id)
    enrollment.client = client
    log_household(request, enrollment.household.members)
    page = {
        "client": client,
        "enrollment": enrollment,
        "actions": of_enrollment(enrollment, request.user)[1:],
        "deleting": deleting(enrollment, request.user),
        "may_change": request.user.may_change(enrollment),
        "answers": enrollment_answers(enrollment),
        "exit_answers": exit_answers(enrollment),
        "program_answers": program_answers(enrollment, request.user, "Client", "Enrollment"),
        "program_exit_answers": program_answers(enrollment, request.user, "Exit"),
        "assessments": assessments_of(enrollment, request.user),
        "deleted": deleted_assessments(enrollment, request.user),
    }
    if enrollment.records_contacts:
        page |= _contacts(enrollment, request.user, beside=page["deleted"])
    return render(request, "enrollments/enrollment.html", page)


def _contacts(enrollment: Enrollment, user: User, *, beside: list) -> dict:
    """4.12, and what the user deleted of it lately."""
    return {
        "contacts": enrollment.current_living_situations.visible_to(user),
        "deleted": [*beside, *contact_pages.recently_deleted(enrollment, user)],
    }
