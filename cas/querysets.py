from datetime import date, datetime
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from cas.choices import OF_THE_AGENCY, PERSONAL_KINDS, Purpose, Snooze, State
from clients.querysets import ClientRecordQuerySet
from enrollments.querysets import OnEnrollmentQuerySet, active_on
from records import clock
from records.querysets import RecordManager

if TYPE_CHECKING:
    from agencies.models import User

# Unanswered: nobody has opened or dismissed it, and it is not resolved otherwise.
UNANSWERED = Q(opened_at=None, dismissed_at=None, resolved_at=None)


class EventQuerySet(OnEnrollmentQuerySet):
    def listed(self) -> Self:
        return self.select_related("organization", "created_by", "enrollment__project")


class AssessmentQuerySet(OnEnrollmentQuerySet):
    def listed(self) -> Self:
        """With what a list and a page show; who may see the assessment sees its parts."""
        rows = self.select_related("organization", "created_by", "enrollment__project")
        return rows.prefetch_related("questions", "results")


class AssessmentPartQuerySet(ClientRecordQuerySet):
    """Questions and results, which are never seen where their assessment is not."""

    def visible_to(self, user: "User") -> Self:
        assessments = apps.get_model("cas", "Assessment").with_deleted.visible_to(user)
        return super().visible_to(user).filter(assessment__in=assessments.order_by())


class NotificationQuerySet(models.QuerySet):
    def of(self, user: "User") -> Self:
        """This user's, snoozed and dismissed too."""
        return self.filter(recipient=user)

    def unanswered(self) -> Self:
        """Not opened, not dismissed, not resolved; snoozed ones are among them."""
        return self.filter(UNANSWERED)

    def with_shown_from(self) -> Self:
        """With `shown_from`, the moment from which the bell shows it; an index has it."""
        return self.alias(shown_from=Coalesce("snoozed_until", "created_at"))

    def awake(self, now: datetime | None = None) -> Self:
        """Leave out what is snoozed."""
        return self.with_shown_from().filter(shown_from__lte=now or clock.now())

    def current(self) -> Self:
        """What its user has not done with: opened ones are among them."""
        return self.filter(dismissed_at=None, resolved_at=None)

    def arrived_by(self, moment: datetime) -> Self:
        """What its recipient had at that moment."""
        return self.filter(Q(moved_at=None) | Q(moved_at__lte=moment), created_at__lte=moment)

    def resolve(self, *, at: datetime | None = None) -> int:
        return self.update(resolved_at=at or timezone.now())

    def reopen(self) -> int:
        return self.update(resolved_at=None)

    def renew(self) -> int:
        """What was resolved is so again: its recipient has to look at it once more."""
        return self.update(
            created_at=timezone.now(),
            opened_at=None,
            snoozed_until=None,
            dismissed_at=None,
            resolved_at=None,
        )

    # What a user does with the own ones is one statement each, so that a row that moved to a
    # successor meanwhile is not touched.

    def open(self) -> int:
        """Note the first time that the recipient follows it."""
        return self.filter(opened_at=None).update(opened_at=timezone.now())

    def snooze(self, until: Snooze) -> int:
        """Let it sleep and be new again when it wakes up, even if it was opened."""
        moment = until.until(timezone.now())
        rows = self.filter(resolved_at=None)
        return rows.update(snoozed_until=moment, opened_at=None, dismissed_at=None)

    def dismiss(self) -> tuple[datetime, int]:
        """Dismiss these; return the moment by which that can be undone, and how many there were."""
        now = timezone.now()
        return now, self.filter(dismissed_at=None).update(dismissed_at=now)

    def restore(self, *, dismissed_at: datetime | None = None) -> int:
        """Undo the dismissal; where a moment is given, only of what was dismissed then."""
        rows = self.filter(dismissed_at=dismissed_at) if dismissed_at else self
        return rows.update(dismissed_at=None)

    def of_the_case(self) -> Self:
        """Leave out what is about the recipient's own assignment."""
        return self.exclude(kind__in=PERSONAL_KINDS)

    def of_coordinated_access(self) -> Self:
        """Leave out what is an organization's own matter: tasks, and releases of information."""
        return self.exclude(kind__in=OF_THE_AGENCY)

    def notified_to_both(self, user: "User") -> Self:
        """Those of which `user` has a notification of the same."""
        same = self.model._default_manager.filter(
            recipient=user, kind=OuterRef("kind"), subject=OuterRef("subject")
        )
        return self.filter(Exists(same.order_by()))

    def without_event_or_with(self, events: "EventQuerySet") -> Self:
        return self.filter(Q(event=None) | Q(event__in=events))

    def reassign(self, user: "User") -> int:
        """Make `user` the recipient, who has not snoozed anything."""
        return self.update(recipient=user, moved_at=timezone.now(), snoozed_until=None)

    def in_state(self, state: str, now: datetime) -> Self:
        """The rows of which `Notification.state_at(now)` says so."""
        if state == State.DISMISSED:
            return self.exclude(dismissed_at=None)
        if state == State.RESOLVED:
            return self.filter(dismissed_at=None).exclude(resolved_at=None)
        if state == State.SNOOZED:
            return self.current().filter(snoozed_until__gt=now)
        if state == State.OPENED:
            return self.current().awake(now).exclude(opened_at=None)
        return self.unanswered().awake(now)

    def latest_shown_first(self) -> Self:
        """By the moment from which the bell shows it: who slept comes first when awake."""
        return self.with_shown_from().order_by("-shown_from", "-pk")

    def concerning(self, day: date) -> Self:
        """Those whose recipient is, on that day, an active user who works with the client.

        What is about the recipient's own assignment concerns the recipient in any case.
        """
        return self.filter(
            Q(self._works(day)) | Q(kind__in=PERSONAL_KINDS), recipient__is_active=True
        )

    def not_concerning(self, day: date) -> Self:
        """Those whose recipient does not work with the client on that day."""
        return self.exclude(self._works(day))

    def _works(self, day: date) -> Exists:
        assignments = apps.get_model("enrollments", "CaseAssignment").objects.filter(
            active_on(day), client=OuterRef("client"), case_manager=OuterRef("recipient")
        )
        return Exists(assignments.order_by())


class DeliveryItemQuerySet(models.QuerySet):
    def of_notification(self, notification: models.Model) -> Self:
        """All its mails, the first one first."""
        rows = self.filter(notification=notification).order_by("pk")
        return rows.select_related("recipient", "delivery__asked_by")

    def of_outer_notification(self, *purposes: Purpose) -> Self:
        """Within a queryset of notifications: what its recipient was mailed of it."""
        rows = self.filter(
            notification=OuterRef("pk"),
            recipient=OuterRef("recipient"),
            notified_at=OuterRef("created_at"),
        )
        return (rows.filter(purpose__in=purposes) if purposes else rows).order_by()


class AssessmentManager(RecordManager.from_queryset(AssessmentQuerySet)):  # type: ignore[misc]
    pass


class AssessmentPartManager(RecordManager.from_queryset(AssessmentPartQuerySet)):  # type: ignore[misc]
    pass


class EventManager(RecordManager.from_queryset(EventQuerySet)):  # type: ignore[misc]
    pass
