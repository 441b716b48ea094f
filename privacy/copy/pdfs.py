"""The copy of a record as PDF, in words that the client can read."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain, islice

from django.conf import settings
from django.utils import timezone

from casenotes.pdf import PDF, drawable, readable
from privacy.copy.sections import Contents, Entry, Section, sections

NOTES_IN_A_PART = 250  # built in memory, 2.7 s of a processor: more notes make more PDFs
TITLE = "A copy of your record"
CONFIDENTIAL = (
    "This is confidential. It says what the agency has on record about you, as far as the agency "
    "that made it may see it. Keep it where nobody else reads it. What other people told us in "
    "confidence, and what is about them, is not part of it. Case notes of other agencies are "
    "theirs to give: ask there."
)


def parts(contents: Contents) -> Iterator[bytes]:
    """The record as one PDF; where it has very many case notes, as several."""
    listed = list(sections(contents))
    *first, notes = listed
    entries = iter(notes.entries)
    batch = list(islice(entries, NOTES_IN_A_PART))
    yield _pdf(contents, [*first, replace(notes, entries=iter(batch))], TITLE)
    while batch := list(islice(entries, NOTES_IN_A_PART)):
        yield _pdf(contents, [replace(notes, entries=iter(batch))], f"{TITLE}: more case notes")


def _pdf(contents: Contents, listed: list[Section], title: str) -> bytes:
    made = timezone.localtime(contents.at)
    head = drawable(f"{settings.SITE_NAME} · {title} · Client ID {contents.client.pk}")
    foot = drawable(f"Confidential · made {made:%m/%d/%Y %I:%M %p} by {contents.officer}")
    kept = [(section, list(section.entries)) for section in listed]
    texts = chain([head, foot, title, CONFIDENTIAL], *(_texts(*one) for one in kept))
    pdf = PDF(head=head, foot=foot, texts=texts)
    pdf.set_title(title)
    pdf.add_page()
    pdf.line_of(title, 9, 18, "B")
    pdf.line_of(drawable(contents.client.display_name), 6)
    pdf.ln(2)
    pdf.line_of(CONFIDENTIAL, 5.4)
    for section, entries in kept:
        _section(pdf, section, entries)
    return bytes(pdf.output())


def _texts(section: Section, entries: Iterable[Entry]) -> Iterator[str]:
    yield from (section.title, section.none)
    for entry in entries:
        yield from (drawable(entry.heading), drawable(entry.text))
        for answer in entry.answers:
            yield from map(drawable, answer)


def _section(pdf: PDF, section: Section, entries: list[Entry]) -> None:
    pdf.ln(5)
    if pdf.will_page_break(30):
        pdf.add_page()
    pdf.line_of(section.title, 7, 14, "B")
    if not entries or not any(one.answers or one.heading for one in entries):
        pdf.line_of(section.none, 5.4)
        return
    for entry in entries:
        if entry.heading:
            pdf.ln(2)
            if pdf.will_page_break(16):
                pdf.add_page()
            pdf.line_of(drawable(entry.heading), 5.8, 11, "B")
        for label, text in entry.answers:
            pdf.line_of(drawable(f"{label}: {text}"), 5.4)
        for paragraph in readable(entry.text).split("\n") if entry.text else []:
            pdf.line_of(drawable(paragraph) or " ", 5.4)
