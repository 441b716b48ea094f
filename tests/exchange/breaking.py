"""Ways to break a set of files: its rows, its bytes, the zip."""

import csv
import io
import struct
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.exchange.sets import Contents, HMISSet, small_set, write_zip

PASSWORD = "correct horse"
Findings = frozenset[tuple[str, str, str]]


@dataclass(frozen=True)
class Broken:
    """One way to be broken.

    Args:
        name: what is wrong.
        make: writes it into a folder; returns the path of the zip or the folder.
        refused: a part of the sentence with which the whole set is refused.
        findings: of a set that is read: file, column, rule.
        is_same: whether its rows come out as those of the small set.
        password: what is entered as the password.
    """

    name: str
    make: Callable[[Path], Path]
    refused: str = ""
    findings: Findings = frozenset()
    is_same: bool = False
    password: str = ""


def of_rows(
    name: str, change: Callable[[HMISSet], object], *findings: tuple[str, str, str], **facts
):
    """Rows are changed before they are written."""

    def make(folder: Path) -> Path:
        files = small_set()
        change(files)
        return files.write_zip(folder / "set.zip")

    return Broken(name, make, findings=frozenset(findings), **facts)


def of_bytes(
    name: str, change: Callable[[Contents], object], *findings: tuple[str, str, str], **facts
):
    """The files' bytes are changed."""

    def make(folder: Path) -> Path:
        contents = small_set().contents()
        change(contents)
        return write_zip(folder / "set.zip", contents)

    return Broken(name, make, findings=frozenset(findings), **facts)


def put(file: str, column: str, value: str, at: int = 0) -> Callable[[HMISSet], object]:
    return lambda files: files.rows[file][at].update({column: value})


def edit(name: str, change: Callable[[bytes], bytes]) -> Callable[[Contents], object]:
    """Change one file's bytes."""
    return lambda contents: contents.update({f"{name}.csv": change(contents[f"{name}.csv"])})


def every(change: Callable[[bytes], bytes]) -> Callable[[Contents], object]:
    return lambda contents: contents.update({name: change(d) for name, d in contents.items()})


def header(change: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    def changed(data: bytes) -> bytes:
        first, rest = data.split(b"\r\n", 1)
        return change(first) + b"\r\n" + rest

    return changed


def rename(change: Callable[[str], str]) -> Callable[[Contents], object]:
    def renamed(contents: Contents) -> None:
        found = dict(contents)
        contents.clear()
        contents.update({change(name): data for name, data in found.items()})

    return renamed


def without(*names: str) -> Callable[[Contents], object]:
    return lambda contents: [contents.pop(f"{name}.csv") for name in names]


def without_column(column: str) -> Callable[[bytes], bytes]:
    return arranged(lambda names: [name for name in names if name != column])


def arranged(order: Callable[[list[str]], Iterable[str]]) -> Callable[[bytes], bytes]:
    """The columns in another order, or some of them."""

    def changed(data: bytes) -> bytes:
        rows = list(csv.DictReader(io.StringIO(data.decode(), newline="")))
        names = data.decode().split("\r\n", 1)[0].split(",")
        text = io.StringIO()
        writer = csv.DictWriter(text, list(order(names)), extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
        return text.getvalue().encode()

    return changed


def with_cell(value: bytes) -> Callable[[bytes], bytes]:
    return lambda data: data.replace(b"Bertil", value)


def zipped(name: str, work: Callable[[Path], object], **facts) -> Broken:
    """The zip itself is worked on once it is written."""

    def make(folder: Path) -> Path:
        path = small_set().write_zip(folder / "set.zip", facts.get("encrypted_by", ""))
        work(path)
        return path

    known = {key: value for key, value in facts.items() if key != "encrypted_by"}
    return Broken(name, make, **known)


def append(name: str, data: bytes, **attributes: int) -> Callable[[Path], None]:
    def work(path: Path) -> None:
        info = zipfile.ZipInfo(name)
        info.compress_type = zipfile.ZIP_DEFLATED
        for key, value in attributes.items():
            setattr(info, key, value)
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr(info, data)

    return work


def damage(path: Path) -> None:
    """Change a byte in the middle of the packed Client.csv."""
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo("Client.csv")
    data = bytearray(path.read_bytes())
    data[info.header_offset + 30 + len("Client.csv") + info.compress_size // 2] ^= 0xFF
    path.write_bytes(data)


def say_less(path: Path) -> None:
    """Say that Client.csv has ten bytes."""
    with zipfile.ZipFile(path) as archive:
        offset = archive.getinfo("Client.csv").header_offset
    data = bytearray(path.read_bytes())
    for place in (in_list(data, "Client.csv") + 24, offset + 22):
        data[place : place + 4] = struct.pack("<L", 10)
    path.write_bytes(data)


def call_method_9(path: Path) -> None:
    """Say that Client.csv is packed by Deflate64, as Windows does with large files."""
    with zipfile.ZipFile(path) as archive:
        offset = archive.getinfo("Client.csv").header_offset
    data = bytearray(path.read_bytes())
    for place in (in_list(data, "Client.csv") + 10, offset + 8):
        data[place : place + 2] = struct.pack("<H", 9)
    path.write_bytes(data)


def in_list(data: bytearray, name: str) -> int:
    """Where a file's entry in the zip's list begins."""
    at = data.index(b"PK\x01\x02")
    while not data[at + 46 :].startswith(name.encode()):
        at = data.index(b"PK\x01\x02", at + 4)
    return at


def fy2024(files: HMISSet) -> None:
    put("Export", "CSVVersion", "2024 v1.5")(files)
    put("Exit", "CounselingReceived", "99")(files)
    files.added["Client"] = ["Woman", "GenderNone"]
    for person in files.rows["Client"]:
        person.update(Woman="1", Sex="")
    files.added["Enrollment"] = ["SexualOrientation"]
    files.rows["Enrollment"][0]["SexualOrientation"] = "1"


def make_fy2024(folder: Path) -> Path:
    files = small_set()
    fy2024(files)
    contents = files.contents()
    edit("Client", without_column("Sex"))(contents)
    edit("Client", header(lambda line: line.replace(b"Latinao", b"Latinaeo")))(contents)
    edit("Enrollment", without_column("MentalHealthConsultation"))(contents)
    return write_zip(folder / "set.zip", contents)


def hashed(files: HMISSet) -> None:
    put("Export", "HashStatus", "4")(files)
    for person in files.rows["Client"]:
        person.update(FirstName="ab" * 32, LastName="cd" * 32, SSN="12" * 32)
