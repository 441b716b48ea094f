"""The accounting of disclosures on paper."""

from datetime import datetime

from django.conf import settings

from agencies.models import User
from casenotes.pdf import Paper, drawable
from clients.access_log.accounting import Line, Period
from clients.models import Client

MOST_ON_PAPER = 5000  # lines: a PDF is made as a whole, in memory
TITLE = "Who Has Seen This Record"


def as_pdf(lines: list[Line], *, client: Client, period: Period, by: User, at: datetime) -> bytes:
    """Lay the lines out, the newest day first."""
    head = drawable(f"{settings.SITE_NAME} · {client.display_name} · Client ID {client.pk}")
    foot = drawable(f"Confidential · printed {at:%m/%d/%Y %I:%M %p} by {by}")
    parts = [
        (drawable(f"{line.who} · {line.organization or 'No organization'}"), drawable(_what(line)))
        for line in lines
    ]
    paper = Paper(head=head, foot=foot, texts=[head, foot, *map("".join, parts)])
    paper.set_title(TITLE)
    paper.add_page()
    paper.set_font("main", "B", 13)
    paper.line_of(TITLE, 6.5)
    paper._small(f"From {period.first:%m/%d/%Y} to {period.last:%m/%d/%Y}")
    if not lines:
        paper.set_font("main", "", 10.5)
        paper.line_of("Nobody viewed or changed the record in this period.", 5.4)
    day = None
    for line, (who, what) in zip(lines, parts, strict=True):
        if paper.will_page_break(18):
            paper.add_page()
        if line.day != day:
            day = line.day
            paper.ln(3)
            paper.set_font("main", "B", 11)
            paper.line_of(f"{day:%m/%d/%Y}", 6)
        paper.set_font("main", "B", 9.5)
        paper.line_of(who, 5)
        paper.set_font("main", "", 9.5)
        paper.line_of(what, 4.6)
        paper.ln(1)
    return bytes(paper.output())


def _what(line: Line) -> str:
    return " · ".join(line.what)
