"""An enrollment that should never have been filed is deleted, and restored."""

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from agencies.models import User
from agencies.requests import UserRequest
from clients.models import Client
from clients.record_pages import NOT_YOURS as NOT_YOURS_TO_RESTORE
from enrollments import actions
from enrollments.access import get_client_of_household, log_household
from enrollments.actions.deletion import in_the_way, recorded_on
from enrollments.forms.members import MembersForm
from enrollments.forms.refusals import explained
from enrollments.models import Enrollment
from records.pages import leave, say_undoable
from records.submissions import submit_once

NOT_YOURS = (
    "Only the user who created this enrollment or a Data Quality Officer of its organization can "
    "delete it."
)


@require_http_methods(["GET", "POST"])
@submit_once
def delete(request: UserRequest, client_id: int, enrollment_id: int) -> HttpResponse:
    """GET asks who of the household goes; POST deletes their enrollments and all in them."""
    client = get_client_of_household(request, client_id)
    enrollment = get_object_or_404(
        client.enrollments.visible_to(request.user).listed_for(request.user), pk=enrollment_id
    )
    together = _going_with(enrollment, request.user)
    log_household(request, together)
    form = MembersForm(
        request.POST or None,
        initial={"members": [one.pk for one in (together if enrollment.is_head else [enrollment])]},
        candidates=together,
        request=request,
    )
    if form.is_valid():
        with explained(form):
            rows = actions.delete_enrollments(members=form.ticked, by=request.user)
            who = "1 member" if len(rows) == 1 else f"{len(rows)} members"
            one = enrollment if enrollment in rows else rows[0]  # it brings them all back
            say_undoable(request, f"Enrollment of {who} deleted.", one.restore_url)
            return leave(request, "enrollments:enrollments", client.pk)
    kinds = recorded_on([enrollment], request.user)
    refused = form.ticked if form.has_error(NON_FIELD_ERRORS, code="recorded") else [enrollment]
    page = {
        "client": client,
        "enrollment": enrollment,
        "form": form,
        "in_the_way": in_the_way(kinds) if kinds else "",
        "lists": [link for one in refused for link in _lists(one, request.user)],
        "is_headless": form.has_error(NON_FIELD_ERRORS, code="headless"),
    }
    return render(request, "enrollments/delete_enrollment.html", page)


@require_POST
@submit_once
def restore(request: UserRequest, client_id: int, enrollment_id: int) -> HttpResponse:
    client = get_client_of_household(request, client_id)
    rows = Enrollment.with_deleted.filter(client=client).visible_to(request.user)
    enrollment = get_object_or_404(rows, pk=enrollment_id)
    _refuse_others(request.user, enrollment)
    if enrollment.date_deleted:
        if not request.user.may_restore(enrollment):
            raise PermissionDenied(NOT_YOURS_TO_RESTORE)
        try:
            actions.restore_enrollments(enrollment=enrollment, by=request.user)
        except ValidationError as error:
            messages.error(request, f"It was not restored. {' '.join(error.messages)}")
        else:
            messages.success(request, "Enrollment restored.")
    return redirect("enrollments:enrollments", client.pk)


def _lists(enrollment: Enrollment, user: User) -> list[tuple[str, str, Client]]:
    """Where what stands in the way is listed: the kind of records, the page, and whose."""
    client = enrollment.client
    return [
        (kind._meta.verbose_name_plural, reverse(kind.list_page, args=[client.pk]), client)
        for kind in recorded_on([enrollment], user)
    ]


def _going_with(enrollment: Enrollment, user: User) -> list[Enrollment]:
    """The members of the household whose enrollments the user may delete.

    Raises:
        PermissionDenied: where this one is not among them.
    """
    _refuse_others(user, enrollment)
    return [one for one in enrollment.household.members if user.may_manage_record(one)]


def _refuse_others(user: User, enrollment: Enrollment) -> None:
    if not user.may_manage_record(enrollment):
        raise PermissionDenied(NOT_YOURS)
