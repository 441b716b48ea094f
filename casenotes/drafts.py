"""The notes that a user began to write and did not save (6.7)."""

from django.db.models import QuerySet

from agencies.models import User
from casenotes.models import NoteDraft
from clients.models import Client
from records.statements import compiled


def waiting_drafts(user: User, client: Client) -> list[NoteDraft]:
    """Those about a client, the last touched first."""
    rows = _waiting(user, client.pk)
    for row in rows:
        row.client = client
    return rows


@compiled
def _waiting(user: User, client_id: int) -> QuerySet[NoteDraft]:
    rows = NoteDraft.objects.owned_by(user).filter(client=client_id)
    return rows.select_related(None).waiting()
