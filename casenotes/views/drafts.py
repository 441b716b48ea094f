"""Autosave (6.7). What is typed arrives every few seconds and prolongs no session."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from casenotes.models import CaseNote, NoteDraft
from casenotes.models.draft import NoteDraftQuerySet
from clients.access_log.recorder import recorder
from clients.counting import count_people
from clients.models import Client
from records.pages import say_undoable
from records.querysets import UNDO_FOR


@require_POST
def keep(request: HttpRequest, client_id: int, note_id: int | None = None) -> HttpResponse:
    """Keep the state of a form; whoever's page was not opened before counts as opened by it."""
    if request.POST.get("user") != str(request.user.pk):
        return JsonResponse({"state": "another user"}, status=409)
    client = get_object_or_404(Client.objects.visible_to(request.user).numbered(client_id))
    note = None
    if note_id is not None:
        notes = CaseNote.with_deleted.about_client(client).visible_to(request.user)
        note = get_object_or_404(notes.without_text(), pk=note_id)

    def place() -> dict[str, Any]:
        recorder(request).add(count_people(request, [client]))  # Home names whom a draft is about
        return {"client": client, "note": note}

    state = NoteDraft.keep(request.POST, user=request.user, place=place)
    return JsonResponse({"state": state})


keep.is_no_use = True  # the keys themselves are use of the session, and are reported as such


@require_POST
def discard(request: HttpRequest, client_id: int, draft_id: uuid.UUID) -> HttpResponse:
    """Throw a draft away; for an hour it can be restored."""
    client, mine = _own(request, client_id)
    draft = get_object_or_404(mine, pk=draft_id)
    draft.discard()
    mine.discarded_before(timezone.now() - UNDO_FOR).delete()
    say_undoable(request, "Draft discarded.", draft.restore_url)
    return redirect("casenotes:notes", client.pk)


@require_POST
def restore(request: HttpRequest, client_id: int, draft_id: uuid.UUID) -> HttpResponse:
    client, mine = _own(request, client_id)
    recent = mine.exclude(discarded_at__lt=timezone.now() - UNDO_FOR)
    get_object_or_404(recent, pk=draft_id).restore()
    messages.success(request, "Draft restored.")
    return redirect("casenotes:notes", client.pk)


def _own(request: HttpRequest, client_id: int) -> tuple[Client, NoteDraftQuerySet]:
    client = get_object_or_404(Client.objects.visible_to(request.user).numbered(client_id))
    return client, NoteDraft.objects.owned_by(request.user).about(client)
