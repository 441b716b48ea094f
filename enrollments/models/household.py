from django.db import models

from records.history import tracked
from records.model_fields import KeyField


@tracked()
class Household(models.Model):
    """HUD 5.09: one enrollment of the group that entered one project together."""

    household_id = KeyField()
    date_created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"Household {self.pk}"
