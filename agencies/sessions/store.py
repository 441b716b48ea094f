"""What both stores of sessions have in common.

Stored are hashes of a session's key and of its user, and its data encrypted.
"""

import base64
import hashlib
import json
import time
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from agencies.models.user_session import EndReason, UserSession, UserSessionQuerySet

BEGAN, SEEN = "began", "seen"
SECONDS_AHEAD = 60  # that the clocks of two servers may differ
OWNER, DATA = "agencies.sessions.owner", "agencies.sessions.data"  # salts


def hashed(session_key: str) -> str:
    """The name under which a session is stored. The key has 165 random bits: no salt is needed."""
    return hashlib.sha256(session_key.encode()).hexdigest()


def owners(user_id: int | str) -> list[str]:
    """The keyed hashes that stand for a user, under SECRET_KEY and each of its fallbacks."""
    return [
        salted_hmac(OWNER, str(user_id), secret=secret, algorithm="sha256").hexdigest()
        for secret in _secrets()
    ]


def seal(data: dict[str, Any], key_hash: str) -> str:
    """Encrypt a session's data for the row of that hash alone."""
    text = json.dumps(data, separators=(",", ":"))
    return _fernet(key_hash, settings.SECRET_KEY).encrypt(text.encode()).decode()


def unseal(text: str, key_hash: str) -> dict[str, Any]:
    """Return the data; of what no secret of ours has sealed for this row, nothing."""
    for secret in _secrets():
        try:
            return json.loads(_fernet(key_hash, secret).decrypt(text.encode()))
        except InvalidToken:
            continue
    return {}


def _secrets() -> list[str]:
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


@lru_cache(maxsize=256)
def _fernet(key_hash: str, secret: str) -> Fernet:
    digest = salted_hmac(DATA, key_hash, secret=secret, algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(digest))


class Store(SessionBase):
    """A session that ends SESSION_HOURS after the log-in, however much it is used.

    One whose log-in or last use lies in the future ends: by a clock that was set back it would last
    as much longer.

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

    def load(self) -> dict[str, Any]:
        key_hash = hashed(self.session_key)
        text, reason = self._read(key_hash)
        if reason:
            self.ended_as = EndReason(reason)
        elif text is not None:
            data = unseal(text, key_hash)
            if self._goes_on(data):
                return data
        self._session_key = None
        return {}

    def _goes_on(self, data: dict[str, Any]) -> bool:
        """Whether its hours are not over, and the clock was not set back since its last use."""
        now = time.time()
        began = data.get(BEGAN, now)
        latest = max(began, data.get(SEEN, began))
        return began + self.get_session_cookie_age() > now and latest <= now + SECONDS_AHEAD

    def _read(self, key_hash: str) -> tuple[str | None, str]:
        """What is stored under that hash, and why it was ended, if it was."""
        raise NotImplementedError

    def create(self) -> None:
        """Save under a new key. The keys are random: two have never been the same."""
        self._session_key = self._get_new_session_key()
        self.save(must_create=True)
        self.modified = True

    def save(self, must_create: bool = False) -> None:
        if self.session_key is None:
            return self.create()
        data, owner = self._get_session(no_load=must_create), ""
        if SESSION_KEY in data:  # what has a user has a beginning
            data.setdefault(BEGAN, int(time.time()))
            owner = owners(data[SESSION_KEY])[0]
        return self._write(hashed(self.session_key), owner, data, is_new=must_create)

    def _write(self, key_hash: str, owner: str, data: dict[str, Any], *, is_new: bool) -> None:
        """Save the data; raise CreateError where the key is taken, UpdateError where it is gone.

        One that was ended meanwhile stays ended, and its next request says why.
        """
        raise NotImplementedError

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
