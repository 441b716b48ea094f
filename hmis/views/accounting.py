"""Who Has Seen This Record: on the screen, as a page to print and as PDF (R16.1)."""

from collections.abc import Iterator
from datetime import date
from itertools import islice

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from agencies import limits
from agencies.models import LimitedUse
from agencies.requests import UserRequest
from clients.access_log import trail
from clients.access_log.accounting import Accounting, Line, Period
from clients.access_log.recorder import record_views
from clients.loading import Kind, get_client
from clients.models import Client
from hmis.accounting_pdf import MOST_IN_PDF, as_pdf
from hmis.page_names import page_name
from records.admin import page_number
from records.admin.lists import MOST_PAGES
from records.form_fields import DateField

PAGE = 50
CHUNK = 200  # lines that are rendered at a time
MARK = "[[lines of the accounting]]"  # the page is split here, and they are streamed between


class PeriodForm(forms.Form):
    first = DateField(label="From", required=False)
    last = DateField(label="To", required=False)

    def __init__(self, data, *, usual: Period):
        super().__init__(data, initial={"first": usual.first, "last": usual.last})
        self.usual = usual

    def clean(self) -> dict:
        data = super().clean()
        first, last = (data.get(name) or getattr(self.usual, name) for name in ("first", "last"))
        if first > last:
            raise ValidationError("Enter a first day that is not after the last one.")
        return {"first": first, "last": min(last, date(9999, 1, 1))}

    @property
    def period(self) -> Period | None:
        if not self.is_bound:
            return self.usual
        return Period(**self.cleaned_data) if self.is_valid() else None


@require_GET
def accounting(request: UserRequest, client_id: int) -> HttpResponse:
    client = _client(request, client_id, Kind.VIEW)
    form = _form(request, client)
    period, found, number = form.period, [], page_number(request)
    if period:
        first = (number - 1) * PAGE
        found = list(islice(_lines(request, client, period), first, first + PAGE + 1))
    page = {
        "client": client,
        "form": form,
        "period": period,
        "lines": found[:PAGE],
        "number": number,
        "has_more": len(found) > PAGE and number < MOST_PAGES,
        "query": f"{_query(period)}&" if period else "",
        "days": _query(period) if period else "",
    }
    return render(request, "hmis/accounting.html", page)


@require_GET
def printed(request: UserRequest, client_id: int) -> HttpResponse | StreamingHttpResponse:
    """All lines, sent as they are read."""
    client = _client(request, client_id, Kind.EXPORT)
    period = _form(request, client).period
    if period is None:
        return _back(client_id, request)
    page = {"client": client, "period": period, "days": _query(period), "mark": MARK}
    html = render_to_string("hmis/accounting_print.html", page, request)
    head, _, foot = html.partition(MARK)
    return StreamingHttpResponse(_parts(head, _lines(request, client, period), foot))


@require_GET
def pdf(request: UserRequest, client_id: int) -> HttpResponse:
    limits.require(request.user, LimitedUse.DOWNLOADS)
    client = _client(request, client_id, Kind.EXPORT)
    period = _form(request, client).period
    if period is None:
        return _back(client_id, request)
    lines = list(islice(_lines(request, client, period), MOST_IN_PDF + 1))
    if len(lines) > MOST_IN_PDF:
        messages.error(
            request,
            f"A PDF holds {MOST_IN_PDF:,} lines. Choose a shorter period, or print the page.",
        )
        return _back(client_id, request)
    content = as_pdf(lines, client=client, period=period, by=request.user, at=timezone.localtime())
    name = f"who-has-seen-client-{client.pk}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _client(request: UserRequest, client_id: int, kind: Kind) -> Client:
    """The client, a deleted one too; making an accounting is an access itself.

    Raises Http404 for a user who is no officer of the client's organization.
    """
    client = trail.client_on_record(request.user, client_id)
    if client and client.merged_into_id:
        client = trail.client_on_record(request.user, client.merged_into_id)
    if client is None or not trail.answers_for(request.user, client):
        raise Http404
    if client.date_deleted is None:
        return get_client(request, client.pk, kind=kind)
    record_views(request, [client], kind)
    return client


def _form(request: UserRequest, client: Client) -> PeriodForm:
    is_asked = "first" in request.GET or "last" in request.GET
    usual = Period.usual(client, timezone.localdate())
    return PeriodForm(request.GET if is_asked else None, usual=usual)


def _lines(request: UserRequest, client: Client, period: Period) -> Iterator[Line]:
    return Accounting(request, client, period, page_name=page_name).lines()


def _parts(head: str, lines: Iterator[Line], foot: str) -> Iterator[str]:
    yield head
    while chunk := list(islice(lines, CHUNK)):
        yield render_to_string("hmis/accounting_lines.html", {"lines": chunk})
    yield foot


def _query(period: Period) -> str:
    return urlencode({"first": f"{period.first:%m/%d/%Y}", "last": f"{period.last:%m/%d/%Y}"})


def _back(client_id: int, request: UserRequest) -> HttpResponse:
    return redirect(f"{reverse('accounting', args=[client_id])}?{request.GET.urlencode()}")
