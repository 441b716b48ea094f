"""What is stored of a session: hashes of its key and of its user, and its data encrypted."""

import base64
import hashlib
import json
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.utils.crypto import salted_hmac

OWNER = "agencies.sessions.owner"
DATA = "agencies.sessions.data"


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
