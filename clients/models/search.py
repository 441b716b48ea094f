import json
import uuid

from django.db import models
from django.urls import reverse

from clients.fields import EncryptedTextField

RETURN_TO = "return_to"


class SavedSearch(models.Model):
    """What a user searched for, under a random id: its page's URL says nothing of the person."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        "agencies.User", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    at = models.DateTimeField(auto_now_add=True, db_index=True)
    criteria_json = EncryptedTextField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def criteria(self) -> dict[str, str]:
        """The boxes that were filled, by name, as they were typed."""
        return json.loads(self.criteria_json)

    @property
    def return_to(self) -> str:
        """The page that wants to know who was found; it is set by our own pages alone."""
        return self.criteria.get(RETURN_TO, "")

    @property
    def choose_url(self) -> str:
        """Where a client of the results is chosen for that page, but for the ID."""
        return f"{self.return_to}?client="

    @criteria.setter
    def criteria(self, boxes: dict[str, str]) -> None:
        self.criteria_json = json.dumps(boxes)


class ClientSearch(SavedSearch):
    """A search of Find Client.

    is_held: its user had reached the limit of searches; a reason opens it (R16.1).
    """

    is_held = models.BooleanField(default=False, db_default=False)

    class Meta(SavedSearch.Meta):
        verbose_name_plural = "client searches"

    def get_absolute_url(self) -> str:
        return reverse("clients:results", args=[self.pk])
