import uuid
from typing import Self

from django.core.signing import BadSignature, Signer
from django.db import models
from django.urls import reverse
from django.utils import timezone

SALT = "tasks.CalendarFeed"


class CalendarFeed(models.Model):
    """That a user reads the own tasks in the calendar of another program.

    The address is the only key to it: a random number of this row and its signature, which nobody
    can make who only reads the database. A new number makes the old address worthless.
    """

    user = models.OneToOneField(
        "agencies.User", on_delete=models.CASCADE, primary_key=True, related_name="calendar_feed"
    )
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return f"Calendar feed of user {self.user_id}"

    def get_absolute_url(self) -> str:
        return reverse("tasks:calendar", args=[self.token])

    @property
    def token(self) -> str:
        return _signer().sign(self.key.hex)

    @classmethod
    def by_token(cls, token: str) -> Self | None:
        """The feed of an address that an active user of some organization still has."""
        try:
            key = uuid.UUID(hex=_signer().unsign(token))
        except (BadSignature, ValueError):
            return None
        feed = cls.objects.select_related("user").filter(key=key, user__is_active=True).first()
        return feed if feed and feed.user.organizations else None


def _signer() -> Signer:
    return Signer(salt=SALT, sep=".", algorithm="sha256")
