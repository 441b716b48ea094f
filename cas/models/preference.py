from django.db import models
from django.db.models import Q

from cas.querysets import PreferenceQuerySet


class MailRhythm(models.TextChoices):
    """How a user hears of notifications by e-mail (10.3)."""

    AT_ONCE = "at_once", "At once"
    DAILY = "daily", "As a daily digest"


class Preference(models.Model):
    """How one user wants to be told; without a row, at once."""

    user = models.OneToOneField(
        "agencies.User",
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="cas_preference",
    )
    mail = models.CharField(max_length=10, choices=MailRhythm.choices, default=MailRhythm.AT_ONCE)

    objects = PreferenceQuerySet.as_manager()

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
