"""Data Quality, HMIS CSV: exports and imports of an officer's organizations, or of the site."""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agencies import limits
from agencies.models import LimitedUse
from agencies.requests import UserRequest, address
from clients.ssn import NO_RIGHT
from exchange import actions, kept
from exchange.export.rights import may_read_ssns
from exchange.forms import ExportForm, FindingFilterForm, ImportForm, WhoseForm
from exchange.models import Finding, Transfer
from exchange.states import KeptPart
from exchange.states import TransferState as State
from files.serving import answers_store_errors
from files.uploads import upload_once
from records.admin import render_in_workspace
from records.csv_text import BYTE_ORDER_MARK, csv_text
from records.keyset import keyset_page
from records.pages import leave
from records.searched_select import SEVERAL
from records.submissions import submit_once

LARGEST = 2**63 - 1
FINDINGS = 100  # kinds of findings on a page
EMPTIED = "is_emptied"  # a form whose passphrase was not kept while the log-in was confirmed
PASSPHRASES = ("passphrase", "passphrase_again")
COLUMNS = ("File", "Row", "Column", "Rule", "What is wrong", "Outcome", "How often")
TOO_LATE = "That is over already, or somebody else was quicker. This is how it stands now."


@require_GET
def transfers(request: UserRequest) -> HttpResponse:
    rows = Transfer.objects.for_officer(request.user).listed()
    page = keyset_page(rows, request.GET.get("after", ""), "asked_at")
    return render_in_workspace(
        request, "exchange/transfers.html", {"title": "HMIS CSV", "page": page}
    )


@require_http_methods(["GET", "POST"])
def new_export(request: UserRequest) -> HttpResponse:
    """Ask for an export; names and SSNs as they are need the password once more."""
    whose, organization = _whose(request)
    if request.method == "GET":
        limits.require_room(request.user, LimitedUse.TRANSFERS)
    form = ExportForm(request.POST or None, user=request.user, organization=organization)
    if request.method == "POST":
        if request.POST.get("identities") != "hashed":
            _ask_for_password(request)
        if EMPTIED in request.POST:
            form.add_error("passphrase", "Your log-in is confirmed. Type the passphrase once more.")
        if form.is_valid():
            return _exported(request, form)
    page = {"title": "New export", "form": form, "whose": whose}
    return render_in_workspace(request, "exchange/new_export.html", page)


def _ask_for_password(request: UserRequest) -> None:
    """Have the log-in confirmed where that is some time ago.

    The form waits in the session meanwhile, without its passphrase, which is typed once more.
    """
    given = request.POST.copy()
    for name in PASSPHRASES:
        if given.get(name):
            given[name] = ""
            given[EMPTIED] = "1"
    sent, request.POST = request.POST, given  # type: ignore[assignment]
    raise_if_reauthentication_required(request, app="exchange")
    request.POST = sent


def _exported(request: UserRequest, form: ExportForm) -> HttpResponse:
    @submit_once
    def asked(request: UserRequest) -> HttpResponse:
        row = actions.ask_for_export(by=request.user, organization=form.organization, **form.values)
        return redirect(row)

    return asked(request)


@require_http_methods(["GET", "POST"])
def new_import(request: UserRequest) -> HttpResponse:
    """Take a zip in and queue its check; nothing is changed before that is confirmed."""
    whose, organization = _whose(request)
    if request.method == "GET":
        limits.require_room(request.user, LimitedUse.TRANSFERS)
    form = ImportForm(
        request.POST or None,
        request.FILES or None,
        user=request.user,
        organization=organization,
    )
    if form.is_valid():
        upload = kept.stored(form.cleaned_data["file"].file)
        if answer := upload_once(request, form, upload, partial(_imported, request, form)):
            return answer
    page = {"title": "New import", "form": form, "whose": whose}
    return render_in_workspace(request, "exchange/new_import.html", page)


def _imported(request: UserRequest, form: ImportForm, upload: kept.Sealed) -> HttpResponse:
    row = actions.ask_for_import(
        by=request.user,
        organization=form.organization,
        source_name=form.cleaned_data["source_name"],
        upload=upload,
        passphrase=form.cleaned_data["passphrase"],
    )
    return leave(request, row)


@require_GET
def transfer(request: UserRequest, transfer_id: int) -> HttpResponse:
    """How far it is, what it found, and what can be done next."""
    row = _transfer(request, transfer_id)
    if row.asked_by_id == request.user.pk and not row.is_at_work and not row.seen_at:
        Transfer.objects.filter(pk=row.pk, state=row.state).mark_seen()
    counts = list(row.file_counts.exclude(rows=0))
    filters = FindingFilterForm(request.GET, files=_files(row))
    found = row.findings.filter(filters.condition)
    page = {
        "title": str(row),
        "transfer": row,
        "counts": counts,
        "has_changes": not counts or any(one.new or one.changed for one in counts),
        "filters": filters,
        "findings": found[:FINDINGS],
        "may_download": row.result and row.status is State.DONE and _may_download(request, row),
        "has_more": found.count() > FINDINGS,
        "has_findings": row.findings.exists(),
    }
    return render_in_workspace(request, "exchange/transfer.html", page)


@require_GET
def progress(request: UserRequest, transfer_id: int) -> HttpResponse:
    """How far it is, for a page that asks every few seconds; the whole page once it is over.

    A page that is left open does not keep its user logged in.
    """
    row = _transfer(request, transfer_id)
    response = render(request, "exchange/progress.html", {"transfer": row})
    if not row.is_at_work:
        response["HX-Refresh"] = "true"
    return response


progress.is_no_use = True  # type: ignore[attr-defined]


@require_POST
def confirm(request: UserRequest, transfer_id: int) -> HttpResponse:
    row = _transfer(request, transfer_id)
    if not actions.confirm(transfer=row, by=request.user, address=address(request)):
        messages.info(request, TOO_LATE)
    return redirect(row)


@require_POST
def cancel(request: UserRequest, transfer_id: int) -> HttpResponse:
    row = _transfer(request, transfer_id)
    if not actions.cancel(transfer=row, by=request.user):
        messages.info(request, TOO_LATE)
    return redirect(row)


@require_POST
def delete(request: UserRequest, transfer_id: int) -> HttpResponse:
    """Delete the files of what is over, before they expire."""
    row = _transfer(request, transfer_id)
    if row.is_at_work:
        messages.info(request, "Cancel it first.")
        return redirect(row)
    actions.expire(row)
    messages.success(request, f"The files of {row} are deleted.")
    return redirect("admin:transfers")


@require_GET
@answers_store_errors
def download(request: UserRequest, transfer_id: int) -> HttpResponseBase:
    """The exported zip; in the access log each time, with everybody who is in it."""
    row = _transfer(request, transfer_id)
    file = row.result
    if file is None or row.status is not State.DONE:
        raise Http404
    if not _may_download(request, row):
        raise PermissionDenied(NO_RIGHT)
    limits.require(request.user, LimitedUse.DOWNLOADS)
    pieces = kept.pieces(file)
    page = request.resolver_match.view_name
    actions.note_download(row, part=KeptPart.RESULT, by=request.user, page=page)
    response = StreamingHttpResponse(pieces, content_type="application/zip")
    response["Content-Length"] = file.size
    return _as_download(response, f"hmis-csv-{row.pk}.zip")


@require_GET
def report(request: UserRequest, transfer_id: int) -> HttpResponseBase:
    """What was wrong with the rows of an import, a line for each row that is known."""
    row = _transfer(request, transfer_id)
    response = StreamingHttpResponse(
        _report_lines(row.findings.iterator(chunk_size=500)), content_type="text/csv; charset=utf-8"
    )
    return _as_download(response, f"hmis-csv-{row.pk}-report.csv")


def _report_lines(findings: Iterable[Finding]) -> Iterator[str]:
    yield BYTE_ORDER_MARK + csv_text([COLUMNS])
    for one in findings:
        outcome = "Note" if one.is_note else "Problem"
        said = (one.column, one.rule, one.message, outcome, one.count)
        places: list[Any] = [*one.rows] or [""]
        yield csv_text([one.file, place, *said] for place in places)


def _as_download(response: StreamingHttpResponse, name: str) -> StreamingHttpResponse:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _whose(request: UserRequest) -> tuple[WhoseForm, Any]:
    """The choice of an organization, in the address, and the one that is chosen."""
    form = WhoseForm(request.GET, user=request.user)
    key, organization = form.chosen(request.organization)
    if form["organization"].value() == SEVERAL:  # of that name: one is chosen next
        return form, organization
    return WhoseForm({"organization": key}, user=request.user), organization


def _transfer(request: UserRequest, transfer_id: int) -> Transfer:
    rows = Transfer.objects.for_officer(request.user).listed().select_related("confirmed_by")
    if transfer_id > LARGEST:
        raise Http404
    return get_object_or_404(rows, pk=transfer_id)


def _may_download(request: UserRequest, row: Transfer) -> bool:
    """An export with SSNs as they are is for those who may see them, whoever asked for it."""
    return row.is_hashed or may_read_ssns(request.user)


def _files(row: Transfer) -> list[str]:
    return list(row.findings.order_by("file").values_list("file", flat=True).distinct())
