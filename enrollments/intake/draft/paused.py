"""Paused drafts with the names of the people in them, as far as the user may see those."""

from dataclasses import dataclass

from agencies.models import User
from clients.models import Client
from enrollments.models import IntakeDraft
from enrollments.models.intake_draft import IntakeDraftQuerySet

MOST = 50


@dataclass
class Paused:
    draft: IntakeDraft
    client: Client | None  # None for whom the user may not see any more

    @property
    def label(self) -> str:
        if self.client is None:
            name = "A client you no longer have access to"
        else:
            name = self.client.sorted_name
        others = len(self.draft.answers.people) - 1
        return f"{name} and {others} more" if others else name


def with_names(drafts: IntakeDraftQuerySet, user: User, *, most: int = MOST) -> list[Paused]:
    """Return the drafts, each with the name of its first client and the number of the others."""
    rows = list(drafts.select_related("organization")[:most])
    clients = Client.objects.visible_to(user).in_bulk([row.client_id for row in rows])
    return [Paused(row, clients.get(row.client_id)) for row in rows]


def paused_by(user: User, *, most: int = MOST) -> list[Paused]:
    """*Continue where you left off*."""
    return with_names(IntakeDraft.objects.owned_by(user).paused(), user, most=most)
