"""What both stores of sessions have in common."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.utils import timezone

from agencies.models.user_session import EndReason, UserSession, UserSessionQuerySet
from agencies.sessions.secrets import hashed, owners, unseal

BEGAN = "began"


class Store(SessionBase):
    """A session that ends SESSION_HOURS after the log-in, however much it is used.

    Attributes:
        ended_as: why the session of this cookie was ended from outside, once it has been read.
    """

    ended_as: EndReason | None = None

    def get_expiry_date(self, **kwargs: Any) -> datetime:
        began = self.get(BEGAN)
        if began is None:  # nobody's yet
            return super().get_expiry_date(**kwargs)
        return datetime.fromtimestamp(began, UTC) + timedelta(seconds=self.get_session_cookie_age())

    def get_expiry_age(self, **kwargs: Any) -> int:
        """Return the seconds left."""
        began = self.get(BEGAN)
        if began is None:
            return super().get_expiry_age(**kwargs)
        return max(0, int(began + self.get_session_cookie_age() - time.time()))

    def create(self) -> None:
        """Save under a new key. The keys are random: two have never been the same."""
        self._session_key = self._get_new_session_key()
        self.save(must_create=True)
        self.modified = True

    def cycle_key(self) -> None:
        """Give the session another key. One that was ended meanwhile does not live on under it."""
        data, old = self._session, self.session_key
        if old is None or SESSION_KEY not in data:
            super().cycle_key()
            return
        self._session_key = self._get_new_session_key()
        if not self._move(hashed(old), hashed(self.session_key), data):
            self._session_key = old
            self.flush()
        self.modified = True

    def _move(self, old: str, new: str, data: dict[str, Any]) -> bool:
        """Keep the session under the hash of another key; False where it was ended meanwhile."""
        raise NotImplementedError

    def delete(self, session_key: str | None = None) -> None:
        if key := session_key or self.session_key:
            UserSession.objects.filter(pk=hashed(key)).delete()

    @classmethod
    def clear_expired(cls) -> None:
        UserSession.objects.filter(expires_at__lt=timezone.now()).delete()

    def _opened(self, text: str, key_hash: str) -> dict[str, Any]:
        """The stored data, unless its time is over."""
        data = unseal(text, key_hash)
        if data.get(BEGAN, time.time()) + self.get_session_cookie_age() <= time.time():
            self._session_key = None
            return {}
        return data

    @staticmethod
    def _owner(data: dict[str, Any]) -> str:
        """The hash of the session's user. What has a user has a beginning."""
        if SESSION_KEY not in data:
            return ""
        data.setdefault(BEGAN, int(time.time()))
        return owners(data[SESSION_KEY])[0]

    def _end(self, reason: str) -> None:
        self.ended_as = EndReason(reason)
        self._session_key = None

    @classmethod
    @transaction.atomic
    def end(cls, rows: UserSessionQuerySet, reason: EndReason) -> int:
        """End sessions for good, whatever their requests that are under way still save.

        Returns how many there were.
        """
        # Locked first: one whose key is changing at this moment is met under its new one.
        key_hashes = list(rows.filter(ended_as="").select_for_update().values_list("pk", flat=True))
        cls._forget(key_hashes, reason)
        return UserSession.objects.filter(pk__in=key_hashes).update(ended_as=reason, data="")

    @classmethod
    def _forget(cls, key_hashes: list[str], reason: EndReason) -> None:
        """Drop what is kept elsewhere than in the rows."""

    @classmethod
    def contents(cls, key_hashes: list[str]) -> dict[str, dict[str, Any]]:
        """Return the data of sessions by the hashes of their keys."""
        raise NotImplementedError
