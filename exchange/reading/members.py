"""The CSV files in a zip or a folder, before anything in them is read.

A zip comes from anywhere: its names must not lead out of it, its size is bounded before it is
unpacked, and nothing is ever written to disk.
"""

import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO

import pyzipper

from exchange.reading.refusals import RefusedError

LARGEST = 40 * 1024**3  # bytes of all files together, unpacked: some 200 million rows
RATIO = 250  # unpacked to packed; rows of codes compress 10 to 60 times
SMALL = 20 * 1024**2  # bytes unpacked that are no harm at any ratio
MOST_MEMBERS = 1_000
NOT_MEANT = ("__macosx", ".ds_store", "thumbs.db")  # what systems add to a zip on their own
ENCRYPTED = "The zip is encrypted. Enter its password."
TOO_MANY = f"The zip has more than {MOST_MEMBERS:,} files. Zip the CSV files alone."
LEADS_OUT = "A file in the zip has a path that leads out of it. Zip the files again."
NOT_A_ZIP = "This is not a zip, or it was cut off. Choose a zip with the CSV files in it."
DAMAGED = "The zip is damaged or was cut off. Create it again, or copy it again."
# What a zip that is not as it should be raises, where it is opened and where it is read.
BROKEN = (
    *(zipfile.BadZipFile, pyzipper.BadZipFile, zlib.error, struct.error),
    *(EOFError, OSError, ValueError),
)


@dataclass(frozen=True)
class Member:
    """One file: its path in the zip or folder, and a way to open it as often as needed."""

    path: PurePosixPath
    open: Callable[[], IO[bytes]]


@contextmanager
def members_of(source: Path | BinaryIO, password: str = "") -> Iterator[list[Member]]:
    """The files of a folder or a zip; the zip stays open as long as the context.

    Args:
        source: a folder, a path to a zip, or an open zip that can be read at any place.
        password: of an encrypted zip; AES and the old method are both read.

    Raises RefusedError.
    """
    if isinstance(source, Path) and source.is_dir():
        paths = [path for path in islice(source.rglob("*"), MOST_MEMBERS) if path.is_file()]
        yield [
            Member(PurePosixPath(path.relative_to(source)), partial(read_bytes_of, path))
            for path in sorted(paths)
            if not path.is_symlink() and is_meant(path.relative_to(source))
        ]
        return
    if isinstance(source, Path) and not source.exists():
        raise RefusedError("There is no such file or folder.")
    try:
        archive = pyzipper.AESZipFile(source)
    except (*BROKEN, NotImplementedError) as error:
        raise RefusedError(NOT_A_ZIP) from error
    with archive:
        yield members_of_zip(archive, password)


def read_bytes_of(path: Path) -> IO[bytes]:
    return path.open("rb")


def members_of_zip(archive: pyzipper.AESZipFile, password: str) -> list[Member]:
    infos = [info for info in archive.infolist() if not info.is_dir()]
    if len(infos) > MOST_MEMBERS:
        raise RefusedError(TOO_MANY)
    for info in infos:
        refuse_path(info.filename)
        if stat.S_ISLNK(info.external_attr >> 16):
            raise RefusedError("The zip has a link in it. Zip the CSV files themselves.")
    refuse_bomb(infos, archive.start_dir)
    infos = [info for info in infos if is_meant(PurePosixPath(info.filename))]
    if any(info.flag_bits & 1 for info in infos):
        if not password:
            raise RefusedError(ENCRYPTED)
        archive.setpassword(password.encode())
    return [
        Member(PurePosixPath(info.filename), partial(open_member, archive, info)) for info in infos
    ]


def refuse_path(name: str) -> None:
    """A name that could lead out of the zip: absolute, with a drive, or upward."""
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in name or "\0" in name or "\\" in name:
        raise RefusedError(LEADS_OUT)


def refuse_bomb(infos: list[zipfile.ZipInfo], packed: int) -> None:
    """Too much once unpacked. A reader takes no more from a member than the size it declares.

    Args:
        packed: bytes of the zip without its list of files; members may overlap in it.
    """
    unpacked = sum(info.file_size for info in infos)
    if unpacked > LARGEST:
        raise RefusedError(f"The files are larger than {LARGEST // 1024**3} GB unpacked.")
    if unpacked > SMALL and unpacked > RATIO * max(packed, 1):
        raise RefusedError(
            f"The zip unpacks to more than {RATIO} times its size, as no files of people do."
        )


def is_meant(path: Path | PurePosixPath) -> bool:
    """Whether somebody put it there: not a leftover of an operating system."""
    return not any(part.lower() in NOT_MEANT or part.startswith("._") for part in path.parts)


def open_member(archive: pyzipper.AESZipFile, info: zipfile.ZipInfo) -> IO[bytes]:
    try:
        return archive.open(info)
    except NotImplementedError as error:
        raise RefusedError(
            "The zip is compressed by a method that cannot be read. Use the usual one, Deflate."
        ) from error
    except RuntimeError as error:  # what zipfile raises for a wrong password
        raise RefusedError("That is not the password of the zip.") from error
    except BROKEN as error:
        raise RefusedError(DAMAGED) from error
