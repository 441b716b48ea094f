"""Who changes how much is shared: the CoC's policy, and an agency's own stricter choice (13.2).

What follows is written by the database (agencies/models/sharing.py), and counts at once.
"""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from agencies.models import Organization, Sharing, SharingPolicy, User

LOOSER = "The CoC has chosen {policy}. An agency may only share less: choose a stricter one."
CHANGED = "Somebody else has changed this to {now}. Review it, and save again if it fits."
AS_THE_COC = "As the CoC"


def community_policy() -> Sharing:
    """The CoC's policy; open where none was set."""
    row = SharingPolicy.objects.current().first()
    return Sharing(row.policy) if row else Sharing.OPEN


@transaction.atomic
def set_community_policy(*, policy: str, seen: str, by: User) -> None:
    """Set the CoC's policy; what agencies have chosen stays, where it is stricter.

    Args:
        seen: the policy that the page showed.

    Raises:
        PermissionDenied: for anybody but an administrator.
        ValidationError: where somebody else has changed it since.
    """
    if not by.is_superuser:
        raise PermissionDenied
    row = _locked_policy()
    _require_unchanged(row.policy, seen)
    row.policy, row.updated_by = Sharing(policy), by
    row.save()


@transaction.atomic
def set_sharing(*, organization: int, sharing: str, seen: str, by: User) -> None:
    """Set an agency's own choice.

    Args:
        organization: its ID.
        sharing: stricter than the CoC's policy, or empty for the same.
        seen: the choice that the page showed.

    Raises:
        PermissionDenied: for anybody but its Data Quality Officers and administrators.
        ValidationError: where a new choice is not stricter, or somebody else has changed it since.
    """
    if organization not in by.dqo_organizations:
        raise PermissionDenied
    policy = Sharing(_locked_policy().policy)
    row = Organization.objects.select_for_update(no_key=True).get(pk=organization)
    _require_unchanged(row.sharing, seen)
    is_other = sharing not in ("", row.sharing)  # the CoC may have caught up with a choice
    if is_other and Sharing(sharing) not in Sharing.stricter_than(policy):
        raise ValidationError(LOOSER.format(policy=policy.label))
    row.sharing = sharing
    row.stamp(by=by)
    row.save(update_fields=["sharing", "date_updated", "updated_by"])


def _locked_policy() -> SharingPolicy:
    """The policy first, then organizations: in one order, so that nobody waits in a circle."""
    SharingPolicy.objects.get_or_create(pk=SharingPolicy.ONLY)
    return SharingPolicy.objects.current().select_for_update().get()


def _require_unchanged(now: str, seen: str) -> None:
    if now != seen:
        raise ValidationError(CHANGED.format(now=Sharing(now).label if now else AS_THE_COC))
