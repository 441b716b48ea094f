"""Every URL of the resolver, with a value for each part of its address from the prepared rows."""

import re
import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import admin
from django.db import models
from django.urls import reverse

from agencies.models import Invitation, User
from cas.models import Event, Notification
from casenotes.models import CaseNote, NoteDraft, NoteSearch, Service
from clients.models import (
    Alert,
    Client,
    ClientMerge,
    ClientSearch,
    DuplicateReport,
    FormDraft,
    InterestedOther,
)
from enrollments.models import CaseAssignment, CurrentLivingSituation, Enrollment, IntakeDraft
from files.models import ClientFile, ClientPhoto, DocumentCheck
from outbox.models import Delivery
from privacy.models import ClientRequest, LegalHold
from tests.addresses import urls

# What a part of an address names, of which somebody may be refused the row.
RECORDS: dict[str, type[models.Model]] = {
    "client_id": Client,
    "client_1_id": Client,
    "client_2_id": Client,
    "enrollment_id": Enrollment,
    "assignment_id": CaseAssignment,
    "contact_id": CurrentLivingSituation,
    "other_id": InterestedOther,
    "alert_id": Alert,
    "file_id": ClientFile,
    "event_id": Event,
    "note_id": CaseNote,
    "service_id": Service,
    "check_id": DocumentCheck,
    "report_id": DuplicateReport,
    "merge_id": ClientMerge,
    "notification_id": Notification,
    "user_id": User,
    "delivery_id": Delivery,
    "invitation_id": Invitation,
    "request_id": ClientRequest,
    "hold_id": LegalHold,
}
DRAFTS = {"enrollments": IntakeDraft, "casenotes": NoteDraft, "": FormDraft, "admin": IntakeDraft}
SEARCHES = {"clients": ClientSearch, "casenotes": NoteSearch}
# Parts that name no row of anybody.
WORDS: dict[str, Any] = {
    "until": "tomorrow",
    "link": "no-such-link",
    "corrects": date(2026, 2, 1),
    "name": "a-mail",
    "kind": "reopen",
    "slug": "basic",
    "stage": 2,
    "day": "2026-02-01",
    "number": 1,
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
