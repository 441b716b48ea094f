"""A PDF whose headings, paragraphs and pictures are tagged, in the order in which they are read."""

from collections.abc import Iterator
from contextlib import contextmanager

from fpdf.prefs import ViewerPreferences

from casenotes.pdf import PDF


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
