"""A printed record as PDF."""

from datetime import datetime

from agencies.models import User
from casenotes.pdf import MARGIN, PDF, drawable
from clients.models import Client
from hmis.printed_records import Document

SIZES = {2: 11.5, 3: 10.5}  # points of a heading
LABEL, GAP = 62, 4  # mm


def as_pdf(found: Document, *, client: Client, by: User, at: datetime) -> bytes:
    """Lay a document out: its parts one after the other, labels to the left of their values."""
    parts = [
        (drawable(part.heading), part.level, [(drawable(a), drawable(b)) for a, b in part.facts])
        for part in found.parts
    ]
    about = drawable(found.about)
    texts = [f"{heading}{''.join(a + b for a, b in facts)}" for heading, _, facts in parts]
    pdf = PDF.about_client(client, [about, *texts], by=by, at=at)
    pdf.set_title(found.title)
    pdf.add_page()
    pdf.line_of(found.title, 6.5, 14, "B")
    pdf.small(about)
    for heading, level, facts in parts:
        if pdf.will_page_break(24):
            pdf.add_page()
        pdf.ln(4 if level == 2 else 2)
        pdf.line_of(heading, 6, SIZES[level], "B")
        for label, value in facts:
            _fact(pdf, label, value)
    return bytes(pdf.output())


def _fact(pdf: PDF, label: str, value: str) -> None:
    """A label, and its value beside it; each may take several lines."""
    if pdf.will_page_break(12):
        pdf.add_page()
    top, page = pdf.get_y(), pdf.page_no()
    pdf.set_right_margin(pdf.w - MARGIN - LABEL)
    pdf.small(label)
    pdf.set_right_margin(MARGIN)
    below = pdf.get_y()
    pdf.set_xy(MARGIN + LABEL + GAP, top)
    pdf.line_of(value, 4.6, 9.5)
    if pdf.page_no() == page:  # else it ends on the next page, however long the label was
        pdf.set_y(max(below, pdf.get_y()))
    pdf.ln(0.8)
