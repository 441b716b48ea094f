"""Signing a release on the screen: what the user says first, what the client reads and signs."""

from functools import partial
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from agencies import limits
from agencies.models import LimitedUse
from agencies.requests import UserRequest
from clients.access_log.recorder import record_list
from clients.loading import Kind, get_client
from clients.models import Client, Release
from consent import strokes
from consent.household import Person, people
from consent.models import Signature
from consent.refused import left_out
from consent.sealing.copies import SealedCopy, seal_once
from consent.sealing.keys import NoSealError, refusal
from consent.signing.actions import Signing, sign
from consent.signing.asked import Asked, ExpiredError, NotSignableError, version_for
from consent.signing.forms import AskForm, SignatureForm
from consent.signing.page import BOX, UNSAVED, signing_page
from consent.signing.shown import is_unchanged, languages_of, shown_of
from consent.signing.words import words_in
from files.models import ClientFile
from files.store import StoreError
from records.pages import own_address
from records.submissions import uuid_or_none
from records.unsaved import says_unsaved, was_unsaved


@require_GET
def ask(request: UserRequest, client_id: int) -> HttpResponse:
    """For whom, with whom to share and until when; then the device goes to the client."""
    limits.require_room(request.user, LimitedUse.UPLOADS)  # the client does not sign for nothing
    client = get_client(request, client_id, kind=Kind.CHANGE)
    household = people(client, request.user, today=timezone.localdate())
    record_list(request, [one.client for one in household[1:]])
    is_sent = not AskForm.base_fields.keys().isdisjoint(request.GET)
    form = _ask_form(request, household, request.GET if is_sent else None)
    page = {
        "client": client,
        "form": form,
        "version": form and form.version,
        "no_seal": refusal(),
        "still_refused": left_out([one.client for one in household]),
        "next": request.GET.get("next", ""),
    }
    return render(request, "consent/signing/ask.html", page)


@says_unsaved
@require_http_methods(["GET", "POST"])
def text(request: UserRequest, client_id: int) -> HttpResponse:
    """The text, and the box for the signature: the page that the client sees."""
    client = get_client(request, client_id, kind=Kind.CHANGE, lock=False)
    household = people(client, request.user, today=timezone.localdate())
    refused = UNSAVED if was_unsaved(request) else ""
    if request.method == "POST":
        sent = request.POST.get("asked_for", "")
        try:
            asked = Asked.unsealed(sent, household=household, by=request.user)
            record_list(request, asked.clients)
            return _signed(request, client, asked)
        except NotSignableError as error:
            refused = error.word
    ask_form = _ask_form(request, household, request.GET)
    if ask_form is None or not ask_form.is_valid():
        return redirect(_back(request, client))
    languages = languages_of(ask_form.version, request.GET.get("language", ""))
    asked = ask_form.asked(languages)
    record_list(request, asked.clients)
    sealed = asked.sealed(by=request.user)
    words = words_in(asked.shown.language)
    form = SignatureForm(initial={"asked_for": sealed}, asked=asked, words=words)
    return signing_page(request, form, back_url=_back(request, client), refused=refused)


@require_GET
def signed(request: UserRequest, client_id: int, release_id: int) -> HttpResponse:
    """Thanks, and the device goes back to the user."""
    client = get_client(request, client_id)
    signature = _signature(request, client, release_id)
    releases = reverse("consent:releases", args=[client.pk])
    wanted = request.GET.get("next", "")
    words = words_in(signature.language)
    page = {
        "words": words,
        "hand_back": words.say("hand_back", witness=signature.witness),
        "next": own_address(request, wanted) if wanted else releases,
    }
    return render(request, "consent/signing/signed.html", page)


@require_GET
def signed_text(request: UserRequest, client_id: int, release_id: int) -> HttpResponse:
    """What was signed, with the signature, as the client may have it on paper."""
    client = get_client(request, client_id)
    signature = _signature(request, client, release_id)
    page = {
        "client": client,
        "signature": signature,
        "shown": shown_of(signature) if signature.values else None,
        "is_unchanged": is_unchanged(signature),
        "box": BOX,
        "path": strokes.path_of(signature.strokes),
    }
    return render(request, "consent/signing/signed_text.html", page)


def _ask_form(
    request: UserRequest, household: list[Person], sent: QueryDict | None
) -> AskForm | None:
    """What the address says; None where no text is in force."""
    organization = request.organization
    version = version_for(organization)
    if version is None:
        return None
    return AskForm(sent, people=household, version=version, organization=organization)


def _signed(request: UserRequest, client: Client, asked: Asked) -> HttpResponse:
    """What the client sent, sealed and recorded; or the same text again, with what is missing.

    Raises:
        ExpiredError: where the form is not the page's own: each page is signed once.
    """
    if uuid_or_none(request.POST.get("form_token", "")) != asked.token:
        raise ExpiredError
    form = SignatureForm(request.POST, asked=asked, words=words_in(asked.shown.language))
    if form.is_valid():
        signing = Signing(asked, form.hand, request.user)
        write = partial(_recorded, request, signing)
        try:
            return seal_once(request, signing.copies(), write, number=len(asked.clients))
        except ValidationError as error:
            form.add_error(None, error.messages)
        except (NoSealError, StoreError) as error:
            form.add_error(None, error.sentence)
    return signing_page(request, form, back_url=_back(request, client))


def _recorded(request: UserRequest, signing: Signing, copies: list[SealedCopy]) -> HttpResponse:
    first = sign(signing=signing, copies=copies)[0]
    url = reverse("consent:signed", args=[first.client_id, first.pk])
    wanted = request.GET.get("next", "")
    return redirect(f"{url}?{urlencode({'next': wanted})}" if wanted else url)


def _back(request: UserRequest, client: Client) -> str:
    return f"{reverse('consent:sign', args=[client.pk])}?{request.GET.urlencode()}"


def _signature(request: UserRequest, client: Client, release_id: int) -> Signature:
    """What was signed, for whoever may open its sealed copy too."""
    releases = Release.objects.visible_to(request.user).of_client(client.pk)
    copies = ClientFile.objects.visible_to(request.user).of_client(client.pk)
    rows = Signature.objects.select_related(
        "release__organization", "release__covers", "version__template__organization", "witness"
    ).prefetch_related("version__texts")
    readable = releases.filter(pk__in=copies.values("release"))
    return get_object_or_404(rows, release__in=readable, pk=release_id)
