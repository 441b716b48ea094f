from typing import TYPE_CHECKING

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.utils import timezone

from casenotes.querysets import CaseNoteManager, CaseNoteQuerySet, note_words
from clients.models import ClientRecord, deleted_index, newest_index
from clients.models.record import client_key
from enrollments.models.filed_on import enrollment_is_not_deleted
from records.addresses import address
from records.history import tracked
from records.querysets import UNDO_FOR
from records.visibility import Visibility

if TYPE_CHECKING:
    from agencies.models import User

LONGEST = 200_000  # characters: what one request carries in any script

models.TextField.register_lookup(Length)


@tracked(by_time=True)
class CaseNote(ClientRecord):
    """What a case worker wrote about a client; the author is `created_by`.

    `enrollment` is the default for its services. The text is kept as it was typed.
    """

    client = client_key(db_index=False)
    visibility = models.CharField(
        "who may see this note",
        max_length=3,
        choices=Visibility.choices,
        default=Visibility.OWN_ORGANIZATION,
    )
    date = models.DateField(default=timezone.localdate)
    title = models.CharField(max_length=200)
    text = models.TextField()
    read_only = models.BooleanField("Read Only", default=False)
    enrollment = models.ForeignKey(
        "enrollments.Enrollment",
        verbose_name="Default Enrollment",
        on_delete=models.PROTECT,
        related_name="case_notes",
        null=True,
        blank=True,
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    list_page = "casenotes:notes"
    objects = CaseNoteManager()
    with_deleted = CaseNoteQuerySet.as_manager()

    class Meta(ClientRecord.Meta):
        triggers = [*ClientRecord.Meta.triggers, enrollment_is_not_deleted()]
        ordering = ["-date", "-pk"]
        indexes = [
            newest_index("note_by_client"),
            deleted_index("note_deleted_newest"),
            # With btree_gin: one look finds the notes of one client that have a word, however many
            # clients there are and however common the word is.
            GinIndex(
                F("client"),
                note_words(),
                name="note_words",
                fastupdate=False,
            ),
        ]
        constraints = [
            *ClientRecord.Meta.constraints,
            models.CheckConstraint(
                name="note_has_a_title",
                condition=~Q(title=""),
                violation_error_message="Enter a title.",
            ),
            models.CheckConstraint(
                name="note_has_a_text",
                condition=~Q(text=""),
                violation_error_message="Write the note.",
            ),
            models.CheckConstraint(
                name="note_text_fits",
                condition=Q(text__length__lte=LONGEST),
                violation_error_message=(
                    f"A note has at most {LONGEST:,} characters. Split it in two."
                ),
            ),
            models.CheckConstraint(
                name="note_read_only_is_not_deleted",
                condition=Q(read_only=False) | Q(date_deleted=None),
                violation_error_message="A Read Only note cannot be deleted.",
            ),
        ]

    def get_absolute_url(self) -> str:
        return address("casenotes:note", self.client_id, self.pk)

    @property
    def is_shared(self) -> bool:
        return self.visibility == Visibility.ALL_ORGANIZATIONS

    def rights_of(self, user: "User") -> dict[str, bool]:
        """What a user may do with the note beside reading it; who edits may also delete."""
        edit, untick = self.may_be_edited_by(user), self.may_be_unticked_by(user)
        return {"edit": edit, "untick": untick, "print": self.may_be_printed_by(user)}

    def is_readable_by(self, user: "User") -> bool:
        """Of a client that the user may see: by the writing organization, and by all if shared."""
        return not self.date_deleted and (self.is_shared or self.organization_id in user.access)

    def may_be_edited_by(self, user: "User") -> bool:
        is_open = not (self.read_only or self.date_deleted)
        return is_open and self.organization_id in user.access

    def may_be_printed_by(self, user: "User") -> bool:
        return self.read_only and self.is_readable_by(user)

    def may_be_unticked_by(self, user: "User") -> bool:
        """Whether the user may take Read Only off: the author or a DQO of the organization."""
        return self.read_only and not self.date_deleted and user.may_manage_record(self)

    def may_be_shared_by(self, user: "User") -> bool:
        """The author decides who sees the note; a DQO may take a shared one back."""
        if self.organization_id not in user.access:
            return False
        is_author = self.created_by_id == user.pk
        return is_author or (self.is_shared and user.may_manage_record(self))

    def may_be_restored_by(self, user: "User") -> bool:
        """A DQO of the organization; within the hour who deleted it, too."""
        return bool(self.date_deleted) and (
            self.organization_id in user.dqo_organizations or self.may_be_undone_by(user)
        )

    def may_be_undone_by(self, user: "User") -> bool:
        is_recent = self.date_deleted and self.date_deleted >= timezone.now() - UNDO_FOR
        is_own = self.deleted_by_id == user.pk and self.organization_id in user.access
        return bool(is_recent) and is_own

    def set_read_only(self, read_only: bool, *, by: "User") -> None:
        """Tick or untick the box; the history says who did."""
        self.read_only = read_only
        self._write("read_only", by=by)

    def set_visibility(self, visibility: Visibility, *, by: "User") -> None:
        self.visibility = visibility
        self._write("visibility", by=by)

    def _write(self, name: str, *, by: "User") -> None:
        self.version += 1
        self.stamp(by=by)
        self.save(update_fields=[name, "version", "date_updated", "updated_by"])


class NoteAction(models.TextChoices):
    """What can be done with a note beside reading and editing it (6.5)."""

    LOCK = "lock", "Make Read Only"
    UNTICK = "untick", "Clear Read Only"
    SHARE = "share", "Share with all organizations"
    UNSHARE = "unshare", "Share with my organization only"
    DELETE = "delete", "Delete"

    def is_open_to(self, user: "User", note: CaseNote) -> bool:
        match self:
            case NoteAction.UNTICK:
                return note.may_be_unticked_by(user)
            case NoteAction.SHARE:
                return not note.is_shared and self._may_share(user, note)
            case NoteAction.UNSHARE:
                return note.is_shared and self._may_share(user, note)
        return note.may_be_edited_by(user)

    @property
    def short(self) -> str:
        """Its entry in the menu of a row; the pop-up has the whole label."""
        return {
            NoteAction.LOCK: "Lock",
            NoteAction.UNTICK: "Unlock",
            NoteAction.SHARE: "Share",
            NoteAction.UNSHARE: "Stop sharing",
            NoteAction.DELETE: "Delete",
        }[self]

    @property
    def icon(self) -> str:
        if self == NoteAction.DELETE:
            return "trash"
        return "lock" if self in (NoteAction.LOCK, NoteAction.UNTICK) else "share"

    @staticmethod
    def _may_share(user: "User", note: CaseNote) -> bool:
        return not note.read_only and note.may_be_shared_by(user)

    @property
    def done(self) -> str:
        return {
            NoteAction.LOCK: "The note is now Read Only. It can be printed.",
            NoteAction.UNTICK: "Read Only is off. The note can be edited and deleted.",
            NoteAction.SHARE: (
                "All organizations that have access to the client can now read the note."
            ),
            NoteAction.UNSHARE: "Now only your organization can read the note.",
            NoteAction.DELETE: "Note deleted.",
        }[self]
