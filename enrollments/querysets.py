from datetime import date
from typing import Self

from django.db.models import F, Q

from agencies.querysets import RecordManager
from clients.querysets import ClientRecordQuerySet
from hud.choices import RelationshipToHoH


class EnrollmentQuerySet(ClientRecordQuerySet):
    def open_on(self, day: date) -> Self:
        """Stays that last on `day`; the day of the exit is not part of one any more."""
        return self.filter(Q(exit_date=None) | Q(exit_date__gt=day), entry_date__lte=day)

    def heads(self) -> Self:
        return self.filter(relationship_to_hoh=RelationshipToHoH.SELF)

    def newest_first(self) -> Self:
        return self.order_by(F("exit_date").desc(nulls_first=True), "-entry_date", "-pk")


class EnrollmentManager(RecordManager.from_queryset(EnrollmentQuerySet)):  # type: ignore[misc]
    pass


class CaseAssignmentQuerySet(ClientRecordQuerySet):
    def active_on(self, day: date) -> Self:
        """Assignments of that day; on the day of its end one is over."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=day), begins_on__lte=day)


class CaseAssignmentManager(RecordManager.from_queryset(CaseAssignmentQuerySet)):  # type: ignore[misc]
    pass
