"""Files under a key of their own: Fernet piece by piece, so that memory stays small.

Each piece says where it stands and whether it is the last one: what was cut off, swapped or changed
is not read. Whoever wipes the key has wiped the file, wherever copies of it are.
"""

import base64
from collections.abc import Iterator
from typing import IO

from cryptography.fernet import Fernet, InvalidToken

PIECE = 256 * 1024
PLACE = 12  # bytes that say where a piece stands
AROUND = 57  # bytes of a token beside what is encrypted, which is filled up to blocks of 16
SEALED = AROUND + ((PIECE + PLACE) // 16 + 1) * 16


class DamagedError(Exception):
    """The file is not what was sealed, or was sealed under another key."""


def new_seal() -> str:
    return Fernet.generate_key().decode()


def seal(plain: IO[bytes], sealed: IO[bytes], key: str) -> int:
    """Encrypt all of `plain` into `sealed`; return its size in bytes."""
    cipher, size, number = Fernet(key), 0, 0
    piece = plain.read(PIECE)
    while True:
        following = plain.read(PIECE)
        token = cipher.encrypt(_place(number, is_last=not following) + piece)
        sealed.write(base64.urlsafe_b64decode(token))
        size += len(piece)
        if not following:
            return size
        piece, number = following, number + 1


def unseal(sealed: IO[bytes], key: str) -> Iterator[bytes]:
    """The pieces of the plain file. Raises DamagedError at the first that is not as it was."""
    cipher, number = Fernet(key), 0
    piece = sealed.read(SEALED)
    while True:
        following = sealed.read(SEALED)
        try:
            opened = cipher.decrypt(base64.urlsafe_b64encode(piece))
        except InvalidToken:
            raise DamagedError from None
        if opened[:PLACE] != _place(number, is_last=not following):
            raise DamagedError
        yield opened[PLACE:]
        if not following:
            return
        piece, number = following, number + 1


def _place(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(PLACE - 1, "big") + bytes([is_last])
