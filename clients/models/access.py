"""Who viewed which client, was shown a full SSN, or opened a restricted client in an emergency."""

from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.formats import localize

from agencies.models import User
from clients.fields import EncryptedTextField
from clients.merge.policies import Stays
from clients.models.client import Client
from records import clock
from records.history import append_only, tracked
from records.model_fields import protected
from records.statements import compiled


class ClientAccessQuerySet(models.QuerySet):
    RECENT_ROWS = 100  # the newest rows of a user: what was not among them is not recent
    RECENT_CLIENTS = 12  # are asked for at once

    def recent_clients(self, user: User, *, most: int) -> list["Client"]:
        """The clients that the user viewed last and may still see, newest first."""
        newest = list(dict.fromkeys(_newest_views(user)))
        shown: list[Client] = []
        while newest and len(shown) < most:
            # As many at a time, so that it is one statement however many there are.
            some, newest = newest[: self.RECENT_CLIENTS], newest[self.RECENT_CLIENTS :]
            asked = [*some, *range(len(some) - self.RECENT_CLIENTS, 0)]  # no client is below 0
            clients = {client.pk: client for client in _current(user, asked)}
            shown += [clients[pk] for pk in some if pk in clients]
        return shown[:most]

    def about(self, client: Client) -> Self:
        """Every access to the person, alone or on a list, under whichever ID.

        A merge leaves the log as it was.
        """
        ids = client.all_ids
        return self.filter(Q(client__in=ids) | Q(listed__overlap=ids))


@compiled
def _newest_views(user: User) -> QuerySet[Any]:
    kinds = ClientAccess.Kind  # one by one: so the partial index is seen to have them all
    views = ClientAccess.objects.filter(user=user).exclude(kind=kinds.LIST)
    views = views.exclude(kind=kinds.REFUSED).filter(client__isnull=False)
    views = views.annotate(found=Coalesce("client__merged_into", "client"))
    return views.values_list("found", flat=True)[: ClientAccessQuerySet.RECENT_ROWS]


@compiled
def _current(user: User, client_ids: list[int]) -> QuerySet[Client]:
    rows = Client.objects.visible_to(user).current().filter(pk__in=client_ids)
    return rows.only("first_name", "middle_name", "last_name", "name_suffix")


class ClientAccess(models.Model):
    """One access to a client's record, or to a list of several: who and when (docs/adr/0030).

    Rows are only ever added. `request_id` leads to the log lines and security events of the
    request, which know its address.
    """

    LONGEST_PAGE = 60

    class Kind(models.TextChoices):
        VIEW = "view", "Viewed"
        CHANGE = "change", "Opened for change"
        REVEAL_SSN = "ssn", "Revealed SSN"
        LIST = "list", "Listed"
        COPY = "copy", "Made a copy of the record"
        EXPORT = "export", "Exported"
        REFUSED = "refused", "Refused"
        EMERGENCY = "emergency", "Opened in an emergency"

    client = models.ForeignKey(
        "clients.Client",
        on_delete=models.PROTECT,
        related_name="accesses",
        null=True,
        blank=True,
        db_index=False,
    )
    listed = ArrayField(
        models.BigIntegerField(), null=True, blank=True, verbose_name="Client IDs on the list"
    )
    user = protected("agencies.User", db_index=False)
    organization = protected("agencies.Organization", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.VIEW)
    page = models.CharField(max_length=LONGEST_PAGE)
    at = models.DateTimeField(auto_now_add=True)
    request_id = models.CharField(
        "request ID", max_length=36, blank=True, default="", db_default=""
    )

    objects = ClientAccessQuerySet.as_manager()
    on_merge = {"client": Stays("the access log keeps the ID that was viewed")}

    class Meta:
        verbose_name_plural = "client accesses"
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["client", "-at"], name="access_by_client"),
            models.Index(fields=["user", "-at"], name="access_by_user"),
            models.Index(fields=["organization", "-at", "-id"], name="access_of_organization"),
            models.Index(fields=["-at", "-id"], name="access_newest"),
            # Rare among the views, and what is looked for first.
            models.Index(
                fields=["organization", "-at", "-id"],
                name="access_revealed_ssn",
                condition=Q(kind="ssn"),
            ),
            # Of those that were viewed one by one: a list may name a hundred thousand.
            models.Index(
                fields=["user", "-at"], name="access_views_by_user", condition=~Q(kind="list")
            ),
            GinIndex(fields=["listed"], name="access_by_listed", condition=Q(listed__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                name="access_kind_is_known",
                condition=Q(
                    kind__in=[
                        *("view", "change", "ssn", "list"),
                        *("copy", "export", "refused", "emergency"),
                    ]
                ),
                violation_error_message="Choose a kind of access.",
            ),
            models.CheckConstraint(
                name="access_to_one_or_to_a_list",
                condition=Q(client__isnull=False, listed__isnull=True)
                | (Q(client__isnull=True, listed__isnull=False) & ~Q(listed=[])),
                violation_error_message="Name one client, or those on the list.",
            ),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {localize(timezone.localtime(self.at))}"


class SSNReveal(models.Model):
    """Who was shown a client's full SSN, and for what (R3.6). Rows are only ever added."""

    class Reason(models.TextChoices):
        IDENTITY = "identity", "Verify identity at intake"
        BENEFITS = "benefits", "Benefits application"
        CORRECTION = "correction", "Correct the record"
        OTHER = "other", "Other"

    client = protected("clients.Client")
    user = protected("agencies.User", db_index=False)
    organization = protected("agencies.Organization", db_index=False)
    reason = models.CharField(max_length=20, choices=Reason.choices)
    other = EncryptedTextField("other reason", blank=True)
    at = models.DateTimeField(default=timezone.now)

    on_merge = {"client": Stays("a revealed SSN stays on record under the ID it was shown for")}

    class Meta:
        verbose_name = "revealed SSN"
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["organization", "-at", "-id"], name="reveal_of_organization")
        ]
        constraints = [
            models.CheckConstraint(
                name="reveal_reason_is_known",
                condition=Q(reason__in=["identity", "benefits", "correction", "other"]),
                violation_error_message="Choose why the SSN is needed.",
            ),
            # Without words at Other the form asks; an erasure takes them out.
            models.CheckConstraint(
                name="reveal_words_are_of_other",
                condition=Q(reason="other") | Q(other=""),
                violation_error_message="Write what it is needed for only with Other.",
            ),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"Revealed SSN {localize(timezone.localtime(self.at))}"


class EmergencyAccessQuerySet(models.QuerySet):
    def open_to(self, user: User) -> Self:
        """What this user may read right now; none where the setting is off.

        It ends with the access to the organization that the user worked for, and where the client's
        became a victim service provider, or allows it no more.
        """
        if not settings.BREAK_GLASS:
            return self.none()
        return self.filter(
            user=user,
            organization__in=list(user.access),
            ended_at=None,
            ends_at__gt=clock.now(),
            client__organization__victim_service_provider=False,
            client__organization__allows_emergency_access=True,
        ).order_by()

    def running(self) -> Self:
        return self.filter(ended_at=None, ends_at__gt=clock.now())


@tracked()
class EmergencyAccess(models.Model):
    """A user reads one restricted client of another organization for some hours, for a reason.

    organization: the one that the user worked for. The client's own answers for the record: its
    officers are alerted and may end this at once (docs/adr/0034).
    """

    class Reason(models.TextChoices):
        DANGER = "danger", "Somebody is in danger"
        MEDICAL = "medical", "Medical emergency"
        MISSING = "missing", "Missing person"
        OTHER = "other", "Another emergency"

    client = protected("clients.Client")
    user = protected("agencies.User")
    organization = protected("agencies.Organization")
    reason = models.CharField(max_length=20, choices=Reason.choices)
    explanation = EncryptedTextField()
    begins_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = protected("agencies.User", null=True, db_index=False)

    objects = EmergencyAccessQuerySet.as_manager()
    on_merge = {"client": Stays("emergency access was to the ID that was typed")}

    class Meta:
        verbose_name = "emergency access"
        verbose_name_plural = "emergency accesses"
        ordering = ["-begins_at", "-id"]
        indexes = [
            models.Index(
                fields=["user", "ends_at"],
                name="emergency_open_to_user",
                condition=Q(ended_at=None),
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="emergency_reason_is_known",
                condition=Q(reason__in=["danger", "medical", "missing", "other"]),
                violation_error_message="Choose what the emergency is.",
            ),
            models.CheckConstraint(
                name="emergency_is_explained",
                condition=~Q(explanation=""),
                violation_error_message="Write why this record is needed now.",
            ),
            models.CheckConstraint(
                name="emergency_ends_after_begin",
                condition=Q(ends_at__gt=F("begins_at")),
                violation_error_message="Emergency access ends after it begins.",
            ),
            models.CheckConstraint(
                name="emergency_ended_by_somebody",
                condition=Q(ended_at=None, ended_by=None)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                violation_error_message="Ending emergency access needs who and when.",
            ),
        ]

    def __str__(self) -> str:
        return f"Emergency access {localize(timezone.localtime(self.begins_at))}"

    @property
    def is_open(self) -> bool:
        return self.ended_at is None and self.ends_at > timezone.now()
