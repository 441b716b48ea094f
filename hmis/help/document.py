"""A topic as a sheet of paper: one page, as PDF."""

from collections.abc import Iterator
from functools import cache
from io import BytesIO

from django.conf import settings
from fpdf.enums import XPos, YPos
from markdown_it.token import Token
from PIL import Image

from casenotes.pdf import PDF, drawable
from hmis.help.topics import FOLDER, Topic
from records.markdown import BREAKS

SIZES = (10.5, 10, 9.5, 9, 8.5, 8)  # points, until it is one page
INDENT = 6  # mm
LINE = 0.5  # mm of a line for each point
WIDEST = 120  # mm of a picture
TALLEST = 75


@cache
def as_pdf(topic: Topic) -> bytes:
    """The sheet of a topic, in the largest letters that leave it on one page."""
    for size in SIZES:
        sheet = _Sheet(topic, size)
        if sheet.page_no() == 1:
            break
    return bytes(sheet.output())


class _Sheet(PDF):
    def __init__(self, topic: Topic, size: float):
        head = drawable(f"{settings.SITE_NAME} · Help · {topic.group}")
        foot = drawable(f"{settings.SITE_URL.rstrip('/')}{topic.url}")
        super().__init__(
            head=head, foot=foot, texts=[head, foot, topic.title, topic.lead, topic.text]
        )
        self.letters, self.numbers, self.is_heading = size, [0], False
        self.set_title(topic.title)
        self.add_page()
        self.line_of(topic.title, 8, 16, "B")
        self.ln(1)
        self.line_of(topic.lead, size * LINE, size)
        self.ln(2)
        self._draw(topic.body)

    def _draw(self, tokens: list[Token]) -> None:
        """The parts in order; a list moves what is in it to the right."""
        for token in tokens:
            match token.type:
                case "ordered_list_open":
                    self._open(1)
                case "bullet_list_open":
                    self._open(0)
                case "ordered_list_close" | "bullet_list_close":
                    self.numbers.pop()
                    self._indent(-INDENT)
                    self.ln(1)
                case "list_item_open":
                    self._mark()
                case "inline":
                    self._inline(token)
                case "heading_open" | "heading_close":
                    self.is_heading = token.type == "heading_open"

    def _open(self, first: int) -> None:
        self.numbers.append(first)
        self._indent(INDENT)

    def _indent(self, by: float) -> None:
        self.set_left_margin(self.l_margin + by)
        self.set_x(self.l_margin)

    def _mark(self) -> None:
        """The number of a step, or a dot, before its first line."""
        number = self.numbers[-1]
        self.set_font("main", "B" if number else "", self.letters)
        self.set_x(self.l_margin - INDENT)
        shown = f"{number}." if number else "•"
        self.cell(INDENT, self.letters * LINE, shown, new_x=XPos.RIGHT, new_y=YPos.TOP)
        self.set_x(self.l_margin)
        self.numbers[-1] += bool(number)

    def _inline(self, token: Token) -> None:
        """A heading, or a paragraph with its labels bold."""
        size = self.letters + 1.5 if self.is_heading else self.letters
        if self.is_heading:
            self.ln(1.5)
        for text, style in _runs(token.children or []):
            self.set_font("main", "B" if self.is_heading else style, size)
            self.write(size * LINE, drawable(text))
        self.ln(size * LINE + 0.8)
        for child in token.children or []:
            if child.type == "image":
                self._picture(child)

    def _picture(self, token: Token) -> None:
        with Image.open(FOLDER / str(token.attrGet("src"))) as picture:
            width, height = picture.size
            scale = min(WIDEST / width, TALLEST / height, (self.epw - INDENT) / width)
            drawn = BytesIO()
            picture.convert("RGB").save(drawn, "JPEG", quality=85)
        self.image(drawn, w=width * scale, h=height * scale, alt_text=token.content)
        self.ln(1)


def _runs(children: list[Token]) -> Iterator[tuple[str, str]]:
    """The text of a paragraph with the style of its letters, "B" for bold."""
    style = ""
    for child in children:
        if child.type == "strong_open":
            style = "B"
        elif child.type == "strong_close":
            style = ""
        elif child.type in BREAKS:
            yield " ", style
        elif child.type in {"text", "code_inline"}:
            yield child.content, style
