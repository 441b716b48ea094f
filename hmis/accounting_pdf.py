"""The accounting of disclosures as PDF."""

from datetime import datetime

from agencies.models import User
from casenotes.pdf import PDF, drawable
from clients.access_log.accounting import Line, Period
from clients.models import Client

MOST_IN_PDF = 5000  # lines: a PDF is made as a whole, in memory
TITLE = "Who Has Seen This Record"


def as_pdf(lines: list[Line], *, client: Client, period: Period, by: User, at: datetime) -> bytes:
    """Lay the lines out, the newest day first."""
    whos = [drawable(_who(line)) for line in lines]
    whats = [drawable(" · ".join(line.what)) for line in lines]
    pdf = PDF.about_client(client, [*whos, *whats], by=by, at=at)
    pdf.set_title(TITLE)
    pdf.add_page()
    pdf.line_of(TITLE, 6.5, 13, "B")
    pdf.small(f"From {period.first:%m/%d/%Y} to {period.last:%m/%d/%Y}")
    if not lines:
        pdf.line_of("Nobody viewed or changed the record in this period.", 5.4)
    day = None
    for line, who, what in zip(lines, whos, whats, strict=True):
        if pdf.will_page_break(18):
            pdf.add_page()
        if line.day != day:
            day = line.day
            pdf.ln(3)
            pdf.line_of(f"{day:%m/%d/%Y}", 6, 11, "B")
        pdf.line_of(who, 5, 9.5, "B")
        pdf.line_of(what, 4.6, 9.5)
        pdf.ln(1)
    return bytes(pdf.output())


def _who(line: Line) -> str:
    released = f" · released on {line.released_on:%m/%d/%Y}" if line.released_on else ""
    return f"{line.who} · {line.organization or 'No organization'}{released}"
