from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from agencies.requests import UserRequest
from clients.access_log.recorder import Kind
from privacy import actions
from privacy.access import get_client_for_officer
from privacy.forms.client_request import LegalHoldForm
from privacy.models import LegalHold
from records.submissions import submit_once


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
