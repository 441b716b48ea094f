"""Whose retention period has ended: nothing of the record was changed for RETENTION_YEARS.

HUD's baseline for HMIS: personal data that is not in current use is disposed of, or loses what
identifies, seven years after it was created or last changed (69 FR 45888, 4.2.6).
"""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from casenotes.models import NoteDraft
from clients.models import Client, ClientMerge, FormDraft, Release
from clients.querysets import ClientQuerySet
from enrollments.models import Enrollment, IntakeDraft
from privacy.erasure.fields import about_clients
from privacy.models import ClientRequest, LegalHold
from records.clock import midnight

# When a row was last written, of those that are no records with `date_updated`: the key of the
# client, and the moment. A release that was never revoked keeps nobody's record for good.
WRITTEN: tuple[tuple[type[models.Model], str, str], ...] = (
    (ClientMerge, "survivor", "at"),
    (Release, "client", "date_created"),
    (Release, "client", "revoked_at"),
    (IntakeDraft, "client", "updated_at"),
    (NoteDraft, "client", "at"),
    (FormDraft, "client", "at"),
)


def last_day(today: date | None = None) -> date:
    """The day such that what was changed on it, or later, is kept."""
    today = today or timezone.localdate()
    day = 28 if (today.month, today.day) == (2, 29) else today.day
    return today.replace(year=today.year - settings.RETENTION_YEARS, day=day)


def due_clients() -> ClientQuerySet:
    """Clients whose whole record was left alone since, and of whom nothing is open.

    An open enrollment, a request that waits, an unfinished intake or a legal hold keeps a record.
    """
    today = timezone.localdate()
    since = midnight(last_day(today))
    rows = Client.with_deleted.current().filter(erased_at=None, date_updated__lt=since)
    for model, path, column in _written():
        rows_of: models.QuerySet = models.QuerySet(model)
        changed = rows_of.filter(**{path: OuterRef("pk"), f"{column}__gte": since})
        rows = rows.exclude(Exists(changed.order_by()))
    for barring in (
        Enrollment.objects.filter(Q(exit_date=None) | Q(exit_date__gt=today)),
        ClientRequest.objects.filter(state__in=["open", "granted"]),
        LegalHold.objects.all(),
        IntakeDraft.objects.filter(finished_at=None, discarded_at=None),
    ):
        rows = rows.exclude(Exists(barring.filter(client=OuterRef("pk")).order_by()))
    return rows


def _written() -> list[tuple[type[models.Model], str, str]]:
    found = list(WRITTEN)
    for rows in about_clients():
        names = {one.name for one in rows.model._meta.fields}
        if rows.model is not Client and "date_updated" in names and "client" in rows.paths:
            found.append((rows.model, "client", "date_updated"))
    return found
