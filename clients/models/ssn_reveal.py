from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import localize

from clients.fields import EncryptedTextField
from clients.merge.policies import Stays
from records.append_only import append_only


class SSNReveal(models.Model):
    """Who was shown a client's full SSN, and for what (R3.6). Rows are only ever added."""

    class Reason(models.TextChoices):
        IDENTITY = "identity", "Verify identity at intake"
        BENEFITS = "benefits", "Benefits application"
        CORRECTION = "correction", "Correct the record"
        OTHER = "other", "Other"

    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey(
        "agencies.Organization", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    reason = models.CharField(max_length=20, choices=Reason.choices)
    other = EncryptedTextField("other reason", blank=True)
    at = models.DateTimeField(default=timezone.now)

    on_merge = {"client": Stays("a revealed SSN stays on record under the ID it was shown for")}

    class Meta:
        verbose_name = "revealed SSN"
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["organization", "-at", "-id"], name="reveal_of_organization")
        ]
        constraints = [
            models.CheckConstraint(
                name="reveal_reason_is_known",
                condition=Q(reason__in=["identity", "benefits", "correction", "other"]),
                violation_error_message="Choose why the SSN is needed.",
            ),
            # Without words at Other the form asks; an erasure takes them out.
            models.CheckConstraint(
                name="reveal_words_are_of_other",
                condition=Q(reason="other") | Q(other=""),
                violation_error_message="Write what it is needed for only with Other.",
            ),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"Revealed SSN {localize(timezone.localtime(self.at))}"
