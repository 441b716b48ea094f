"""A verbal release, a refusal, and a signed paper: what the client answered elsewhere (13.1)."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from agencies import limits
from agencies.models import LimitedUse
from agencies.requests import UserRequest
from clients.access_log.recorder import record_list
from clients.loading import Kind, get_client
from clients.models import Client, Release
from consent import actions, papers, refused
from consent.forms import AnswerForm, PaperForm, RefusalForm, VerbalForm
from consent.household import people
from consent.listing import left_out
from consent.signing.asked import Asked, end_of, version_for
from consent.signing.shown import languages_of
from consent.views.leading_back import to_list
from enrollments.forms.refusals import explained
from files.actions import StoredUpload
from files.uploads import StreamedUpload, stored_upload, upload_once
from records.submissions import submit_once

ANSWERED_LATER = "The client has answered again since that day, and the latest answer counts."


@require_http_methods(["GET", "POST"])
@submit_once
def verbal(request: UserRequest, client_id: int) -> HttpResponse:
    return _answered(request, client_id, VerbalForm, "consent/add_verbal.html")


@require_http_methods(["GET", "POST"])
@submit_once
def refusal(request: UserRequest, client_id: int) -> HttpResponse:
    return _answered(request, client_id, RefusalForm, "consent/add_refusal.html")


@require_http_methods(["GET", "POST"])
def paper(request: UserRequest, client_id: int) -> HttpResponse:
    """The paper is stored before anything is locked or written, once for everybody named."""
    client = get_client(request, client_id, kind=Kind.CHANGE, lock=False)
    if request.method == "GET":
        limits.require_room(request.user, LimitedUse.UPLOADS)
    form = _form(request, client, PaperForm)
    if form.is_valid():
        many = len(form.clients)
        copies = _stored_copies(form.cleaned_data["file"], many)
        write = partial(_with_papers, request, client, form)
        with explained(form):
            if answer := upload_once(request, form, copies, write, times=many):
                return answer
    return _page(request, client, form, "consent/add_paper.html")


def _answered(
    request: UserRequest, client_id: int, form_of: type[AnswerForm], template: str
) -> HttpResponse:
    client = get_client(request, client_id, kind=Kind.CHANGE, lock=False)
    form = _form(request, client, form_of)
    if form.is_valid():
        with explained(form):
            rows = actions.record_release(clients=form.clients, answer=form.answer, by=request.user)
            return _saved(request, client, form, rows)
    return _page(request, client, form, template)


def _form(request: UserRequest, client: Client, form_of: type[AnswerForm]) -> AnswerForm:
    household = people(client, request.user, today=timezone.localdate())
    record_list(request, [one.client for one in household[1:]])
    return form_of(request.POST or None, request.FILES or None, people=household, request=request)


def _with_papers(
    request: UserRequest, client: Client, form: AnswerForm, uploads: list[StoredUpload]
) -> HttpResponse:
    rows = actions.record_release(clients=form.clients, answer=form.answer, by=request.user)
    filed = papers.file_papers(releases=rows, uploads=uploads, by=request.user)
    if not all(one.stored.is_ready for one in filed):
        messages.info(request, "The paper can be opened once the virus scan is done.")
    return _saved(request, client, form, rows)


def _saved(
    request: UserRequest, client: Client, form: AnswerForm, rows: list[Release]
) -> HttpResponse:
    what = "Refusal" if isinstance(form, RefusalForm) else "Release"
    many = len(rows)
    messages.success(request, form.saved(what if many == 1 else f"{what}s of {many} members"))
    if any(row.state == Release.State.REPLACED for row in rows):
        messages.info(request, ANSWERED_LATER)
    if names := left_out(rows):
        messages.info(request, refused.LEFT_OUT.format(", ".join(sorted(names.values()))))
    return to_list(request, client.pk)


def _page(request: UserRequest, client: Client, form: AnswerForm, template: str) -> HttpResponse:
    page: dict[str, Any] = {"client": client, "form": form}
    if not isinstance(form, RefusalForm):
        page["still_refused"] = refused.left_out([one.client for one in form.people])
    if isinstance(form, VerbalForm) and (aloud := _read_aloud(request, form)):
        form.initial.setdefault("ends_on", aloud.ends_on)
        page["shown"] = aloud.shown
    return render(request, template, page)


def _read_aloud(request: UserRequest, form: AnswerForm) -> Asked | None:
    """The text of the organization, with its term; None where it has none."""
    organization, today = request.organization, timezone.localdate()
    version = version_for(organization)
    if version is None:
        return None
    people, ends_on = form.people[:1], end_of(version, today)
    return Asked(version, languages_of(version), organization, people, None, today, ends_on)


@contextmanager
def _stored_copies(upload: StreamedUpload, times: int) -> Iterator[list[StoredUpload]]:
    """The upload in the store, once for each of those who are named on it."""
    with ExitStack() as stack:
        yield [stack.enter_context(stored_upload(upload)) for _ in range(times)]
