"""Keep or revert what another organization changed of a client's own data (docs/adr/0038)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from agencies.models import User
from agencies.violations import refusals_in_words
from clients.locks import lock_clients
from clients.models import Client, ClientAlias, IdentityChange
from clients.models.identity_change import ALIASES, GROUPS, LABELS, Decision

REVERTED_ALREADY = "This change was reverted already."
NOTHING_LEFT = "All of this was changed again since. Nothing was reverted."


@refusals_in_words()
def keep_change(*, change: IdentityChange, by: User) -> None:
    """Note that the change is right. One that was decided meanwhile stays as it is."""
    current = _locked(change)
    if current.decision == Decision.OPEN:
        _decide(current, Decision.KEPT, by)


@refusals_in_words()
def revert_change(*, change: IdentityChange, by: User) -> list[str]:
    """Write what stood there before the change.

    A group that was changed again since (a name with its data quality is one group) is left as
    it is: whoever did that knew the change.

    Returns:
        The labels of the groups that were left.

    Raises:
        ValidationError: where it was reverted already, or nothing of it is left.
    """
    current = _locked(change)
    if current.decision == Decision.REVERTED:
        raise ValidationError(REVERTED_ALREADY)
    before, after = current.versions
    client = Client.objects.get(pk=current.client_id)
    left = []
    for key in current.groups:
        reverts = (
            _revert_aliases(current) if key == ALIASES else _revert(client, key, before, after)
        )
        if not reverts:
            left.append(LABELS[key])
    if len(left) == len(current.groups):
        raise ValidationError(NOTHING_LEFT)
    client.version += 1
    client.stamp(by=by)
    client.save()
    _decide(current, Decision.REVERTED, by)
    return left


def _locked(change: IdentityChange) -> IdentityChange:
    lock_clients([change.client_id])
    return IdentityChange.objects.select_for_update().get(pk=change.pk)


def _revert(client: Client, key: str, before: Any, after: Any) -> bool:
    names = GROUPS[key]
    if any(getattr(client, name) != getattr(after, name) for name in names):
        return False
    for name in names:
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
