"""The access log at the edge of a request: what was shown, and what was refused (docs/adr/0030)."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import ResolverMatch
from django.utils.deprecation import MiddlewareMixin

from clients.access_log.recorder import AccessRecorder, Kind
from records.admin.scoped import client_columns, clients_of

NOT_FOUND = 404
REFUSING = {403, NOT_FOUND, 429}
CLIENTS = {"client_id", "client_1_id", "client_2_id"}
# The records that a part of an address may be the key of; an officer's page names its own.
RECORDS = {
    "alert_id": ["clients.Alert"],
    "assessment_id": ["cas.Assessment"],
    "assignment_id": ["enrollments.CaseAssignment"],
    "check_id": ["files.DocumentCheck"],
    "contact_id": ["enrollments.CurrentLivingSituation"],
    "draft_id": ["enrollments.IntakeDraft", "casenotes.NoteDraft", "clients.FormDraft"],
    "enrollment_id": ["enrollments.Enrollment"],
    "event_id": ["cas.Event"],
    "file_id": ["files.ClientFile"],
    "hold_id": ["privacy.LegalHold"],
    "note_id": ["casenotes.CaseNote"],
    "other_id": ["clients.InterestedOther"],
    "public_id": ["cas.Notification"],
    "release_id": ["clients.Release"],
    "report_id": ["clients.DuplicateReport"],
    "request_id": ["privacy.ClientRequest"],
    "service_id": ["casenotes.Service"],
    "task_id": ["tasks.Task"],
    "task_key": ["tasks.Task"],
}
LARGEST = 2**63 - 1


class AccessMiddleware(MiddlewareMixin):
    """Writes to the access log whom a page shows, before it is sent, and whom it refused to show.

    A page that cannot be logged becomes the page of the database's fault. A refusal outlives the
    transaction of its view; for a client that does not exist the same statement writes nothing.
    """

    def __call__(self, request):
        if not request.user.is_authenticated:
            return self.get_response(request)
        request.access_recorder = AccessRecorder(request)
        request.is_taken = False
        response = self.get_response(request)
        recorder = request.access_recorder
        if request.is_taken and (response.status_code in REFUSING or recorder.has_refused):
            recorder.nothing_was_shown()
            recorder.add(refused(request, response.status_code), Kind.REFUSED, once=True)
        if response.status_code < 500:
            recorder.write()
        return response

    def process_view(self, request, view, args, kwargs) -> None:
        request.is_taken = True  # what the middleware before this one refused never came to a view


def refused(request, status: int) -> set[int]:
    """The clients whom the address is about, where the user may not see them or the record.

    A page of a client that was loaded refused what was asked of it; one that was not found counts
    where there is such a record.
    """
    match = request.resolver_match
    client = getattr(request, "client", None)
    named = [match.kwargs[name] for name in CLIENTS if name in match.kwargs]
    # Whoever was not found may be named elsewhere than in the path, and beside one who was found.
    missed = {request.refused_client_id} if hasattr(request, "refused_client_id") else set()
    if client is not None:
        shown = {client.pk, *named}
        about = {client.pk} if status != NOT_FOUND else shown & _of_records(match)
    else:
        about = set(named) or (set() if missed else _of_records(match))
    return {client_id for client_id in about | missed if client_id <= LARGEST}


def _of_records(match: ResolverMatch) -> set[int]:
    return {client_id for row in _records(match) for client_id in clients_of(row)}


def _records(match: ResolverMatch) -> Iterator[models.Model]:
    """The rows that the address has the keys of, deleted ones too."""
    keys = [
        (label, match.kwargs[name])
        for name in RECORDS
        if name in match.kwargs
        for label in RECORDS[name]
    ]
    if "object_id" in match.kwargs:
        keys += [(_of_officers_page(match.url_name), match.kwargs["object_id"])]
    for label, key in keys:
        if row := label and _row(apps.get_model(label), key):
            yield row


def _of_officers_page(name: str | None) -> str:
    app_label, _, rest = (name or "").partition("_")
    model = rest.partition("_")[0]
    known = app_label in apps.app_configs and model in apps.all_models[app_label]
    return f"{app_label}.{model}" if known else ""


def _row(model: type[models.Model], key: Any) -> models.Model | None:
    columns = [one.name for one in client_columns(model)]
    is_public = isinstance(key, UUID) and hasattr(model, "public_id")
    named = {"public_id" if is_public else "pk": key}
    try:
        return (columns and model._base_manager.filter(**named).only(*columns).first()) or None
    except (ValueError, ValidationError):
        return None
