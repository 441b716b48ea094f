from django.db import models
from django.db.models import Q

from cas.mail_querysets import DeliveryItemQuerySet
from cas.purposes import Purpose
from outbox.models.delivery import Delivery


class DeliveryItem(models.Model):
    """What one mail tells of one notification: at most once each, by the constraint.

    Attributes:
        round: counts the reminders; 1 for the others.
        told_at: the `created_at` of the notification: one that is so again is told again.
    """

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="items")
    notification = models.ForeignKey(
        "cas.Notification", on_delete=models.CASCADE, related_name="mailed", db_index=False
    )
    recipient = models.ForeignKey(
        "agencies.User", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    round = models.PositiveSmallIntegerField(default=1)
    told_at = models.DateTimeField()

    Purpose = Purpose

    objects = DeliveryItemQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                name="delivery_item_once",
                fields=["notification", "recipient", "purpose", "round", "told_at"],
                violation_error_message="This user has been mailed this already.",
            ),
            models.CheckConstraint(
                name="delivery_item_purpose_is_known",
                condition=Q(purpose__in=Purpose.values),
                violation_error_message="Choose first notice, reminder or escalation.",
            ),
            models.CheckConstraint(
                name="delivery_item_rounds_of_reminders",
                condition=Q(round=1) | Q(round__gt=1, purpose=Purpose.REMINDER),
                violation_error_message="Only reminders have a second round.",
            ),
        ]

    def __str__(self) -> str:
        return f"Delivery item {self.pk}"
