from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from agencies.models import User
from agencies.pages import leave
from agencies.requests import UserRequest
from agencies.submissions import saves_once
from clients.access import get_changeable
from enrollments import actions
from enrollments.access import get_client_of_household
from enrollments.forms.case_assignment import explain
from enrollments.forms.exit import ExitForm, UndoExitForm
from enrollments.models import Enrollment


@require_http_methods(["GET", "POST"])
@saves_once
def exit_enrollment(request: UserRequest, client_id: int, enrollment_id: int) -> HttpResponse:
    """Exit one or several members of a household, or correct how they left (4.9)."""
    client = get_client_of_household(request, client_id)
    stay = get_changeable(request, client.enrollments.listed_for(request.user), enrollment_id)
    together = _leaving_with(stay, request.user)
    form = ExitForm(
        request.POST or None,
        initial=_as_it_is(stay, together),
        candidates=together,
        stay=stay,
        household=stay.household.members,
        request=request,
    )
    if form.is_valid() and not form.needs_confirmation and _exited(form, request):
        return redirect("enrollments:enrollments", client.pk)
    if form.changes:
        form = form.resolution()
    page = {"client": client, "enrollment": stay, "form": form}
    return render(request, "enrollments/exit.html", page)


@require_http_methods(["GET", "POST"])
@saves_once
def undo(request: UserRequest, client_id: int, enrollment_id: int) -> HttpResponse:
    """Open a stay again that was ended by mistake."""
    client = get_client_of_household(request, client_id)
    stay = get_changeable(request, client.enrollments.listed_for(request.user), enrollment_id)
    if stay.exit_date is None:
        return redirect(stay)
    together = _leaving_with(stay, request.user)
    form = UndoExitForm(
        request.POST or None,
        initial={"members": [one.pk for one in together]},
        candidates=together,
        request=request,
    )
    if form.is_valid():
        try:
            actions.undo_exit(
                members=form.ticked,
                continue_assignments=form.cleaned_data["continue_assignments"],
                by=request.user,
            )
        except ValidationError as error:
            explain(form, error)
        else:
            messages.success(request, "Exit undone: the enrollment is active again.")
            return leave(request, "enrollments:enrollments", client.pk)
    page = {"client": client, "enrollment": stay, "form": form}
    return render(request, "enrollments/undo_exit.html", page)


def _leaving_with(stay: Enrollment, user: User) -> list[Enrollment]:
    """The members who are still there as this one is, or who left with this one."""
    members = stay.household.members
    return [one for one in members if one.exit_date == stay.exit_date and user.may_change(one)]


def _as_it_is(stay: Enrollment, together: list[Enrollment]) -> dict:
    """What stands on the form at first: the exit on file, or everybody with the head."""
    if stay.exit_date is None:
        leaving = together if stay.is_head else [stay]
        return {"members": [one.pk for one in leaving]}
    names = ("exit_date", "destination", "destination_subsidy_type", "other_destination")
    return {name: getattr(stay, name) for name in names} | {"members": [stay.pk]}


def _exited(form: ExitForm, request: UserRequest) -> bool:
    """Whether it was written; what the database refuses stands on the form."""
    try:
        rows = actions.exit_household(
            members=form.ticked,
            departure=form.departure,
            end_assignments=form.cleaned_data["end_assignments"],
            by=request.user,
        )
    except ValidationError as error:
        explain(form, error)
        return False
    who = "1 member" if len(rows) == 1 else f"{len(rows)} members"
    messages.success(request, f"Exit saved for {who} of the household.")
    return True
