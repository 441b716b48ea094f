"""A filed update or annual assessment is deleted, and restored."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from agencies.requests import UserRequest
from clients.loading import get_changeable
from clients.models import Client
from enrollments.access import get_client_of_household
from enrollments.actions.assessments import (
    DeletedAssessment,
    delete_assessment,
    restore_assessment,
)
from enrollments.models import Enrollment
from enrollments.models.assessment import LATER
from hud.choices import DataCollectionStage
from records.pages import leave, say_undoable
from records.submissions import submit_once


@require_http_methods(["GET", "POST"])
@submit_once
def delete(
    request: UserRequest, client_id: int, enrollment_id: int, stage: int, day: date
) -> HttpResponse:
    """GET asks; POST deletes the assessment of that stage and day."""
    client, enrollment, of_stage = _place(request, client_id, enrollment_id, stage)
    if request.method == "POST":
        try:
            if delete_assessment(enrollment=enrollment, stage=of_stage, day=day, by=request.user):
                deleted = DeletedAssessment(enrollment, of_stage, day)
                say_undoable(request, "Assessment deleted.", deleted.restore_url)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return leave(request, enrollment)
    page = {
        "client": client,
        "what": DeletedAssessment(enrollment, of_stage, day).display_name,
        "kind": "assessment",
        "list_url": enrollment.get_absolute_url(),
    }
    return render(request, "clients/confirm_deletion.html", page)


@require_POST
@submit_once
def restore(
    request: UserRequest, client_id: int, enrollment_id: int, stage: int, day: date
) -> HttpResponse:
    _, enrollment, of_stage = _place(request, client_id, enrollment_id, stage)
    try:
        if restore_assessment(enrollment=enrollment, stage=of_stage, day=day, by=request.user):
            messages.success(request, "Assessment restored.")
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(enrollment)


def _place(
    request: UserRequest, client_id: int, enrollment_id: int, stage: int
) -> tuple[Client, Enrollment, DataCollectionStage]:
    """The enrollment, if the user may change it, and which assessment is meant.

    Raises:
        Http404: where that is none: those at start and exit belong to the enrollment itself.
    """
    client = get_client_of_household(request, client_id)
    enrollment = get_changeable(request, client.enrollments.select_related("client"), enrollment_id)
    if stage not in LATER:
        raise Http404
    return client, enrollment, DataCollectionStage(stage)
