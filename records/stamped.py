"""When a row was written, and by whom."""

from typing import Any

from django.db import models
from django.utils import timezone


class Stamped(models.Model):
    """A row with HUD's metadata; the columns are the model's own."""

    date_created: Any
    created_by: Any
    date_updated: Any
    updated_by: Any

    class Meta:
        abstract = True

    def stamp(self, *, by: Any) -> None:
        """Note who writes this row, and when."""
        self.date_updated = timezone.now()
        self.updated_by = by
        if self._state.adding:
            self.date_created = self.date_updated
            self.created_by = by
