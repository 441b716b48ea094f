"""Sessions in PostgreSQL: the default."""

from typing import Any

from django.contrib.sessions.backends.base import CreateError, UpdateError
from django.db import IntegrityError, transaction
from django.utils import timezone

from agencies.models.user_session import UserSession
from agencies.sessions.secrets import hashed, seal, unseal
from agencies.sessions.store import Store


class SessionStore(Store):
    """One row a session, and one statement to read or to save it."""

    def load(self) -> dict[str, Any]:
        key_hash = hashed(self.session_key)
        rows = UserSession.objects.filter(pk=key_hash, expires_at__gt=timezone.now())
        found = rows.values_list("data", "ended_as").order_by().first()
        if found is None:
            self._session_key = None
            return {}
        data, reason = found
        if reason:
            self._end(reason)
            return {}
        return self._opened(data, key_hash)

    def exists(self, session_key: str) -> bool:
        return UserSession.objects.filter(pk=hashed(session_key)).exists()

    def save(self, must_create: bool = False) -> None:
        if self.session_key is None:
            return self.create()
        data = self._get_session(no_load=must_create)
        key_hash = hashed(self.session_key)
        values = {
            "owner": self._owner(data),
            "data": seal(data, key_hash),
            "expires_at": self.get_expiry_date(),
        }
        if must_create:
            try:
                with transaction.atomic():
                    UserSession.objects.create(key_hash=key_hash, **values)
            except IntegrityError as error:
                raise CreateError from error
            return None
        rows = UserSession.objects.filter(pk=key_hash)
        # One that was ended meanwhile stays ended, and its next request says why.
        if not rows.filter(ended_as="").update(**values) and not rows.exists():
            raise UpdateError
        return None

    def _move(self, old: str, new: str, data: dict[str, Any]) -> bool:
        rows = UserSession.objects.filter(pk=old, ended_as="")
        return bool(rows.update(key_hash=new, data=seal(data, new)))

    @classmethod
    def contents(cls, key_hashes: list[str]) -> dict[str, dict[str, Any]]:
        rows = UserSession.objects.filter(pk__in=key_hashes).values_list("pk", "data")
        return {key_hash: unseal(data, key_hash) for key_hash, data in rows}
