"""Every named URL of the resolver, with arguments of rows that there are."""

import uuid
from collections.abc import Iterator
from datetime import date
from functools import cached_property
from itertools import islice
from typing import Any

from django.apps import apps
from django.db.models import Count
from django.urls import get_resolver

from agencies.models import Organization, User
from casenotes.models import NoteSearch
from clients.models import Client, ClientSearch, PossibleDuplicate
from data_quality.rules.catalog import BY_KEY
from enrollments.models import Enrollment, IncomeBenefits, IntakeDraft
from files.models import ClientPhoto
from hmis.middleware.access import RECORDS

Given = dict[str, Any]
TRIED = 2  # sets of arguments for an address
STEPS = ("basic", "family", "program", "review", "exit", "income")
OTHERS: Given = {
    "slug": "basic",
    "topic": "find-a-client",
    "kind": "update",
    "listed_as": "open",
    "number": 1,
    "until": "day",
    "key": "find-client",
    "corrects": date(2020, 1, 1),
    "delivery_id": 1,
    "user_id": 1,
    "transfer_id": 1,
    "organization_id": 1,
    "template_id": 1,
    "version_id": 1,
    "app_label": "clients",
    "name": "x",
    "uidb36": "1",
}


def urls(patterns=None, namespace="", given=()) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each named URL with the parts of its address."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        parts = (*given, *pattern.pattern.regex.groupindex, *pattern.pattern.converters)
        if hasattr(pattern, "url_patterns"):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from urls(pattern.url_patterns, inner, parts)
        elif pattern.name:
            yield f"{namespace}{pattern.name}", tuple(dict.fromkeys(parts))


def kept(model: Any, user: User, criteria: dict[str, str], **values: Any) -> uuid.UUID:
    search = model(user=user, **values)
    search.criteria = criteria
    search.save()
    return search.pk


class Arguments:
    """What addresses are filled in with, of one organization's rows.

    Args:
        last_name: what Find Client searches for.
    """

    def __init__(self, organization: Organization, *, last_name: str):
        self.organization, self.last_name = organization, last_name
        self.searches: dict[User, uuid.UUID] = {}

    def of(self, name: str, parts: tuple[str, ...], user: User) -> Iterator[Given]:
        if name.startswith("admin:quality"):
            return ({"key": key, "pk": 1} for key in islice(BY_KEY, 8))
        if "object_id" in parts:
            return self._of_rows(apps.get_model(*name.removeprefix("admin:").split("_")[:2]))
        if name == "admin:clients_merge":
            pairs = PossibleDuplicate.objects.values("client_1_id", "client_2_id")
            return iter(pairs[:TRIED])
        found = self._of_drafts(user) if "draft_id" in parts else self._of_records(parts, user)
        return (OTHERS | {"search_id": self._search(user)} | one for one in found)

    def _search(self, user: User) -> uuid.UUID:
        if user not in self.searches:
            self.searches[user] = kept(ClientSearch, user, {"last_name": self.last_name})
        return self.searches[user]

    @staticmethod
    def _of_rows(model: Any) -> Iterator[Given]:
        keys = model._base_manager.order_by("pk").values_list("pk", flat=True)
        return ({"object_id": pk} for pk in keys[:TRIED])

    @staticmethod
    def _of_drafts(user: User) -> Iterator[Given]:
        for draft in IntakeDraft.objects.filter(created_by=user)[:TRIED]:
            given = {"draft_id": draft.pk, "client_id": draft.client_id}
            yield from (given | {"slug": slug} for slug in STEPS)

    def _of_records(self, parts: tuple[str, ...], user: User) -> Iterator[Given]:
        record = next((part for part in reversed(parts) if part in RECORDS), None)
        if "stage" in parts:
            return self._of_assessments()
        if "token" in parts:
            photos = ClientPhoto.objects.values("client_id", "token")
            return iter(photos[:TRIED])
        if record:
            return self._of_record(record)
        return self._of_clients(user) if "client_id" in parts else iter([{}])

    @staticmethod
    def _of_assessments() -> Iterator[Given]:
        rows = IncomeBenefits.objects.filter(data_collection_stage__in=[2, 5])
        for row in rows.select_related("enrollment")[:TRIED]:
            enrollment = {"client_id": row.enrollment.client_id, "enrollment_id": row.enrollment_id}
            yield enrollment | {
                "stage": row.data_collection_stage,
                "day": str(row.information_date),
            }

    def _of_record(self, record: str) -> Iterator[Given]:
        model = apps.get_model(RECORDS[record][0])
        rows = model._base_manager.order_by("pk")
        if hasattr(model, "organization"):
            rows = rows.filter(organization=self.organization)
        if model is Enrollment:
            rows = rows.filter(household__in=self.households)
        for row in rows[:TRIED]:
            yield {
                "client_id": getattr(row, "client_id", None),
                "enrollment_id": getattr(row, "enrollment_id", None) or row.pk,
                record: getattr(row, "public_id", row.pk) if record == "public_id" else row.pk,
            }

    def _of_clients(self, user: User) -> Iterator[Given]:
        enrollments = Enrollment.objects.filter(household__in=self.households).order_by("pk")
        for client in Client.objects.filter(pk__in=enrollments.values("client"))[:TRIED]:
            search = kept(NoteSearch, user, {"words": "the"}, client=client)
            yield {"client_id": client.pk, "search_id": search}

    @cached_property
    def households(self) -> list[int]:
        """Households of several people."""
        enrollments = Enrollment.objects.filter(organization=self.organization)
        counts = enrollments.values("household").annotate(many=Count("pk")).filter(many__gt=1)
        return list(counts.values_list("household", flat=True))
