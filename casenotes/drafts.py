"""Keeps what is typed into a note until it is saved, and gives it back (6.7, docs/adr/0010)."""

import uuid

from django.core.exceptions import BadRequest
from django.db import transaction
from django.forms.utils import ErrorDict, ErrorList
from django.http import QueryDict
from django.utils import timezone

from agencies.models import User
from casenotes.forms.note import NoteForm
from casenotes.forms.service_rows import BaseServiceRows
from casenotes.models import CaseNote, NoteDraft
from clients.models import Client
from records.models import Submission
from records.submissions import lock_token

OF_THE_REQUEST = ("csrfmiddlewaretoken", "user", "typed_at")
KEPT, SAVED, OLDER = "kept", "saved", "older"


@transaction.atomic
def keep(*, user: User, client: Client, note: CaseNote | None, typed: QueryDict) -> str:
    """Store the state of a form under its token; return what became of it.

    A form that was saved meanwhile needs no draft, and of two states the later one stays. An empty
    form is not kept, so that the last state that was not empty can still be had.
    """
    token, typed_at = _identity(typed)
    lock_token(token)  # a save of this form that is under way is waited for
    if Submission.objects.filter(token=token, user=user).exclude(location="").exists():
        return SAVED
    data = typed.copy()
    for name in OF_THE_REQUEST:
        data.pop(name, None)
    if not any(data.get(name, "").strip() for name in ("text", "title")):
        return KEPT
    fresh = NoteDraft(client=client, note=note, typed_at=typed_at)
    fresh.typed = data
    values = {name: getattr(fresh, name) for name in ("client", "note", "typed_json", "typed_at")}
    draft, is_new = NoteDraft.objects.select_for_update().get_or_create(
        user=user, form_token=token, defaults=values
    )
    if not is_new:
        if draft.typed_at > typed_at:
            return OLDER
        if (draft.typed_at, draft.typed_json) == (typed_at, fresh.typed_json):
            return KEPT  # from the page that closed, and again from the copy in its browser
        draft.typed_json, draft.typed_at = fresh.typed_json, typed_at
        draft.save(update_fields=["typed_json", "typed_at", "at"])
    elif continued := _uuid(data.get("continued", "")):
        NoteDraft.objects.owned_by(user).filter(pk=continued).delete()
    return KEPT


def keep_refused(*, user: User, client: Client, typed: QueryDict) -> None:
    """Keep what could not be saved, because the note was locked or deleted meanwhile."""
    data = typed.copy()
    data["form_token"] = str(uuid.uuid4())
    data["typed_at"] = str(int(timezone.now().timestamp() * 1000))
    data["continued"] = ""
    keep(user=user, client=client, note=None, typed=data)


def _identity(typed: QueryDict) -> tuple[uuid.UUID, int]:
    token = _uuid(typed.get("form_token", ""))
    typed_at = typed.get("typed_at", "")
    if token is None or not (typed_at.isascii() and typed_at.isdigit() and len(typed_at) < 16):
        raise BadRequest
    return token, int(typed_at)


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def to_continue(typed: str, *, user: User, client: Client) -> NoteDraft | None:
    """The draft that a page's address asks for."""
    pk = _uuid(typed)
    return pk and NoteDraft.objects.owned_by(user).about(client).filter(pk=pk).first()


def as_form_data(draft: NoteDraft) -> QueryDict:
    """What was typed, as a form that is opened anew: with a token of its own."""
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
