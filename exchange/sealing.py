"""Files under a key of their own: AES-256-GCM piece by piece, so that memory stays small.

Each piece says where it stands and whether it is the last one: what was cut off, swapped or changed
is not read. Whoever wipes the key has wiped the file, wherever copies of it are.
"""

import base64
from collections.abc import Iterator
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

PIECE = 256 * 1024
TAG = 16
BITS = 256


class DamagedError(Exception):
    """The file is not what was sealed, or was sealed under another key."""


def new_seal() -> str:
    return base64.b64encode(AESGCM.generate_key(BITS)).decode()


def seal(plain: IO[bytes], sealed: IO[bytes], key: str) -> int:
    """Encrypt all of `plain` into `sealed`; return its size in bytes."""
    cipher, size, number = _cipher(key), 0, 0
    piece = plain.read(PIECE)
    while True:
        following = plain.read(PIECE)
        sealed.write(cipher.encrypt(_place(number, is_last=not following), piece, None))
        size += len(piece)
        if not following:
            return size
        piece, number = following, number + 1


def unseal(sealed: IO[bytes], key: str) -> Iterator[bytes]:
    """The pieces of the plain file. Raises DamagedError at the first that is not as it was."""
    cipher, number = _cipher(key), 0
    piece = sealed.read(PIECE + TAG)
    while True:
        following = sealed.read(PIECE + TAG)
        try:
            yield cipher.decrypt(_place(number, is_last=not following), piece, None)
        except InvalidTag:
            raise DamagedError from None
        if not following:
            return
        piece, number = following, number + 1


def _cipher(key: str) -> AESGCM:
    return AESGCM(base64.b64decode(key))


def _place(number: int, *, is_last: bool) -> bytes:
    """A nonce that is used once: each file has its own key."""
    return number.to_bytes(11, "big") + bytes([is_last])
