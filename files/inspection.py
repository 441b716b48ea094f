"""Looks into a file in a process of its own, within limits of memory and time (docs/files.md)."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from files.kinds import Kind

ZIP, OLE, TEXT = "zip", "ole", "text"
HEAD = 1024  # bytes that are looked at

BEGINNINGS = (
    (b"%PDF-", "pdf"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"PK\x03\x04", ZIP),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
)
HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1"}
REFUSED = (
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"\xca\xfe\xba\xbe", "program"),
    (b"\xcf\xfa\xed\xfe", "program"),
    (b"#!", "program"),
    (b"Rar!\x1a\x07", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ\x00", "archive"),
    (b"\x28\xb5\x2f\xfd", "archive"),
    (b"PK\x05\x06", "archive"),
    (b"PK\x07\x08", "archive"),
    (b"{\\rtf", "kind"),
)
MARKUP = (b"<!doctype", b"<html", b"<svg", b"<script", b"<?xml", b"<head", b"<body", b"<iframe")

DECODER = Path(__file__).with_name("decoder.py")
MEGAPIXELS = 64
LIMITS = {"memory": 800, "seconds": 3, "megapixels": MEGAPIXELS}  # MiB; of the processor
SECONDS = 15  # of the clock: on a machine that has little of its processor left
AT_ONCE = threading.BoundedSemaphore(2)  # decoders of one web process
PATIENCE = 10  # seconds to wait for one of them
BLOCK = 64 * 1024
OF_DOCUMENTS = tuple(
    ending for kind in Kind if kind is not Kind.TEXT for ending in Kind(kind).extensions
)

THUMBNAIL = ("fit", 360, 360)
PAGE = ("fit", 1600, 2000)
PORTRAIT = ("fit", 1024, 1024)
SMALL_PORTRAIT = ("crop", 240, 288)

INSTEAD = "Choose a PDF, a picture (JPEG, PNG, GIF, WebP, HEIC, TIFF), plain text, Word or Excel."
SENTENCES = {
    "empty": "This file is empty. Check that it was saved completely, and choose it again.",
    "kind": f"Files of this kind are not kept here. {INSTEAD}",
    "program": f"This file is a program, whatever its name says. {INSTEAD}",
    "markup": "This file is a web page or a drawing that can hold scripts. "
    "Print it as a PDF, and choose that.",
    "disguised": "This file is plain text, whatever its name says. Find the document itself, "
    "or save the text with a name that ends in .txt.",
    "archive": "This file holds an archive. Unpack it, and add the documents in it one by one.",
    "polyglot": "This file pretends to be two kinds at once. "
    "Open it, save it again as a PDF or a JPEG, and choose that.",
    "bomb": "This file would grow far too large when opened. Save the document again as a PDF.",
    "macros": "This document holds macros. Save it without them, or as a PDF.",
    "password": "This file asks for a password, which other agencies do not have. "
    "Save it without one, and choose it again.",
    "damaged": "This file is damaged or incomplete, or is not what its name says. "
    "Scan or save it again.",
    "pixels": f"This picture has more than {MEGAPIXELS} million pixels. "
    "Scan it at 300 dpi, or save it smaller.",
    "too_much": "This file takes too much memory to open. Save it smaller, or as a PDF.",
    "too_slow": "This file takes too long to open. Save it again as a PDF, and choose that.",
    "not_a_picture": "Choose a picture: JPEG, PNG, GIF, WebP, HEIC or TIFF.",
    "busy": "The server is busy with other files. Nothing was saved. Try again in a minute.",
    "no_such_page": "There is no such page in this file.",
}


class RefusedFileError(Exception):
    """A file that is not kept.

    Args:
        reason: a key of SENTENCES.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.sentence = SENTENCES[reason]


@dataclass(frozen=True)
class Findings:
    """What a file turned out to be, and pictures of it (JPEG, without metadata)."""

    kind: Kind
    pages: int
    pictures: list[bytes] = field(default_factory=list)
    text: str = ""


def inspect(stream: IO[bytes], name: str = "") -> Findings:
    """Identify a new file by its bytes and draw its thumbnail.

    Args:
        name: what the file is called: text that is called a PDF or a picture is a wrong file.

    Raises:
        RefusedFileError: for anything that is not whole, safe and of a kind that is kept.
    """
    kind = _looks_like(stream)
    if kind == TEXT and name.lower().endswith(OF_DOCUMENTS):
        raise RefusedFileError("disguised")
    wants = [] if kind in (ZIP, OLE, TEXT) else [THUMBNAIL]
    return _decode(stream, kind=kind, wants=wants, checks=True)


def portrait(stream: IO[bytes], name: str = "") -> Findings:
    """Draw a client's photo again, upright and without metadata: large, and small and cropped."""
    kind = _looks_like(stream)
    if kind not in Kind.values or not Kind(kind).is_picture:
        raise RefusedFileError("not_a_picture")
    return _decode(stream, kind=kind, wants=[PORTRAIT, SMALL_PORTRAIT], checks=True)


def draw_page(stream: IO[bytes], kind: Kind, page: int) -> bytes:
    """Draw one page, counted from 0, of a kept file."""
    return _decode(stream, kind=kind.value, page=page, wants=[PAGE]).pictures[0]


def text_of_page(stream: IO[bytes], page: int) -> str:
    """What is written on one page, counted from 0, of a kept PDF."""
    return _decode(stream, kind=Kind.PDF.value, page=page, text=True).text


def sha256_of(stream: IO[bytes]) -> str:
    stream.seek(0)
    digest = hashlib.sha256()
    while block := stream.read(BLOCK):
        digest.update(block)
    stream.seek(0)
    return digest.hexdigest()


def _looks_like(stream: IO[bytes]) -> str:
    """Return a kind's value, `zip`, `ole` or `text` by the first bytes."""
    stream.seek(0)
    head = stream.read(HEAD)
    found = _beginning(head) if head else "empty"
    if found in SENTENCES:
        raise RefusedFileError(found)
    return found


def _beginning(head: bytes) -> str:
    """Return a kind's value, `zip`, `ole` or `text`, else the reason for refusing the file."""
    if head[257:262] == b"ustar":
        return "archive"
    for beginning, answer in (*BEGINNINGS, *REFUSED):
        if head.startswith(beginning):
            return answer
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp":
        return "heic" if head[8:12] in HEIC_BRANDS else "kind"
    return _text_or_not(head)


def _text_or_not(head: bytes) -> str:
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    if b"\x00" in head and not wide:
        return "kind"
    plain = head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    return "markup" if plain.startswith((*MARKUP, b"<!--")) else TEXT


def _decode(stream: IO[bytes], **asked: Any) -> Findings:
    job = {"page": 0, "wants": [], "text": False, "checks": False} | LIMITS | asked
    with tempfile.TemporaryFile() as out:
        _run(job, stream, out)
        out.seek(0)
        try:
            answer = json.loads(out.readline())
        except ValueError:
            raise RefusedFileError("damaged") from None
        if "refused" in answer:
            raise RefusedFileError(answer["refused"])
        pictures = [out.read(length) for length in answer["parts"]]
    return Findings(Kind(answer["kind"]), answer["pages"], pictures, answer.get("text", ""))


def _run(job: dict[str, Any], stream: IO[bytes], out: IO[bytes]) -> None:
    stream.flush()
    position = os.lseek(stream.fileno(), 0, os.SEEK_CUR)
    command = [sys.executable, "-I", str(DECODER), json.dumps(job)]
    if not AT_ONCE.acquire(timeout=PATIENCE):
        raise RefusedFileError("busy")
    try:
        child = subprocess.Popen(  # noqa: S603 -- our own script; the file is its standard input
            command,
            stdin=stream,
            stdout=out,
            stderr=subprocess.DEVNULL,
            env={"MALLOC_ARENA_MAX": "2"},
            cwd="/",
        )
        code = _end_of(child)
    finally:
        AT_ONCE.release()
        # The child moved the position that both share, and our buffer does not know.
        os.lseek(stream.fileno(), position, os.SEEK_SET)
    if code:
        out_of_time = code in (-signal.SIGXCPU, -signal.SIGKILL)
        raise RefusedFileError("too_slow" if out_of_time else "damaged")


def _end_of(child: subprocess.Popen) -> int:
    try:
        return child.wait(SECONDS)
    except subprocess.TimeoutExpired:  # it waited for its turn: the processor's limit is far lower
        raise RefusedFileError("busy") from None
    finally:
        child.kill()
        child.wait()
