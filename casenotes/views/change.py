"""The pop-up of a row (6.5), and the deleted notes that a DQO restores."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from casenotes import actions
from casenotes.access import get_note, refuse
from casenotes.forms.note import NoteActionForm
from casenotes.models import CaseNote, NoteAction
from clients.loading import Kind, get_client
from clients.models import Client
from records.pages import leave, say_undoable
from records.submissions import submit_once

IS_DELETED = "The note was deleted while you were looking at it. Nothing else was changed."
DQO_ONLY = "Only a Data Quality Officer of the organization sees its deleted notes."


@require_http_methods(["GET", "POST"])
@submit_once
def change(request: HttpRequest, client_id: int, note_id: int) -> HttpResponse:
    """The pop-up stays open after Save and says what was done."""
    client = get_client(request, client_id, kind=Kind.CHANGE)
    if request.method == "POST" and _is_deleted(request, client, note_id):
        messages.info(request, IS_DELETED)
        return leave(request, "casenotes:notes", client.pk)
    note = get_note(request, client, note_id)
    chosen = {"action": request.GET.get("action", "")}
    form = NoteActionForm(request.POST or None, note=note, user=request.user, initial=chosen)
    if form.is_empty:
        refuse(request, note)
    page = {"client": client, "note": note, "form": form}
    if form.is_valid():
        action = form.cleaned_data["action"]
        with_services = form.cleaned_data.get("services", False)
        actions.change_note(note=note, action=action, with_services=with_services, by=request.user)
        page["done"] = action.done
        answer = render(request, "casenotes/change.html", page)
        if action == NoteAction.DELETE:  # on the page under the pop-up
            undo = reverse("casenotes:restore", args=[client.pk, note.pk])
            say_undoable(request, action.done, undo)
        elif not request.htmx:
            messages.success(request, page["done"])
        return answer if request.htmx else redirect("casenotes:notes", client.pk)
    return render(request, "casenotes/change.html", page)


def _is_deleted(request: HttpRequest, client: Client, note_id: int) -> bool:
    """Whether somebody was quicker to delete a note that the user could read."""
    notes = CaseNote.with_deleted.about_client(client).deleted().visible_to(request.user)
    return notes.filter(pk=note_id).exists()


@require_GET
def deleted(request: HttpRequest, client_id: int) -> HttpResponse:
    client = get_client(request, client_id)
    if not request.user.dqo_organizations:
        raise PermissionDenied(DQO_ONLY)
    notes = CaseNote.with_deleted.about_client(client).restorable_by(request.user).without_text()
    notes = notes.select_related("organization", "created_by", "deleted_by")
    page = {"client": client, "notes": notes.order_by("-date_deleted")[:100]}
    return render(request, "casenotes/deleted.html", page)


@require_POST
@submit_once
def restore(request: HttpRequest, client_id: int, note_id: int) -> HttpResponse:
    client = get_client(request, client_id, kind=Kind.CHANGE)
    notes = CaseNote.with_deleted.about_client(client).visible_to(request.user)
    note = get_object_or_404(notes, pk=note_id)
    if not note.date_deleted:  # by an Undo on another page
        return redirect("casenotes:notes", client.pk)
    if not note.may_be_restored_by(request.user):
        raise PermissionDenied(DQO_ONLY)
    is_officer = note.organization_id in request.user.dqo_organizations
    if not is_officer and (why := actions.undo_refused(note=note, by=request.user)):
        messages.error(request, why)
        return redirect("casenotes:notes", client.pk)
    try:
        actions.restore_note(note=note, by=request.user)
    except ValidationError as error:
        messages.error(request, f"It was not restored. {' '.join(error.messages)}")
    else:
        messages.success(request, "Case note restored.")
    return redirect("casenotes:deleted" if is_officer else "casenotes:notes", client.pk)
