"""Add New Case Note and Edit Case Note (6.2-6.4)."""

import uuid

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict, ErrorList
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.template.defaultfilters import pluralize
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from casenotes import actions
from casenotes.access import get_note, refuse
from casenotes.drafts import waiting_drafts
from casenotes.forms.note import NoteForm, ReadOnlyForm
from casenotes.forms.service_rows import BaseServiceRows, ServiceRows
from casenotes.models import CaseNote, NoteDraft, Service
from clients.form_drafts import copy_keys
from clients.loading import Kind, get_client
from clients.models import Client
from records.pages import say_undoable
from records.submissions import submit_once, uuid_or_none

IS_CLOSED = (
    "The note was made Read Only or deleted while you were writing. What you typed is kept below."
)


@require_http_methods(["GET", "POST"])
@submit_once
def add(request: HttpRequest, client_id: int) -> HttpResponse:
    client = get_client(request, client_id, kind=Kind.CHANGE)
    return _write(request, client, CaseNote(client=client))


@require_http_methods(["GET", "POST"])
@submit_once
def edit(request: HttpRequest, client_id: int, note_id: int) -> HttpResponse:
    """A Read Only note shows its box alone, to those who may untick it."""
    client = get_client(request, client_id, kind=Kind.CHANGE)
    is_typed = request.method == "POST" and "text" in request.POST
    if is_typed and _was_closed(request, client, note_id):
        data = request.POST.copy()
        data["form_token"] = str(uuid.uuid4())
        data["typed_at"] = str(int(timezone.now().timestamp() * 1000))
        data["continued"] = ""
        NoteDraft.keep(data, user=request.user, place=lambda: {"client": client, "note": None})
        messages.warning(request, IS_CLOSED)
        return redirect("casenotes:notes", client.pk)
    note = get_note(request, client, note_id, lock=request.method == "POST")
    if note.may_be_edited_by(request.user):
        return _write(request, client, note)
    if not note.may_be_unticked_by(request.user):
        refuse(request, note)
    return _untick(request, client, note)


def _was_closed(request: HttpRequest, client: Client, note_id: int) -> bool:
    """Whether somebody of the organization typed into a note that takes no changes any more."""
    notes = CaseNote.with_deleted.visible_to(request.user).about_client(client)
    note = get_object_or_404(notes.without_text(), pk=note_id)
    is_own = note.organization_id in request.user.access
    return is_own and not note.may_be_edited_by(request.user)


def _write(request: HttpRequest, client: Client, note: CaseNote) -> HttpResponse:
    pk = uuid_or_none(request.GET.get("draft", ""))
    draft = pk and NoteDraft.objects.owned_by(request.user).about(client).filter(pk=pk).first()
    is_post = request.method == "POST"
    typed = request.POST if is_post else draft and _reopened(draft)
    form = NoteForm(typed or None, instance=note, request=request)
    rows = ServiceRows(typed or None, note_form=form)
    if not is_post:
        if draft:
            _leave_unchecked(form, rows)
    elif form.is_valid() & rows.is_valid():
        actions.note_saved(
            note=form.save(by=request.user),
            services=[row.save(commit=False) for row in rows.filled],
            deleted=rows.deleted,
            draft_token=form.cleaned_data.get("form_token"),
            continued=form.cleaned_data.get("continued"),
            by=request.user,
        )
        _say_saved(request, form, rows.deleted)
        return redirect("casenotes:notes", client.pk)
    if form.changes:
        form = form.conflict_form()
    page = {
        "client": client,
        "note": form.instance,
        "form": form,
        "rows": rows,
        "draft": draft,
        "drafts": [] if is_post or draft else waiting_drafts(request.user, client),
        "copy_keys": copy_keys(request.user),
        "autosave_seconds": settings.NOTE_AUTOSAVE_SECONDS,
    }
    return render(request, "casenotes/edit.html", page)


def _say_saved(request: HttpRequest, form: NoteForm, deleted: list[Service]) -> None:
    said = form.saved("Case note")
    if not deleted:
        messages.success(request, said)
        return
    place = [form.instance.client_id, form.instance.pk, actions.moment_of(deleted[0])]
    undo = reverse("casenotes:restore_services", args=place)
    say_undoable(request, f"{said} {len(deleted)} service{pluralize(deleted)} deleted.", undo)


@require_POST
@submit_once
def restore_services(
    request: HttpRequest, client_id: int, note_id: int, moment: int
) -> HttpResponse:
    """Undo of what a save took out of a note."""
    client = get_client(request, client_id, kind=Kind.CHANGE)
    note = get_note(request, client, note_id, lock=True)
    if not note.may_be_edited_by(request.user):
        refuse(request, note)
    try:
        rows = actions.restore_services(note=note, moment=moment, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        if rows:
            messages.success(request, f"{len(rows)} service{pluralize(len(rows))} restored.")
    return redirect("casenotes:notes", client.pk)


def _reopened(draft: NoteDraft) -> QueryDict:
    """What was typed, as a newly opened form: with a token of its own."""
    data = draft.typed
    data["continued"] = str(draft.pk)
    data["form_token"] = str(uuid.uuid4())
    return data


def _leave_unchecked(form: NoteForm, rows: BaseServiceRows) -> None:
    """Show what was typed without calling half a note an error."""
    for one in (form, *rows.forms):
        one._errors = ErrorDict()
        one.cleaned_data = {}
    rows._errors = [ErrorDict() for _ in rows.forms]
    rows._non_form_errors = ErrorList()


def _untick(request: HttpRequest, client: Client, note: CaseNote) -> HttpResponse:
    form = ReadOnlyForm(request.POST or None, instance=note, request=request)
    if form.is_valid():
        if not form.cleaned_data["read_only"]:
            note.set_read_only(False, by=request.user)
            messages.success(request, "Read Only is off. The note can be edited and deleted.")
        return redirect("casenotes:notes", client.pk)
    return render(request, "casenotes/untick.html", {"client": client, "note": note, "form": form})
