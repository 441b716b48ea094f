"""Notes as PDF, in any script that the packaged fonts have (casenotes/fonts/README.md)."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Self

from django.conf import settings
from fontTools.ttLib import TTFont
from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import TTFFont

from agencies.models import User
from casenotes.models import CaseNote
from clients.models import Client

FONTS = Path(__file__).parent / "fonts"
MAIN, BOLD = "NotoSans-Regular", "NotoSans-Bold"
MARGIN = 18  # mm
GREY = (75, 91, 87)
# No script here joins, stacks or reorders its letters: they are set one after the other, which is
# five times as fast.
PLAIN = re.compile(
    "[\\u0000-\\u02ff\\u0370-\\u0482\\u048a-\\u058f\\u1e00-\\u200a\\u2010-\\u2027\\u2030-\\u205f"
    "\\u2070-\\u20cf\\u2100-\\u2bff\\u3000-\\u3029\\u3030-\\u3098\\u309b-\\u9fff\\uac00-\\ud7a3\\uf900-\\ufaff"
    "\\uff00-\\uffef]*"
)
# Chinese and Japanese have no spaces: a line ends between any two characters, but not before a mark
# that closes and not after one that opens.
HAN = "[\\u3005\\u3041-\\u30ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff]"
OPENING = "[\\u3008\\u300a\\u300c\\u300e\\u3010\\uff08]"
CLOSING = "[\\u3001\\u3002\\u3005\\u3009\\u300b\\u300d\\u300f\\u3011\\u30fc"
CLOSING += "\\uff01\\uff09\\uff0c\\uff0e\\uff1a\\uff1b\\uff1f]"
PIECES = re.compile(f"{OPENING}*{HAN}{CLOSING}*|(?:(?!{HAN}|{OPENING})\\S)+ *|.")
# White space and marks that steer the text around them: nothing of them is drawn.
UNDRAWN = {"Cc", "Cf", "Zs", "Zl", "Zp"}


@cache
def covered_by(name: str) -> frozenset[int]:
    """The characters that a packaged font has."""
    with TTFont(FONTS / f"{name}.ttf", lazy=True) as font:
        return frozenset(font.getBestCmap())


@cache
def fallbacks() -> tuple[str, ...]:
    """Every packaged font but the main one, in the order in which they are asked."""
    names = sorted(path.stem for path in FONTS.glob("*.ttf"))
    return tuple(name for name in names if name not in (MAIN, BOLD))


def drawable(text: str) -> str:
    """The text with every character that no font has replaced by its code, as [U+1F9FF]."""
    return "".join(char if _is_drawable(char) else f"[U+{ord(char):04X}]" for char in text)


def _is_drawable(char: str) -> bool:
    code = ord(char)
    if code in covered_by(MAIN) or unicodedata.category(char) in UNDRAWN:
        return True
    return any(code in covered_by(name) for name in fallbacks())


def fonts_for(text: str) -> list[str]:
    """The fallback fonts that a text needs."""
    missing = {ord(char) for char in set(text)} - covered_by(MAIN)
    needed = []
    for name in fallbacks():
        if missing & covered_by(name):
            needed.append(name)
            missing -= covered_by(name)
    return needed


class PDF(FPDF):
    """Letter pages with who printed what, and when, on each."""

    page_of = "page {number} of {count}"
    direction = ""  # ltr or rtl, that of the language; else a paragraph's first letter decides

    def __init__(self, *, head: str, foot: str, texts: Iterable[str]):
        super().__init__(format="letter")
        self.head, self.foot = head, foot
        self.set_margins(MARGIN, MARGIN)
        self.set_auto_page_break(True, MARGIN + 4)
        self.add_font("main", "", FONTS / f"{MAIN}.ttf")
        self.add_font("main", "B", FONTS / f"{BOLD}.ttf")
        needed = fonts_for("".join(texts))
        for name in needed:
            self.add_font(name, "", FONTS / f"{name}.ttf")
        self.set_fallback_fonts(needed, exact_match=False)
        self.set_title("Case notes")
        self.set_lang("en-US")

    @classmethod
    def about_client(cls, client: Client, texts: Iterable[str], *, by: User, at: datetime) -> Self:
        """Pages that name the client, who printed them, and when; `texts` will stand on them."""
        head = drawable(f"{settings.SITE_NAME} · {client.display_name} · Client ID {client.pk}")
        foot = drawable(f"Confidential · printed {at:%m/%d/%Y %I:%M %p} by {by}")
        return cls(head=head, foot=foot, texts=[head, foot, *texts])

    def header(self) -> None:
        self.small(self.head)
        self.ln(3)

    def footer(self) -> None:
        self.set_y(-MARGIN + 2)
        place = self.page_of.format(number=self.page_no(), count="{nb}")
        self.small(f"{self.foot} · {place}")

    def small(self, text: str) -> None:
        self.set_text_color(*GREY)
        self.line_of(text, 4, 8.5)
        self.set_text_color(0, 0, 0)

    def line_of(self, text: str, height: float, size: float = 10.5, style: str = "") -> None:
        """Write a paragraph; `height` of a line in mm, `size` in points, `style` B for bold."""
        self.set_font("main", style, size)
        direction = self.direction or ("rtl" if _runs_leftwards(text) else "ltr")
        self.set_text_shaping(not PLAIN.fullmatch(text), direction=direction)
        align = "R" if direction == "rtl" else "L"
        if re.search(HAN, text):
            text = "\n".join(self._lines(text))
        self.multi_cell(0, height, text, align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _set_font_for_page(
        self, font: TTFFont, font_size_pt: float, wrap_in_text_object: bool = True
    ) -> str:
        """Set the font for what follows a line too, and not for that line alone.

        Where a line begins in a fallback font, fpdf2 2.8.9 sets the main one within the line and
        takes it as set from then on: the next paragraph came in the font of an earlier one.
        """
        if not self.current_font_is_set_on_page and not wrap_in_text_object:
            self._out(super()._set_font_for_page(font, font_size_pt))
        return super()._set_font_for_page(font, font_size_pt, wrap_in_text_object)

    def _lines(self, text: str) -> Iterator[str]:
        """A text in Han characters, in lines that fit: fpdf2 breaks at spaces."""
        width, line = self.epw - 2 * self.c_margin, ""
        for piece in PIECES.findall(text):
            if line and self.get_string_width(f"{line}{piece.rstrip()}") > width:
                yield line.rstrip()
                line = ""
            line += piece
        yield line


def _runs_leftwards(text: str) -> bool:
    """Whether the first letter that has a direction runs from right to left."""
    kinds = (unicodedata.bidirectional(char) for char in text)
    return next((kind != "L" for kind in kinds if kind in ("L", "R", "AL")), False)


def as_pdf(notes: list[CaseNote], *, client: Client, by: User, at: datetime) -> bytes:
    """The notes as a PDF, one after the other."""
    parts = [
        (drawable(note.title), drawable(about(note)), drawable(readable(note.text)))
        for note in notes
    ]
    pdf = PDF.about_client(client, map("".join, parts), by=by, at=at)
    pdf.add_page()
    for place, (title, facts, text) in enumerate(parts):
        if place:
            pdf.ln(7)
        if pdf.will_page_break(30):
            pdf.add_page()
        pdf.line_of(title, 6.5, 13, "B")
        pdf.small(facts)
        pdf.ln(1.5)
        for paragraph in text.split("\n"):
            pdf.line_of(paragraph or " ", 5.4)
    return bytes(pdf.output())


def about(note: CaseNote) -> str:
    """The line under a note's title."""
    return f"{note.date:%m/%d/%Y} · {note.created_by} · {note.organization} · Read Only"


def readable(text: str) -> str:
    """Line ends as paragraphs; leading white space stays, tabs become spaces."""
    return re.sub(r"[\v\f\x85\u2028\u2029]", "\n", text).expandtabs(4)
