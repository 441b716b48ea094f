"""The copy of a signed release as PDF: what was read, who signed it how, and before whom."""

import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from casenotes.pdf import drawable, readable
from clients.models import Release
from consent.models import Signature
from consent.sealing.facts import facts_of
from consent.sealing.seals import FACTS
from consent.sealing.tagged import TaggedPDF
from consent.strokes import HEIGHT, WIDTH

if TYPE_CHECKING:  # signing is above: it has its copies sealed here
    from consent.signing.shown import Column, Shown

WORDS: dict[str, dict[str, str]] = tomllib.loads(
    Path(__file__).with_name("words.toml").read_text(encoding="utf-8")
)
BOX = 75  # mm, its width on paper
TALL = BOX * HEIGHT / WIDTH
INK = 0.5  # mm


@dataclass(frozen=True)
class Document:
    content: bytes
    pages: int


def document(release: Release, signature: Signature, shown: "Shown") -> Document:
    """The PDF of one client's release; it carries what is sealed of it as an attachment too."""
    words = WORDS.get(shown.language.value, WORDS["en"])
    client = release.client
    head = f"{settings.SITE_NAME} · {client.display_name} · Client ID {client.pk}"
    foot = f"Confidential · {_moment(signature, shown, words)}"
    about = _about(release, shown, words)
    signed = _signed(release, signature, shown, words)
    texts = [head, foot, *(part for one in shown.columns for part in _parts(one))]
    pdf = TaggedPDF(
        title=shown.columns[0].title,
        language=shown.language.value,
        head=drawable(head),
        foot=drawable(foot),
        texts=map(drawable, [*texts, *about, *signed, signature.typed_name]),
    )
    pdf.add_page()
    _write_text(pdf, shown, words)
    _write_about(pdf, about, words)
    _write_signature(pdf, signature, signed, words)
    pdf.embed_file(
        bytes=json.dumps(facts_of(release, signature)).encode(),
        basename=FACTS,
        desc="What is sealed, for programs",
        mime_type="application/json",
        compress=True,
    )
    return Document(bytes(pdf.output()), pdf.pages_count)


def _parts(column: "Column") -> list[str]:
    terms = [f"{label}: {value}" for label, value in column.terms]
    return [column.title, *terms, *column.paragraphs]


def _about(release: Release, shown: "Shown", words: dict[str, str]) -> list[str]:
    """Whose copy it is, and for how long: a guardian's ends when childhood does."""
    day = shown.columns[0].words.day
    ends = day(release.ends_on) if release.ends_on else words["until_revoked"]
    found = [
        f"{words['client']}: {release.client.display_name}",
        f"{words['client_id']}: {release.client_id}",
        f"{words['begins']}: {day(release.begins_on)}",
        f"{words['ends']}: {ends}",
    ]
    if release.guardian_name:
        found.append(f"{words['guardian']}: {release.guardian_name}")
    return found


def _signed(
    release: Release, signature: Signature, shown: "Shown", words: dict[str, str]
) -> list[str]:
    """What stands below the signature."""
    how = words["drawn"] if signature.is_drawn else words["typed"]
    statement = [signature.statement] if signature.statement else []
    hashed = words["hash"].format(hash=release.text_hash)
    return [*statement, how, _moment(signature, shown, words), hashed, words["seal"]]


def _moment(signature: Signature, shown: "Shown", words: dict[str, str]) -> str:
    at = timezone.localtime(signature.signed_at)
    return words["signed_at"].format(
        day=shown.columns[0].words.day(at.date()),
        time=f"{at:%I:%M %p}",
        witness=signature.witness,
        organization=shown.columns[0].values["organization"],
    )


def _write_text(pdf: TaggedPDF, shown: "Shown", words: dict[str, str]) -> None:
    """Every language that was shown; the one that was read to sign comes first."""
    for place, column in enumerate(shown.columns):
        if place:
            pdf.ln(5)
        _heading(pdf, column.title, "H2" if place else "H1")
        if shown.version.is_sample:
            pdf.say(words["sample"] if not place else WORDS["en"]["sample"], style="B")
        for label, value in column.terms:
            pdf.say(drawable(f"{label}: {value}"))
        for paragraph in column.paragraphs:
            pdf.ln(2)
            for line in readable(paragraph).split("\n"):
                pdf.say(drawable(line) or " ")


def _write_about(pdf: TaggedPDF, about: list[str], words: dict[str, str]) -> None:
    pdf.ln(5)
    # The signature stands on the page on which it says whose copy this is.
    _heading(pdf, words["copy"], "H2", room=TALL + 60 + 5.4 * len(about))
    for line in about:
        pdf.say(drawable(line))


def _write_signature(
    pdf: TaggedPDF, signature: Signature, signed: list[str], words: dict[str, str]
) -> None:
    pdf.ln(5)
    _heading(pdf, words["signature"], "H2", room=TALL + 24)
    if signature.is_drawn:
        with pdf.tagged("Figure", words["drawn"]):
            _draw(pdf, signature.strokes)
    else:
        pdf.say(drawable(signature.typed_name), 8, 15)
    pdf.ln(2)
    for line in signed:
        pdf.say(drawable(line), 4.6, 9.5)


def _heading(pdf: TaggedPDF, text: str, tag: str, room: float = 30) -> None:
    """`room` is what has to fit on the page below its top, in mm."""
    if pdf.will_page_break(room):
        pdf.add_page()
    pdf.say(drawable(text), 7, 14 if tag == "H1" else 11.5, "B", tag)
    pdf.ln(1)


def _draw(pdf: TaggedPDF, strokes: list[list[int]]) -> None:
    left, top, scale = pdf.get_x(), pdf.get_y(), BOX / WIDTH
    pdf.set_line_width(INK)
    for stroke in strokes:
        xs, ys = stroke[::2], stroke[1::2]
        points = [(left + x * scale, top + y * scale) for x, y in zip(xs, ys, strict=True)]
        if len(points) == 1:  # a dot
            (x, y) = points[0]
            pdf.circle(x, y, INK / 2, style="F")
        else:
            pdf.polyline(points)
    pdf.set_y(top + TALL)
