import json
import uuid
from collections.abc import Callable
from typing import Any, Self

from django.core.exceptions import BadRequest
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.http import QueryDict

from agencies.models import User
from clients.fields import EncryptedTextField
from clients.merge.policies import Moves, own_rows
from clients.models.client import Client
from clients.models.record import follows_merge
from records.models import Submission
from records.submissions import lock_token, uuid_or_none

CLIENT = "{client}"  # in the place of the ID, so that a draft follows its client through a merge
KEPT, SAVED, OLDER = "kept", "saved", "older"
NAMES = tuple(
    f"client__{name}" for name in ("first_name", "middle_name", "last_name", "name_suffix")
)
OF_THE_REQUEST = ("csrfmiddlewaretoken", "user", "typed_at")


class DraftQuerySet(models.QuerySet):
    def owned_by(self, user: User) -> Self:
        """The user's own, about clients whom the user may still see."""
        clients = Client.objects.visible_to(user).filter(pk=OuterRef("client"))
        rows = self.filter(user=user).select_related("client")
        return rows.filter(Q(client=None) | Exists(clients.order_by()))

    def about(self, client: Client) -> Self:
        return self.filter(client=client)

    def saved(self) -> Self:
        """Those whose form was saved after all."""
        return self.filter(Exists(_submissions()))

    def waiting(self) -> Self:
        """Those whose form was not saved after all, the last touched first.

        An autosave that overtakes the saving of its form leaves a draft of what is there.
        """
        return self.filter(~Exists(_submissions())).order_by("-at")

    def listed(self) -> Self:
        """With what a line of a list shows."""
        return self.only(*self.model.in_a_list, *NAMES)


def _submissions() -> models.QuerySet:
    rows = Submission.objects.filter(token=OuterRef("form_token"), user=OuterRef("user"))
    return rows.exclude(location="").order_by()


class Draft(models.Model):
    """What a user typed into one opened form and has not saved yet (docs/adr/0029).

    The form's one-time token tells two forms apart that are open at once, and whether the form was
    saved. `typed_at` is when the user's own computer saw the last key, in milliseconds since 1970:
    it orders two states of one form, of which the later one may arrive first.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        "agencies.User", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    form_token = models.UUIDField()
    typed_json = EncryptedTextField()
    typed_at = models.BigIntegerField()
    at = models.DateTimeField(auto_now=True, db_index=True)

    objects = DraftQuerySet.as_manager()

    state: tuple[str, ...] = ("typed_json", "typed_at")  # the columns that a later state sets
    in_a_list: tuple[str, ...]  # those that its line in a list needs

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def typed(self) -> QueryDict:
        """The form as the browser sent it."""
        data = QueryDict(mutable=True)
        for name, values in json.loads(self.typed_json).items():
            data.setlist(name, values)
        return data

    @typed.setter
    def typed(self, data: QueryDict) -> None:
        self.typed_json = json.dumps(dict(data.lists()))

    @property
    def is_empty(self) -> bool:
        """Whether nothing is worth keeping, so that the last state that was not can be had."""
        return False

    @classmethod
    @transaction.atomic
    def keep(
        cls,
        typed: QueryDict,
        *,
        user: User,
        place: Callable[[], dict[str, Any]],
        apart: tuple[str, ...] = (),
    ) -> str:
        """Store the state of a form under its token.

        Args:
            typed: what the browser sends of the form, and `continued`, the draft it goes on with.
            place: gives what the form is about; it is stored with its first state.
            apart: what is sent beside the form's own fields.

        Returns:
            KEPT, SAVED for a form that was saved meanwhile, or OLDER where a later state is kept.

        Raises:
            BadRequest: for what no form of ours sends.
        """
        token, typed_at = uuid_or_none(typed.get("form_token", "")), typed.get("typed_at", "")
        if token is None or not (typed_at.isascii() and typed_at.isdigit() and len(typed_at) < 16):
            raise BadRequest
        lock_token(token)  # a save of this form that is under way is waited for
        if Submission.objects.filter(token=token, user=user).exclude(location="").exists():
            return SAVED
        data = typed.copy()
        for name in (*OF_THE_REQUEST, *apart):
            data.pop(name, None)
        fresh = cls(typed_at=int(typed_at), **(values := place()))
        fresh.typed = data
        if fresh.is_empty:
            return KEPT
        values |= {"typed_json": fresh.typed_json, "typed_at": fresh.typed_at}
        draft, is_new = cls.objects.select_for_update(of=("self",)).get_or_create(
            user=user, form_token=token, defaults=values
        )
        if continued := uuid_or_none(typed.get("continued", "")):
            cls.objects.filter(user=user, pk=continued).exclude(pk=draft.pk).delete()
        if draft.typed_at > fresh.typed_at:
            return OLDER
        # The same state comes again, from the copy in the browser of a page that closed.
        if not is_new and (draft.typed_at, draft.typed_json) != (fresh.typed_at, fresh.typed_json):
            draft._take(fresh)
        return KEPT

    def _take(self, fresh: Self) -> None:
        for name in self.state:
            setattr(self, name, getattr(fresh, name))
        self.save(update_fields=[*self.state, "at"])


class FormDraft(Draft):
    """A draft of a form that has no drafts of its own, as notes and intakes do."""

    client = models.ForeignKey(
        "clients.Client", on_delete=models.CASCADE, related_name="+", null=True
    )
    page = models.CharField(max_length=200)
    query = models.CharField(max_length=200, blank=True)
    title = models.CharField(max_length=80)

    in_a_list = ("client", "page", "query", "title", "at")
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

    def get_absolute_url(self) -> str:
        """The page of the form, which offers what was typed."""
        return self.page.replace(CLIENT, str(self.client_id)) + self.query

    @property
    def fields(self) -> list[tuple[str, str]]:
        """The names and values of the form in their order."""
        return [(name, value) for name, values in self.typed.lists() for value in values]
