from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from clients.merge.policies import NamesTwoClients
from clients.querysets import DuplicateReportManager, ReportQuerySet
from records.history import tracked
from records.models import Record

if TYPE_CHECKING:
    from agencies.models import User


class Resolution(models.TextChoices):
    """What became of a report."""

    MERGED = "merged", "Merged"
    DIFFERENT = "different", "Different people"
    WITHDRAWN = "withdrawn", "Withdrawn"


@tracked()
class DuplicateReport(Record):
    """Two client IDs that a user takes for the same person, for the DQO to merge."""

    Resolution = Resolution

    client_1 = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="+")
    client_2 = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="+")
    comment = models.TextField(max_length=4000)
    mailed_at = models.DateTimeField(null=True, blank=True, editable=False)
    resolution = models.CharField(
        max_length=10, choices=Resolution.choices, blank=True, editable=False
    )
    resolved_by = models.ForeignKey(
        "agencies.User",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )
    resolved_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = DuplicateReportManager()
    with_deleted = ReportQuerySet.as_manager()
    on_merge = dict.fromkeys(
        ["client_1", "client_2"],
        NamesTwoClients(
            lambda by, at: {
                "resolution": Resolution.MERGED.value,
                "resolved_by_id": by.pk,
                "resolved_at": at,
            },
            decision="resolution",
        ),
    )

    class Meta(Record.Meta):
        ordering = ["-date_created"]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                name="duplicate_report_of_two_clients",
                condition=~Q(client_1=F("client_2")),
                violation_error_message="Enter two different client IDs.",
            ),
            models.CheckConstraint(
                name="duplicate_report_resolution_is_known",
                condition=Q(resolution__in=["", *Resolution.values]),
                violation_error_message="Choose merged, different people or withdrawn.",
            ),
            models.CheckConstraint(
                name="duplicate_report_resolved_by_somebody",
                condition=Q(resolution="", resolved_by=None, resolved_at=None)
                | (~Q(resolution="") & Q(resolved_by__isnull=False, resolved_at__isnull=False)),
                violation_error_message="Say who resolved the report, and when.",
            ),
        ]

    def __str__(self) -> str:
        return f"Clients {self.client_1_id} and {self.client_2_id}"

    def get_absolute_url(self) -> str:
        return reverse("duplicates:compare", args=[self.pk])

    @property
    def merge_url(self) -> str:
        return reverse("admin:clients_merge", args=[self.client_1_id, self.client_2_id])

    @property
    def outcome(self) -> str:
        """What became of it, in a sentence."""
        if not self.resolution:
            return ""
        day = f"{timezone.localtime(self.resolved_at):%m/%d/%Y}"
        if self.resolution == Resolution.MERGED:
            return f"Client IDs {self.client_1_id} and {self.client_2_id} were merged on {day}."
        if self.resolution == Resolution.WITHDRAWN:
            return f"{self.resolved_by} withdrew this report on {day}."
        return f"{self.resolved_by} found on {day} that they are different people."

    def resolve(self, resolution: Resolution, *, by: "User") -> None:
        self.resolution, self.resolved_by, self.resolved_at = resolution, by, timezone.now()
        self.save(update_fields=["resolution", "resolved_by", "resolved_at"])

    def reopen(self) -> None:
        self.resolution, self.resolved_by, self.resolved_at = "", None, None
        self.save(update_fields=["resolution", "resolved_by", "resolved_at"])
