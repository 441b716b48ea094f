from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from agencies.history import tracked
from agencies.models import Record


@tracked()
class DuplicateReport(Record):
    """Two client IDs that a user takes for the same person, for the DQO to merge."""

    client_1 = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="+")
    client_2 = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="+")
    comment = models.TextField(max_length=4000)
    mailed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta(Record.Meta):
        ordering = ["-date_created"]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                name="duplicate_report_of_two_clients",
                condition=~Q(client_1=F("client_2")),
                violation_error_message="Enter two different client IDs.",
            ),
        ]

    def __str__(self) -> str:
        return f"Clients {self.client_1_id} and {self.client_2_id}"

    def get_absolute_url(self) -> str:
        return reverse("duplicates:compare", args=[self.pk])
