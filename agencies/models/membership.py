from django.db import models
from django.db.models import Q

from records.history import tracked


class Role(models.TextChoices):
    CASE_MANAGER = "case_manager", "Case manager"
    DQO = "dqo", "Data Quality Officer"


@tracked()
class Membership(models.Model):
    """A user's access to one organization."""

    user = models.ForeignKey("agencies.User", on_delete=models.CASCADE, related_name="memberships")
    organization = models.ForeignKey(
        "agencies.Organization", on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.CASE_MANAGER)
    may_reveal_ssn = models.BooleanField(
        "may reveal SSNs",
        default=True,
        db_default=True,
        help_text="Without it, this user sees the last four digits only.",
    )
    date_created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["organization__organization_name"]
        constraints = [
            models.UniqueConstraint(
                name="membership_once",
                fields=["user", "organization"],
                violation_error_message="This user already has access to that organization.",
            ),
            models.CheckConstraint(
                name="membership_role_is_known",
                condition=Q(role__in=Role.values),
                violation_error_message="Choose case manager or Data Quality Officer.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} at {self.organization}"

    @property
    def is_dqo(self) -> bool:
        return self.role == Role.DQO
