"""What `find_duplicates` keeps of its searches: when each ran, and the keys it compared by."""

from django.db import models
from django.db.models import F, Q

from clients.merge.policies import Stays
from clients.models.client import Client


class DuplicateSearch(models.Model):
    """One run of the finder: the next one compares the clients that were changed after it began."""

    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    is_whole = models.BooleanField("all clients")
    clients = models.PositiveIntegerField("clients compared")
    pairs = models.PositiveIntegerField("pairs weighed")
    keys_version = models.CharField(
        max_length=32,
        default="",
        db_default="",
        editable=False,
        help_text="What made the DuplicateKeys that it left; other code makes them all again.",
    )

    class Meta:
        verbose_name_plural = "duplicate searches"
        ordering = ["-started_at"]
        constraints = [
            models.CheckConstraint(
                name="duplicate_search_ends_after_start",
                condition=Q(finished_at__gte=F("started_at")),
                violation_error_message="A search cannot end before it starts.",
            )
        ]

    def __str__(self) -> str:
        return f"Search {self.started_at:%Y-%m-%d %H:%M}"


class DuplicateKey(models.Model):
    """By what a name of a client is compared: hashes of 32 bits, no names, kept by the searches.

    A client has one for the legal name, for each part of a double last name and for each alias.
    They are behind the clients until the next search, which joins the clients themselves: a row
    too many does no harm. An erasure deletes them, a search those of deleted and merged clients.
    """

    pk = models.CompositePrimaryKey("client_id", "name")
    # Without a constraint: to look each of a million up takes longer than to write them, and the
    # next search deletes the keys of a client who is gone.
    client = models.ForeignKey(
        Client, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    name = models.IntegerField(help_text="Hash of the first and the last name.")
    first_letter = models.SmallIntegerField(null=True)
    last_letter = models.SmallIntegerField(null=True)
    dob = models.DateField("date of birth", null=True)
    rough_year = models.SmallIntegerField("year of an approximate date of birth", null=True)
    first_sound = models.IntegerField(null=True)
    last_sound = models.IntegerField(null=True)
    ssn_hash = models.IntegerField("hash of the SSN's hash", null=True)
    last4 = models.IntegerField("hash of the last four digits' hash", null=True)
    zip = models.IntegerField("ZIP code", null=True)
    phone = models.IntegerField(null=True)
    email = models.IntegerField("e-mail", null=True)
    street = models.IntegerField("whole address", null=True)
    number = models.IntegerField("house number", null=True)
    road = models.IntegerField("address without the house number", null=True)

    on_merge = {"client": Stays("each search keeps those of the clients who are there")}

    def __str__(self) -> str:
        return f"Keys of client {self.client_id}"
