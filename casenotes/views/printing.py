"""Notes as PDF: a page to print, and the same as PDF. Read Only notes alone (6.3)."""

import re

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from casenotes.access import get_note, refuse
from casenotes.models import CaseNote
from casenotes.pdf import as_pdf
from clients.loading import get_client
from clients.models import Client

MOST = 200
NOTHING = "Select the Read Only notes to print."


@require_GET
def print_one(request: HttpRequest, client_id: int, note_id: int) -> HttpResponse:
    client = get_client(request, client_id)
    note = _printable(request, client, note_id)
    return render(request, "casenotes/print.html", {"client": client, "notes": [note]})


@require_GET
def pdf_one(request: HttpRequest, client_id: int, note_id: int) -> HttpResponse:
    client = get_client(request, client_id)
    note = _printable(request, client, note_id)
    return _pdf(request, client, [note], f"case-note-{note.pk}.pdf")


@require_GET
def printed(request: HttpRequest, client_id: int) -> HttpResponse:
    """A chosen set; what is not Read Only any more is left out."""
    client = get_client(request, client_id)
    notes = _chosen(request, client)
    if not notes:
        messages.info(request, NOTHING)
        return redirect("casenotes:notes", client.pk)
    page = {"client": client, "notes": notes, "query": request.GET.urlencode()}
    return render(request, "casenotes/print.html", page)


@require_GET
def pdf(request: HttpRequest, client_id: int) -> HttpResponse:
    client = get_client(request, client_id)
    notes = _chosen(request, client)
    if not notes:
        messages.info(request, NOTHING)
        return redirect("casenotes:notes", client.pk)
    return _pdf(request, client, notes, f"case-notes-{client.pk}.pdf")


def _printable(request: HttpRequest, client: Client, note_id: int) -> CaseNote:
    note = get_note(request, client, note_id)
    if not note.may_be_printed_by(request.user):
        refuse(request, note)
    return note


def _chosen(request: HttpRequest, client: Client) -> list[CaseNote]:
    ids = [int(one) for one in request.GET.getlist("note")[:MOST] if re.fullmatch(r"\d{1,18}", one)]
    notes = client.casenotes.printable_by(request.user).in_bulk(ids)
    return sorted(notes.values(), key=lambda note: (note.date, note.pk), reverse=True)


def _pdf(request: HttpRequest, client: Client, notes: list[CaseNote], name: str) -> HttpResponse:
    pdf = as_pdf(notes, client=client, by=request.user, at=timezone.localtime())
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
