"""Photos of two clients who are one person: one of them is shown (docs/adr/0014)."""

from typing import Any

from django.urls import reverse

from clients.merging.policies import Conflict, Deed, MovesOrIsPutAside, Option, Pair, Relation


class OnePhoto(MovesOrIsPutAside):
    """`Client.photo_token` follows the photo that is shown."""

    def conflicts(self, relation: Relation, pair: Pair) -> list[Conflict]:
        shown = {row.client_id: row for row in self._present(relation, pair)}
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
        note = "The other is kept as removed."
        return [Conflict("photo", "Both have a photo. Which one is shown?", note, tuple(options))]

    def on_survivor(self, relation: Relation, deed: Deed) -> dict[str, Any]:
        aside = self.put_aside(relation, deed)
        tokens = [row.token for row in self._present(relation, deed.pair) if row.pk not in aside]
        return {"photo_token": tokens[0] if tokens else ""}

    def _present(self, relation: Relation, pair: Pair) -> list[Any]:
        return list(relation.rows_of(*pair.ids).filter(date_deleted=None))
