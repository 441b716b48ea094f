from django.db import models
from django.db.models import Q

from clients.models import ClientRecord, deleted_index
from files.merging import OnePhoto
from files.querysets import ClientPhotoManager, FiledQuerySet
from records.history import tracked


@tracked()
class ClientPhoto(ClientRecord):
    """A photo of the client; the newest that is not deleted is shown.

    `Client.photo_token` is the token of that one, so that no page has to look here.
    """

    stored = models.OneToOneField(
        "files.StoredFile", on_delete=models.PROTECT, related_name="client_photo", editable=False
    )
    token = models.CharField(max_length=32, unique=True, editable=False)

    url_name = "client_photo"
    objects = ClientPhotoManager()
    with_deleted = FiledQuerySet.as_manager()
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

    def __str__(self) -> str:
        return f"Client photo {self.pk}"

    @property
    def display_name(self) -> str:
        return "Client Photo"

    @property
    def place(self) -> list[int]:
        return [self.client_id]
