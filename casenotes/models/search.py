from django.db import models
from django.urls import reverse

from clients.models import KeptSearch


class NoteSearch(KeptSearch):
    """What a user looks for among the notes of one client."""

    client = models.ForeignKey("clients.Client", on_delete=models.CASCADE, related_name="+")

    def get_absolute_url(self) -> str:
        return reverse("casenotes:found", args=[self.client_id, self.pk])
