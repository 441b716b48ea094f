"""Notes as PDF: a page to print, and the same as PDF. Read Only notes alone (6.3)."""

import re

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from agencies import limits
from agencies.models import LimitedUse
from casenotes.access import get_note, refuse
from casenotes.models import CaseNote
from casenotes.pdf import as_pdf
from clients.access_log.recorder import record_views, recorder
from clients.emergency import require_no_emergency
from clients.loading import Kind, get_client
from clients.models import Client

MOST = 200


@require_GET
def printed(request: HttpRequest, client_id: int, note_id: int | None = None) -> HttpResponse:
    """One note, or a chosen set, in which what is not Read Only any more is left out."""
    client, notes = _printable(request, client_id, note_id)
    if not notes:
        return _nothing(request, client)
    query = "" if note_id else request.GET.urlencode()
    page = {"client": client, "notes": notes, "query": query}
    return render(request, "casenotes/print.html", page)


@require_GET
def pdf(request: HttpRequest, client_id: int, note_id: int | None = None) -> HttpResponse:
    limits.require(request.user, LimitedUse.DOWNLOADS)
    client, notes = _printable(request, client_id, note_id)
    if not notes:
        return _nothing(request, client)
    name = f"case-note-{note_id}.pdf" if note_id else f"case-notes-{client.pk}.pdf"
    return HttpResponse(
        as_pdf(notes, client=client, by=request.user, at=timezone.localtime()),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _printable(
    request: HttpRequest, client_id: int, note_id: int | None
) -> tuple[Client, list[CaseNote]]:
    """The client and the notes, written to the access log as exported."""
    client = get_client(request, client_id, kind=Kind.EXPORT, requires=require_no_emergency)
    if note_id is not None:
        note = get_note(request, client, note_id)
        if not note.may_be_printed_by(request.user):
            refuse(request, note)
        return client, [note]
    ids = [int(one) for one in request.GET.getlist("note")[:MOST] if re.fullmatch(r"\d{1,18}", one)]
    notes = client.casenotes.printable_by(request.user).in_bulk(ids).values()
    return client, sorted(notes, key=lambda note: (note.date, note.pk), reverse=True)


def _nothing(request: HttpRequest, client: Client) -> HttpResponse:
    recorder(request).nothing_was_shown()  # nor exported
    record_views(request, [client], Kind.VIEW)
    messages.info(request, "Select the Read Only notes to print.")
    return redirect("casenotes:notes", client.pk)
