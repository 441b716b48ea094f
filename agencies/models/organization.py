from django.db import models
from django.db.models.functions import Length

from records.history import tracked
from records.model_fields import KeyField


@tracked()
class Organization(models.Model):
    """HUD 2.01: an agency that runs projects and on whose behalf users work."""

    organization_id = KeyField()
    organization_name = models.CharField(max_length=200, unique=True)
    organization_common_name = models.CharField(max_length=200, blank=True)
    victim_service_provider = models.BooleanField(
        default=False,
        help_text="New clients of a victim service provider are seen by its own users only.",
    )
    allows_emergency_access = models.BooleanField(
        default=True,
        db_default=True,
        help_text=(
            "In an emergency others may read your restricted clients for some hours; you are "
            "notified. Never those of a victim service provider."
        ),
    )
    is_cas = models.BooleanField(
        "coordinated access",
        default=False,
        help_text="Runs the Coordinated Access System: its users see document checks.",
    )
    date_created = models.DateTimeField(auto_now_add=True)
    date_updated = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["organization_name"]
        constraints = [
            models.CheckConstraint(
                name="organization_has_a_name",
                condition=models.Q(organization_name__length__gt=0),
                violation_error_message="Enter the organization's name.",
            )
        ]

    def __str__(self) -> str:
        return self.organization_common_name or self.organization_name


models.CharField.register_lookup(Length)
