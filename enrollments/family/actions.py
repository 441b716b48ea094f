"""Who heads a household and who belongs to it, changed from a day on (12.1, 12.2).

HUD has one head for the whole enrollment (3.15): the columns say how it is now, and a
HouseholdChange since when. Nothing else that is on file of a member changes.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from agencies.models import User
from enrollments.locks import lock_members
from enrollments.models import Enrollment, Household, HouseholdChange
from enrollments.querysets import EnrollmentQuerySet
from hud.choices import RelationshipToHoH
from records.conflicts import concurrent_change
from records.constraints import check_deferred, constraint_messages

CONCURRENT_CHANGE = concurrent_change("changed this household", "Look through it and save again.")
NO_HEAD = "Choose who is the head of household."
WRITTEN = ("household_id", "relationship_to_hoh", "enrollment_coc", "move_in_date")
KEPT = (*WRITTEN, "is_exempt")
SEEN = (*KEPT, "entry_date", "exit_date")  # what an undo has to find unchanged
SELF = RelationshipToHoH.SELF
Relationships = Mapping[int, int]  # to the head, by the primary key of the enrollment
Kind = HouseholdChange.Kind


@constraint_messages()
def change_head(
    *, members: Iterable[Enrollment], relationships: Relationships, on: date, by: User
) -> Enrollment:
    """Give a household another head; return the new one's enrollment.

    Args:
        members: as the user saw them; a household that somebody else changed since is refused.
        relationships: of these members, exactly one of them Self.
        on: from when the new head leads the household.
    """
    rows = lock_members(members, seen=_state, refusal=CONCURRENT_CHANGE)
    before = values_of([row.pk for row in rows])
    former = next((row for row in rows if row.is_head and relationships[row.pk] != SELF), None)
    head = _relate(rows, relationships, former, by=by)
    if head is None:
        raise ValidationError(NO_HEAD, code="headless")
    _note([_new_head(head, former)], before, on=on, by=by)
    return head


@constraint_messages()
def split_household(
    *,
    members: Iterable[Enrollment],
    going: Iterable[int],
    relationships: Relationships,
    on: date,
    by: User,
) -> Household:
    """Let some members be a household of their own, from a day on; return it.

    Their enrollments go on as they are, with all that is filed on them.

    Args:
        members: as the user saw them, those who go and those who stay.
        going: primary keys of the enrollments of those who go.
        relationships: of all of them, to the head of the household that each belongs to then.
    """
    rows = lock_members(members, seen=_state, refusal=CONCURRENT_CHANGE)
    leaving = set(going)
    old = rows[0].household_id
    before = values_of(Enrollment.objects.filter(household=old).values_list("pk", flat=True))
    former = next((row for row in rows if row.is_head), None)
    new = Household.objects.create()
    gone = [row for row in rows if row.pk in leaving]
    stays = [row for row in rows if row.pk not in leaving]
    for row in gone:
        row.household = new
    _relate(gone, relationships, former, by=by)
    changes = [
        HouseholdChange(kind=Kind.SPLIT, household_id=old, enrollment=row, new_household=new)
        for row in gone
    ]
    if former is not None and former.pk in leaving:
        if head := _relate(stays, relationships, former, by=by):
            changes.append(_new_head(head, former))
        else:
            _leave_headless(old, former, by=by)
    else:
        _relate(stays, relationships, None, by=by)
    _hold_again(stays)
    _note(changes, before, on=on, by=by)
    return new


def values_of(enrollment_ids: Iterable[int]) -> dict[str, list]:
    """What a change may write or builds on, as JSON has it, by the primary keys."""
    rows = Enrollment.objects.filter(pk__in=list(enrollment_ids)).values_list("pk", *SEEN)
    return {
        str(pk): [one.isoformat() if isinstance(one, date) else one for one in values]
        for pk, *values in rows
    }


def _state(row: Enrollment) -> tuple:
    return (
        row.household_id,
        row.project_id,
        row.relationship_to_hoh,
        row.entry_date,
        row.exit_date,
    )


def _relate(
    rows: list[Enrollment], relationships: Relationships, former: Enrollment | None, *, by: User
) -> Enrollment | None:
    """Write what each is to the head, the head last: there are never two; return the head.

    Args:
        former: whose copy of what belongs to the household the head takes over.
    """
    head = next((row for row in rows if relationships[row.pk] == SELF), None)
    if head is not None and former is not None and not head.is_head:
        _follow(former, head)
    stored = {pk: values for pk, *values in _rows(rows).values_list("pk", *WRITTEN)}
    for row in sorted(rows, key=lambda row: row is head):
        row.relationship_to_hoh = relationships[row.pk]
        if stored[row.pk] != [getattr(row, name) for name in WRITTEN]:
            row.stamp(by=by)
            row.save(update_fields=[*WRITTEN, "date_updated", "updated_by"])
    return head


def _rows(rows: list[Enrollment]) -> EnrollmentQuerySet:
    return Enrollment.objects.filter(pk__in=[row.pk for row in rows])


def _follow(former: Enrollment, head: Enrollment) -> None:
    """What belongs to the household follows its head (12.2); the former head's copy stays.

    Whoever joined after the move-in moved in on the own start date.
    """
    if former.project_id != head.project_id:
        return
    head.enrollment_coc = former.enrollment_coc or head.enrollment_coc
    if former.move_in_date is not None:
        moved_in = max(former.move_in_date, head.entry_date)
        if head.exit_date is None or moved_in <= head.exit_date:
            head.move_in_date = moved_in


def _leave_headless(household_id: int, former: Enrollment, *, by: User) -> None:
    """Those who stay without a head are not for the user's eyes, and keep what they are."""
    left = Enrollment.objects.without_head_for(by, [household_id], going=[former.pk])
    Enrollment.objects.filter(pk__in=[row.pk for row in left]).update(is_exempt=True)


def _new_head(head: Enrollment, former: Enrollment | None) -> HouseholdChange:
    return HouseholdChange(
        kind=Kind.HEAD, household_id=head.household_id, enrollment=head, former_head=former
    )


def _note(changes: list[HouseholdChange], before: dict[str, list], *, on: date, by: User) -> None:
    """Keep what happened; the first row has what was written, so that it can be undone."""
    after, moment = values_of(map(int, before)), timezone.now()
    for one in changes:
        one.happened_on, one.created_by, one.date_created = on, by, moment
    changes[0].written = {
        pk: [values, after[pk]] for pk, values in before.items() if values != after[pk]
    }
    HouseholdChange.objects.bulk_create(changes)


def _hold_again(rows: list[Enrollment]) -> None:
    """Hold those who stay to the rules of a household again, where they keep them by now."""
    exempt = [row.pk for row in rows if row.is_exempt]
    if exempt:
        with suppress(IntegrityError), transaction.atomic():
            Enrollment.objects.filter(pk__in=exempt).update(is_exempt=False)
            check_deferred()
