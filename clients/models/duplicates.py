"""Pairs of clients who may be one person: reported by users, found by `find_duplicates`."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from agencies.models import User
from clients.merge.policies import NamesTwoClients
from clients.models.client import Client
from clients.querysets import ReportQuerySet
from records.history import tracked
from records.model_fields import protected
from records.models import Record
from records.querysets import RecordManager


class Resolution(models.TextChoices):
    """What became of a report."""

    MERGED = "merged", "Merged"
    DIFFERENT = "different", "Different people"
    WITHDRAWN = "withdrawn", "Withdrawn"


@tracked(read_by=("client_1", "client_2"))
class DuplicateReport(Record):
    """Two client IDs that a user takes for the same person, for the DQO to merge."""

    Resolution = Resolution

    client_1 = protected("clients.Client")
    client_2 = protected("clients.Client")
    comment = models.TextField(max_length=4000)
    mailed_at = models.DateTimeField(null=True, blank=True, editable=False)
    resolution = models.CharField(
        max_length=10, choices=Resolution.choices, blank=True, editable=False
    )
    resolved_by = protected("agencies.User", null=True, blank=True, editable=False, db_index=False)
    resolved_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = RecordManager.from_queryset(ReportQuerySet)()
    with_deleted = ReportQuerySet.as_manager()
    on_merge = dict.fromkeys(
        ["client_1", "client_2"],
        NamesTwoClients(
            lambda by, at: {"resolution": "merged", "resolved_by_id": by.pk, "resolved_at": at},
            decision="resolution",
        ),
    )

    class Meta(Record.Meta):
        ordering = ["-date_created"]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                name="duplicate_report_of_two_clients",
                condition=~Q(client_1=F("client_2")),
                violation_error_message="Enter two different client IDs.",
            ),
            models.CheckConstraint(
                name="duplicate_report_resolution_is_known",
                condition=Q(resolution__in=["", *Resolution.values]),
                violation_error_message="Choose merged, different people or withdrawn.",
            ),
            models.CheckConstraint(
                name="duplicate_report_resolved_by_somebody",
                condition=Q(resolution="", resolved_by=None, resolved_at=None)
                | (~Q(resolution="") & Q(resolved_by__isnull=False, resolved_at__isnull=False)),
                violation_error_message="Say who resolved the report, and when.",
            ),
        ]

    def __str__(self) -> str:
        return f"Clients {self.client_1_id} and {self.client_2_id}"

    def get_absolute_url(self) -> str:
        return reverse("duplicates:compare", args=[self.pk])

    @property
    def outcome(self) -> str:
        """What became of it, in a sentence."""
        if not self.resolution:
            return ""
        day = f"{timezone.localtime(self.resolved_at):%m/%d/%Y}"
        if self.resolution == Resolution.MERGED:
            return f"Client IDs {self.client_1_id} and {self.client_2_id} were merged on {day}."
        if self.resolution == Resolution.WITHDRAWN:
            return f"{self.resolved_by} withdrew this report on {day}."
        return f"{self.resolved_by} found on {day} that they are different people."

    def resolve(self, resolution: Resolution, *, by: User) -> None:
        self.resolution, self.resolved_by, self.resolved_at = resolution, by, timezone.now()
        self.save(update_fields=["resolution", "resolved_by", "resolved_at"])

    def reopen(self) -> None:
        self.resolution, self.resolved_by, self.resolved_at = "", None, None
        self.save(update_fields=["resolution", "resolved_by", "resolved_at"])


class Decision(models.TextChoices):
    """What a Data Quality Officer found out about a pair."""

    OPEN = "open", "To be decided"
    DIFFERENT = "different", "Different people"
    SAME = "same", "Same person"


class PossibleDuplicateQuerySet(models.QuerySet):
    def of_clients(self, client_id: int, other_id: int) -> "PossibleDuplicateQuerySet":
        """The pair of these two, in whichever order they are named."""
        first, second = sorted([client_id, other_id])
        return self.filter(client_1=first, client_2=second)

    def current(self) -> "PossibleDuplicateQuerySet":
        """Pairs of which both clients are there: neither deleted nor merged away."""
        clients = {
            f"{client}__{field}": None
            for client in ("client_1", "client_2")
            for field in ("date_deleted", "merged_into")
        }
        return self.filter(**clients)

    def for_officer(self, user: User) -> "PossibleDuplicateQuerySet":
        """Pairs of which the user's own organizations filed both clients; all for a superuser."""
        if user.is_superuser:
            return self
        own = user.dqo_organizations
        return self.filter(organization_1__in=own, organization_2__in=own)


ORGANIZATIONS = ["organization_1", "organization_2"]
# They stand beside the score, so that an officer's queue is one stretch of an index.
OF_NEW_PAIR = """
    SELECT organization_id INTO NEW.organization_1_id
        FROM clients_client WHERE id = NEW.client_1_id;
    SELECT organization_id INTO NEW.organization_2_id
        FROM clients_client WHERE id = NEW.client_2_id;
    RETURN NEW;
"""


@tracked(exclude=ORGANIZATIONS)
class PossibleDuplicate(models.Model):
    """Two clients who may be one person, as `manage.py find_duplicates` found them.

    A pair stands once, the lower Client ID first. "Different people" is for good: the pair comes
    back only when a name, date of birth or SSN of either was changed since, and they then look
    more alike than they did.
    """

    Decision = Decision

    client_1 = protected(Client, db_index=False)  # the constraint's index begins with it
    client_2 = protected(Client)
    # Who filed the clients, kept by triggers here and of Client.
    organization_1 = protected("agencies.Organization", db_index=False, null=True, editable=False)
    organization_2 = protected("agencies.Organization", db_index=False, null=True, editable=False)
    score = models.FloatField(
        help_text="How likely they are one person, from 0 to 1, as clients.duplicates weighs it."
    )
    reasons = ArrayField(
        models.CharField(max_length=60),
        default=list,
        blank=True,
        help_text="What agrees and what does not, in words without the data: Same date of birth.",
    )
    identity = models.CharField(
        max_length=32,
        editable=False,
        help_text="Keyed hash of what was compared: whether it changed since.",
    )
    found_at = models.DateTimeField(auto_now_add=True)
    decision = models.CharField(max_length=10, choices=Decision.choices, default=Decision.OPEN)
    decided_by = protected("agencies.User", null=True, blank=True, db_index=False)
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = PossibleDuplicateQuerySet.as_manager()
    on_merge = dict.fromkeys(
        ["client_1", "client_2"],
        NamesTwoClients(
            lambda by, at: {"decision": "same", "decided_by_id": by.pk, "decided_at": at},
            decision="decision",
            is_in_order=True,
            seen=lambda rows, user: PossibleDuplicate.objects.filter(pk__in=rows).for_officer(user),
        ),
    )

    class Meta:
        ordering = ["-score", "pk"]
        indexes = [
            # The queue in its own order, so that a page of it ends the scan.
            models.Index(
                F("decision"), F("score").desc(), F("id"), name="possible_duplicate_queue"
            ),
            models.Index(
                *(F(name) for name in [*ORGANIZATIONS, "decision"]),
                *(F("score").desc(), F("id")),
                name="possible_duplicate_of_officer",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="organizations_of_new_pair",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=OF_NEW_PAIR,
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="possible_duplicate_in_order",
                condition=Q(client_1__lt=F("client_2")),
                violation_error_message="Name two different clients, the lower Client ID first.",
            ),
            models.UniqueConstraint(
                name="possible_duplicate_once",
                fields=["client_1", "client_2"],
                violation_error_message="These two clients are on the list already.",
            ),
            models.CheckConstraint(
                name="possible_duplicate_score_fits",
                condition=Q(score__gte=0, score__lte=1),
                violation_error_message="The score is a number from 0 to 1.",
            ),
            models.CheckConstraint(
                name="possible_duplicate_decision_is_known",
                condition=Q(decision__in=Decision.values),
                violation_error_message="Choose one of the listed decisions.",
            ),
            models.CheckConstraint(
                name="possible_duplicate_decided_by_somebody",
                condition=Q(decision=Decision.OPEN, decided_by=None, decided_at=None)
                | (
                    ~Q(decision=Decision.OPEN)
                    & Q(decided_by__isnull=False, decided_at__isnull=False)
                ),
                violation_error_message="Say who decided about the pair, and when.",
            ),
        ]

    def __str__(self) -> str:
        return f"Clients {self.client_1_id} and {self.client_2_id}"

    def reopen(self) -> None:
        """Make it wait for a decision again; not saved yet."""
        self.decision, self.decided_by, self.decided_at = Decision.OPEN, None, None
