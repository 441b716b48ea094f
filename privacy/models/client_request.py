"""What clients ask of an agency about their records, and legal holds that keep a record."""

from datetime import date, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from agencies.models import User
from clients.models import ClientRecord
from clients.models.record import client_key
from clients.querysets import ClientRecordQuerySet
from records.history import tracked
from records.model_fields import PlainDateField, protected
from records.querysets import RecordManager
from records.visibility import Visibility


class Kind(models.TextChoices):
    COPY = "copy", "A copy of the record"
    CORRECTION = "correction", "Correction"
    ERASURE = "erasure", "Erasure"
    ACCOUNTING = "accounting", "Who has seen the record"


class AskedBy(models.TextChoices):
    CLIENT = "client", "The client"
    GUARDIAN = "guardian", "Parent or guardian"
    REPRESENTATIVE = "agent", "Somebody with a power of attorney"


class Identified(models.TextChoices):
    KNOWN = "known", "Known to the case manager in person"
    PHOTO_ID = "id", "Photo ID"
    OTHER_PAPERS = "papers", "Other papers"
    QUESTIONS = "asked", "Questions about the record, answered right"
    NOTARIZED = "notary", "Notarized letter"


class State(models.TextChoices):
    OPEN = "open", "To be answered"
    GRANTED = "granted", "Granted, to be carried out"
    REFUSED = "refused", "Refused"
    DONE = "done", "Carried out"
    WITHDRAWN = "withdrawn", "Withdrawn"


WAITING = [State.OPEN, State.GRANTED]


def due_on() -> date:
    return timezone.localdate() + timedelta(days=settings.CLIENT_REQUEST_DAYS)


class ClientRequestQuerySet(ClientRecordQuerySet):
    def waiting(self) -> Self:
        """Those that are to be answered or carried out, the first due first."""
        return self.filter(state__in=WAITING).order_by("due_on", "pk")

    def due_by(self, day: date) -> Self:
        return self.filter(due_on__lte=day)

    def for_officer(self, user: User) -> Self:
        """Those that the user's own organizations took; all for an administrator."""
        if user.is_superuser:
            return self
        return self.filter(organization__in=user.dqo_organizations)


class ClientRequestManager(RecordManager.from_queryset(ClientRequestQuerySet)):  # type: ignore[misc]
    pass


@tracked()
class ClientRequest(ClientRecord):
    """What a client asked of the agency about the own record, until it is carried out or refused.

    It belongs to the organization that took it, whose officers answer it; no other one sees it.
    """

    Kind, State = Kind, State

    client = client_key(db_index=False)
    visibility = models.CharField(
        max_length=3,
        choices=Visibility.choices,
        default=Visibility.OWN_ORGANIZATION,
        editable=False,
    )
    kind = models.CharField("request", max_length=10, choices=Kind.choices)
    asked_on = models.DateField("asked on", default=timezone.localdate)
    asked_by = models.CharField("asked by", max_length=10, choices=AskedBy.choices)
    identified_by = models.CharField(
        "how the person was identified", max_length=10, choices=Identified.choices
    )
    text = models.TextField("what is asked", max_length=4000, blank=True)
    due_on = PlainDateField("due on", default=due_on)
    state = models.CharField(
        max_length=10, choices=State.choices, default=State.OPEN, editable=False
    )
    reason = models.TextField("reason", max_length=4000, blank=True)
    answered_by = protected("agencies.User", null=True, blank=True, editable=False, db_index=False)
    answered_at = models.DateTimeField(null=True, blank=True, editable=False)
    done_at = models.DateTimeField("carried out", null=True, blank=True, editable=False)

    objects = ClientRequestManager()
    with_deleted = ClientRequestQuerySet.as_manager()

    class Meta(ClientRecord.Meta):
        verbose_name = "request of a client"
        verbose_name_plural = "requests of clients"
        ordering = ["due_on", "pk"]
        indexes = [
            models.Index(fields=["client", "-asked_on"], name="client_request_by_client"),
            # The officers' list and card: what waits, the first due first.
            models.Index(
                fields=["organization", "due_on", "id"],
                name="client_request_waiting",
                condition=Q(state__in=["open", "granted"], date_deleted=None),
            ),
            models.Index(fields=["organization", "due_on", "id"], name="client_request_of_agency"),
        ]
        constraints = [
            *ClientRecord.Meta.constraints,
            models.CheckConstraint(
                name="client_request_kind_is_known",
                condition=Q(kind__in=Kind.values),
                violation_error_message="Choose what the client asks for.",
            ),
            models.CheckConstraint(
                name="client_request_asked_by_is_known",
                condition=Q(asked_by__in=AskedBy.values),
                violation_error_message="Choose who asks.",
            ),
            models.CheckConstraint(
                name="client_request_identified",
                condition=Q(identified_by__in=Identified.values),
                violation_error_message="Choose how the person was identified.",
            ),
            models.CheckConstraint(
                name="client_request_due_after_asked",
                condition=Q(due_on__gte=F("asked_on")),
                violation_error_message="A request is due on the day it was asked, or later.",
            ),
            models.CheckConstraint(
                name="client_request_state_is_known",
                condition=Q(state__in=State.values),
                violation_error_message="Choose one of the listed states.",
            ),
            models.CheckConstraint(
                name="client_request_answered_by_somebody",
                condition=Q(state="open", answered_by=None, answered_at=None)
                | (~Q(state="open") & Q(answered_by__isnull=False, answered_at__isnull=False)),
                violation_error_message="An answer needs who and when; an open request has none.",
            ),
            models.CheckConstraint(
                name="client_request_refused_for_a_reason",
                condition=~Q(state="refused") | ~Q(reason=""),
                violation_error_message="Write the reason: the client has a right to know it.",
            ),
            models.CheckConstraint(
                name="client_request_done_when_carried_out",
                condition=Q(state="done", done_at__isnull=False)
                | (~Q(state="done") & Q(done_at=None)),
                violation_error_message="A request is carried out at a time, or not yet.",
            ),
        ]

    def __str__(self) -> str:
        return f"Request {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("privacy:request", args=[self.client_id, self.pk])

    @property
    def is_waiting(self) -> bool:
        return self.state in WAITING

    @property
    def days_left(self) -> int:
        """Days until it is due; negative where it is overdue."""
        return (self.due_on - timezone.localdate()).days

    @property
    def is_overdue(self) -> bool:
        return self.is_waiting and self.days_left < 0

    @property
    def due_in_words(self) -> str:
        """How long there is; empty where it no longer waits."""
        if not self.is_waiting:
            return ""
        days = abs(self.days_left)
        if not days:
            return "Due today"
        many = f"{days} day{'' if days == 1 else 's'}"
        return f"Overdue by {many}" if self.is_overdue else f"Due in {many}"


@tracked()
class LegalHold(ClientRecord):
    """An officer's order that nothing of the client's record is erased; lifting it deletes it.

    It bars erasure and retention whoever asks; its reason is for the own organization.
    """

    deleted_as = "lifted"

    visibility = models.CharField(
        max_length=3,
        choices=Visibility.choices,
        default=Visibility.OWN_ORGANIZATION,
        editable=False,
    )
    reason = models.CharField(max_length=200)

    class Meta(ClientRecord.Meta):
        ordering = ["-date_created", "-pk"]
        constraints = [
            *ClientRecord.Meta.constraints,
            models.CheckConstraint(
                name="legal_hold_has_a_reason",
                condition=~Q(reason=""),
                violation_error_message="Write why nothing may be erased.",
            ),
        ]
