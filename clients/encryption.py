"""Encryption of what must not be read from a stolen disk or backup, and keyed hashes to find it."""

import hashlib
import hmac
from functools import lru_cache

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


@lru_cache(maxsize=4)
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def encrypt(text: str) -> str:
    """Encrypt with the first of SSN_ENCRYPTION_KEYS."""
    return _fernet(tuple(settings.SSN_ENCRYPTION_KEYS)).encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    """Decrypt with whichever of SSN_ENCRYPTION_KEYS fits; InvalidToken where none does."""
    return _fernet(tuple(settings.SSN_ENCRYPTION_KEYS)).decrypt(token.encode()).decode()


def keyed_hash(text: str) -> str:
    """Return 128 bits of HMAC-SHA256 under SSN_HASH_KEY as 32 hexadecimal digits."""
    key = settings.SSN_HASH_KEY.encode()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:32]
