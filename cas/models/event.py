from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.text import capfirst

from cas.choices import EventKind, Kind
from cas.querysets import EventManager, EventQuerySet
from clients.models import ClientRecord, deleted_index
from enrollments.dates import Dated
from enrollments.models.filed_on import enrollment_is_not_deleted
from hud.choices import NoYesMissing
from hud.choices.answers import grouped
from hud.choices.coordinated_entry import OPENINGS, EventType, ReferralResult
from records.addresses import address
from records.breaks import KeepsMarks, MayBreak, breakable
from records.history import tracked
from records.model_fields import HashedKeyField, key_once

if TYPE_CHECKING:
    from agencies.models import User


REFERRALS = [event for event in EventType if event.is_referral]


@tracked(by_time=True)
class Event(MayBreak, ClientRecord):
    """An event of a client in CAS; columns of Event.csv (4.20) where HUD lists it.

    HUD has no code for a no show: it is filed as "client rejected", and `no_show` says the rest.
    """

    # Under the usual name, `client.events`, are the versions of the client that history keeps.
    client = models.ForeignKey(
        "clients.Client",
        on_delete=models.PROTECT,
        related_name="cas_events",
        editable=False,
        db_index=False,
    )
    event_id = HashedKeyField()
    enrollment = models.ForeignKey(
        "enrollments.Enrollment", on_delete=models.PROTECT, related_name="cas_events"
    )
    event_date = models.DateField("date of event", default=timezone.localdate)
    kind = models.CharField(max_length=10, choices=EventKind.choices, default=EventKind.HUD)
    event = models.PositiveSmallIntegerField(choices=EventType.choices, null=True, blank=True)
    prob_sol_div_rr_result = models.PositiveSmallIntegerField(
        "client housed or re-housed in a safe alternative",
        choices=grouped(NoYesMissing.choices),
        null=True,
        blank=True,
    )
    referral_case_manage_after = models.PositiveSmallIntegerField(
        "enrolled in aftercare project",
        choices=grouped(NoYesMissing.choices),
        null=True,
        blank=True,
    )
    location_crisis_or_ph_housing = models.CharField(
        "location of crisis housing or permanent housing referral", max_length=250, blank=True
    )
    referral_result = models.PositiveSmallIntegerField(
        choices=ReferralResult.choices, null=True, blank=True
    )
    no_show = models.BooleanField(default=False)
    result_date = models.DateField("date of result", null=True, blank=True)

    # What HUD does not list goes on in CAS after the exit.
    in_enrollment = Dated(
        "event_date",
        "event",
        "4.20",
        page="cas:edit_event",
        after_exit=Q(kind=EventKind.HUD),
    )

    url_name = "event"
    list_page = "cas:events"
    objects = EventManager()
    with_deleted = EventQuerySet.as_manager()

    class Meta(ClientRecord.Meta):
        triggers = [*ClientRecord.Meta.triggers, enrollment_is_not_deleted(), KeepsMarks()]
        ordering = ["-event_date", "-pk"]
        indexes = [
            models.Index(fields=["client", "-event_date", "-id"], name="cas_event_by_client"),
            deleted_index("event_deleted_newest"),
        ]
        constraints = [
            *ClientRecord.Meta.constraints,
            key_once("event_key_once", "event_id"),
            models.CheckConstraint(
                name="event_kind_is_known",
                condition=Q(kind__in=EventKind.values),
                violation_error_message="Choose what happened.",
            ),
            models.CheckConstraint(
                name="event_code_is_huds",
                condition=Q(kind=EventKind.HUD, event__isnull=False, event__in=EventType.values)
                | (~Q(kind=EventKind.HUD) & Q(event=None)),
                violation_error_message="Choose one of HUD's events.",
            ),
            breakable(
                name="event_result_only_of_a_referral",
                condition=Q(referral_result=None)
                | Q(
                    event__isnull=False,
                    event__in=REFERRALS,
                    referral_result__in=ReferralResult.values,
                ),
                violation_error_message="Only a referral is accepted or rejected.",
            ),
            models.CheckConstraint(
                name="event_no_show_is_unsuccessful",
                condition=Q(no_show=False)
                | Q(
                    referral_result__isnull=False,
                    referral_result=ReferralResult.CLIENT_REJECTED,
                ),
                violation_error_message="A no show is an unsuccessful referral.",
            ),
            breakable(
                name="event_result_date_of_a_result",
                condition=Q(result_date=None) | Q(referral_result__isnull=False),
                violation_error_message="Choose the result of this date.",
            ),
            breakable(
                name="event_result_not_before_event",
                condition=Q(result_date=None) | Q(result_date__gte=F("event_date")),
                violation_error_message="Date of result cannot be before the date of the event.",
            ),
            breakable(
                name="event_housed_after_problem_solving",
                condition=Q(prob_sol_div_rr_result=None)
                | Q(
                    event__isnull=False,
                    event=EventType.PROBLEM_SOLVING,
                    prob_sol_div_rr_result__in=NoYesMissing.values,
                ),
                violation_error_message=(
                    "Whether the client was housed is asked of problem solving only."
                ),
            ),
            breakable(
                name="event_aftercare_after_follow_up",
                condition=Q(referral_case_manage_after=None)
                | Q(
                    event__isnull=False,
                    event=EventType.FOLLOW_UP,
                    referral_case_manage_after__in=NoYesMissing.values,
                ),
                violation_error_message=(
                    "Aftercare is asked of referrals to post-placement case management only."
                ),
            ),
            breakable(
                name="event_location_of_an_opening",
                condition=Q(location_crisis_or_ph_housing="")
                | Q(kind=EventKind.MATCHED)
                | Q(event__isnull=False, event__in=sorted(OPENINGS)),
                violation_error_message=(
                    "Only a referral to an opening or a voucher names the housing."
                ),
            ),
        ]

    def get_absolute_url(self) -> str:
        return address("cas:event", self.client_id, self.pk)

    @property
    def event_kind(self) -> EventKind:
        return EventKind(self.kind)

    @property
    def display_name(self) -> str:
        """What happened, in HUD's words where HUD has some."""
        return str(self.get_event_display()) if self.event else self.event_kind.label

    @property
    def takes_a_result(self) -> bool:
        """Whether something may come of it: HUD asks the result of every event."""
        return self.event_kind.is_hud

    @property
    def has_result(self) -> bool:
        return self.referral_result is not None or self.has_outcome

    @property
    def names_housing(self) -> bool:
        """Whether it says to which crisis or permanent housing (4.20.C)."""
        return self.event_kind is EventKind.MATCHED or self.event in OPENINGS

    @property
    def result_in_words(self) -> str:
        if self.no_show:
            return "Unsuccessful referral: no show"
        said = [str(self.get_referral_result_display() or "")]
        for name in ("prob_sol_div_rr_result", "referral_case_manage_after"):
            if getattr(self, name) is not None:
                label = capfirst(self._meta.get_field(name).verbose_name)
                said.append(f"{label}: {getattr(self, f'get_{name}_display')()}")
        return ". ".join(filter(None, said))

    @property
    def result_tone(self) -> str:
        """How the result is coloured: good, bad, or neither."""
        tones = {Kind.ACCEPTED: "good", Kind.REJECTED: "danger", Kind.NO_SHOW: "warning"}
        return tones.get(self.notification_kind, "")

    @property
    def has_outcome(self) -> bool:
        """Whether one of HUD's questions about problem solving and aftercare was answered."""
        answers = (self.prob_sol_div_rr_result, self.referral_case_manage_after)
        return any(answer is not None for answer in answers)

    @property
    def notification_kind(self) -> Kind:
        """What case managers are notified of, as the event is now."""
        if self.referral_result is None:
            return Kind.OUTCOME if self.has_outcome else self.event_kind.notification_kind
        if self.no_show:
            return Kind.NO_SHOW
        is_success = self.referral_result == ReferralResult.ACCEPTED
        return Kind.ACCEPTED if is_success else Kind.REJECTED

    def mark_deleted(self, *, by: "User", at: datetime | None = None) -> None:
        """Delete the event; nobody needs to answer its notifications."""
        with transaction.atomic():
            super().mark_deleted(by=by, at=at)
            self.notifications.unanswered().resolve(at=self.date_deleted)

    def restore(self, *, by: "User") -> None:
        """Bring the event and its notifications back to where they were."""
        with transaction.atomic():
            self.notifications.filter(resolved_at=self.date_deleted).reopen()
            super().restore(by=by)
