"""Keeps what is typed into a note until it is saved, and gives it back (6.7, docs/adr/0010)."""

import uuid

from django.forms.utils import ErrorDict, ErrorList
from django.http import QueryDict
from django.utils import timezone

from agencies.models import User
from casenotes.forms.note import NoteForm
from casenotes.forms.service_rows import BaseServiceRows
from casenotes.models import NoteDraft
from clients.models import Client
from records.submissions import uuid_or_none


def keep_refused(*, user: User, client: Client, typed: QueryDict) -> None:
    """Keep what could not be saved, because the note was locked or deleted meanwhile."""
    data = typed.copy()
    data["form_token"] = str(uuid.uuid4())
    data["typed_at"] = str(int(timezone.now().timestamp() * 1000))
    data["continued"] = ""
    NoteDraft.keep(data, user=user, place=lambda: {"client": client, "note": None})


def to_continue(typed: str, *, user: User, client: Client) -> NoteDraft | None:
    """The draft that a page's address asks for."""
    pk = uuid_or_none(typed)
    return pk and NoteDraft.objects.owned_by(user).about(client).filter(pk=pk).first()


def as_form_data(draft: NoteDraft) -> QueryDict:
    """What was typed, as a newly opened form: with a token of its own."""
    data = draft.typed
    data["continued"] = str(draft.pk)
    data["form_token"] = str(uuid.uuid4())
    return data


def leave_unchecked(form: NoteForm, rows: BaseServiceRows) -> None:
    """Show what was typed without calling half a note an error."""
    for one in (form, *rows.forms):
        one._errors = ErrorDict()
        one.cleaned_data = {}
    rows._errors = [ErrorDict() for _ in rows.forms]
    rows._non_form_errors = ErrorList()
