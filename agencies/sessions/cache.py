"""Sessions in Redis. A row in PostgreSQL for each log-in knows whose they are and which ended."""

from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import CreateError, UpdateError
from django.core.cache import caches

from agencies.models.user_session import EndReason, UserSession
from agencies.sessions.store import Store, hashed, seal, unseal

DATA, ENDED = "session:", "session-ended:"
LISTED = "listed"


class SessionStore(Store):
    """The data under a hash of the key, encrypted; beside it, once the session is ended, why.

    What ends a session is a key of its own, so that no save of a request under way takes it away.
    """

    def __init__(self, session_key: str | None = None) -> None:
        self._cache = caches[settings.SESSION_CACHE_ALIAS]
        super().__init__(session_key)

    def _read(self, key_hash: str) -> tuple[str | None, str]:
        found = self._cache.get_many([DATA + key_hash, ENDED + key_hash])
        return found.get(DATA + key_hash), found.get(ENDED + key_hash, "")

    def exists(self, session_key: str) -> bool:
        return DATA + hashed(session_key) in self._cache

    def _write(self, key_hash: str, owner: str, data: dict[str, Any], *, is_new: bool) -> None:
        if not is_new:
            found = self._cache.get_many([DATA + key_hash, ENDED + key_hash])
            if ENDED + key_hash in found:
                return
            if not found:
                raise UpdateError
        if owner and LISTED not in data:
            data[LISTED] = True
            UserSession.objects.update_or_create(
                pk=key_hash, defaults={"owner": owner, "expires_at": self.get_expiry_date()}
            )
        keep = self._cache.add if is_new else self._cache.set
        if not keep(DATA + key_hash, seal(data, key_hash), self.get_expiry_age()) and is_new:
            raise CreateError

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
