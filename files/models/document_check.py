from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from clients.models import ClientRecord, deleted_index
from clients.models.record import client_key
from files.querysets import DocumentCheckManager, DocumentCheckQuerySet
from records.history import tracked


class Checklist(models.TextChoices):
    HOMELESS = "homeless", "Homeless"
    DISABILITY = "disability", "Disability"


@tracked(by_time=True)
class DocumentCheck(ClientRecord):
    """A paper that CAS verified: nobody without access to CAS learns that it exists (7.5)."""

    client = client_key(db_index=False)
    stored = models.OneToOneField(
        "files.StoredFile",
        on_delete=models.PROTECT,
        related_name="document_check",
        null=True,
        blank=True,
        editable=False,
    )
    checklist = models.CharField(max_length=10, choices=Checklist.choices)
    item = models.CharField("item requiring verification", max_length=150)
    acceptable_document = models.CharField(max_length=150)
    comments = models.TextField(max_length=4000, blank=True)
    verified_on = models.DateField("verification date", default=timezone.localdate)

    url_name = "document_check"
    objects = DocumentCheckManager()
    with_deleted = DocumentCheckQuerySet.as_manager()

    class Meta(ClientRecord.Meta):
        ordering = ["-verified_on", "-pk"]
        indexes = [
            models.Index(fields=["client", "-verified_on"], name="check_by_client"),
            deleted_index("check_deleted_newest"),
        ]
        constraints = [
            *ClientRecord.Meta.constraints,
            models.CheckConstraint(
                name="check_has_a_checklist",
                condition=Q(checklist__in=Checklist.values),
                violation_error_message="Choose Homeless or Disability.",
            ),
            models.CheckConstraint(
                name="check_says_what_was_verified",
                condition=~Q(item="") & ~Q(acceptable_document=""),
                violation_error_message="Enter the item and the document that verifies it.",
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("files:document_check", args=[self.client_id, self.pk])

    @property
    def document_name(self) -> str:
        return f"{self.get_checklist_display()} - {self.acceptable_document}"

    @property
    def display_name(self) -> str:
        return self.item
