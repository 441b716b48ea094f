"""What a client agreed to, or refused: a Release of Information (13.1)."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from clients.fields import EncryptedTextField
from clients.merge.policies import everybody
from clients.merge.releases import SharesTheLess
from clients.models.latest_counts import LATEST_COUNTS
from clients.models.record import client_key, follows_merge
from clients.models.release_term import LAST_DAY, HasTerm, ends_between, is_last
from clients.sharing import Part, shared_with
from records import clock
from records.history import tracked
from records.model_fields import protected

if TYPE_CHECKING:
    from agencies.models import User

# Ten years, which have two or three leap days; `consent` has it in months (MOST_MONTHS).
LONGEST_TERM = timedelta(days=3653)
ON_SCREEN = ("signed", "typed")  # the kinds that have a text, and a signature (`consent`)
COUNTS = Q(revoked_at=None, undecided=False) & ~Q(kind="refused")
WAITS = Q(undecided=True, revoked_at=None, replaced_on=None)  # for an officer, since a merge
LATER = ["revoked_at", "revoked_by", "revoked_reason", "undecided"]  # what becomes of an answer
DERIVED = ["replaced_on", "excludes"]


def lasts(day: date) -> Q:
    """The answer is not over on a day."""
    return Q(ends_on=None) | Q(ends_on__gte=day)


def is_latest(day: date) -> Q:
    """No later answer has taken its place on a day."""
    return Q(replaced_on=None) | Q(replaced_on__gt=day)


class ReleaseQuerySet(models.QuerySet):
    def in_force_on(self, day: date) -> Self:
        """Releases that count on a day, for whichever organization."""
        return self.filter(COUNTS, lasts(day), is_latest(day), begins_on__lte=day)

    def covering(self, organization_ids: list[int]) -> Self:
        """Releases that name one of these organizations, or all and do not leave out each."""
        if not organization_ids:
            return self.none()
        for_all = Q(covers=None) & ~Q(excludes__contains=organization_ids)
        return self.filter(Q(covers__in=organization_ids) | for_all)

    def last_ones(self) -> Self:
        """Answers that no other one has ended."""
        return self.filter(is_last())

    def ending(self, first: date, last: date) -> Self:
        """Releases with nothing after them whose last day, `until`, is one of these days."""
        return self.filter(COUNTS, ends_between(first, last)).annotate(until=LAST_DAY)

    def undecided(self) -> Self:
        """Releases that wait for an officer's decision since a merge."""
        return self.filter(WAITS)

    def of_client(self, client_id: int) -> Self:
        return self.filter(client=client_id)

    def visible_to(self, user: "User") -> Self:
        """Answers of the clients whose identity the user sees: what counts is no secret to them."""
        return self.filter(shared_with(user, Part.IDENTITY, "client"), client__date_deleted=None)

    def editable_by(self, user: "User") -> Self:
        """Those that the user may revoke: whoever sees the client may be told of it."""
        return self.visible_to(user).filter(revoked_at=None)


@tracked(exclude=DERIVED, by_time=True)
class Release(HasTerm, models.Model):
    """One client's answer about sharing with other organizations: a release, or its refusal.

    It is never edited or deleted, only revoked; what was recorded by mistake is revoked for that
    reason. The text that was signed, and the file, name their release (`consent`, `files`).

    organization: who asked the client. covers: whom the answer is about; empty for every
    organization. witness: the user before whom the client answered.
    answered_on: the day of the answer, and begins_on the first on which it counts.
    ends_on: the last day; empty: until it is revoked. `last_day`: a guardian's may end before it.
    text_hash: SHA-256 of the text that was signed or agreed to under a typed name.
    undecided: since a merge it counts no longer, until an officer has decided.
    replaced_on, excludes: what other answers, or an 18th birthday, leave of it (LATEST_COUNTS).
    """

    class Kind(models.TextChoices):
        SIGNED = "signed", "Signed on the screen"
        TYPED = "typed", "Signed with a typed name"
        UPLOADED = "uploaded", "Uploaded document"
        VERBAL = "verbal", "Verbal"
        REFUSED = "refused", "Refused"

    class SignedBy(models.TextChoices):
        CLIENT = "client", "Client"
        GUARDIAN = "guardian", "Parent or guardian"

    class Reason(models.TextChoices):
        CLIENT = "client", "The client revoked it"
        GUARDIAN = "guardian", "The parent or guardian revoked it"
        MERGE = "merge", "Decided after a merge"
        MISTAKE = "mistake", "Recorded by mistake"

    class State(models.TextChoices):
        IN_FORCE = "in_force", "In force"
        FUTURE = "future", "Not begun"
        ENDED = "ended", "Ended"
        REVOKED = "revoked", "Revoked"
        REPLACED = "replaced", "Replaced by a later answer"
        UNDECIDED = "undecided", "Waiting for a decision after a merge"
        REFUSED = "refused", "Refused"

    client = client_key(db_index=False)
    organization = protected("agencies.Organization", db_index=False)
    covers = protected(
        "agencies.Organization",
        null=True,
        blank=True,
        db_index=False,
        verbose_name="organization",
        help_text="Leave it empty for every organization.",
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    signed_by = models.CharField(
        max_length=10, choices=SignedBy.choices, default=SignedBy.CLIENT, db_default="client"
    )
    guardian_name = EncryptedTextField("name of the parent or guardian", blank=True)
    witness = protected("agencies.User", db_index=False)
    answered_on = models.DateField("date of the answer", default=timezone.localdate)
    begins_on = models.DateField("begins on", default=timezone.localdate)
    ends_on = models.DateField("ends on", null=True, blank=True)
    text_hash = models.CharField(max_length=64, blank=True, editable=False)
    date_created = models.DateTimeField(default=timezone.now, editable=False)
    created_by = protected("agencies.User", editable=False, db_index=False)
    revoked_at = models.DateTimeField("revoked", null=True, blank=True, editable=False)
    revoked_by = protected("agencies.User", null=True, blank=True, editable=False, db_index=False)
    revoked_reason = models.CharField(
        "reason", max_length=10, choices=Reason.choices, blank=True, editable=False
    )
    undecided = models.BooleanField(default=False, db_default=False, editable=False)
    replaced_on = models.DateField(null=True, blank=True, editable=False)
    excludes = ArrayField(
        models.BigIntegerField(), default=list, db_default=[], blank=True, editable=False
    )

    objects = ReleaseQuerySet.as_manager()
    on_merge = {
        "client": SharesTheLess(
            "where the clients agreed to different things, an officer decides which still apply",
            seen=everybody,
        )
    }

    class Meta:
        ordering = ["-answered_on", "-pk"]
        verbose_name = "release of information"
        verbose_name_plural = "releases of information"
        indexes = [
            models.Index(fields=["client"], name="release_in_force", condition=COUNTS),
            models.Index(F("client"), F("answered_on").desc(), name="release_of_client"),
            models.Index(fields=["date_created"], name="release_together"),
            models.Index(fields=["client"], name="release_undecided", condition=WAITS),
            models.Index(
                fields=["ends_on"], name="release_ending", condition=COUNTS & Q(replaced_on=None)
            ),
            models.Index(
                fields=["replaced_on"],
                name="release_cut_short",
                condition=COUNTS & Q(signed_by="guardian", replaced_on__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="release_kind_is_known",
                condition=Q(kind__in=["signed", "typed", "uploaded", "verbal", "refused"]),
                violation_error_message="Choose how the client answered.",
            ),
            models.CheckConstraint(
                name="release_ends_after_start",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("begins_on")),
                violation_error_message="A release cannot end before it begins.",
            ),
            models.CheckConstraint(
                name="release_lasts_ten_years",
                condition=Q(ends_on=None) | Q(ends_on__lte=F("begins_on") + LONGEST_TERM),
                violation_error_message="A release lasts at most ten years.",
            ),
            models.CheckConstraint(
                name="release_begins_with_its_answer",
                condition=Q(begins_on__gte=F("answered_on")),
                violation_error_message="A release cannot begin before the client has answered.",
            ),
            models.CheckConstraint(
                name="release_refused_has_no_term",
                condition=~Q(kind="refused") | Q(ends_on=None, begins_on=F("answered_on")),
                violation_error_message="A refusal counts from its day until another answer.",
            ),
            models.CheckConstraint(
                name="release_text_is_signed",
                condition=Q(kind__in=["signed", "typed"], text_hash__regex="^[0-9a-f]{64}$")
                | Q(kind__in=["uploaded", "verbal", "refused"], text_hash=""),
                violation_error_message="What is signed here has a text, and nothing else has one.",
            ),
            models.CheckConstraint(
                name="release_signed_by_is_known",
                condition=Q(signed_by__in=["client", "guardian"]),
                violation_error_message="Choose who signed: the client, or a parent or guardian.",
            ),
            # The form asks for the name; an erasure takes it out.
            models.CheckConstraint(
                name="release_guardian_signs",
                condition=Q(signed_by="guardian") | Q(guardian_name=""),
                violation_error_message="Name a parent or guardian only where one signed.",
            ),
            models.CheckConstraint(
                name="release_revoked_by_somebody",
                condition=Q(revoked_at=None, revoked_by=None, revoked_reason="")
                | Q(
                    revoked_at__isnull=False,
                    revoked_by__isnull=False,
                    revoked_reason__in=["client", "guardian", "merge", "mistake"],
                ),
                violation_error_message="What is revoked has a reason, a user and a moment.",
            ),
        ]
        triggers = [
            follows_merge(),
            pgtrigger.Trigger(
                name="latest_counts",
                when=pgtrigger.After,
                operation=pgtrigger.Insert
                | pgtrigger.UpdateOf("client_id", "revoked_reason", "undecided"),
                func=LATEST_COUNTS,
            ),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="never_edited", exclude=["client", "guardian_name", *LATER, *DERIVED]
            ),
        ]

    def __str__(self) -> str:
        return f"Release {self.pk}"

    @property
    def is_refusal(self) -> bool:
        return self.kind == self.Kind.REFUSED

    @property
    def state(self) -> "Release.State":
        return self.state_on(clock.today())

    def state_on(self, day: date) -> "Release.State":
        """What counts of this answer on a day; a refusal is one until another answer."""
        if self.revoked_at is not None:
            return self.State.REVOKED
        if self.replaced_on is not None and self.replaced_on <= day:
            return self.State.ENDED if self.is_cut_short else self.State.REPLACED
        if self.is_refusal:
            return self.State.REFUSED
        if self.undecided:
            return self.State.UNDECIDED
        if self.ends_on is not None and self.ends_on < day:
            return self.State.ENDED
        return self.State.FUTURE if self.begins_on > day else self.State.IN_FORCE
