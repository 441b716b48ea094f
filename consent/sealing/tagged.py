"""A PDF whose headings, paragraphs and pictures are tagged, in the order in which they are read."""

from collections.abc import Iterator
from contextlib import contextmanager

from fpdf.enums import XPos, YPos
from fpdf.prefs import ViewerPreferences

from casenotes.pdf import GREY, PDF, PLAIN

LABEL = 48  # mm, the width of a label beside what it is of
PALE = (236, 241, 239)


class TaggedPDF(PDF):
    """fpdf2 tags pictures alone, so that the rest is done by the same means as it does these.

    A paragraph that goes on over a page has a tag on each; what stands on every page is read by
    nobody twice.
    """

    def __init__(self, *, title: str, language: str, **options):
        self._tags: list[tuple[str, str | None]] = []
        super().__init__(**options)
        self.set_title(title)
        self.set_lang(language)
        self.viewer_preferences = ViewerPreferences(display_doc_title=True)

    def say(
        self, text: str, height: float = 5.4, size: float = 10.5, style: str = "", tag: str = "P"
    ) -> None:
        """A paragraph, or a heading with the tag H1 or H2; sizes as in `line_of`."""
        with self.tagged(tag):
            self.line_of(text, height, size, style)

    def pair(self, label: str, value: str, height: float) -> None:
        """A label, and what it is of beside it."""
        with self.tagged("P"):
            self.set_text_color(*GREY)
            self._set(label, 10.5)
            self.cell(LABEL, height, label)
            self.set_text_color(0, 0, 0)
            self._set(value, 10.5)
            self.multi_cell(0, height, value, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def boxed(self, text: str, height: float, size: float) -> None:
        """A paragraph on a pale ground."""
        with self.tagged("P"):
            self._set(text, size)
            self.set_fill_color(*PALE)
            self.set_x(self.l_margin + self.c_margin)
            width = self.epw - 2 * self.c_margin
            self.multi_cell(width, height, text, align="L", fill=True, padding=3)

    def rule(self, width: float) -> None:
        """A line across, as below a signature."""
        with self._untold():
            self.set_line_width(0.2)
            left, top = self.get_x() + self.c_margin, self.get_y()
            self.line(left, top, left + width, top)
        self.ln(1)

    def _set(self, text: str, size: float) -> None:
        self.set_font("main", "", size)
        self.set_text_shaping(not PLAIN.fullmatch(text))

    @contextmanager
    def tagged(self, tag: str, alt: str | None = None) -> Iterator[None]:
        """What is drawn inside is one part of the document; `alt` is read in place of a picture."""
        self._begin(tag, alt)
        self._tags.append((tag, alt))
        yield
        self._tags.pop()
        self._out("EMC")

    def header(self) -> None:
        with self._untold():
            super().header()

    def footer(self) -> None:
        with self._untold():
            super().footer()

    @contextmanager
    def _untold(self) -> Iterator[None]:
        self._out("/Artifact BMC")
        yield
        self._out("EMC")

    def _begin(self, tag: str, alt: str | None) -> None:
        number = self.struct_builder.next_mcid_for_page(self.page)
        self._add_marked_content(struct_type=f"/{tag}", mcid=number, alt_text=alt)
        self._out(f"/{tag} <</MCID {number}>> BDC")

    def _perform_page_break(self) -> None:
        for _ in self._tags:
            self._out("EMC")
        super()._perform_page_break()
        for one in self._tags:
            self._begin(*one)
