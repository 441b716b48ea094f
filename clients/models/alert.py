from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from clients.models.record import ClientRecord, deleted_index
from clients.querysets import AlertQuerySet
from records.history import tracked
from records.querysets import RecordManager


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

    def __str__(self) -> str:
        return f"Alert {self.pk}"

    @classmethod
    def of_row(cls, row: dict) -> "Alert":
        """An alert as `with_alert_rows` brings it, in the words of JSON."""
        begins_on, ends_on = (
            row[name] and date.fromisoformat(row[name]) for name in ("begins_on", "ends_on")
        )
        return cls(pk=row["pk"], text=row["text"], begins_on=begins_on, ends_on=ends_on)

    @property
    def is_active(self) -> bool:
        today = timezone.localdate()
        return self.begins_on <= today and (self.ends_on is None or self.ends_on >= today)

    @property
    def display_name(self) -> str:
        return self.text
