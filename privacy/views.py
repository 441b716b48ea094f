"""What a client has asked for and how it was answered, copies of a record, and legal holds."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from agencies import limits
from agencies.models import LimitedUse, SecurityEvent
from agencies.requests import UserRequest
from agencies.security_events import record_event
from clients.access_log.recorder import Kind, record_views
from clients.loading import get_client, require_details
from clients.models import Client, SSNReveal
from clients.ssn import Why, keep_reveal, may_reveal_ssn
from privacy import actions
from privacy.copy import archive, pdfs
from privacy.copy.sections import Contents, own_notes
from privacy.erasure.plan import open_enrollments
from privacy.forms import AnswerForm, ClientRequestForm, CopyForm, LegalHoldForm
from privacy.models import ClientRequest, LegalHold
from records.submissions import submit_once

OFFICERS_ALONE = (
    "Only Data Quality Officers handle clients' requests. Switch to an organization where you "
    "are one, or ask its officer."
)
FOR_THE_CLIENT = Why(SSNReveal.Reason.OTHER, "A copy of the record for the client")
NAME = "record-{client_id}-{at:%Y%m%d}.{kind}"


def get_client_for_officer(request: UserRequest, client_id: int, **options: Any) -> Client:
    """Return the client if the user may see it and is an officer of the organization in force."""
    client = get_client(request, client_id, **options)
    if not request.organization or request.organization.pk not in request.user.dqo_organizations:
        raise PermissionDenied(OFFICERS_ALONE)
    return client


@require_GET
def requests(request: UserRequest, client_id: int) -> HttpResponse:
    """What the client has asked for, and the legal holds; both of the officer's organizations."""
    client = get_client_for_officer(request, client_id)
    rows = client.clientrequests.for_officer(request.user).select_related("organization")
    own = request.user.dqo_organizations
    holds = client.legalholds.filter(organization__in=own).select_related("organization")
    page = {"client": client, "requests": rows.order_by("-asked_on", "-pk"), "holds": holds}
    return render(request, "privacy/requests.html", page)


@require_http_methods(["GET", "POST"])
@submit_once
def add(request: UserRequest, client_id: int) -> HttpResponse:
    client = get_client_for_officer(request, client_id, kind=Kind.CHANGE)
    row = ClientRequest(client=client)
    form = ClientRequestForm(request.POST or None, instance=row, request=request)
    if form.is_valid():
        row = form.save(by=request.user)
        messages.success(request, form.saved("Request"))
        return redirect(row)
    return render(request, "privacy/add_request.html", {"client": client, "form": form})


@require_http_methods(["GET", "POST"])
@submit_once
def one(request: UserRequest, client_id: int, request_id: int) -> HttpResponse:
    """One request; a POST answers it, or notes that it was carried out."""
    kind = Kind.CHANGE if request.method == "POST" else Kind.VIEW
    client = get_client_for_officer(request, client_id, kind=kind)
    row = _request_of(request, client, request_id)
    form = AnswerForm(request.POST or None, about=row, request=request)
    if form.is_valid():
        try:
            actions.answer_request(
                request_id=row.pk,
                seen=ClientRequest.State(form.cleaned_data["seen"]),
                answer=ClientRequest.State(form.cleaned_data["answer"]),
                reason=form.cleaned_data["reason"],
                by=request.user,
            )
        except (ValidationError, ValueError) as error:
            form.add_error(None, getattr(error, "messages", [actions.TOO_LATE])[0])
        else:
            messages.success(request, "Answer saved.")
            return redirect(row)
    may_be_erased = row.kind == ClientRequest.Kind.ERASURE and row.is_waiting
    may_grant = actions.may_grant_erasure(row, request.user)
    page = {
        "client": client,
        "asked": row,
        "form": form,
        "answers": actions.answers_to(row, request.user),
        "is_for_the_keeper": may_be_erased and not may_grant,
        "is_held": may_be_erased and actions.is_held(row),
    }
    if may_be_erased:
        # Those of which the officer knows; the command waits for the others too.
        page["open_enrollments"] = open_enrollments(client).visible_to(request.user).count()
    return render(request, "privacy/request.html", page)


@require_GET
def letter(request: UserRequest, client_id: int, request_id: int) -> HttpResponse:
    """The answer as a letter to print."""
    client = get_client_for_officer(request, client_id)
    row = _request_of(request, client, request_id)
    page = {"client": client, "asked": row, "today": timezone.localdate()}
    return render(request, "privacy/letter.html", page)


def _request_of(request: UserRequest, client: Client, request_id: int) -> ClientRequest:
    rows = client.clientrequests.for_officer(request.user)
    rows = rows.select_related("organization", "created_by", "answered_by")
    return get_object_or_404(rows, pk=request_id)


@require_http_methods(["GET", "POST"])
@submit_once
def hold(request: UserRequest, client_id: int) -> HttpResponse:
    client = get_client_for_officer(request, client_id, kind=Kind.CHANGE)
    form = LegalHoldForm(request.POST or None, instance=LegalHold(client=client), request=request)
    if form.is_valid():
        actions.note_hold(form.save(by=request.user), by=request.user, is_set=True)
        messages.success(request, form.saved("Legal hold"))
        return redirect("privacy:requests", client.pk)
    return render(request, "privacy/hold.html", {"client": client, "form": form})


@require_http_methods(["GET", "POST"])
@submit_once
def lift(request: UserRequest, client_id: int, hold_id: int) -> HttpResponse:
    """GET asks; POST lifts the hold."""
    client = get_client_for_officer(request, client_id, kind=Kind.CHANGE)
    own = request.user.dqo_organizations
    rows = LegalHold.with_deleted.filter(client=client, organization__in=own)
    row = get_object_or_404(rows, pk=hold_id)
    if request.method == "GET":
        return render(request, "privacy/lift_hold.html", {"client": client, "hold": row})
    if not row.date_deleted:
        actions.lift_hold(hold=row, by=request.user)
    messages.success(request, "The legal hold is lifted.")
    return redirect("privacy:requests", client.pk)


@require_http_methods(["GET", "POST"])
def copy(request: UserRequest, client_id: int) -> HttpResponseBase:
    """GET asks what goes in; POST makes it, and logs that it was made."""
    kind = Kind.COPY if request.method == "POST" else Kind.VIEW
    client = get_client_for_officer(request, client_id, kind=kind, requires=require_details)
    notes = own_notes(client, request.user)
    form = CopyForm(
        request.POST or None,
        notes=list(notes.values_list("pk", flat=True)),
        may_reveal_ssn=may_reveal_ssn(request.user, request.organization, client),
    )
    if form.is_valid():
        return _made(request, client, form)
    page = {
        "client": client,
        "form": form,
        "notes": notes.defer("text"),
        "withheld": form.withheld if form.is_bound else frozenset(),
        "is_large": len(form.notes) > pdfs.NOTES_IN_A_PART,
    }
    return render(request, "privacy/copy.html", page)


def _made(request: UserRequest, client: Client, form: CopyForm) -> HttpResponseBase:
    limits.require(request.user, LimitedUse.DOWNLOADS)
    contents = Contents(
        client=client,
        officer=request.user,
        at=timezone.now(),
        withheld=form.withheld,
        has_full_ssn=form.cleaned_data.get("has_full_ssn", False),
    )
    kind = form.cleaned_data["kind"]
    if contents.has_full_ssn:
        limits.require(request.user, LimitedUse.REVEALS)
        record_views(request, [client], Kind.REVEAL_SSN)
        keep_reveal(
            client=client, by=request.user, organization=request.organization, why=FOR_THE_CLIENT
        )
    record_event(
        SecurityEvent.Kind.RECORD_COPIED,
        request=request,
        client_id=client.pk,
        detail={
            "kind": kind,
            "notes": len(form.notes) - len(contents.withheld),
            "notes_withheld": len(contents.withheld),
            "full_ssn": contents.has_full_ssn,
        },
    )
    name = NAME.format(client_id=client.pk, at=timezone.localtime(contents.at), kind=kind)
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-store",
    }
    if kind == "pdf":
        pdf = b"".join(pdfs.parts(contents))
        return HttpResponse(pdf, content_type="application/pdf", headers=headers)
    pieces = archive.stream(contents)
    return StreamingHttpResponse(pieces, content_type="application/zip", headers=headers)
