"""Keys of rows as the HMIS CSV wants them: at most 32 characters, never reused."""

import uuid


def new_key() -> str:
    """Return a random key of 32 hexadecimal digits."""
    return uuid.uuid4().hex
