from django.db import models
from django.urls import reverse

from clients.merge.policies import Moves, own_rows
from clients.merge.triggers import follows_merge
from clients.models import KeptSearch


class NoteSearch(KeptSearch):
    """What a user looks for among the notes of one client."""

    client = models.ForeignKey("clients.Client", on_delete=models.CASCADE, related_name="+")

    on_merge = {"client": Moves("kept searches", is_compared=False, seen=own_rows("user"))}

    class Meta(KeptSearch.Meta):
        triggers = [follows_merge()]

    def get_absolute_url(self) -> str:
        return reverse("casenotes:found", args=[self.client_id, self.pk])
