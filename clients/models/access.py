from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.formats import localize

from agencies.append_only import append_only
from clients.merging.policies import Stays
from clients.models.client import Client

if TYPE_CHECKING:
    from agencies.models import User


class ClientAccessQuerySet(models.QuerySet):
    LOOKED_THROUGH = 100  # the newest rows of a user: what was not among them is not recent

    def recent_clients(self, user: "User", *, most: int) -> list["Client"]:
        """The clients that the user looked at last and may still see, newest first."""
        looks = self.filter(user=user).exclude(kind=self.model.Kind.LIST)
        looks = looks.annotate(found=Coalesce("client__merged_into", "client"))
        newest = list(dict.fromkeys(looks.values_list("found", flat=True)[: self.LOOKED_THROUGH]))
        clients = Client.objects.visible_to(user).current().in_bulk(newest)
        return [clients[pk] for pk in newest if pk in clients][:most]

    def about(self, client: Client) -> Self:
        """Every look at the person, under whichever ID; a merge leaves the log as it was."""
        return self.filter(client__in=client.all_ids)


class ClientAccess(models.Model):
    """One look at a client's record: who and when. Rows are only ever added."""

    class Kind(models.TextChoices):
        VIEW = "view", "Viewed"
        CHANGE = "change", "Opened for change"
        REVEAL_SSN = "ssn", "Revealed SSN"
        LIST = "list", "Listed"
        COPY = "copy", "Made a copy of the record"

    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="accesses")
    user = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey(
        "agencies.Organization", on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.VIEW)
    page = models.CharField(max_length=60)
    at = models.DateTimeField(auto_now_add=True)

    objects = ClientAccessQuerySet.as_manager()
    on_merge = {"client": Stays("the access log keeps the ID that was looked at")}

    class Meta:
        verbose_name_plural = "client accesses"
        ordering = ["-at"]
        indexes = [
            models.Index(fields=["client", "-at"], name="access_by_client"),
            models.Index(fields=["user", "-at"], name="access_by_user"),
            models.Index(fields=["organization", "-at", "-id"], name="access_of_organization"),
            models.Index(fields=["-at", "-id"], name="access_newest"),
            # Rare among the looks, and what is looked for first.
            models.Index(
                fields=["organization", "-at", "-id"],
                name="access_revealed_ssn",
                condition=Q(kind="ssn"),
            ),
            # Of those that were looked at one by one: a list may name a hundred thousand.
            models.Index(
                fields=["user", "-at"], name="access_looks_by_user", condition=~Q(kind="list")
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="access_kind_is_known",
                condition=Q(kind__in=["view", "change", "ssn", "list", "copy"]),
                violation_error_message="Choose a kind of access.",
            )
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {localize(timezone.localtime(self.at))}"
