import json
import uuid

from django.db import models
from django.http import QueryDict
from django.urls import reverse

from casenotes.querysets import NoteDraftQuerySet
from clients.fields import EncryptedTextField
from clients.merge.policies import Moves, own_rows
from clients.models.record import follows_merge

SHOWN = 200  # characters of the text in a list of drafts


class NoteDraft(models.Model):
    """What a user typed into one opened form of a note and has not saved yet (6.7).

    The form's one-time token tells two forms apart that are open at once. `typed_at` is when the
    user's own computer saw the last key, in milliseconds since 1970: it orders two states of one
    form, of which the later one may arrive first.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey("agencies.User", on_delete=models.CASCADE, related_name="note_drafts")
    client = models.ForeignKey("clients.Client", on_delete=models.CASCADE, related_name="+")
    note = models.ForeignKey(
        "casenotes.CaseNote", on_delete=models.CASCADE, related_name="+", null=True
    )
    form_token = models.UUIDField()
    typed_json = EncryptedTextField()
    typed_at = models.BigIntegerField()
    at = models.DateTimeField(auto_now=True, db_index=True)

    objects = NoteDraftQuerySet.as_manager()
    on_merge = {"client": Moves("half-written notes", is_compared=False, seen=own_rows("user"))}

    class Meta:
        indexes = [models.Index(fields=["user", "-at"], name="draft_user_newest")]
        constraints = [
            models.UniqueConstraint(name="draft_once_a_form", fields=["user", "form_token"])
        ]
        triggers = [follows_merge()]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def typed(self) -> QueryDict:
        """The form as the browser sent it."""
        data = QueryDict(mutable=True)
        for name, values in json.loads(self.typed_json).items():
            data.setlist(name, values)
        return data

    @typed.setter
    def typed(self, data: QueryDict) -> None:
        self.typed_json = json.dumps(dict(data.lists()))

    @property
    def title(self) -> str:
        return self.typed.get("title", "").strip()

    @property
    def beginning(self) -> str:
        """The first words of the text."""
        text = " ".join(self.typed.get("text", "")[: 2 * SHOWN].split())
        return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"

    @property
    def continue_url(self) -> str:
        if self.note_id:
            page = reverse("casenotes:edit", args=[self.client_id, self.note_id])
        else:
            page = reverse("casenotes:add", args=[self.client_id])
        return f"{page}?draft={self.pk}"

    @property
    def discard_url(self) -> str:
        return reverse("casenotes:discard_draft", args=[self.client_id, self.pk])
