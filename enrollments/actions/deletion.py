"""Taking enrollments off the record that should never have been filed, and restoring them."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.text import get_text_list

from agencies.models import User
from clients.models import ClientRecord
from enrollments.listeners import assignments_written
from enrollments.locks import lock_enrollments, lock_members
from enrollments.models import Enrollment
from records.conflicts import concurrent_change
from records.constraints import constraint_messages

CONCURRENT_CHANGE = concurrent_change(
    "deleted an enrollment of this household", "Look at it again."
)
HEADLESS = (
    "The head of the household cannot go alone. Tick the other members too, or choose another head "
    "first with Change Head of Household."
)
NOT_YOURS = (
    "Another member's enrollment was deleted with it, which you may not restore. An administrator "
    "can restore both."
)
STILL_HEADLESS = "Restore the enrollment of its head of household first."
OWN = Enrollment._meta.app_label


def parts() -> list[Any]:
    """What is filed in an enrollment's own pages, and is deleted and restored with it."""
    return [one for one in hanging_on_enrollments() if one._meta.app_label == OWN]


def recorded_on(enrollments: Iterable[Enrollment], user: User) -> list[type[ClientRecord]]:
    """The kinds of records beyond its own pages that the user sees on these enrollments.

    What the user does not see stays as it is, and stands in nobody's way (docs/adr/0031).
    """
    enrollments = list(enrollments)
    others = [one for one in hanging_on_enrollments() if one._meta.app_label != OWN]
    return [
        one
        for one in others
        if one.objects.visible_to(user).filter(enrollment__in=enrollments).exists()
    ]


def in_the_way(kinds: Iterable[type[ClientRecord]]) -> str:
    names = [str(one._meta.verbose_name_plural) for one in kinds]
    return (
        f"There are {get_text_list(names, 'and')} on this enrollment. Delete them, or choose "
        "another enrollment for them, first; another organization's are for its users to delete."
    )


@constraint_messages()
def delete_enrollments(*, members: Iterable[Enrollment], by: User) -> list[Enrollment]:
    """Delete enrollments of one household with their answers, contacts and case assignments.

    Args:
        members: those of them that go; the ones who stay need a head.

    Raises:
        ValidationError: with a sentence, where something stands against it.
    """
    rows = lock_members(members, seen=lambda row: row.pk, refusal=CONCURRENT_CHANGE)
    wanted = {row.pk for row in rows}
    kinds = recorded_on(rows, by)
    if kinds:
        raise ValidationError(in_the_way(kinds), code="recorded")
    households = {row.household_id for row in rows}
    staying = Enrollment.objects.filter(household__in=households).exclude(pk__in=wanted)
    if any(row.is_head for row in rows):
        if staying.visible_to(by).exists():
            raise ValidationError(HEADLESS, code="headless")
        left = Enrollment.objects.without_head_for(by, households, going=wanted)
        Enrollment.objects.filter(pk__in=[row.pk for row in left]).update(is_exempt=True)
    now = timezone.now()
    for row in rows:
        row.mark_deleted(by=by, at=now)
    _set(rows, Q(date_deleted=None), by=by, date_deleted=now, deleted_by=by)
    assignments_written(clients=[row.client_id for row in rows], by=by)
    return rows


@constraint_messages()
def restore_enrollments(*, enrollment: Enrollment, by: User) -> list[Enrollment]:
    """Put an enrollment back with the others of its household, and all else, that went with it.

    Raises:
        ValidationError: with a sentence, where it does not fit what was filed since, or the user
            may not restore one of the others.
    """
    lock_enrollments([enrollment])
    together = Q(date_deleted=enrollment.date_deleted, deleted_by=enrollment.deleted_by)
    deleted = Enrollment.with_deleted.deleted().filter(household=enrollment.household_id)
    rows = list(deleted.filter(together).locked())
    seen = set(deleted.filter(together).openly_visible_to(by).values_list("pk", flat=True))
    others = [row for row in rows if row.pk != enrollment.pk]
    if not all(by.is_superuser or (row.pk in seen and by.may_restore(row)) for row in others):
        raise ValidationError(NOT_YOURS, code="not_yours")
    for row in rows:
        row.restore(by=by)
    present = Enrollment.objects.filter(household=enrollment.household_id)
    if deleted.heads().exists() and not present.heads().exists():
        raise ValidationError(STILL_HEADLESS, code="headless")
    _set(rows, together, by=by, date_deleted=None, deleted_by=None)
    assignments_written(clients=[row.client_id for row in rows], by=by)
    return rows


def deleted_with(enrollment: Enrollment) -> list[str]:
    """What `restore_enrollments` brings back with a deleted one, in words."""
    together = Q(date_deleted=enrollment.date_deleted, deleted_by=enrollment.deleted_by)
    rows = Enrollment.with_deleted.filter(together, household=enrollment.household_id)
    others = rows.exclude(pk=enrollment.pk).order_by("pk").values_list("client", flat=True)
    found = [f"The enrollment of client {client_id}" for client_id in others]
    for part in parts():
        count = part.with_deleted.filter(together, enrollment__in=rows).count()
        names = part._meta.verbose_name if count == 1 else part._meta.verbose_name_plural
        found += [f"{count} {names}"] if count else []
    return found


def hanging_on_enrollments() -> list[Any]:
    models = [relation.related_model for relation in Enrollment._meta.related_objects]
    return [one for one in models if isinstance(one, type) and issubclass(one, ClientRecord)]


def _set(rows: list[Enrollment], which: Q, *, by: User, **values: Any) -> None:
    stamp = {"date_updated": timezone.now(), "updated_by": by}
    for part in parts():
        part.with_deleted.filter(which, enrollment__in=rows).update(**values, **stamp)
