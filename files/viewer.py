"""What the viewer shows of a stored file: a drawn page, text, or how to get it."""

from dataclasses import dataclass
from typing import Any

from files import store
from files.inspection import RefusedFileError, text_of_page
from files.kinds import Kind
from files.models import StoredFile
from hud.text import as_id

MOST_TEXT = 100_000  # bytes of a text file that are shown


@dataclass(frozen=True)
class Shown:
    """Page `number` of `stored`, as a picture or (`as_text`) as what is written on it."""

    stored: StoredFile
    number: int = 1
    as_text: bool = False
    text: str = ""

    @property
    def is_drawn(self) -> bool:
        return self.stored.form.has_pages and not self.as_text

    @property
    def previous(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        return self.number + 1 if self.number < self.stored.pages else None


def show(stored: StoredFile | None, asked: Any) -> Shown | None:
    """What to show; None where there is nothing to show.

    Args:
        asked: the query of the address: `page`, and `as=text`.

    Raises:
        StoreError: if the store does not give it.
    """
    if stored is None or not stored.is_ready:
        return None
    number = min(as_id(asked.get("page", "")) or 1, max(stored.pages, 1))
    if stored.form is Kind.TEXT:
        return Shown(stored, as_text=True, text=_beginning(stored))
    if stored.form is Kind.PDF and asked.get("as") == "text":
        return Shown(stored, number, as_text=True, text=_written_on(stored, number))
    return Shown(stored, number) if stored.form.has_pages else None


def _beginning(stored: StoredFile) -> str:
    with store.fetch(stored.key) as content:
        beginning = content.read(MOST_TEXT)
    if beginning.startswith((b"\xff\xfe", b"\xfe\xff")):
        return beginning.decode("utf-16", "replace")
    try:
        return beginning.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        is_cut_letter = error.start > len(beginning) - 4
        return beginning.decode("utf-8" if is_cut_letter else "cp1252", "replace")


def _written_on(stored: StoredFile, number: int) -> str:
    with store.fetch_local(stored.key) as content:
        try:
            return text_of_page(content, number - 1)
        except RefusedFileError:
            return ""
