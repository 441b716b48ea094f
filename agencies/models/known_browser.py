from django.db import models
from django.utils import timezone


class KnownBrowser(models.Model):
    """A browser that a user has logged in with: a keyed hash of its cookie, and nothing else."""

    user = models.ForeignKey(
        "agencies.User", on_delete=models.CASCADE, related_name="known_browsers", db_index=False
    )
    digest = models.CharField(max_length=64)
    first_used_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="known_browser_once",
                fields=["user", "digest"],
                violation_error_message="This browser is known already.",
            )
        ]

    def __str__(self) -> str:
        return f"Browser {self.pk}"
