"""Keeps what is typed into a form until it is saved, and gives it back (docs/adr/0029)."""

import base64
import re
import uuid

from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import Http404, QueryDict
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.crypto import salted_hmac

from agencies.models import User
from clients.models import Client, FormDraft
from clients.models.form_draft import CLIENT
from records.models import Submission
from records.submissions import lock_token

OF_THE_REQUEST = ("csrfmiddlewaretoken", "form_token", "user", "typed_at", "page", "query", "title")
WEEK = 7 * 86400
OF_CLIENT = re.compile(r"/clients/(?P<client>\d+)/", re.ASCII)


@transaction.atomic
def keep(*, user: User, page: str, query: str, title: str, typed: QueryDict) -> str:
    """Store the state of a form under its token.

    Args:
        page: the path of the form's page; `query` is what follows it.
        title: the title of that page, which names nobody.
        typed: what the browser sends of the form, and `continued`, the draft that it goes on with.

    Returns:
        "kept", "saved" for a form that was saved meanwhile, or "older" where a later state is kept.

    Raises:
        BadRequest, Http404: for what no form of ours sends, and a client whom the user may not see.
    """
    token, typed_at = _uuid(typed.get("form_token", "")), typed.get("typed_at", "")
    if token is None or not (typed_at.isascii() and typed_at.isdigit() and len(typed_at) < 16):
        raise BadRequest
    lock_token(token)  # a save of this form that is under way is waited for
    if Submission.objects.filter(token=token, user=user).exclude(location="").exists():
        return "saved"
    address, client = _place(page, user)
    data = typed.copy()
    for name in OF_THE_REQUEST:
        data.pop(name, None)
    continued = _uuid(data.pop("continued", [""])[-1])
    fresh = FormDraft(
        page=address, query=_query(query), title=title[:80], client=client, typed_at=int(typed_at)
    )
    fresh.fields = data
    columns = ("page", "query", "title", "client", "typed_json", "typed_at")
    draft, is_new = FormDraft.objects.select_for_update(of=("self",)).get_or_create(
        user=user, form_token=token, defaults={name: getattr(fresh, name) for name in columns}
    )
    if continued:
        FormDraft.objects.filter(user=user, pk=continued).exclude(pk=draft.pk).delete()
    if not is_new:
        if draft.typed_at > fresh.typed_at:
            return "older"
        draft.typed_json, draft.typed_at = fresh.typed_json, fresh.typed_at
        draft.save(update_fields=["typed_json", "typed_at", "at"])
    return "kept"


def waiting_on(page: str, user: User) -> FormDraft | None:
    """The draft that the user left last on the page of that path."""
    address, client = _place(page, user)
    return FormDraft.objects.owned_by(user).filter(page=address, client=client).waiting().first()


def _place(page: str, user: User) -> tuple[str, Client | None]:
    """What is kept of the path of a page: without the client's ID, and the client apart."""
    try:
        resolve(page)
    except Resolver404:
        raise Http404 from None
    found = OF_CLIENT.match(page)
    if not found:
        return page[:200], None
    client = Client.objects.visible_to(user).numbered(int(found["client"])).first()
    if client is None:
        raise Http404
    return f"/clients/{CLIENT}/{page[found.end() :]}"[:200], client


def _query(query: str) -> str:
    """Random IDs and keys of ours alone: nothing that somebody typed is part of an address."""
    return query if re.fullmatch(r"\?[\w=&.:/-]{1,199}", query, re.ASCII) else ""


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def copy_keys(user: User) -> str:
    """The keys of this week and the last for the copies that the user's browser keeps, encrypted.

    They are derived, never stored, and reach a browser only within the pages of this user's
    session: what is left on a shared computer opens for nobody else, and after two weeks for
    nobody.
    """
    week = int(timezone.now().timestamp()) // WEEK
    keys = []
    for number in (week, week - 1):
        digest = salted_hmac("casenotes.copies", f"{user.pk} {number}", algorithm="sha256").digest()
        keys.append(f"{number}:{base64.b64encode(digest).decode()}")
    return " ".join(keys)
