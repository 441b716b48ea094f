from django.db import models

from records.history import tracked
from records.keys import new_key


@tracked()
class Household(models.Model):
    """HUD 5.09: one enrollment of the group that entered one project together."""

    household_id = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    date_created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"Household {self.pk}"
