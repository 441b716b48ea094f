"""Takes the identifying data of a client out of the database, and leaves the statistics."""

from contextlib import AbstractContextManager, ExitStack, nullcontext
from datetime import datetime
from typing import Any

import pghistory
import pgtrigger
from django.apps import apps
from django.db import transaction
from django.db.models import DateField, Func, QuerySet
from django.utils import timezone

from agencies.models import SecurityEvent, User
from agencies.security_events import record_event
from cas.models import Notification
from clients.duplicates.keys import wait_for_searches
from clients.locks import lock_clients
from clients.models import Client, DuplicateReport
from enrollments.models import IntakeDraft
from hud.choices import DOBDataQuality, NameDataQuality, SSNDataQuality
from hud.rules.ssn import shape
from privacy.erasure import files, names
from privacy.erasure.fields import Rows, about_clients
from privacy.erasure.plan import drafts_naming, granted_request, may_erase, obstacles
from privacy.erasure.retention import due_clients
from privacy.models import ClientRequest, Erasure
from privacy.models.erasure import Cause
from records.model_fields import new_key

FROM_HISTORY_ALONE = {"personal_id", "dob"}  # of a client they are written row by row


FOR_ADMINISTRATORS = (
    "Another organization keeps this record, or has written in it: an administrator erases it."
)


class Refused(Exception):  # noqa: N818 - as in clients.merge
    """The record is not erased; `texts` say why."""

    def __init__(self, *texts: str):
        super().__init__(*texts)
        self.texts = texts


@transaction.atomic
def erase(*, client_id: int, cause: Cause, by: User) -> Erasure:
    """Erase one client, with all IDs that were merged into it. It cannot be undone.

    All of the database in one transaction; the files are deleted by `files.finish` afterwards.

    Raises:
        Refused: where a hold, an open enrollment, an unfinished intake or a missing request stands
            against it. Nothing is written then.
    """
    client = Client.with_deleted.get(pk=client_id)
    ids = client.all_ids
    lock_clients(ids)
    client.refresh_from_db()
    if client.merged_into_id or client.all_ids != ids:
        raise Refused("The record was merged a moment ago. Start again.")
    if refusals := obstacles(client, is_repeated=cause is Cause.RESTORED):
        raise Refused(*refusals)
    if cause is Cause.RETENTION and not due_clients().filter(pk=client.pk).exists():
        raise Refused("The record was changed, or something is open in it.")
    if cause is not Cause.RESTORED and not may_erase(by, client):
        raise Refused(FOR_ADMINISTRATORS)
    request = None
    if cause is Cause.REQUEST and (request := granted_request(client)) is None:
        raise Refused("There is no request for erasure that an officer has granted.")
    now = timezone.now()
    erasure = Erasure.objects.create(client=client, cause=cause, request=request, by=by, at=now)
    with pghistory.context(user=by.pk):
        _take_out(ids, by=by, at=now)
        _close(ids, request, by=by, at=now)
    record_event(
        SecurityEvent.Kind.RECORD_ERASED,
        user=by,
        organization=client.organization,
        client_id=client.pk,
        detail={"cause": cause.value, "request": request and request.pk},
    )
    return erasure


def _take_out(ids: list[int], *, by: User, at: datetime) -> None:
    wait_for_searches()
    identity = names.Identity(ids)
    kinds = about_clients()
    row_ids = {rows.model: list(rows.of(ids).values_list("pk", flat=True)) for rows in kinds}
    _forget_sources(row_ids)
    drafts = [one.pk for one in drafts_naming(ids)]
    IntakeDraft.objects.filter(pk__in=drafts).update(answers_json="")
    files.give_up(ids)
    for rows in kinds:
        if rows.is_deleted:
            rows.of(ids).delete()
        elif rows.model is not Client and rows.changed:
            with allowed(rows):
                rows.of(ids).update(**rows.changed)
    for pk in ids:
        _blank(pk, by=by, at=at)
    with ExitStack() as stack:
        for rows in kinds:
            if rows.events and rows.event_changes:
                stack.enter_context(pgtrigger.ignore(f"{rows.events._meta.label}:append_only"))
        for rows in kinds:
            _scrub(rows, ids, row_ids[rows.model])
    names.forget_searches(identity)
    names.forget_spellings(identity.spellings)


def _forget_sources(row_ids: dict[Any, list[Any]]) -> None:
    """What the system that rows were imported from said of them beyond HUD's columns.

    Its keys stay: an import that names them again is refused.
    """
    kept: Any = apps.get_model("exchange.SourceKey")._default_manager
    for model, pks in row_ids.items():
        kept.about(model, pks).exclude(others=None).update(others=None)


def allowed(rows: Rows) -> AbstractContextManager:
    """Let this command alone change rows that everybody else has to leave as they are."""
    return pgtrigger.ignore(*rows.guards) if rows.guards else nullcontext()


def _scrub(rows: Rows, ids: list[int], row_ids: list[Any]) -> None:
    """The versions that history keeps, those that this very erasure has added too."""
    changes = dict(rows.event_changes)
    if not changes:
        return
    if "dob" in changes:
        changes["dob"] = FirstOfYear("dob")
    rows.events_of(ids, row_ids).update(**changes)


class FirstOfYear(Func):
    """The first day of a date's year: how HUD keeps a year alone (docs/adr/0027)."""

    template = "date_trunc('year', %(expressions)s)::date"
    output_field = DateField()


def _blank(pk: int, *, by: User, at: datetime) -> None:
    client = Client.with_deleted.get(pk=pk)
    rows: QuerySet = Client.with_deleted.filter(pk=pk)
    kind = next(one for one in about_clients() if one.model is Client)
    values = {k: v for k, v in kind.changed.items() if k not in FROM_HISTORY_ALONE}
    values |= {
        "ssn_shape": shape("").value,
        "personal_id": new_key(),
        "name_data_quality": NameDataQuality.NOT_COLLECTED,
        "ssn_data_quality": SSNDataQuality.NOT_COLLECTED,
        "version": client.version + 1,
        "date_deleted": client.date_deleted or at,
        "deleted_by": client.deleted_by or by,
    }
    if client.dob:
        year = client.dob.replace(month=1, day=1)
        values |= {"dob": year, "dob_data_quality": DOBDataQuality.PARTIAL}
    rows.update(**values, erased_at=at, date_updated=at, updated_by=by)


def _close(ids: list[int], request: ClientRequest | None, *, by: User, at: datetime) -> None:
    """Nobody is to work on what is gone."""
    Notification.objects.filter(client__in=ids, resolved_at=None).update(resolved_at=at)
    reports = DuplicateReport.with_deleted.filter(resolution="")
    reports = reports.filter(client_1__in=ids) | reports.filter(client_2__in=ids)
    reports.update(resolution=DuplicateReport.Resolution.WITHDRAWN, resolved_by=by, resolved_at=at)
    if request:
        rows = ClientRequest.objects.filter(pk=request.pk)
        rows.update(state=ClientRequest.State.DONE, done_at=at, date_updated=at, updated_by=by)
