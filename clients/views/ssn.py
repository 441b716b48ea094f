"""A full SSN: asked why, shown, and kept on record (R3.6)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from agencies import limits
from agencies.models import LimitedUse
from agencies.requests import UserRequest
from clients.forms.reasons import Reason, RevealForm
from clients.loading import Kind, get_client
from clients.models import Client
from clients.ssn import Why, keep_reason, keep_reveal, kept_reason, require_right
from records.pages import partial


@require_GET
def ask(request: HttpRequest, client_id: int) -> HttpResponse:
    """The pop-up, or the page, that asks for the reason."""
    return _ask(request, client_id, RevealForm())


@require_http_methods(["GET", "POST"])
def reveal(request: HttpRequest, client_id: int) -> HttpResponse:
    """POST shows the SSN for a reason, which is kept; GET shows it masked again."""
    if request.method == "GET":
        return _show(request, get_client(request, client_id), is_revealed=False)
    kept = "" if "reason" in request.POST else kept_reason(request.session, client_id)
    form = RevealForm({"reason": kept} if kept else request.POST)
    if not form.is_valid():
        return _ask(request, client_id, form)
    why = Why(form.cleaned_data["reason"], form.cleaned_data["other"])
    client = get_client(request, client_id, kind=Kind.REVEAL_SSN, requires=_require_reveal)
    # What was typed for Other is not kept in the session: it may name somebody.
    if form.cleaned_data["remember"] and why.reason != Reason.OTHER:
        keep_reason(request.session, client_id, why.reason)
    keep_reveal(client=client, by=request.user, organization=request.organization, why=why)
    response = _show(request, client, is_revealed=True)
    if request.htmx:  # from the pop-up, which is done
        response["HX-Retarget"], response["HX-Reswap"] = "#ssn", "outerHTML"
        response["HX-Trigger-After-Settle"] = "close-dialog"
    return response


def _ask(request: HttpRequest, client_id: int, form: RevealForm) -> HttpResponse:
    client = get_client(request, client_id, requires=require_right)
    return render(request, "clients/ssn_reason.html", {"client": client, "form": form})


def _require_reveal(request: UserRequest, client: Client) -> None:
    require_right(request, client)
    limits.require(request.user, LimitedUse.REVEALS)


def _show(request: HttpRequest, client, *, is_revealed: bool) -> HttpResponse:
    page = {"client": client, "is_revealed": is_revealed}
    return render(request, partial(request, "clients/ssn.html", "ssn"), page)
