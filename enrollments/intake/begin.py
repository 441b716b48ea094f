"""Where drafts begin, wait and are thrown away (4.7, 4.9).

A link to re-open or assess an enrollment leads here. Opening it writes nothing but the access log:
the step is shown filled in with the stored answers, and its form comes back here, where the draft
begins and is saved. From then on the link leads to that draft.
"""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agencies.models import User
from agencies.requests import UserRequest
from clients.access_log.recorder import Kind as Access
from clients.access_log.recorder import record_list
from clients.forms.find import FindClientForm
from clients.loading import get_client
from clients.views.find import save_search
from enrollments.intake import views
from enrollments.intake.draft.prefill import assessed_of
from enrollments.intake.draft.sections import Step
from enrollments.intake.draft.start import prepare_again, start, start_again
from enrollments.intake.draft.steps import steps_for
from enrollments.models import IntakeDraft
from hud.text import as_id
from records.forms import OrganizationForm
from records.pages import say_undoable
from records.querysets import UNDO_FOR

Kind = IntakeDraft.Kind
BEGUN = (Kind.REOPEN, Kind.MEMBER, Kind.UPDATE, Kind.ANNUAL, Kind.EXIT)
MOST_LISTED = 50
LEFT = (
    "Choose Add Household Member at somebody who is still in the project. Where everybody has "
    "left, begin an intake."
)
About = dict[str, Any]  # the arguments of `prepare_again`


class StartForm(OrganizationForm, forms.Form):
    """Begins an intake for the organization that was in force when the page was opened (1.2)."""


@require_GET
def intakes(request: UserRequest) -> HttpResponse:
    """The user's paused intakes, and the way to a new one."""
    client_id = as_id(request.GET.get("client", ""))
    drafts = IntakeDraft.objects.owned_by(request.user)
    gone = drafts.discarded_since(timezone.now() - UNDO_FOR).exclude(answers_json="")
    paused, discarded = (
        rows.listed_for(request.user)[:MOST_LISTED] for rows in (drafts.paused(), gone)
    )
    record_list(request, [one.visible_client for one in (*paused, *discarded)])
    page = {
        "client": None if client_id is None else get_client(request, client_id),
        "drafts": paused,
        "discarded": discarded,
        "form": FindClientForm(),
        "start_form": StartForm(request=request),
    }
    return render(request, "enrollments/intake/intakes.html", page)


@require_POST
def find(request: UserRequest) -> HttpResponse:
    """Find Client, whose results lead to a new intake."""
    form = FindClientForm(request.POST)
    if form.is_valid():
        return redirect(save_search(request, form, return_to=reverse("enrollments:intakes")))
    page = {"form": form, "start_form": StartForm(request=request)}
    return render(request, "enrollments/intake/intakes.html", page)


@require_POST
def begin(request: UserRequest, client_id: int) -> HttpResponse:
    """A new intake for a client, in the organization that the page was opened for."""
    client = get_client(request, client_id, kind=Access.CHANGE, lock=False)
    form = StartForm(request.POST, request=request)
    if not form.is_valid() or form.chosen_organization is None:
        messages.error(request, "Choose one of your organizations, and start again.")
        return redirect(f"{reverse('enrollments:intakes')}?client={client.pk}")
    return redirect(start(by=request.user, organization=form.chosen_organization, client=client))


@require_POST
def discard(request: UserRequest, draft_id) -> HttpResponse:
    """Throw a draft away; for an hour it can be restored."""
    paused = IntakeDraft.objects.owned_by(request.user).paused()
    draft = get_object_or_404(paused, pk=draft_id)
    draft.discard()
    IntakeDraft.objects.forget_discarded(before=timezone.now() - UNDO_FOR)
    say_undoable(request, "Discarded.", reverse("enrollments:restore_intake", args=[draft_id]))
    return redirect("enrollments:intakes")


@require_POST
def restore(request: UserRequest, draft_id) -> HttpResponse:
    own = IntakeDraft.objects.owned_by(request.user).exclude(answers_json="")
    recent = own.discarded_since(timezone.now() - UNDO_FOR - timedelta(minutes=5))
    draft = get_object_or_404(recent, pk=draft_id)
    draft.restore()
    return redirect(draft)


# an enrollment is re-opened or assessed


@require_GET
def begin_again(request: UserRequest, **place: Any) -> HttpResponse:
    """Lead to the first step, or to where the user left off."""
    return redirect(prepare_again(**_about(request, **place)))


@require_http_methods(["GET", "POST"])
def begin_step(request: UserRequest, slug: str, **place: Any) -> HttpResponse:
    """Show a step of a draft that does not exist yet; saving it begins the draft."""
    if request.method == "POST":
        return _began(request, views.save, slug, **place)
    about = _about(request, **place)
    if gone := _gone(request, about):
        return gone
    draft = prepare_again(**about)
    if draft.is_begun or slug == Step.REVIEW:
        query = request.GET.urlencode()
        url = draft.url_of(slug if draft.is_begun else steps_for(draft.kind)[0])
        return redirect(f"{url}?{query}" if query else url)
    return views.show(request, draft, slug)


@require_POST
def autosave_first(request: UserRequest, slug: str, **place: Any) -> HttpResponse:
    """Begin the draft with what is typed so far."""
    return _began(request, views.autosave, slug, **place)


autosave_first.is_no_use = True  # type: ignore[attr-defined]


@transaction.atomic
def _began(request: UserRequest, save: Any, slug: str, **place: Any) -> HttpResponse:
    """Begin the draft, or take the one that another page has begun, and save the step into it."""
    # Two pages of one user take turns, so that they begin one draft and not two.
    User.objects.select_for_update(no_key=True).get(pk=request.user.pk)
    about = _about(request, **place)
    if gone := _gone(request, about):
        return gone
    draft = start_again(**about, opened_with=request.POST.get("opened_with", ""))
    return save(request, draft.pk, slug)


def _about(
    request: UserRequest,
    *,
    client_id: int,
    enrollment_id: int,
    kind: str,
    corrects: date | None = None,
) -> About:
    """Which draft an address begins; it may correct the update or annual assessment of a date."""
    if kind not in BEGUN:
        raise Http404
    access = Access.VIEW if request.method == "GET" else Access.CHANGE
    client = get_client(request, client_id, kind=access, lock=False)
    rows = client.enrollments.visible_to(request.user).select_related("household")
    enrollment = get_object_or_404(rows, pk=enrollment_id)
    if not request.user.may_change(enrollment):
        raise PermissionDenied("Only the organization that created this record can change it.")
    return {"kind": Kind(kind), "enrollment": enrollment, "by": request.user, "corrects": corrects}


def _gone(request: UserRequest, about: About) -> HttpResponse | None:
    """Where to go if the assessment that is to be corrected, or the household, is not there."""
    kind, corrects = about["kind"], about["corrects"]
    if kind is Kind.MEMBER and about["enrollment"].exit_date is not None:
        messages.error(request, LEFT)
        return redirect("enrollments:family_members", about["enrollment"].client_id)
    scope = {"data_collection_stage": kind.stage, "information_date": corrects}
    is_later = kind in {Kind.UPDATE, Kind.ANNUAL}
    if corrects is None or (is_later and assessed_of([about["enrollment"]], scope)):
        return None
    messages.error(request, "That assessment no longer exists. See the ones below.")
    return redirect(about["enrollment"])
