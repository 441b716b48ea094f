from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.urls import reverse

from clients.merge.policies import Conflict, MovesOrIsDeleted, Option, Pair, Relation
from clients.models import ClientRecord, deleted_index
from files.querysets import ClientPhotoManager, ClientPhotoQuerySet
from records.history import tracked
from records.migrations._fields import UniqueKeyField

if TYPE_CHECKING:
    from agencies.models import User


class OnePhoto(MovesOrIsDeleted):
    """Of the photos of two clients who are one person, one is shown (docs/adr/0014).

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


@tracked()
class ClientPhoto(ClientRecord):
    """A photo of the client; the newest that is not deleted is shown.

    `Client.photo_token` is the token of that one, so that no page has to look here.
    """

    stored = models.OneToOneField(
        "files.StoredFile", on_delete=models.PROTECT, related_name="client_photo", editable=False
    )
    token = UniqueKeyField(max_length=32, unique=True, editable=False)

    url_name = "client_photo"
    objects = ClientPhotoManager()
    with_deleted = ClientPhotoQuerySet.as_manager()
    on_merge = {"client": OnePhoto()}

    class Meta(ClientRecord.Meta):
        indexes = [deleted_index("photo_deleted_newest")]
        constraints = [
            *ClientRecord.Meta.constraints,
            models.UniqueConstraint(
                name="one_photo_of_a_client",
                fields=["client"],
                condition=Q(date_deleted=None),
                violation_error_message="This client has a photo already. Delete it first.",
            ),
            models.CheckConstraint(
                name="photo_is_everybodys",
                condition=Q(visibility=ClientRecord.Visibility.ALL_ORGANIZATIONS),
                violation_error_message="Whoever may see a client sees the photo too.",
            ),
        ]

    @property
    def display_name(self) -> str:
        return "Client Photo"

    @property
    def place(self) -> list[int]:
        return [self.client_id]
