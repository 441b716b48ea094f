"""Loads notes and services of a client, and authorises."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from agencies.models import User
from agencies.requests import UserRequest
from casenotes.models import CaseNote
from clients.models import Client
from records.statements import compiled

LOCKED = "This note is Read Only. Its author or a Data Quality Officer can clear the box."
OTHERS = "Only the organization that wrote this note can change it."


def get_note(request: UserRequest, client: Client, note_id: int, *, lock: bool = False) -> CaseNote:
    """Return the note if the user may read it.

    Raises:
        Http404: for one that does not exist, is deleted, or is another organization's own.
    """
    if lock:  # apart from the joins, as in get_client
        notes = client.casenotes.visible_to(request.user)
        get_object_or_404(notes.select_for_update(), pk=note_id)
    note = _readable.first(request.user, client.pk, note_id)
    if note is None:
        raise Http404
    note.client = client
    return note


@compiled
def _readable(user: User, client_id: int, note_id: int) -> QuerySet[CaseNote]:
    notes = CaseNote.objects.visible_to(user).of_client(client_id).filter(pk=note_id)
    return notes.select_related("organization", "created_by", "updated_by")


def refuse(request: UserRequest, note: CaseNote) -> None:
    """Say why the user may not do this with a note that the user may read."""
    raise PermissionDenied(LOCKED if note.organization_id in request.user.access else OTHERS)
