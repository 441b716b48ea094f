from django.db import models

from agencies.models import Record
from clients.merging.triggers import follows_merge
from clients.querysets import ClientRecordManager, ClientRecordQuerySet


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
