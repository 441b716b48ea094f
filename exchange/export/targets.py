"""Where an export is written: a folder or a zip, under another name until it is whole."""

import os
import secrets
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import pyzipper

from exchange.export.refusals import ExportRefusedError

ENDING = ".zip"
PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700
SHORTEST_PASSWORD = 12
FAST = 1  # of zlib's levels: a third larger than the usual one, and four times as fast


class Folder:
    """A folder with the files in it; it is made."""

    def __init__(self, path: Path):
        self.path = path
        path.mkdir(PRIVATE_FOLDER)

    @contextmanager
    def file(self, name: str) -> Iterator[IO[bytes]]:
        with _opened(self.path / name) as file:
            yield file
            _to_disk(file)

    def close(self) -> None:
        """Nothing is left to be written."""

    def remove(self) -> None:
        shutil.rmtree(self.path)


class Zip:
    """A zip with the files at its top, encrypted (AES-256) where there is a password."""

    def __init__(self, path: Path, password: str = ""):
        self.path = path
        self._file = _opened(path)
        self._zip: Any
        if password:
            self._zip = pyzipper.AESZipFile(
                self._file,
                "w",
                compression=zipfile.ZIP_DEFLATED,
                compresslevel=FAST,
                encryption=pyzipper.WZ_AES,
            )
            self._zip.setpassword(password.encode())
        else:
            self._zip = zipfile.ZipFile(
                self._file, "w", compression=zipfile.ZIP_DEFLATED, compresslevel=FAST
            )

    @contextmanager
    def file(self, name: str) -> Iterator[IO[bytes]]:
        with self._zip.open(name, "w", force_zip64=True) as file:
            yield file

    def close(self) -> None:
        self._zip.close()
        _to_disk(self._file)
        self._file.close()

    def remove(self) -> None:
        with suppress(ValueError, OSError):  # it may be what failed
            self._zip.close()
        self._file.close()
        self.path.unlink()


@contextmanager
def writing(target: Path, *, password: str = "") -> Iterator[Folder | Zip]:
    """Give what is written into; it gets its name when all is written, and goes if that fails.

    What a kill leaves behind has a name that begins with a dot and ends in .part.

    Raises ExportRefusedError where there is something of that name, or no folder to write it in.
    """
    check(target, password=password)
    unfinished = target.with_name(f".{target.name}.{secrets.token_hex(8)}.part")
    is_zip = target.suffix.lower() == ENDING
    written = Zip(unfinished, password) if is_zip else Folder(unfinished)
    try:
        yield written
        written.close()
        _check_is_free(target)
        unfinished.rename(target)
    except BaseException:
        written.remove()
        raise


def check(target: Path, *, password: str = "") -> None:
    """Refuse a target that cannot be written, before anything is read."""
    _check_is_free(target)
    if not target.parent.is_dir():
        raise ExportRefusedError(f"There is no folder {target.parent} to write {target.name} in.")
    if password and target.suffix.lower() != ENDING:
        raise ExportRefusedError("Only a zip is encrypted: end the name of the target in .zip.")
    if password and len(password) < SHORTEST_PASSWORD:
        raise ExportRefusedError(f"The password needs at least {SHORTEST_PASSWORD} characters.")


def _check_is_free(target: Path) -> None:
    if target.exists() or target.is_symlink():
        raise ExportRefusedError(f"{target} is there already. Choose another name, or move it.")


def _opened(path: Path) -> IO[bytes]:
    """A new file that nobody else reads."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE), "wb")


def _to_disk(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())
