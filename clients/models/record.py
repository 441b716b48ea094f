from django.db import models
from django.db.models import F, Q

from clients.merge.triggers import follows_merge
from clients.querysets import ClientRecordManager, ClientRecordQuerySet
from records.models import Record


def deleted_index(name: str) -> models.Index:
    """The index of a kind's list of deleted records: an organization's, the latest first."""
    return models.Index(
        F("organization"),
        F("date_deleted").desc(),
        name=name,
        condition=Q(date_deleted__isnull=False),
    )


class ClientRecord(Record):
    """A record about one client."""

    client = models.ForeignKey(
        "clients.Client", on_delete=models.PROTECT, related_name="%(class)ss", editable=False
    )

    objects = ClientRecordManager()
    with_deleted = ClientRecordQuerySet.as_manager()

    class Meta(Record.Meta):
        abstract = True
        triggers = [follows_merge()]
