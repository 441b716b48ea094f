import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from clients.querysets import ClientRecordQuerySet
from records.models import Record
from records.querysets import RecordManager

FOLLOW = """
    SELECT merged_into_id INTO survivor FROM clients_client WHERE id = NEW.client_id FOR KEY SHARE;
    IF survivor IS NOT NULL THEN
        NEW.client_id = survivor;
    END IF;
    RETURN NEW;
"""


def follows_merge() -> pgtrigger.Trigger:
    """For a table whose new rows are about a client.

    A form that was opened, or a row that waits for the lock, before a merge is committed still
    names the ID that is gone; nobody would find it there.
    """
    return pgtrigger.Trigger(
        name="follows_merge",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        declare=[("survivor", "bigint")],
        func=FOLLOW,
    )


def deleted_index(name: str) -> models.Index:
    """The index of a kind's list of deleted records: an organization's, the latest first."""
    return models.Index(
        F("organization"),
        F("date_deleted").desc(),
        name=name,
        condition=Q(date_deleted__isnull=False),
    )


class ClientRecord(Record):
    """A record about one client; `url_name` ends the names of its pages, such as edit_alert."""

    url_name = ""

    client = models.ForeignKey(
        "clients.Client", on_delete=models.PROTECT, related_name="%(class)ss", editable=False
    )

    objects = RecordManager.from_queryset(ClientRecordQuerySet)()
    with_deleted = ClientRecordQuerySet.as_manager()

    class Meta(Record.Meta):
        abstract = True
        triggers = [follows_merge()]

    @property
    def place(self) -> list[int]:
        """The numbers in the URLs of its pages."""
        return [self.client_id, self.pk]

    def page_url(self, action: str) -> str:
        """The page that edits, deletes or restores it."""
        return reverse(f"{self._meta.app_label}:{action}_{self.url_name}", args=self.place)

    @property
    def restore_url(self) -> str:
        return self.page_url("restore")

    @property
    def delete_url(self) -> str:
        return self.page_url("delete")
