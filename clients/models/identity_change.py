from collections.abc import Collection
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import cached_property

from agencies.models import User
from clients.merge.policies import Stays
from clients.models.client import Client
from clients.models.names import ClientAlias
from hud.choices import RACES
from records.history import tracked
from records.model_fields import protected

ALIASES = "aliases"
RACE_ETHNICITY = "race_ethnicity"
# What belongs together is reverted together: a name with its data quality.
GROUPS: dict[str, tuple[str, ...]] = {
    "name": ("first_name", "middle_name", "last_name", "name_suffix", "name_data_quality"),
    "ssn": ("ssn", "ssn_data_quality"),
    "dob": ("dob", "dob_data_quality"),
    "sex": ("sex",),
    RACE_ETHNICITY: (*(name for name, _ in RACES), "race_none", "additional_race_ethnicity"),
    "phone": ("phone",),
    "email": ("email",),
    "address": ("address1", "address2", "city", "state", "zip"),
}
LABELS = {
    "name": "Name",
    "ssn": "SSN",
    "dob": "Date of Birth",
    "sex": "Sex",
    RACE_ETHNICITY: "Race and Ethnicity",
    "phone": "Phone",
    "email": "E-mail",
    "address": "Address",
    ALIASES: "Aliases",
}


class Decision(models.TextChoices):
    """What an officer of the organization that filed the client did about a change."""

    OPEN = "open", "To be reviewed"
    KEPT = "kept", "Kept"
    REVERTED = "reverted", "Reverted"


class IdentityChangeQuerySet(models.QuerySet):
    def for_officer(self, user: User) -> "IdentityChangeQuerySet":
        """Changes of clients whose data quality the user manages, if they are there still."""
        rows = self.filter(
            client__date_deleted=None, client__merged_into=None, client__erased_at=None
        )
        if user.is_superuser:
            return rows
        return rows.filter(client__organization__in=user.dqo_organizations)


@tracked()
class IdentityChange(models.Model):
    """A change of a client's own data by users of an organization that did not file the client.

    It took effect at once (docs/adr/0001); an officer of the filing organization keeps or reverts
    it (docs/adr/0038). The values stand in the client's history alone: `event` is the version that
    the change made, and the one before it is what there was.
    """

    Decision = Decision

    client = models.ForeignKey(
        Client, on_delete=models.PROTECT, related_name="identity_changes", db_index=False
    )
    event = models.BigIntegerField(unique=True, editable=False)
    groups = ArrayField(models.CharField(max_length=20), help_text="What changed: keys of LABELS.")
    changed_for = protected("agencies.Organization", db_index=False)
    changed_by = protected("agencies.User", db_index=False)
    at = models.DateTimeField(auto_now_add=True)
    decision = models.CharField(max_length=10, choices=Decision.choices, default=Decision.OPEN)
    decided_by = protected("agencies.User", null=True, blank=True, db_index=False)
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = IdentityChangeQuerySet.as_manager()
    on_merge = {"client": Stays("a change is of the record that it was made on")}

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["client", "-at"], name="identity_change_of_client"),
            models.Index(
                fields=["-at", "-id"], name="identity_change_open", condition=Q(decision="open")
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="identity_change_decision_known",
                condition=Q(decision__in=Decision.values),
                violation_error_message="Choose one of the listed decisions.",
            ),
            models.CheckConstraint(
                name="identity_change_decided_by_somebody",
                condition=Q(decision=Decision.OPEN, decided_by=None, decided_at=None)
                | (
                    ~Q(decision=Decision.OPEN)
                    & Q(decided_by__isnull=False, decided_at__isnull=False)
                ),
                violation_error_message="Say who reviewed the change, and when.",
            ),
        ]

    def __str__(self) -> str:
        return f"Client {self.client_id}: {self.what}"

    def get_absolute_url(self) -> str:
        return reverse("admin:clients_identitychange_change", args=[self.pk])

    @property
    def what(self) -> str:
        """The changed groups in words: "Name, Date of Birth"."""
        return in_words(self.groups)

    @cached_property
    def versions(self) -> tuple[Any, Any]:
        """The client's rows in the history: before the change, and as it left them."""
        events = Client.pgh_event_model.objects
        after = events.get(pk=self.event)
        older = events.filter(pgh_obj_id=after.pgh_obj_id, pk__lt=after.pk)
        return older.latest("pk"), after

    @property
    def alias_events(self) -> models.QuerySet:
        """The aliases that the same request added and deleted."""
        _, after = self.versions
        if after.pgh_context_id is None:
            return ClientAlias.pgh_event_model.objects.none()
        return ClientAlias.pgh_event_model.objects.filter(
            client_id=self.client_id, pgh_context_id=after.pgh_context_id
        ).order_by("pk")


def in_words(groups: Collection[str]) -> str:
    return ", ".join(label for key, label in LABELS.items() if key in groups)


def agree(key: str, one: Any, other: Any) -> bool:
    """Whether two versions of a client say the same in a group of GROUPS."""
    return all(getattr(one, name) == getattr(other, name) for name in GROUPS[key])
