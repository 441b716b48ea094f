"""What belongs to one transfer: its files in the store, its counts and findings by CSV file."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.template.defaultfilters import filesizeformat

from clients.fields import EncryptedTextField
from exchange.models.transfer import Transfer
from exchange.states import KeptPart
from exchange.violations import NOTES

SHOWN_ROWS = 10


class KeptFile(models.Model):
    """A file of a transfer in the file store, encrypted under a key of its own.

    Attributes:
        store_key: where it is in the store; written before the file is, so that none is forgotten.
        seal: the file's key. Without this row nobody can read the file.
        size: of the plain file, in bytes; 0 until it is stored.
    """

    transfer = models.ForeignKey(
        Transfer, models.CASCADE, related_name="kept_files", db_index=False
    )
    part = models.CharField(max_length=10, choices=KeptPart.choices)
    store_key = models.CharField(max_length=64)
    seal = EncryptedTextField()
    size = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                name="kept_file_once",
                fields=["transfer", "part"],
                violation_error_message="An export or import has one file of each kind.",
            ),
            models.UniqueConstraint(
                name="kept_file_has_its_own_key",
                fields=["store_key"],
                violation_error_message="Another file is stored under this key.",
            ),
            models.CheckConstraint(
                name="kept_file_part_is_known",
                condition=Q(part__in=KeptPart.values),
                violation_error_message="Choose one of the listed kinds of file.",
            ),
            models.CheckConstraint(
                name="kept_file_can_be_read",
                condition=~Q(store_key="") & ~Q(seal=""),
                violation_error_message="Say where the file is and how it is read.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_part_display()} {self.pk}"

    @property
    def size_in_words(self) -> str:
        return filesizeformat(self.size)


class FileCount(models.Model):
    """What an import found in one CSV file, or an export wrote to it.

    Attributes:
        rows: read, or written.
        new: rows that are, or would be, added.
        changed: rows that differ from the stored ones.
        refused: rows that are left out.
    """

    transfer = models.ForeignKey(
        Transfer, models.CASCADE, related_name="file_counts", db_index=False
    )
    file = models.CharField(max_length=50)
    rows = models.PositiveBigIntegerField(default=0)
    new = models.PositiveBigIntegerField(default=0)
    changed = models.PositiveBigIntegerField(default=0)
    unchanged = models.PositiveBigIntegerField(default=0)
    refused = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                name="file_count_once",
                fields=["transfer", "file"],
                violation_error_message="A file is counted once.",
            ),
        ]

    def __str__(self) -> str:
        return self.file


class Finding(models.Model):
    """One thing that is wrong, or worth to know, in a file of an import (`exchange.violations`).

    Attributes:
        file: empty for the set as a whole.
        rule: a word to count by.
        message: a sentence without anybody's data.
        count: how often it was found.
        rows: where, as a spreadsheet numbers rows; the first ones alone.
    """

    transfer = models.ForeignKey(Transfer, models.CASCADE, related_name="findings")
    file = models.CharField(max_length=50, blank=True)
    column = models.CharField(max_length=100, blank=True)
    rule = models.CharField(max_length=50)
    message = models.CharField(max_length=500)
    count = models.PositiveBigIntegerField()
    rows = ArrayField(models.IntegerField(), default=list)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.rule} in {self.file or 'the set'}"

    @property
    def rows_in_words(self) -> str:
        """The first rows of it, and that there are more."""
        shown = ", ".join(map(str, self.rows[:SHOWN_ROWS]))
        return f"{shown}, …" if self.count > SHOWN_ROWS and shown else shown

    @property
    def is_note(self) -> bool:
        return self.rule in NOTES
