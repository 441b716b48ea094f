"""Undo of what a save of Edit Client deleted among the aliases."""

from django.core.exceptions import ValidationError

from agencies.models import Organization, User
from clients.forms.fields import MOST_ALIASES
from clients.identity_changes import record_identity_change
from clients.models import Client, ClientAlias
from records import clock
from records.querysets import UNDO_FOR

CHANGED_SINCE = "The aliases were not restored: the client was changed since. Enter them again."
TOO_MANY = f"The aliases were not restored: a client has at most {MOST_ALIASES}."


def restore_aliases(
    *, client: Client, version: int, organization: Organization, by: User
) -> list[ClientAlias]:
    """Add the aliases again that a user's save deleted, within the hour.

    Args:
        client: locked.
        version: of the client, as that save left it.

    Raises:
        ValidationError: with a sentence, where anybody changed the client since.
    """
    is_recent = client.date_updated >= clock.now() - UNDO_FOR
    if client.version != version or client.updated_by_id != by.pk or not is_recent:
        raise ValidationError(CHANGED_SINCE, code="changed")
    saves = Client.pgh_event_model.objects.filter(pgh_obj_id=client.pk, version=version)
    events = ClientAlias.pgh_event_model.objects.filter(
        client_id=client.pk,
        pgh_label="delete",
        pgh_context_id__in=saves.exclude(pgh_context=None).values("pgh_context_id"),
    )
    present = {(one.first_name, one.last_name) for one in client.aliases.all()}
    pairs = [(one.first_name, one.last_name) for one in events.order_by("pk")]
    missing = [pair for pair in dict.fromkeys(pairs) if pair not in present]
    if len(present) + len(missing) > MOST_ALIASES:
        raise ValidationError(TOO_MANY, code="too_many")
    if not missing:
        return []
    client.version += 1
    client.stamp(by=by)
    client.save(update_fields=["version", "date_updated", "updated_by"])
    rows = ClientAlias.objects.bulk_create(
        ClientAlias(client=client, first_name=first, last_name=last) for first, last in missing
    )
    record_identity_change(client, organization=organization, by=by, aliases_changed=True)
    return rows
