import json
import uuid
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from agencies.models import Funder
from clients.fields import EncryptedTextField
from clients.merge.policies import Moves, own_organizations
from clients.models import Client
from clients.models.record import follows_merge
from enrollments.models.draft_answers import Answers
from enrollments.models.enrollment import Enrollment
from hud.choices import DataCollectionStage
from records.model_fields import protected
from records.statements import compiled

if TYPE_CHECKING:
    from agencies.models import User


# Not whole rows: of clients and organizations a list shows the names.
LISTED = (
    *("kind", "client", "step", "answers_json", "updated_at"),
    *(f"client__{name}" for name in ("first_name", "middle_name", "last_name", "name_suffix")),
    *(f"organization__{name}" for name in ("organization_name", "organization_common_name")),
)


class IntakeDraftQuerySet(models.QuerySet):
    def owned_by(self, user: "User") -> Self:
        """A user's own drafts, for organizations that the user still has access to."""
        return self.filter(created_by=user, organization__in=list(user.access))

    def paused(self) -> Self:
        """Those that wait to be finished, the last touched first."""
        return self.filter(finished_at=None, discarded_at=None).order_by("-updated_at")

    def discarded_since(self, moment: datetime) -> Self:
        return self.filter(discarded_at__gte=moment)

    def forget_discarded(self, *, before: datetime) -> int:
        """Empty the drafts whose discarding cannot be undone any more."""
        return self.filter(discarded_at__lt=before).exclude(answers_json="").update(answers_json="")

    def listed_for(self, user: "User") -> Self:
        """With what a list of drafts shows.

        `client_is_seen`: the user may see the first client.
        """
        seen = Client.objects.visible_to(user).filter(pk=OuterRef("client")).order_by()
        rows = self.select_related("organization", "client").only(*LISTED)
        return rows.annotate(client_is_seen=Exists(seen))


class IntakeDraft(models.Model):
    """An intake, or a later assessment, that is not finished: one row from its first page (4.7).

    Only its owner works on it. Its answers are kept as they were typed, encrypted, and wiped when
    it is finished or discarded.
    """

    class Step(models.TextChoices):
        BASIC = "basic", "Basic Client Information"
        FAMILY = "family", "Family Members"
        PROGRAM = "program", "HUD Program Enrollment"
        UNIVERSAL = "universal", "Universal Data Assessment"
        BARRIERS = "barriers", "Barriers"
        VIOLENCE = "domestic-violence", "Domestic Violence"
        HEALTH = "health", "Health"  # this and the next where a program asks
        EDUCATION = "education", "Education and Employment"
        INCOME = "income", "Income and Sources"
        BENEFITS = "benefits", "Non-Cash Benefits"
        INSURANCE = "insurance", "Health Insurance"
        RELEASE = "release", "Release of Information"  # added by settings.INTAKE_STEPS
        REVIEW = "review", "Review"
        EXIT = "exit", "Exit"  # of the workflow that ends enrollments, and no step of an intake

    class Kind(models.TextChoices):
        INTAKE = "intake", "Intake"
        REOPEN = "reopen", "Re-opened enrollment"
        MEMBER = "member", "Add Household Member"  # to a household that is enrolled
        UPDATE = "update", "Update assessment"
        ANNUAL = "annual", "Annual assessment"
        EXIT = "exit", "Exit assessment"
        DEPARTURE = "departure", "Exit"  # exit and exit assessment in one workflow

        @property
        def stage(self) -> DataCollectionStage:
            """HUD 5.03: what the answers of such a draft are filed as."""
            return {
                self.UPDATE: DataCollectionStage.UPDATE,
                self.ANNUAL: DataCollectionStage.ANNUAL,
                self.EXIT: DataCollectionStage.EXIT,
                self.DEPARTURE: DataCollectionStage.EXIT,
            }.get(self, DataCollectionStage.ENTRY)

        @classmethod
        def of_stage(cls, stage: int) -> "IntakeDraft.Kind":
            """Which kind of draft corrects answers that are filed as this stage."""
            filed = {one.stage: one for one in (cls.UPDATE, cls.ANNUAL, cls.EXIT)}
            return filed.get(DataCollectionStage(stage), cls.REOPEN)

        @property
        def enrolls(self) -> bool:
            """Whether it is about the enrollment itself, and not only about a later date."""
            return self in {self.INTAKE, self.REOPEN, self.MEMBER}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.INTAKE)
    organization = protected("agencies.Organization", db_index=False)
    created_by = models.ForeignKey(
        "agencies.User", on_delete=models.PROTECT, related_name="intake_drafts", db_index=False
    )
    client = protected("clients.Client")
    household = protected("enrollments.Household", null=True, blank=True)
    step = models.CharField(max_length=20)
    answers_json = EncryptedTextField(blank=True)  # the answers, as JSON
    version = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    discarded_at = models.DateTimeField(null=True, blank=True)

    begun_from: int | None = None  # the enrollment that a draft not saved yet is opened from
    client_is_seen = False  # as `listed_for` finds it

    objects = IntakeDraftQuerySet.as_manager()
    # The IDs in its answers are followed when it is opened: `Answers.follow_merges`.
    on_merge = {
        "client": Moves("unfinished intakes go on", is_compared=False, seen=own_organizations)
    }

    class Meta:
        ordering = ["-updated_at"]
        indexes = [
            models.Index(
                fields=["created_by", "-updated_at"],
                name="draft_paused_by_owner",
                condition=Q(finished_at=None, discarded_at=None),
            ),
            models.Index(
                fields=["organization", "updated_at"],
                name="draft_paused_of_organization",
                condition=Q(finished_at=None, discarded_at=None),
            ),
            # Those that can be restored, until an hour later their answers are wiped: a few.
            models.Index(
                fields=["discarded_at"],
                name="draft_discarded",
                condition=~Q(answers_json="") & Q(discarded_at__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="draft_kind_is_known",
                condition=Q(
                    kind__in=[
                        *("intake", "reopen", "member", "update", "annual", "exit", "departure")
                    ]
                ),
                violation_error_message="Choose a kind of intake.",
            ),
            models.CheckConstraint(
                name="draft_of_a_household",
                condition=Q(kind="intake") | Q(household__isnull=False),
                violation_error_message="An assessment is about a household that is enrolled.",
            ),
            models.CheckConstraint(
                name="draft_finished_keeps_no_answers",
                condition=Q(finished_at=None) | Q(answers_json="", household__isnull=False),
                violation_error_message="A finished intake has its household and no answers.",
            ),
        ]
        triggers = [follows_merge()]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"

    def get_absolute_url(self) -> str:
        """The page where its owner left off."""
        return self.url_of(self.step)

    def url_of(self, slug: str) -> str:
        """The page of a step; saving it begins a draft that is not saved yet."""
        return self._url("intake_step", "begin_step", slug)

    def autosave_url_of(self, slug: str) -> str:
        return self._url("autosave_intake", "autosave_first", slug)

    def _url(self, name: str, before: str, slug: str) -> str:
        if self.is_begun:
            return reverse(f"enrollments:{name}", args=[self.pk, slug])
        return self.begin_url(
            before,
            client_id=self.client_id,
            enrollment_id=self.begun_from,
            kind=self.kind,
            slug=slug,
            corrects=self.answers.corrects,
        )

    @staticmethod
    def begin_url(name: str = "begin_step", **place: Any) -> str:
        """The page of a step that begins a draft when it is saved; opening it writes nothing.

        Args:
            place: client_id, enrollment_id, kind, slug, and the date of what it corrects, if any.
        """
        parts = {part: value for part, value in place.items() if value is not None}
        return reverse(f"enrollments:{name}", kwargs=parts)

    @property
    def is_begun(self) -> bool:
        """Whether it is saved: it begins with the first thing typed."""
        return not self._state.adding

    @property
    def visible_client(self) -> Client | None:
        """Its first client, of a draft of a list, where the user may see that one."""
        return self.client if self.client_is_seen else None

    @property
    def label(self) -> str:
        """Its people as a list of drafts names them."""
        client, others = self.visible_client, len(self.answers.people) - 1
        name = client.sorted_name if client else "A client you no longer have access to"
        return f"{name} and {others} more" if others else name

    @property
    def step_label(self) -> str:
        return self.Step(self.step).label if self.step else ""

    @property
    def is_open(self) -> bool:
        return self.finished_at is None and self.discarded_at is None

    @property
    def kind_of(self) -> "IntakeDraft.Kind":
        return self.Kind(self.kind)

    @cached_property
    def answers(self) -> Answers:
        """What is typed, and what is known of it; written back by `keep`."""
        return Answers(self)

    @cached_property
    def household_rows(self) -> list[Enrollment]:
        """The enrollments of the household that it is about, with clients and project.

        Those that its owner sees: the others are neither named nor counted nor changed (R16.2).
        """
        return _household_seen_by(self.created_by, self.household_id)

    @property
    def enrollments(self) -> list[Enrollment]:
        """Those of them whose answers its owner may read and write.

        An import may bring a household in whose members different organizations have enrolled:
        the answers of one are not for another one's drafts (docs/security/field-rights.md).
        """
        return [row for row in self.household_rows if self.created_by.may_change(row)]

    @cached_property
    def funders(self) -> dict[int, list[Funder]]:
        """The grants of the projects that it was about so far, as they were read."""
        return {}

    @cached_property
    def added(self) -> dict[str, bool]:
        """Whether the steps of upper floors are asked, as it was found out."""
        return {}

    def keep(self) -> None:
        """Write the answers, one version on."""
        self.answers_json = json.dumps(self.answers.content, separators=(",", ":"))
        self.version += 1
        self.updated_at = timezone.now()
        self.save(update_fields=["answers_json", "version", "updated_at", "step"])

    def discard(self) -> None:
        self.discarded_at = timezone.now()
        self.save(update_fields=["discarded_at"])

    def restore(self) -> None:
        self.discarded_at = None
        self.save(update_fields=["discarded_at"])


@compiled
def _household_seen_by(user: "User", household_id: int | None) -> models.QuerySet[Enrollment]:
    return Enrollment.objects.visible_to(user).of_household(household_id)
