from datetime import date, datetime
from typing import Any

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from clients.querysets import AlertQuerySet, ClientRecordQuerySet
from records.history import tracked
from records.models import Record
from records.querysets import RecordManager

FOLLOW = """
    SELECT merged_into_id INTO survivor FROM clients_client WHERE id = NEW.client_id FOR KEY SHARE;
    IF survivor IS NOT NULL THEN
        NEW.client_id = survivor;
    END IF;
    RETURN NEW;
"""

DAYS, MOMENTS = ("begins_on", "ends_on"), ("date_created", "date_updated")


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


def newest_index(name: str) -> models.Index:
    """The index of a client's records of a kind by their `date`, the latest first.

    Deleted ones too, so that the foreign key needs no index of its own.
    """
    return models.Index(F("client"), F("date").desc(), F("id").desc(), name=name)


def deleted_index(name: str) -> models.Index:
    """The index of a kind's list of deleted records: an organization's, the latest first."""
    return models.Index(
        F("organization"),
        F("date_deleted").desc(),
        name=name,
        condition=Q(date_deleted__isnull=False),
    )


def client_key(**options: Any) -> models.ForeignKey:
    """The key of a record's client; `db_index=False` where another index begins with it."""
    return models.ForeignKey(
        "clients.Client", models.PROTECT, related_name="%(class)ss", editable=False, **options
    )


class ContactDetails(models.Model):
    """Where a person can be reached by mail; the columns are named as in HUD's ProjectCoC.csv."""

    email = models.EmailField("e-mail", blank=True)
    address1 = models.CharField("address", max_length=100, blank=True)
    address2 = models.CharField("address, line 2", max_length=100, blank=True)
    city = models.CharField(max_length=50, blank=True)
    state = models.CharField(max_length=2, blank=True)
    zip = models.CharField("ZIP code", max_length=10, blank=True)

    class Meta:
        abstract = True

    @property
    def address(self) -> str:
        """The address in one line."""
        region = " ".join(filter(None, [self.state, self.zip]))
        return ", ".join(filter(None, [self.address1, self.address2, self.city, region]))


class ClientRecord(Record):
    """A record about one client; `url_name` ends the names of its pages, such as edit_alert."""

    url_name = ""
    list_page = ""  # the name of the page that lists a client's records of this kind
    deleted_as = "deleted"  # what a merge calls one that is not in force any more
    serves = Q()  # by which of its rows an organization serves their clients (CLIENT_SERVED_BY)

    client = client_key()

    objects = RecordManager.from_queryset(ClientRecordQuerySet)()
    with_deleted = ClientRecordQuerySet.as_manager()

    class Meta(Record.Meta):
        abstract = True
        triggers = [follows_merge()]

    def undo_refused(self, user: Any) -> str:
        """Why this deleted row does not come back at a user's click; empty where it does.

        What it belongs to, beside the client, has to be as it was, or as the same user left it.
        """
        keys = [key for key in self._meta.fields if key.many_to_one and key.name != "client"]
        records = [key for key in keys if issubclass(key.related_model, Record)]
        owners = filter(None, (getattr(self, key.name) for key in records))
        found = (one.refuses_undo(of=self.date_deleted, by=user) for one in owners)
        return next(filter(None, found), "")

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


@tracked()
class Alert(ClientRecord):
    """Something that everybody who opens the client must see first."""

    text = models.CharField("alert", max_length=200)
    begins_on = models.DateField("begins on", default=timezone.localdate)
    ends_on = models.DateField("ends on", null=True, blank=True)

    url_name = "alert"
    objects = RecordManager.from_queryset(AlertQuerySet)()
    with_deleted = AlertQuerySet.as_manager()

    class Meta(ClientRecord.Meta):
        ordering = ["-begins_on", "-pk"]
        indexes = [deleted_index("alert_deleted_newest")]
        constraints = [
            *ClientRecord.Meta.constraints,
            models.CheckConstraint(
                name="alert_ends_after_begin",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("begins_on")),
                violation_error_message="The alert cannot end before it begins.",
            ),
        ]

    @classmethod
    def of_row(cls, row: dict) -> "Alert":
        """An alert as `with_alert_rows` brings it, in the words of JSON."""
        days = {name: row[name] and date.fromisoformat(row[name]) for name in DAYS}
        moments = {name: datetime.fromisoformat(row[name]) for name in MOMENTS}
        return cls(**row | days | moments)

    @property
    def is_active(self) -> bool:
        today = timezone.localdate()
        return self.begins_on <= today and (self.ends_on is None or self.ends_on >= today)

    @property
    def display_name(self) -> str:
        return self.text


@tracked()
class InterestedOther(ContactDetails, ClientRecord):
    """A person with an interest in the client's situation."""

    type_description = models.CharField("Type/Description", max_length=100)
    relationship = models.CharField("relationship to client", max_length=100, blank=True)
    is_aware = models.BooleanField("aware of client's situation", null=True, blank=True)
    first_name = models.CharField(max_length=50, blank=True)
    last_name = models.CharField(max_length=50, blank=True)
    home_phone = models.CharField(max_length=40, blank=True)
    work_phone = models.CharField(max_length=40, blank=True)
    cell_phone = models.CharField(max_length=40, blank=True)

    url_name = "interested_other"

    class Meta(ClientRecord.Meta):
        ordering = ["last_name", "first_name", "pk"]
        indexes = [deleted_index("other_deleted_newest")]
        constraints = [
            *ClientRecord.Meta.constraints,
            models.CheckConstraint(
                name="interested_other_has_a_type",
                condition=~Q(type_description=""),
                violation_error_message="Enter a type or description.",
            ),
        ]

    def __str__(self) -> str:
        return f"Interested other {self.pk}"

    @property
    def display_name(self) -> str:
        return " ".join(filter(None, [self.first_name, self.last_name])) or self.type_description

    @property
    def first_phone(self) -> str:
        return self.cell_phone or self.home_phone or self.work_phone
