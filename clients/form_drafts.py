"""Keeps what is typed into a form until it is saved, and gives it back (docs/adr/0029)."""

import base64
import re
from typing import Any

from django.http import Http404, HttpRequest, QueryDict
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.crypto import salted_hmac

from agencies.models import User
from agencies.requests import UserRequest
from clients.access_log.recorder import recorder
from clients.counting import count_people
from clients.models import Client, FormDraft
from clients.models.form_draft import CLIENT
from records.submissions import uuid_or_none

APART = ("form_token", "continued", "page", "query", "title")  # columns, no fields of the form
WEEK = 7 * 86400
OF_CLIENT = re.compile(r"/clients/(?P<client>\d+)/", re.ASCII)


def keep(*, request: UserRequest, page: str, query: str, title: str, typed: QueryDict) -> str:
    """Store the state of a form under its token, as `Draft.keep`.

    Whoever's page was not opened before counts as opened by it: Home names whom a draft is about.

    Args:
        page: the path of the form's page; `query` is what follows it. Http404 for one that is none,
            or of a client whom the user may not see.
        title: the title of that page, which names nobody. That it listed errors is not kept.
    """

    def place() -> dict[str, Any]:
        address, client_id = _place(page)
        client = None if client_id is None else _client(client_id, request.user)
        if client:
            recorder(request).add(count_people(request, [client]))
        elif client_id is not None:
            request.refused_client_id = client_id
            raise Http404
        # Random IDs and keys of ours alone: nothing that somebody typed is part of an address.
        kept = query if re.fullmatch(r"\?[\w=&.:/-]{1,199}", query, re.ASCII) else ""
        return {
            "page": address,
            "query": kept,
            "title": title.removeprefix("Error: ")[:80],
            "client": client,
        }

    return FormDraft.keep(typed, user=request.user, place=place, apart=APART)


def forget_continued(*, request: HttpRequest) -> None:
    """Delete the draft that a form went on with, once the form is saved.

    An autosave does it too, unless the form was saved before that arrived.
    """
    if continued := uuid_or_none(request.POST.get("continued", "")):
        FormDraft.objects.filter(user=request.user.pk, pk=continued).delete()


def waiting_on(page: str, user: User) -> FormDraft | None:
    """The draft that the user left last on the page of that path.

    It is the same answer for a client whom the user may not see as for one without a draft.
    """
    address, client_id = _place(page)
    client = None if client_id is None else _client(client_id, user)
    if client_id is not None and client is None:
        return None
    return FormDraft.objects.owned_by(user).filter(page=address, client=client).waiting().first()


def _place(page: str) -> tuple[str, int | None]:
    """What is kept of the path of a page: without the client's ID, and the ID apart."""
    try:
        resolve(page)
    except Resolver404:
        raise Http404 from None
    found = OF_CLIENT.match(page)
    if not found:
        return page[:200], None
    return f"/clients/{CLIENT}/{page[found.end() :]}"[:200], int(found["client"])


def _client(client_id: int, user: User) -> Client | None:
    return Client.objects.visible_to(user).numbered(client_id).first()


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
