"""Enrollments (4.9): the enrollments of a client, and one of them with its answers."""

from datetime import timedelta

from django.db.models import QuerySet
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from agencies.models import User
from agencies.requests import UserRequest
from clients.list_files import Line, csv_file
from clients.loading import get_client
from enrollments.access import log_household
from enrollments.actions.assessments import deleted_assessments
from enrollments.intake.draft.stored_answers import (
    assessments_of,
    enrollment_answers,
    exit_answers,
    program_answers,
)
from enrollments.listing import listed_enrollment, listed_enrollments
from enrollments.models import Enrollment
from enrollments.panels import intake_url
from enrollments.row_actions import deleting, of_enrollment
from enrollments.views.current_living import pages as contact_pages
from records.statements import compiled

ASKED_FOR = timedelta(days=90)  # after an exit, its answers are asked for


@require_GET
def enrollments(request: UserRequest, client_id: int) -> HttpResponse:
    client = get_client(request, client_id)
    rows = listed_enrollments(client, request.user)
    log_household(request, [member for row in rows for member in row.household.members])
    since = timezone.localdate() - ASKED_FOR
    left = {row.household_id for row in rows if row.exit_date and row.exit_date >= since}
    own = Enrollment.objects.visible_to(request.user).editable_by(request.user)
    page = {
        "client": client,
        "unanswered": own.awaiting_exit_answers(left, since=since) if left else [],
        "rows": [
            (row, of_enrollment(row, request.user) + deleting(row, request.user)) for row in rows
        ],
        "deleted": _recently_deleted(request.user, client.pk),
        "intake_url": intake_url(client),
    }
    return render(request, "enrollments/enrollments.html", page)


ENROLLMENT_COLUMNS = (
    *("Client ID", "Enrollment", "Household", "Project", "Organization", "Project Start Date"),
    *("Relationship to Head of Household", "Housing Move-In Date", "Project Exit Date"),
    "Destination",
)


@require_GET
def enrollments_csv(request: UserRequest, client_id: int) -> StreamingHttpResponse:
    """The list as CSV; no name of a person, of the household neither."""
    client = get_client(request, client_id)
    rows = listed_enrollments(client, request.user)
    return csv_file(request, "enrollments", ENROLLMENT_COLUMNS, map(_line, rows))


def _line(row: Enrollment) -> Line:
    cells = [
        row.client_id,
        row.pk,
        row.household_id,
        str(row.project),
        str(row.organization),
        row.entry_date,
        row.get_relationship_to_hoh_display(),
        row.move_in_date,
        row.exit_date,
        row.get_destination_display(),
    ]
    return Line(row.client_id, cells)


@compiled
def _recently_deleted(user: User, client_id: int) -> QuerySet[Enrollment]:
    rows = Enrollment.with_deleted.of_client(client_id).select_related("project")
    return rows.recently_deleted_by(user)


@require_GET
def enrollment(request: UserRequest, client_id: int, enrollment_id: int) -> HttpResponse:
    client = get_client(request, client_id)
    enrollment = listed_enrollment(client, request.user, enrollment_id)
    if enrollment is None:
        raise Http404
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
