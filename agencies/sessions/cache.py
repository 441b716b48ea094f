"""Sessions in Redis. A row in PostgreSQL for each log-in knows whose they are and which ended."""

from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import CreateError, UpdateError
from django.core.cache import caches

from agencies.models.user_session import EndReason, UserSession
from agencies.sessions.secrets import hashed, seal, unseal
from agencies.sessions.store import Store

DATA, ENDED = "session:", "session-ended:"
LISTED = "listed"


class SessionStore(Store):
    """The data under a hash of the key, encrypted; beside it, once the session is ended, why.

    What ends a session is a key of its own, so that no save of a request under way takes it away.
    """

    def __init__(self, session_key: str | None = None) -> None:
        self._cache = caches[settings.SESSION_CACHE_ALIAS]
        super().__init__(session_key)

    def load(self) -> dict[str, Any]:
        key_hash = hashed(self.session_key)
        found = self._cache.get_many([DATA + key_hash, ENDED + key_hash])
        if reason := found.get(ENDED + key_hash):
            self._end(reason)
            return {}
        if DATA + key_hash not in found:
            self._session_key = None
            return {}
        return self._opened(found[DATA + key_hash], key_hash)

    def exists(self, session_key: str) -> bool:
        return DATA + hashed(session_key) in self._cache

    def save(self, must_create: bool = False) -> None:
        if self.session_key is None:
            return self.create()
        data = self._get_session(no_load=must_create)
        key_hash = hashed(self.session_key)
        owner = self._owner(data)
        keep = self._cache.add
        if not must_create:
            keep = self._cache.set
            found = self._cache.get_many([DATA + key_hash, ENDED + key_hash])
            if ENDED + key_hash in found:
                return None  # ended meanwhile: the next request says why
            if not found:
                raise UpdateError
        if owner and LISTED not in data:
            data[LISTED] = True
            UserSession.objects.update_or_create(
                pk=key_hash, defaults={"owner": owner, "expires_at": self.get_expiry_date()}
            )
        is_kept = keep(DATA + key_hash, seal(data, key_hash), self.get_expiry_age())
        if must_create and not is_kept:
            raise CreateError
        return None

    def _move(self, old: str, new: str, data: dict[str, Any]) -> bool:
        rows = UserSession.objects.filter(pk=old, ended_as="")
        if is_open := bool(rows.update(key_hash=new)):
            self._cache.add(DATA + new, seal(data, new), self.get_expiry_age())
            self._cache.delete(DATA + old)
        return is_open

    def delete(self, session_key: str | None = None) -> None:
        if key := session_key or self.session_key:
            self._cache.delete(DATA + hashed(key))
        super().delete(session_key)

    @classmethod
    def _forget(cls, key_hashes: list[str], reason: EndReason) -> None:
        cache = caches[settings.SESSION_CACHE_ALIAS]
        marks = {ENDED + key_hash: str(reason) for key_hash in key_hashes}
        cache.set_many(marks, settings.SESSION_COOKIE_AGE)
        cache.delete_many([DATA + key_hash for key_hash in key_hashes])

    @classmethod
    def contents(cls, key_hashes: list[str]) -> dict[str, dict[str, Any]]:
        cache = caches[settings.SESSION_CACHE_ALIAS]
        found = cache.get_many([DATA + key_hash for key_hash in key_hashes])
        return {
            key_hash: unseal(found[DATA + key_hash], key_hash)
            for key_hash in key_hashes
            if DATA + key_hash in found
        }
