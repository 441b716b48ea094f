"""Sessions in PostgreSQL: the default."""

from datetime import datetime
from typing import Any

from django.contrib.sessions.backends.base import CreateError, UpdateError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from agencies.models.user_session import UserSession
from agencies.sessions.store import Store, hashed, seal, unseal
from records.statements import compiled


@compiled
def stored(key_hash: str, now: datetime) -> QuerySet[UserSession, tuple[str, str]]:
    rows = UserSession.objects.filter(pk=key_hash, expires_at__gt=now)
    return rows.values_list("data", "ended_as").order_by()


class SessionStore(Store):
    """One row a session, and one statement to read or to save it."""

    def _read(self, key_hash: str) -> tuple[str | None, str]:
        return stored.first(key_hash, timezone.now()) or (None, "")

    def exists(self, session_key: str) -> bool:
        return UserSession.objects.filter(pk=hashed(session_key)).exists()

    def _write(self, key_hash: str, owner: str, data: dict[str, Any], *, is_new: bool) -> None:
        values = {
            "owner": owner,
            "data": seal(data, key_hash),
            "expires_at": self.get_expiry_date(),
        }
        rows = UserSession.objects.filter(pk=key_hash)
        if is_new:
            try:
                with transaction.atomic():
                    rows.create(key_hash=key_hash, **values)
            except IntegrityError as error:
                raise CreateError from error
        elif not rows.filter(ended_as="").update(**values) and not rows.exists():
            raise UpdateError

    def _move(self, old: str, new: str, data: dict[str, Any]) -> bool:
        rows = UserSession.objects.filter(pk=old, ended_as="")
        return bool(rows.update(key_hash=new, data=seal(data, new)))

    @classmethod
    def contents(cls, key_hashes: list[str]) -> dict[str, dict[str, Any]]:
        rows = UserSession.objects.filter(pk__in=key_hashes).values_list("pk", "data")
        return {key_hash: unseal(data, key_hash) for key_hash, data in rows}
