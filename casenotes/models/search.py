from django.db import models
from django.urls import reverse

from clients.merge.policies import Moves, own_rows
from clients.models import SavedSearch
from clients.models.record import follows_merge


class NoteSearch(SavedSearch):
    """What a user looks for among the notes of one client."""

    client = models.ForeignKey("clients.Client", on_delete=models.CASCADE, related_name="+")

    on_merge = {"client": Moves("saved searches", is_compared=False, seen=own_rows("user"))}

    class Meta(SavedSearch.Meta):
        triggers = [follows_merge()]

    def get_absolute_url(self) -> str:
        return reverse("casenotes:found", args=[self.client_id, self.pk])
