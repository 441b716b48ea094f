"""Secret keys of a demonstration: made once, kept beside its database, never used in production."""

import contextlib
import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet
from dotenv import dotenv_values


def load(path: Path) -> None:
    """Put the keys of the file at `path` into the environment, where it has none or a blank one.

    The file is made at the first start; of two processes at once, the one that links it first wins.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(
            f"SECRET_KEY={secrets.token_urlsafe(50)}\n"
            f"SSN_ENCRYPTION_KEYS={Fernet.generate_key().decode()}\n"
            f"SSN_HASH_KEY={secrets.token_urlsafe(32)}\n"
        )
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(draft)
        draft.unlink()
    for name, value in dotenv_values(path).items():
        os.environ[name] = os.environ.get(name) or value or ""
