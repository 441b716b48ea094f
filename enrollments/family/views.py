"""Family Members, Family History, and what becomes of a household (12.1)."""

from collections.abc import Iterable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import get_text_list
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agencies.requests import UserRequest
from clients.loading import get_changeable, get_client
from clients.models import Client
from enrollments.access import get_client_of_household, log_changes, log_household
from enrollments.family import actions
from enrollments.family.forms import HeadForm, SplitForm
from enrollments.family.households import (
    all_households,
    is_led_by_another,
    members_of,
    open_households,
)
from enrollments.family.row_actions import of_member
from enrollments.family.undo import recent_changes, undo, undoable
from enrollments.forms.refusals import explained
from enrollments.models import Enrollment, HouseholdChange
from enrollments.panels import intake_url
from records.pages import say_undoable
from records.submissions import submit_once


@require_GET
def members(request: UserRequest, client_id: int) -> HttpResponse:
    """The household of each open enrollment of the client."""
    client = get_client(request, client_id)
    households = open_households(client, request.user, today=timezone.localdate())
    named = [one for household in households for one in household.members]
    log_household(request, named)
    page = {
        "client": client,
        "households": [
            (
                household,
                [(one, of_member(one, household, request.user)) for one in household.present],
                request.user.may_change(household.own),
            )
            for household in households
        ],
        "intake_url": intake_url(client),
    }
    return render(request, "enrollments/family/members.html", page)


@require_GET
def history(request: UserRequest, client_id: int) -> HttpResponse:
    """All households of the client, with former members and what changed."""
    client = get_client(request, client_id)
    households = all_households(client, request.user, today=timezone.localdate())
    named = [one for household in households for one in household.members]
    for household in households:
        for change in household.changes:
            named += [change.who, *([change.other] if change.other else [])]
    log_household(request, named)
    page = {"client": client, "households": households}
    return render(request, "enrollments/family/history.html", page)


@require_http_methods(["GET", "POST"])
@submit_once
def change_head(request: UserRequest, client_id: int, enrollment_id: int) -> HttpResponse:
    """Another head of household, from a day on; `head` in the address is who it is to be."""
    client = get_client_of_household(request, client_id)
    enrollment, household, changeable = _household(request, client, enrollment_id)
    page = {"client": client, "enrollment": enrollment}
    page["may_lead"] = _may_lead(household, changeable)
    page["others_lead"] = [one for one in household if one.is_head and one not in changeable]
    page["is_led_unseen"] = _is_led_unseen(enrollment, household)
    head = _chosen(request, enrollment, page["may_lead"])
    if head is not None and not (page["others_lead"] or page["is_led_unseen"]):
        form = HeadForm(request.POST or None, candidates=changeable, head=head, request=request)
        if form.is_valid() and not form.needs_confirmation:
            with explained(form):
                actions.change_head(
                    members=changeable,
                    relationships=form.relationships,
                    on=form.cleaned_data["happened_on"],
                    by=request.user,
                )
                return _changed(request, client, changeable)
        page |= {"form": form, "head": head, "follows": _follows(household, head)}
    return render(request, "enrollments/family/change_head.html", page)


@require_http_methods(["GET", "POST"])
@submit_once
def split(request: UserRequest, client_id: int, enrollment_id: int) -> HttpResponse:
    """Some members become a household of their own."""
    client = get_client_of_household(request, client_id)
    enrollment, household, changeable = _household(request, client, enrollment_id)
    form = SplitForm(
        request.POST or None,
        initial={"members": _going_at_first(enrollment, changeable, request.GET.get("member", ""))},
        candidates=changeable,
        is_led=is_led_by_another(enrollment, changeable),
        request=request,
    )
    if form.is_valid() and not form.needs_confirmation:
        with explained(form):
            actions.split_household(
                members=changeable,
                going=[one.pk for one in form.going],
                relationships=form.relationships,
                on=form.cleaned_data["happened_on"],
                by=request.user,
            )
            return _changed(request, client, changeable)
    page = {
        "client": client,
        "enrollment": enrollment,
        "form": form,
        "is_alone": len(household) == 1,
        "in_several_projects": len({one.project_id for one in household}) > 1,
    }
    return render(request, "enrollments/family/split.html", page)


@require_POST
@submit_once
def undo_change(request: UserRequest, client_id: int, change_id: int) -> HttpResponse:
    """The household as it was before the user changed it."""
    client = get_client_of_household(request, client_id)
    change = get_object_or_404(recent_changes(client, request.user), pk=change_id)
    if change.date_undone:  # by an Undo on another page
        return redirect("enrollments:family_members", client.pk)
    try:
        rows = undo(change=change, by=request.user)
    except ValidationError as error:
        messages.error(request, f"It was not undone. {' '.join(error.messages)}")
    else:
        log_changes(request, [one.client_id for one in rows], beside=client)
        messages.success(request, "Undone: the household is as it was before.")
    return redirect("enrollments:family_members", client.pk)


def _changed(request: UserRequest, client: Client, members: Iterable[Enrollment]) -> HttpResponse:
    """Say what became of the household, with Undo where nothing came after it yet."""
    if done := undoable(client, request.user):
        names = get_text_list([one.client.display_name for one in done.people], "and")
        day = f"{done.change.happened_on:%m/%d/%Y}"
        if done.change.kind == HouseholdChange.Kind.HEAD:
            said = f"Head of household changed. {names} leads the household since {day}."
        else:
            have = "have" if len(done.people) > 1 else "has"
            said = f"Household split. {names} {have} a household of their own since {day}."
        undo = reverse("enrollments:undo_household_change", args=[client.pk, done.change.pk])
        say_undoable(request, said, undo)
    else:
        messages.success(request, "Household changed.")
    log_changes(request, [one.client_id for one in members], beside=client)
    return redirect("enrollments:family_members", client.pk)


def _household(
    request: UserRequest, client: Client, enrollment_id: int
) -> tuple[Enrollment, list[Enrollment], list[Enrollment]]:
    """The client's enrollment, the household as the user sees it, and whom the user may change."""
    rows = client.enrollments.select_related("project", "client")
    enrollment = get_changeable(request, rows, enrollment_id)
    household = members_of(enrollment, request.user)
    log_household(request, household)
    return enrollment, household, [one for one in household if request.user.may_change(one)]


def _is_led_unseen(enrollment: Enrollment, household: list[Enrollment]) -> bool:
    """Whether the head is somebody whom the user does not see."""
    has_head = any(one.is_head for one in household)
    return not has_head and is_led_by_another(enrollment, household)


def _may_lead(household: list[Enrollment], changeable: list[Enrollment]) -> list[Enrollment]:
    """Who may become the head: whoever is in the project and is not it; of several heads, one.

    Where nobody is in it any more, who was.
    """
    has_one = sum(one.is_head for one in household) == 1
    today = timezone.localdate()
    others = [one for one in changeable if not (has_one and one.is_head)]
    present = [one for one in others if one.exit_date is None or one.exit_date > today]
    return present or others


def _chosen(
    request: UserRequest, enrollment: Enrollment, may_lead: list[Enrollment]
) -> Enrollment | None:
    """The one whom the address names, else whose page it is, else the only one there is."""
    wanted = request.GET.get("head", "") or str(enrollment.pk)
    found = next((one for one in may_lead if str(one.pk) == wanted), None)
    return found or (may_lead[0] if len(may_lead) == 1 else None)


def _follows(household: list[Enrollment], head: Enrollment) -> Enrollment | None:
    """The head until now, whose move-in date and CoC the new one takes over."""
    heads = [one for one in household if one.is_head and one.project_id == head.project_id]
    return None if head.is_head else next(iter(heads), None)


def _going_at_first(enrollment: Enrollment, candidates: list[Enrollment], chosen: str) -> list[int]:
    """Those in another project than the head; else the member who was chosen, if not the head."""
    head = next((one for one in candidates if one.is_head), candidates[0])
    elsewhere = [one for one in candidates if one.project_id != head.project_id]
    if elsewhere:
        return [one.pk for one in elsewhere if one.project_id == elsewhere[0].project_id]
    member = next((one for one in candidates if str(one.pk) == chosen), enrollment)
    return [] if member.is_head else [member.pk]
