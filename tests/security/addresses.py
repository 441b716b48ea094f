"""Every URL of the resolver, with a value for each part of its address from the prepared rows."""

import re
import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db import models
from django.urls import reverse

from agencies.models import Invitation, Organization, User
from cas.models import Notification
from casenotes.models import NoteDraft, NoteSearch
from clients.models import Client, ClientMerge, ClientSearch, FormDraft
from consent.models import ReleaseTemplate, TemplateVersion
from enrollments.models import HouseholdChange, IntakeDraft
from exchange.models import Transfer
from files.models import ClientPhoto
from hmis.middleware import access
from outbox.models import Delivery
from tasks.models import Task
from tests.addresses import urls

# What a part of an address names, of which somebody may be refused the row.
RECORDS: dict[str, type[models.Model]] = {
    **{
        part: apps.get_model(labels[0])
        for part, labels in access.RECORDS.items()
        if part
        not in {"draft_id", "public_id", "task_key"}  # which are asked for by the address, below
    },
    **dict.fromkeys(access.CLIENTS, Client),
    "merge_id": ClientMerge,
    "transfer_id": Transfer,
    "notification_id": Notification,
    "change_id": HouseholdChange,
    "organization_id": Organization,
    "user_id": User,
    "delivery_id": Delivery,
    "invitation_id": Invitation,
    "template_id": ReleaseTemplate,
    "version_id": TemplateVersion,
}
DRAFTS = {"enrollments": IntakeDraft, "casenotes": NoteDraft, "": FormDraft, "admin": IntakeDraft}
DRAFTS["consent"] = IntakeDraft
SEARCHES = {"clients": ClientSearch, "casenotes": NoteSearch}
# Parts that name no row of anybody.
WORDS: dict[str, Any] = {
    "until": "tomorrow",
    "link": "no-such-link",
    "feed_token": "no-such-calendar",
    "corrects": date(2026, 2, 1),
    "name": "a-mail",
    "kind": "reopen",
    "slug": "basic",
    "topic": "find-a-client",
    "listed_as": "open",
    "stage": 2,
    "day": "2026-02-01",
    "number": 1,
    **dict.fromkeys(("version", "first", "last", "moment"), 1),
    "uidb36": "1",
    "app_label": "agencies",
    "url": "x",
    "content_type_id": "1",
    "id": "1",
}


@dataclass(frozen=True)
class Address:
    """One URL: its full name, where it is, and whether it names a prepared row."""

    name: str
    path: str
    is_guarded: bool

    @property
    def is_admin(self) -> bool:
        return self.name.startswith("admin:")


def addresses(rows: dict[type[models.Model], Any]) -> list[Address]:
    """Every named URL.

    Args:
        rows: for each model of RECORDS, and of each list in admin, the row that is asked for.

    Raises:
        KeyError: for a part of an address that stands in none of the tables above.
    """
    found = []
    for name, parts in urls():
        given, is_guarded = {}, False
        for part in parts:
            given[part], is_row = _value(name, part, rows)
            is_guarded = is_guarded or is_row
        found.append(Address(name, reverse(name, kwargs=given), is_guarded))
    return found


def _value(name: str, part: str, rows: dict[type[models.Model], Any]) -> tuple[Any, bool]:
    """What stands for a part of an address, and whether it is the key of a row."""
    if model := _asked_for(name, part):
        return rows[model].pk, True
    if part == "token":
        return rows[ClientPhoto].token, True
    if part == "public_id":
        return rows[Notification].public_id, True
    if part == "task_key":
        return rows[Task].public_id, True
    if part == "pk":
        return uuid.UUID(int=1) if name.startswith("demonstration:") else 1, False
    return _key(name) if part == "key" else WORDS[part], False


def _asked_for(name: str, part: str) -> type[models.Model] | None:
    namespace = name.rpartition(":")[0]
    if part == "draft_id":
        return DRAFTS[namespace]
    if part == "search_id":
        return SEARCHES[namespace]
    return _model_of(name) if part == "object_id" else RECORDS.get(part)


def _key(name: str) -> str:
    if name == "pin":
        return "find-client"
    if "invitation" in name:
        return "accept"
    if name == "account_confirm_email" or "from_key" in name:
        return "1-x"
    return "deactivate" if name.startswith("admin:agencies_user") else "head_missing"


def _model_of(name: str) -> type[models.Model]:
    for model in admin.site._registry:
        prefix = f"admin:{model._meta.app_label}_{model._meta.model_name}_"
        if re.match(prefix, name):
            return model
    raise KeyError(name)
