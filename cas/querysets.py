from datetime import date, datetime
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from agencies.querysets import RecordManager, own_organization
from agencies.visibility import Visibility
from clients.querysets import ClientRecordQuerySet
from enrollments.querysets import active_on

if TYPE_CHECKING:
    from agencies.models import User
    from clients.models import Client

# Unanswered: nobody has opened or dismissed it, and what it is about is not settled otherwise.
UNANSWERED = Q(opened_at=None, dismissed_at=None, handled_at=None)


class EventQuerySet(ClientRecordQuerySet):
    def visible_to(self, user: "User") -> Self:
        """Never where the enrollment is not seen, but for those who filed it."""
        rows = super().visible_to(user)
        if user.is_superuser:
            return rows
        return rows.filter(
            Q(enrollment__visibility=Visibility.ALL_ORGANIZATIONS)
            | own_organization(user, "enrollment__organization")
            | own_organization(user)
        )

    def newest_first(self) -> Self:
        return self.order_by("-event_date", "-pk")

    def listed(self) -> Self:
        return self.select_related(
            "organization", "created_by", "enrollment__project"
        ).newest_first()


class EventManager(RecordManager.from_queryset(EventQuerySet)):  # type: ignore[misc]
    pass


class NotificationQuerySet(models.QuerySet):
    def of(self, user: "User") -> Self:
        """What this user is told, snoozed and dismissed too."""
        return self.filter(recipient=user)

    def about(self, client: "Client") -> Self:
        return self.filter(client=client)

    def unanswered(self) -> Self:
        """Not opened, not dismissed, not settled; snoozed ones are among them."""
        return self.filter(UNANSWERED)

    def with_shown_from(self) -> Self:
        """With `shown_from`, the moment from which the bell shows it; an index has it."""
        return self.alias(shown_from=Coalesce("snoozed_until", "created_at"))

    def awake(self, now: datetime | None = None) -> Self:
        """Leave out what is snoozed."""
        return self.with_shown_from().filter(shown_from__lte=now or timezone.now())

    def waiting_since(self, moment: datetime) -> Self:
        """Unanswered since before `moment`, by the time it was told or snoozed until."""
        return self.unanswered().with_shown_from().filter(shown_from__lt=moment)

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-pk")

    def concerning(self, day: date) -> Self:
        """Those whose recipient is, on that day, an active user who works with the client.

        What is about the recipient's own assignment concerns the recipient in any case.
        """
        assignments = apps.get_model("enrollments", "CaseAssignment").objects
        works = assignments.filter(
            active_on(day), client=OuterRef("client"), case_manager=OuterRef("recipient")
        )
        return self.filter(
            Q(Exists(works.order_by())) | Q(kind__in=self.personal_kinds),
            recipient__is_active=True,
        )

    @property
    def personal_kinds(self) -> list[str]:
        return [kind for kind in self.model.Kind if kind.is_personal]
