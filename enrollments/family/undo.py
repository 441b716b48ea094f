"""Whoever changed a household may take the change back, for an hour (12.1)."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from agencies.models import User
from clients.models import Client
from enrollments.family.actions import KEPT, WRITTEN, values_of
from enrollments.locks import lock_enrollments
from enrollments.models import Enrollment, HouseholdChange
from enrollments.models.household_change import HouseholdChangeQuerySet
from hud.choices import RelationshipToHoH
from records import clock
from records.constraints import constraint_messages
from records.querysets import UNDO_FOR

CHANGED = "The household was changed after that. Correct it on its own pages."
NOT_YOURS = "Only users of the organization that enrolled these members can do this."


@dataclass(frozen=True)
class Undoable:
    """A change that the user may undo now.

    people: the new head, or those who went.
    """

    change: HouseholdChange
    people: list[Enrollment]


def undoable(client: Client, user: User) -> Undoable | None:
    """The user's latest change of a household of the client's, if nothing came after it."""
    change = recent_changes(client, user).in_force().first()
    if change is None or not _stands(change):
        return None
    named = HouseholdChange.objects.made_with(change).filter(kind=change.kind).values("enrollment")
    people = Enrollment.objects.visible_to(user).filter(pk__in=named).select_related("client")
    return Undoable(change, list(people.order_by("pk")))


def recent_changes(client: Client, user: User) -> HouseholdChangeQuerySet:
    """What the user changed lately in the households of the client, undone or not."""
    own = Enrollment.objects.visible_to(user).of_client(client.pk).values("household")
    return HouseholdChange.objects.lately_by(user).about(own)


@constraint_messages()
def undo(*, change: HouseholdChange, by: User) -> list[Enrollment]:
    """Write back what stood before a change, in all households that it touched.

    Returns:
        The enrollments that were written, without those that were only made exempt.

    Raises:
        ValidationError: where somebody wrote one of these enrollments since, or came to them.
        PermissionDenied: where the user may not change one of them any more.
    """
    wanted = {int(pk): pair[0] for pk, pair in change.written.items()}
    written = Enrollment.objects.filter(pk__in=wanted).only("client")
    rows = lock_enrollments(written, refusal=CHANGED)
    if not _stands(change):
        raise ValidationError(CHANGED, code="stale")
    seen = Enrollment.objects.openly_visible_to(by).filter(pk__in=wanted).order_by()
    seen_ids = set(seen.values_list("pk", flat=True))
    values = {row.pk: dict(zip(KEPT, wanted[row.pk], strict=False)) for row in rows}
    for row in sorted(rows, key=lambda row: _leads(values[row.pk])):  # there are never two heads
        stamp = {}
        if _is_more_than_exempt(change, row):
            if row.pk not in seen_ids or not by.may_change(row):
                raise PermissionDenied(NOT_YOURS)
            stamp = {"updated_by": by, "date_updated": timezone.now()}
        Enrollment.objects.filter(pk=row.pk).update(**values[row.pk], **stamp)
    undone = {"undone_by": by, "date_undone": timezone.now()}
    HouseholdChange.objects.made_with(change).update(**undone)
    return [row for row in rows if _is_more_than_exempt(change, row)]


def _stands(change: HouseholdChange) -> bool:
    """Whether everything is as the change left it, and nobody joined since."""
    current = HouseholdChange.objects.in_force().filter(pk=change.pk)
    if change.date_created < clock.now() - UNDO_FOR or not current.exists():
        return False
    after = {pk: pair[1] for pk, pair in change.written.items()}
    if values_of(map(int, after)) != after:
        return False
    households = {values[0] for pair in change.written.values() for values in pair}
    joined = Enrollment.with_deleted.filter(household__in=households)
    return not joined.filter(date_created__gt=change.date_created).exists()


def _leads(values: dict) -> bool:
    return values["relationship_to_hoh"] == RelationshipToHoH.SELF


def _is_more_than_exempt(change: HouseholdChange, row: Enrollment) -> bool:
    """Members whom the user does not see were only let off the rules of a household."""
    before, after = change.written[str(row.pk)]
    return before[: len(WRITTEN)] != after[: len(WRITTEN)]
