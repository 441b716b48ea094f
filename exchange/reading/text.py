"""The bytes of a CSV file as text, whatever its encoding.

HUD asks for UTF-8. Real files have a byte order mark, are UTF-16, or hold single bytes of
Windows-1252; zero bytes, which PostgreSQL stores in no text, are left out.
"""

import codecs
import io
from typing import IO

from exchange.reading.members import BROKEN, DAMAGED
from exchange.reading.refusals import RefusedError

BLOCK = 1 << 18  # bytes at a time
LONGEST_LINE = 16_000_000  # characters: a line is in memory as a whole
MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "le"), (codecs.BOM_UTF16_BE, "be"))
NOT_UTF8 = "The file is not UTF-8. The bytes that are not were read as Windows-1252."
UTF_16 = "The file is UTF-16 and was read as such."
NUL = "Zero bytes were left out."


def as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    """Decode bytes that are no UTF-8; the five that Windows-1252 leaves out become a mark."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("exchange.windows-1252", as_windows_1252)


class Utf8(io.RawIOBase):
    """A file's bytes as UTF-8 without a mark and zero bytes; `found` says what was repaired."""

    def __init__(self, raw: IO[bytes]) -> None:
        self._raw = raw
        self._encoding = ""
        self._rest = self._ready = b""
        self._ended = False
        self._line = 0
        self.found: dict[str, str] = {}

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        self._raw.close()
        super().close()

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._ready and not self._ended:
            self._ready = self._next_block()
        taken = self._ready[: len(buffer)]
        self._ready = self._ready[len(taken) :]
        buffer[: len(taken)] = taken
        return len(taken)

    def _next_block(self) -> bytes:
        try:
            block = self._raw.read(BLOCK)
        except BROKEN as error:
            raise RefusedError(DAMAGED) from error
        self._ended = not block
        data = self._rest + block
        if not self._encoding:
            data = self._detect(data)
        text, used = self._decode(data)
        self._rest = data[used:]
        if "\0" in text:
            self.found["nul"] = NUL
            text = text.replace("\0", "")
        self._measure(text)
        return text.encode("utf-8", "replace")

    def _detect(self, data: bytes) -> bytes:
        """Choose the encoding by the first bytes; return them without the mark."""
        for mark, encoding in MARKS:
            if data.startswith(mark):
                self._encoding = encoding
                data = data[len(mark) :]
                break
        else:  # a header is plain letters: in UTF-16 each second byte of it is zero
            head = data[:200]
            halves = {"le": head[1::2], "be": head[::2]}
            guesses = [name for name, half in halves.items() if half and not half.strip(b"\0")]
            self._encoding = guesses[0] if guesses else "utf-8"
        if self._encoding != "utf-8":
            self.found["encoding"] = UTF_16
        return data

    def _decode(self, data: bytes) -> tuple[str, int]:
        if self._encoding == "le":
            return codecs.utf_16_le_decode(data, "replace", self._ended)
        if self._encoding == "be":
            return codecs.utf_16_be_decode(data, "replace", self._ended)
        try:
            return codecs.utf_8_decode(data, "strict", self._ended)
        except UnicodeDecodeError:
            self.found["encoding"] = NOT_UTF8
            return codecs.utf_8_decode(data, "exchange.windows-1252", self._ended)

    def _measure(self, text: str) -> None:
        last = max(text.rfind("\n"), text.rfind("\r"))
        self._line = self._line + len(text) if last < 0 else len(text) - last - 1
        if self._line > LONGEST_LINE:
            raise RefusedError(f"A line has more than {LONGEST_LINE:,} characters.")


def text_of(raw: Utf8) -> io.TextIOWrapper:
    """Its lines, with the ends that they have."""
    return io.TextIOWrapper(io.BufferedReader(raw, BLOCK), encoding="utf-8", newline="")
