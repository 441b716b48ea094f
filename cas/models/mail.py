from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from cas.choices import MailRhythm, Purpose
from cas.querysets import DeliveryItemQuerySet
from outbox.models.delivery import Delivery

if TYPE_CHECKING:
    from agencies.models import User


class DeliveryItem(models.Model):
    """What one mail says of one notification: at most once each, by the constraint.

    Attributes:
        round: counts the reminders; 1 for the others.
        notified_at: the `created_at` of the notification: one that is so again is mailed again.
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
    notified_at = models.DateTimeField()

    Purpose = Purpose

    objects = DeliveryItemQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                name="delivery_item_once",
                fields=["notification", "recipient", "purpose", "round", "notified_at"],
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


class Preference(models.Model):
    """How one user wants to be mailed; without a row, at once."""

    user = models.OneToOneField(
        "agencies.User",
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="cas_preference",
    )
    mail = models.CharField(max_length=10, choices=MailRhythm.choices, default=MailRhythm.AT_ONCE)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="preference_mail_is_known",
                condition=Q(mail__in=MailRhythm.values),
                violation_error_message="Choose at once or a daily digest.",
            )
        ]

    def __str__(self) -> str:
        return f"Preference of user {self.user_id}"

    @classmethod
    def of(cls, user: "User") -> Self:
        """The user's preference, or the default one that is not saved yet."""
        return cls.objects.filter(user=user).first() or cls(user=user)
