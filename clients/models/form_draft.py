import json
import uuid
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.http import QueryDict

from clients.fields import EncryptedTextField
from clients.merge.policies import Moves, own_rows
from clients.models.client import Client
from clients.models.record import follows_merge
from records.models import Submission

if TYPE_CHECKING:
    from agencies.models import User

CLIENT = "{client}"  # in the place of the ID, so that a draft follows its client through a merge


class FormDraftQuerySet(models.QuerySet):
    def owned_by(self, user: "User") -> Self:
        """The user's own, about clients whom the user may still see."""
        clients = Client.objects.visible_to(user).filter(pk=OuterRef("client"))
        rows = self.filter(user=user).select_related("client")
        return rows.filter(Q(client=None) | Exists(clients.order_by()))

    def saved(self) -> Self:
        """Those whose form was saved after all."""
        return self.filter(Exists(_submissions()))

    def waiting(self) -> Self:
        """Those whose form was not saved after all, the last touched first."""
        return self.filter(~Exists(_submissions())).order_by("-at")


def _submissions() -> models.QuerySet:
    rows = Submission.objects.filter(token=OuterRef("form_token"), user=OuterRef("user"))
    return rows.exclude(location="").order_by()


class FormDraft(models.Model):
    """What a user typed into one opened form and has not saved yet (docs/adr/0029).

    As `NoteDraft` for the forms that have no drafts of their own. The form's one-time token tells
    two forms apart that are open at once, and whether the form was saved. `typed_at` is when the
    user's own computer saw the last key, in milliseconds since 1970.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey("agencies.User", on_delete=models.CASCADE, related_name="+")
    client = models.ForeignKey(
        "clients.Client", on_delete=models.CASCADE, related_name="+", null=True
    )
    page = models.CharField(max_length=200)
    query = models.CharField(max_length=200, blank=True)
    title = models.CharField(max_length=80)
    form_token = models.UUIDField()
    typed_json = EncryptedTextField()
    typed_at = models.BigIntegerField()
    at = models.DateTimeField(auto_now=True, db_index=True)

    objects = FormDraftQuerySet.as_manager()
    on_merge = {"client": Moves("half-typed forms", is_compared=False, seen=own_rows("user"))}

    class Meta:
        indexes = [models.Index(fields=["user", "-at"], name="form_draft_user_newest")]
        constraints = [
            models.UniqueConstraint(
                name="form_draft_once_a_form",
                fields=["user", "form_token"],
                violation_error_message="What was typed into this form is kept already.",
            )
        ]
        triggers = [follows_merge()]

    def __str__(self) -> str:
        return str(self.pk)

    def get_absolute_url(self) -> str:
        """The page of the form, which offers what was typed."""
        return self.page.replace(CLIENT, str(self.client_id)) + self.query

    @property
    def fields(self) -> list[tuple[str, str]]:
        """The form as the browser sent it: names and values in their order."""
        return [(name, value) for name, value in json.loads(self.typed_json)]

    @fields.setter
    def fields(self, typed: QueryDict) -> None:
        pairs = [(name, value) for name, values in typed.lists() for value in values]
        self.typed_json = json.dumps(pairs)
