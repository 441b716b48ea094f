"""Photos of two clients who are one person: one of them is shown (docs/adr/0014)."""

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from clients.merge.policies import Conflict, MovesOrIsDeleted, Option, Pair, Relation

if TYPE_CHECKING:
    from agencies.models import User


class OnePhoto(MovesOrIsDeleted):
    """`Client.photo_token` follows the photo that is shown.

    A photo is seen, and replaced, by whoever sees its client (`photo_is_everybodys`).
    """

    def conflicts(self, relation: Relation, pair: Pair, user: "User") -> list[Conflict]:
        shown = {row.client_id: row for row in _present(relation, *pair.ids)}
        if len(shown) < 2:
            return []
        options = [
            Option(
                client.pk,
                (shown[client.pk].pk,),
                f"The photo of Client ID {client.pk}",
                reverse("files:small_client_photo", args=[client.pk, shown[client.pk].token]),
            )
            for client in pair
        ]
        note = "The other is kept as deleted."
        return [Conflict("photo", "Both have a photo. Which one is shown?", note, tuple(options))]

    def on_client(self, relation: Relation, client_id: int) -> dict[str, Any]:
        shown = _present(relation, client_id)
        return {"photo_token": shown[0].token if shown else ""}


def _present(relation: Relation, *client_ids: int) -> list[Any]:
    return list(relation.rows_of(*client_ids).filter(date_deleted=None))
