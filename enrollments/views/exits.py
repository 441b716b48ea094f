from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from agencies.models import User
from agencies.requests import UserRequest
from clients.loading import get_changeable
from enrollments import actions
from enrollments.access import get_client_of_household, log_household
from enrollments.forms.exit import ExitForm, UndoExitForm
from enrollments.forms.exit_fields import used_for_all
from enrollments.forms.refusals import explained
from enrollments.intake.draft.sections import Step
from enrollments.intake.draft.start import start_exit
from enrollments.intake.draft.steps import steps_of_exit
from enrollments.intake.steps.exit import exit_saved
from enrollments.intake.steps.page import warnings_of
from enrollments.models import Enrollment, IntakeDraft
from records.pages import leave
from records.submissions import submit_once

DEPARTURE = IntakeDraft.Kind.DEPARTURE


@require_http_methods(["GET", "POST"])
@submit_once
def exit_enrollment(request: UserRequest, client_id: int, enrollment_id: int) -> HttpResponse:
    """Exit one or several members of a household, or correct how they left (4.9).

    An exit goes on to the exit assessment in the workflow of the intake, or ends here without it.
    Who comes from Family Members (`leaving` in the address) goes back there.
    """
    leaving = request.GET.get("leaving", "")
    client = get_client_of_household(request, client_id)
    enrollment = get_changeable(request, client.enrollments.listed_for(request.user), enrollment_id)
    log_household(request, enrollment.household.members)
    together = _leaving_with(enrollment, request.user)
    form = ExitForm(
        used_for_all(request.POST) or None,
        candidates=together,
        enrollment=enrollment,
        household=enrollment.household.members,
        viewer=request.user,
        leaving=_ticked_at_first(enrollment, together, leaving),
        request=request,
    )
    is_sent = request.method == "POST" and "copy" not in request.POST
    if is_sent and form.is_valid() and not form.needs_confirmation:
        if "next" in request.POST and enrollment.exit_date is None:
            return redirect(_begun(form, request))
        with explained(form):
            rows = actions.exit_household(
                members=form.ticked,
                departure=form.departures,
                end_assignments=form.cleaned_data["end_assignments"],
                by=request.user,
            )
            messages.success(request, exit_saved(len(rows)))
            page_after = "family_members" if leaving else "enrollments"
            return redirect(f"enrollments:{page_after}", client.pk)
    if form.changes:
        form = form.conflict_form()
    page = {
        "client": client,
        "enrollment": enrollment,
        "form": form,
        "is_sent": is_sent,
        "from_family": bool(leaving),
    }
    if enrollment.exit_date is None:
        drafts = IntakeDraft.objects.owned_by(request.user).paused()
        page |= {
            "steps": [
                {"label": one.label, "current": one == Step.EXIT} for one in steps_of_exit(together)
            ],
            "paused": drafts.filter(kind=DEPARTURE, household=enrollment.household_id).first(),
        }
    return render(request, "enrollments/exit.html", page)


@require_http_methods(["GET", "POST"])
@submit_once
def undo(request: UserRequest, client_id: int, enrollment_id: int) -> HttpResponse:
    """Open an enrollment again that was ended by mistake."""
    client = get_client_of_household(request, client_id)
    enrollment = get_changeable(request, client.enrollments.listed_for(request.user), enrollment_id)
    if enrollment.exit_date is None:
        return redirect(enrollment)
    together = _leaving_with(enrollment, request.user)
    log_household(request, together)
    form = UndoExitForm(
        request.POST or None,
        initial={"members": [one.pk for one in together]},
        candidates=together,
        request=request,
    )
    if form.is_valid():
        with explained(form):
            actions.undo_exit(
                members=form.ticked,
                continue_assignments=form.cleaned_data["continue_assignments"],
                by=request.user,
            )
            messages.success(request, "Exit undone: the enrollment is active again.")
            return leave(request, "enrollments:enrollments", client.pk)
    page = {"client": client, "enrollment": enrollment, "form": form}
    return render(request, "enrollments/undo_exit.html", page)


def _leaving_with(enrollment: Enrollment, user: User) -> list[Enrollment]:
    """The members who are still there as this one is, or who left with this one."""
    members = enrollment.household.members
    together = [one for one in members if one.exit_date == enrollment.exit_date]
    for one in together:
        one.project = enrollment.project  # all members enter the same one
    return [one for one in together if user.may_change(one)]


def _ticked_at_first(enrollment: Enrollment, together: list[Enrollment], leaving: str) -> list[int]:
    """Everybody leaves with the head; of an exit on file, one member's is corrected.

    Args:
        leaving: the primary key of the one who was chosen in Family Members, if any.
    """
    chosen = [one for one in together if str(one.pk) == leaving]
    if chosen and enrollment.exit_date is None:
        enrollment = chosen[0]
    is_everybody = enrollment.exit_date is None and enrollment.is_head
    return [one.pk for one in together] if is_everybody else [enrollment.pk]


def _begun(form: ExitForm, request: UserRequest) -> IntakeDraft:
    """The draft that goes on with the exit assessment."""
    return start_exit(
        enrollment=form.enrollment,
        together=form.candidates,
        leaving=[one.pk for one in form.ticked],
        on=form.cleaned_data["exit_date"],
        typed=form.typed_answers,
        confirmed=[one.key for one in warnings_of(form, Step.EXIT)],
        by=request.user,
    )
