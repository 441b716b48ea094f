import uuid

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Left
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from files.kinds import Kind
from files.querysets import FOLDER_LENGTH, StoredFileQuerySet
from records.history import tracked
from records.migrations._fields import UniqueKeyField
from records.model_fields import key_once

# What is found of it in the store may change; an erasure alone passes (privacy/erasure).
STAYS = """
    IF NOT EXISTS (
        SELECT 1 FROM files_clientfile WHERE stored_id = OLD.id AND release_id IS NOT NULL
    ) THEN
        RETURN COALESCE(NEW, OLD);
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.status <> 'purged' THEN
        kept := OLD;
        kept.status := NEW.status;
        kept.thumbnail_key := NEW.thumbnail_key;
        IF NEW IS NOT DISTINCT FROM kept THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'The file of a release is never changed or deleted. Revoke the release.'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'release_file_stays';
"""


class Status(models.TextChoices):
    PENDING = "pending", "Waiting for the virus scan"
    READY = "ready", "Ready"
    REFUSED = "refused", "Refused: the virus scan found something"
    LOST = "lost", "Not in the file store any more"
    PURGED = "purged", "Deleted for good"

    @property
    def is_kept(self) -> bool:
        """Whether there should be an object in the store."""
        return self in (Status.PENDING, Status.READY)

    @property
    def may_be_stored(self) -> bool:
        """Whether an object of this row is no orphan."""
        return self.is_kept or self is Status.LOST


@tracked()
class StoredFile(models.Model):
    """An object of the file store, and its thumbnail: random keys, never a person's data in them.

    The object is written before the row, so that no row is ever without one.
    """

    key = UniqueKeyField(max_length=64)
    thumbnail_key = models.CharField(max_length=64, blank=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    size = models.PositiveBigIntegerField()
    pages = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.READY)
    stored_at = models.DateTimeField(default=timezone.now)

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["id"], name="stored_file_pending", condition=Q(status="pending")),
            # Of 256 values: as small as an index can be.
            models.Index(Left("key", FOLDER_LENGTH), name="stored_file_folder"),
        ]
        constraints = [
            key_once("stored_file_key_once", "key"),
            models.CheckConstraint(
                name="stored_file_kind_is_known",
                condition=Q(kind__in=Kind.values),
                violation_error_message="Files of this kind are not kept.",
            ),
            models.CheckConstraint(
                name="stored_file_status_is_known",
                condition=Q(status__in=Status.values),
                violation_error_message="Choose one of the listed states.",
            ),
            models.CheckConstraint(
                name="stored_file_is_not_empty",
                condition=Q(size__gt=0) & ~Q(key=""),
                violation_error_message="An empty file is not kept.",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="release_file_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                declare=[("kept", "files_storedfile%ROWTYPE")],
                func=STAYS,
            ),
        ]

    def __str__(self) -> str:
        return f"Stored file {self.pk}"

    @property
    def is_ready(self) -> bool:
        return self.status == Status.READY

    @property
    def state(self) -> Status:
        return Status(self.status)

    @property
    def form(self) -> Kind:
        return Kind(self.kind)

    @property
    def has_thumbnail(self) -> bool:
        return self.is_ready and bool(self.thumbnail_key)

    @property
    def size_in_words(self) -> str:
        return filesizeformat(self.size)


class FileStore(models.Model):
    """Which file store belongs to this database: one row, whose identity is in the store as well.

    A database that is pointed at another one's store is noticed by it (docs/adr/0023).
    """

    identity = models.UUIDField(default=uuid.uuid4)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="one_file_store_of_a_database",
                condition=Q(id=1),
                violation_error_message="A database has one file store.",
            ),
        ]

    def __str__(self) -> str:
        return f"File store {self.identity}"
