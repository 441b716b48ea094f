"""Signing in an intake: the page that the client sees, and the thanks. The draft keeps it."""

import uuid

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from agencies.requests import UserRequest
from consent.intake.answers import DraftAnswers, answers_of
from consent.intake.form import GroupForm
from consent.signing.asked import Asked, ChangedError, NotSignableError
from consent.signing.forms import SignatureForm
from consent.signing.page import UNSAVED, signing_page
from enrollments.intake.draft.access import get_draft, get_people
from enrollments.intake.draft.household import read_household
from enrollments.models import IntakeDraft
from records.unsaved import says_unsaved, was_unsaved

STEP = IntakeDraft.Step.RELEASE


@says_unsaved
@require_http_methods(["GET", "POST"])
@transaction.atomic
def sign(request: UserRequest, draft_id: uuid.UUID, client_id: int) -> HttpResponse:
    """The text for one adult and the minors in that one's care, and the box for the signature."""
    draft = get_draft(request, draft_id, lock=request.method == "POST")
    found, group = _group(request, draft, client_id)
    refused = UNSAVED if was_unsaved(request) else ""
    if request.method == "POST":
        sent, household = request.POST.get("asked_for", ""), group.group.people
        try:
            asked = Asked.unsealed(sent, household=household, by=request.user)
        except NotSignableError as error:
            refused = error.word
        else:
            if group.is_about_these(asked):
                return _signed(request, draft, group.signature_form(asked, request.POST), found)
            refused = ChangedError.word
    fresh = group.asked_now(request.GET.get("language", ""))
    if fresh is None:  # the last text was retired meanwhile
        return redirect(draft.url_of(STEP))
    form = group.signature_form(fresh)
    return signing_page(request, form, back_url=draft.url_of(STEP), refused=refused)


def _signed(
    request: UserRequest, draft: IntakeDraft, form: SignatureForm, found: DraftAnswers
) -> HttpResponse:
    """Kept with the draft; or the same text again, with what is missing."""
    if not form.is_valid():
        return signing_page(request, form, back_url=draft.url_of(STEP))
    key = form.asked.clients[0].pk
    found.keep_signature(key, form)
    draft.keep()
    return redirect("consent:signed_in_intake", draft.pk, key)


@require_GET
def signed(request: UserRequest, draft_id: uuid.UUID, client_id: int) -> HttpResponse:
    """Thanks, and the device goes back to the user."""
    draft = get_draft(request, draft_id)
    _, group = _group(request, draft, client_id)
    step = draft.url_of(STEP)
    if group.signature is None:
        return redirect(step)
    words = group.signature.words
    hand_back = words.say("hand_back", witness=request.user)
    page = {"words": words, "hand_back": hand_back, "next": step}
    return render(request, "consent/signing/signed.html", page)


def _group(
    request: UserRequest, draft: IntakeDraft, client_id: int
) -> tuple[DraftAnswers, GroupForm]:
    """Those who answer together, of a draft of the user's own.

    Raises:
        Http404: for a draft that is finished, and for whoever does not sign in it.
    """
    household = read_household(draft, get_people(request, draft)) if draft.is_open else None
    if household is None:
        raise Http404
    found = answers_of(draft, household.members, draft.answers.typed(STEP))
    for group in found.groups:
        if group.group.key == client_id:
            return found, group
    raise Http404
