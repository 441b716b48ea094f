"""Changes of a client's own data by other organizations: noted, kept or reverted (ADR 38)."""

from django.core.exceptions import ValidationError
from django.utils import timezone

from agencies.models import Organization, User
from clients.locks import lock_clients
from clients.models import Client, ClientAlias, IdentityChange
from clients.models.identity_change import ALIASES, GROUPS, LABELS, Decision, agree
from records.constraints import constraint_messages

REVERTED_ALREADY = "This change was reverted already."
LATER_FIRST = "There is a later change of the same. Review that one first."
NOTHING_LEFT = "All of this was changed again since. Nothing was reverted."


def record_identity_change(
    client: Client, *, organization: Organization, by: User, aliases_changed: bool
) -> IdentityChange | None:
    """Note that `client` was just saved by a user who does not work for who filed it.

    Call it in the transaction of the save. Returns None where nothing of GROUPS changed, or the
    user works for the filing organization.
    """
    if by.may_change(client):
        return None
    events = Client.pgh_event_model.objects.filter(pgh_obj_id=client.pk).order_by("-pk")[:2]
    if len(events) < 2:
        return None
    after, before = events
    groups = [key for key in GROUPS if not agree(key, before, after)]
    groups += [ALIASES] * aliases_changed
    if not groups:
        return None
    return IdentityChange.objects.create(
        client=client, event=after.pk, groups=groups, changed_for=organization, changed_by=by
    )


@constraint_messages()
def keep_change(*, change: IdentityChange, by: User) -> None:
    """Note that the change is right. One that was decided meanwhile stays as it is."""
    current = _locked(change)
    if current.decision == Decision.OPEN:
        _decide(current, Decision.KEPT, by)


@constraint_messages()
def revert_change(*, change: IdentityChange, by: User) -> list[str]:
    """Write what stood there before the change.

    A group that was changed again since (a name with its data quality is one group) is left as
    it is: whoever did that knew the change. Where the change followed others that nobody has kept,
    what stood there before all of them comes back.

    Returns:
        The labels of the groups that were left.

    Raises:
        ValidationError: where it was reverted already, a later one waits for its review, or nothing
            of it is left.
    """
    current = _locked(change)
    if current.decision == Decision.REVERTED:
        raise ValidationError(REVERTED_ALREADY)
    own = [key for key in current.groups if key != ALIASES]
    changes = IdentityChange.objects.filter(client=current.client_id, groups__overlap=own)
    if changes.filter(pk__gt=current.pk, decision=Decision.OPEN).exists():
        raise ValidationError(LATER_FIRST)
    earlier = list(changes.filter(pk__lt=current.pk).exclude(decision=Decision.KEPT))
    client = Client.objects.get(pk=current.client_id)
    left = []
    for key in current.groups:
        is_alias = key == ALIASES
        reverts = _revert_aliases(current) if is_alias else _revert(client, key, current, earlier)
        if not reverts:
            left.append(LABELS[key])
    if len(left) == len(current.groups):
        raise ValidationError(NOTHING_LEFT)
    client.version += 1
    client.stamp(by=by)
    client.save()
    _decide(current, Decision.REVERTED, by)
    for one in earlier:
        still_stands = [key == ALIASES or agree(key, client, one.versions[1]) for key in one.groups]
        if one.decision == Decision.OPEN and not any(still_stands):
            _decide(one, Decision.REVERTED, by)
    return left


def _locked(change: IdentityChange) -> IdentityChange:
    lock_clients([change.client_id])
    return IdentityChange.objects.select_for_update().get(pk=change.pk)


def _revert(
    client: Client, key: str, change: IdentityChange, earlier: list[IdentityChange]
) -> bool:
    """Write what stood there before this change, and before those of others that it followed."""
    before, after = change.versions
    if not agree(key, client, after):
        return False
    for one in earlier:  # the newest first
        if key in one.groups and agree(key, before, one.versions[1]):
            before = one.versions[0]
    for name in GROUPS[key]:
        setattr(client, name, getattr(before, name))
    return True


def _revert_aliases(change: IdentityChange) -> bool:
    """Delete the aliases that were added, and add those that were deleted."""
    aliases = ClientAlias.objects.filter(client=change.client_id)
    present = {(one.first_name, one.last_name): one for one in aliases}
    did_something = False
    for event in change.alias_events:
        pair = event.first_name, event.last_name
        if event.pgh_label == "insert" and pair in present:
            present.pop(pair).delete()
        elif event.pgh_label == "delete" and pair not in present:
            ClientAlias(client_id=change.client_id, first_name=pair[0], last_name=pair[1]).save()
        else:
            continue
        did_something = True
    return did_something


def _decide(change: IdentityChange, decision: Decision, by: User) -> None:
    change.decision, change.decided_by, change.decided_at = decision, by, timezone.now()
    change.save(update_fields=["decision", "decided_by", "decided_at"])
