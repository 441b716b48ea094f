import pgtrigger
from django.db import models
from django.db.models import Q


class ClientAccess(models.Model):
    """One look at a client's record: who and when. Rows are only ever added."""

    class Kind(models.TextChoices):
        VIEW = "view", "Viewed"
        CHANGE = "change", "Opened for change"
        REVEAL_SSN = "ssn", "Revealed SSN"

    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="accesses")
    user = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey(
        "agencies.Organization", on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.VIEW)
    page = models.CharField(max_length=60)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "client accesses"
        ordering = ["-at"]
        indexes = [
            models.Index(fields=["client", "-at"], name="access_by_client"),
            models.Index(fields=["user", "-at"], name="access_by_user"),
        ]
        constraints = [
            models.CheckConstraint(
                name="access_kind_is_known",
                condition=Q(kind__in=["view", "change", "ssn"]),
                violation_error_message="Choose a kind of access.",
            )
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d %H:%M}"
