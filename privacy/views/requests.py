"""What a client has asked for and how it was answered, and legal holds."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from agencies.requests import UserRequest
from clients.access_log.recorder import Kind
from clients.models import Client
from privacy import actions
from privacy.access import get_client_for_officer
from privacy.forms import AnswerForm, ClientRequestForm, LegalHoldForm
from privacy.models import ClientRequest, LegalHold
from records.submissions import submit_once


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
    form = ClientRequestForm(
        request.POST or None, instance=ClientRequest(client=client), request=request
    )
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
    is_erasure = row.kind == ClientRequest.Kind.ERASURE
    page = {
        "client": client,
        "asked": row,
        "form": form,
        "answers": actions.answers_to(row, request.user),
        "is_for_the_keeper": is_erasure
        and row.is_waiting
        and not actions.may_grant_erasure(row, request.user),
        "is_held": is_erasure and row.is_waiting and actions.is_held(row),
    }
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
    return get_object_or_404(
        rows.select_related("organization", "created_by", "answered_by"), pk=request_id
    )


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
