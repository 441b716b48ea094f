from datetime import datetime
from typing import Self

from django.db import models
from django.urls import reverse
from django.utils import timezone

from clients.merge.policies import Moves, own_rows
from clients.models import SavedSearch
from clients.models.form_draft import Draft, DraftQuerySet
from clients.models.record import follows_merge

SHOWN = 200  # characters of the text in a list of drafts


class NoteDraftQuerySet(DraftQuerySet):
    def waiting(self) -> Self:
        return super().waiting().filter(discarded_at=None)

    def discarded_before(self, moment: datetime) -> Self:
        return self.filter(discarded_at__lt=moment)


class NoteDraft(Draft):
    """What a user typed into one opened form of a note and has not saved yet (6.7).

    A draft that its user discards can be restored for an hour. Whoever goes on typing into its form
    has it back.
    """

    client = models.ForeignKey("clients.Client", on_delete=models.CASCADE, related_name="+")
    note = models.ForeignKey(
        "casenotes.CaseNote", on_delete=models.CASCADE, related_name="+", null=True
    )

    discarded_at = models.DateTimeField(null=True, blank=True)

    objects = NoteDraftQuerySet.as_manager()

    state = (*Draft.state, "discarded_at")
    in_a_list = ("client", "note", "typed_json", "at")
    on_merge = {"client": Moves("half-written notes", is_compared=False, seen=own_rows("user"))}

    class Meta:
        indexes = [models.Index(fields=["user", "-at"], name="draft_user_newest")]
        constraints = [
            models.UniqueConstraint(name="draft_once_a_form", fields=["user", "form_token"])
        ]
        triggers = [follows_merge()]

    @property
    def is_empty(self) -> bool:
        return not any(self.typed.get(name, "").strip() for name in ("text", "title"))

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

    @property
    def restore_url(self) -> str:
        return reverse("casenotes:restore_draft", args=[self.client_id, self.pk])

    def discard(self) -> None:
        self._discarded(at=timezone.now())

    def restore(self) -> None:
        self._discarded(at=None)

    def _discarded(self, *, at: datetime | None) -> None:
        """Nothing happens where its note was saved in the meantime, and it is gone."""
        NoteDraft.objects.filter(pk=self.pk).update(discarded_at=at)


class NoteSearch(SavedSearch):
    """What a user looks for among the notes of one client."""

    client = models.ForeignKey("clients.Client", on_delete=models.CASCADE, related_name="+")

    on_merge = {"client": Moves("saved searches", is_compared=False, seen=own_rows("user"))}

    class Meta(SavedSearch.Meta):
        verbose_name_plural = "note searches"
        triggers = [follows_merge()]

    def get_absolute_url(self) -> str:
        return reverse("casenotes:found", args=[self.client_id, self.pk])
