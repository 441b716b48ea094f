from datetime import timedelta

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone

from clients.models import ClientRecord, deleted_index
from clients.models.record import client_key
from files.querysets import ClientFileManager, ClientFileQuerySet
from records.addresses import address
from records.history import tracked
from records.model_fields import protected

EXPIRES_SOON = timedelta(days=30)
# A merge, and its undo, move it to another client; an erasure alone passes (privacy/erasure).
STAYS = """
    IF TG_OP = 'UPDATE' THEN
        kept := OLD;
        kept.client_id := NEW.client_id;
        kept.date_updated := NEW.date_updated;
        kept.updated_by_id := NEW.updated_by_id;
        IF NEW IS NOT DISTINCT FROM kept THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'The file of a release is never changed or deleted. Revoke the release.'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'release_file_stays';
"""


class Category(models.TextChoices):
    ID = "id", "Identification"
    BIRTH_CERTIFICATE = "birth", "Birth certificate"
    SOCIAL_SECURITY_CARD = "ssn", "Social Security card"
    INCOME = "income", "Income and benefits"
    HOUSING = "housing", "Lease and housing"
    CONSENT = "consent", "Consent and release"
    LETTER = "letter", "Letter or reference"
    OTHER = "other", "Other"


@tracked(by_time=True)
class ClientFile(ClientRecord):
    """A document in the system-wide file cabinet (7.1).

    release: whose signed copy it is; then nobody edits, replaces or deletes it (13.1).
    """

    client = client_key(db_index=False)
    stored = models.OneToOneField(
        "files.StoredFile", on_delete=models.PROTECT, related_name="client_file", editable=False
    )
    release = protected("clients.Release", null=True, blank=True, editable=False, db_index=False)
    document_name = models.CharField(max_length=150)
    category = models.CharField(max_length=10, choices=Category.choices, blank=True)
    expires_on = models.DateField("expires on", null=True, blank=True)

    url_name = "client_file"
    serves = Q(release=None)
    objects = ClientFileManager()
    with_deleted = ClientFileQuerySet.as_manager()

    class Meta(ClientRecord.Meta):
        ordering = ["-date_created", "-pk"]
        indexes = [
            models.Index(fields=["client", "-date_created"], name="file_by_client"),
            deleted_index("file_deleted_newest"),
        ]
        constraints = [
            *ClientRecord.Meta.constraints,
            models.CheckConstraint(
                name="file_has_a_name",
                condition=~Q(document_name=""),
                violation_error_message="Enter a document name.",
            ),
            models.CheckConstraint(
                name="file_category_is_known",
                condition=Q(category__in=["", *Category.values]),
                violation_error_message="Choose one of the listed categories.",
            ),
            models.UniqueConstraint(
                name="one_file_of_a_release",
                fields=["release"],
                condition=Q(release__isnull=False),
                violation_error_message="This release has its file already.",
            ),
            models.CheckConstraint(
                name="file_of_release_is_consent",
                condition=Q(release=None) | Q(category="consent"),
                violation_error_message="The file of a release is filed under Consent and release.",
            ),
            models.CheckConstraint(
                name="file_of_release_is_not_deleted",
                condition=Q(release=None) | Q(date_deleted=None),
                violation_error_message="The file of a release is not deleted. Revoke the release.",
            ),
        ]
        triggers = [
            *ClientRecord.Meta.triggers,
            pgtrigger.Trigger(
                name="release_file_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__release__isnull=False),
                declare=[("kept", "files_clientfile%ROWTYPE")],
                func=STAYS,
            ),
        ]

    def get_absolute_url(self) -> str:
        return address("files:client_file", self.client_id, self.pk)

    @property
    def display_name(self) -> str:
        return self.document_name

    @property
    def is_of_release(self) -> bool:
        """Whether it stays as it is, whoever looks at it."""
        return self.release_id is not None

    @property
    def is_expired(self) -> bool:
        return self.expires_on is not None and self.expires_on < timezone.localdate()

    @property
    def expires_soon(self) -> bool:
        if self.expires_on is None or self.is_expired:
            return False
        return self.expires_on <= timezone.localdate() + EXPIRES_SOON
