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
    from consent.languages import Language
    from consent.signing.shown import Column, Shown

WORDS: dict[str, dict[str, str]] = tomllib.loads(
    Path(__file__).with_name("words.toml").read_text(encoding="utf-8")
)
BOX = 75  # mm, its width on paper
TALL = BOX * HEIGHT / WIDTH
INK = 0.5  # mm
ROW = 5.6  # mm, a line with its label


@dataclass(frozen=True)
class Document:
    """A PDF, and on how many pages."""

    content: bytes
    pages: int


def document(release: Release, signature: Signature, shown: "Shown") -> Document:
    """The PDF of one client's release; it carries what is sealed of it as an attachment too."""
    words = _words_in(shown.language)
    client = release.client
    head = f"{settings.SITE_NAME} · {client.display_name} · {words['client_id']} {client.pk}"
    moment = _moment(signature, shown, words)
    foot = f"{words['confidential']} · {moment}"
    about = _about(release, shown, words)
    how = words["drawn"] if signature.is_drawn else words["typed"]
    signed = [text for text in (signature.statement, f"{how} {moment}") if text]
    name = release.guardian_name or client.display_name
    seal = [words["seal"], words["hash"].format(hash=release.text_hash)]
    texts = [head, foot, *(part for one in shown.columns for part in _parts(one))]
    texts += [*(part for pair in about for part in pair), *signed, signature.typed_name, name]
    pdf = TaggedPDF(
        title=shown.columns[0].title,
        language=shown.language.value,
        head=drawable(head),
        foot=drawable(foot),
        texts=map(drawable, [*texts, *seal]),
    )
    pdf.page_of = words["page"]
    pdf.add_page()
    _write_text(pdf, shown)
    # The signature stands on the page on which it says whose copy this is.
    _heading(pdf, words["copy"], "H2", room=TALL + 80 + ROW * len(about))
    for label, value in about:
        pdf.pair(drawable(label), drawable(value), ROW)
    _heading(pdf, words["signature"], "H2")
    _write_hand(pdf, signature, words["drawn"])
    pdf.rule(BOX)
    pdf.say(drawable(name), ROW, style="B")
    for line in signed:
        pdf.say(drawable(line), 4.8, 9.5)
    pdf.ln(4)
    pdf.boxed(drawable("\n".join(seal)), 4.8, 9)
    pdf.embed_file(
        bytes=json.dumps(facts_of(release, signature)).encode(),
        basename=FACTS,
        desc="What is sealed, for programs",
        mime_type="application/json",
        compress=True,
    )
    return Document(bytes(pdf.output()), pdf.pages_count)


def _words_in(language: "Language") -> dict[str, str]:
    return WORDS.get(language.value, WORDS["en"])


def _parts(column: "Column") -> list[str]:
    terms = [part for pair in column.terms for part in pair]
    return [column.title, *terms, *column.paragraphs, _words_in(column.language)["sample"]]


def _about(release: Release, shown: "Shown", words: dict[str, str]) -> list[tuple[str, str]]:
    """Whose copy it is, and for how long: a guardian's ends when childhood does."""
    day = shown.columns[0].words.day
    found = [
        (words["client"], release.client.display_name),
        (words["client_id"], str(release.client_id)),
        (words["begins"], day(release.begins_on)),
        (words["ends"], day(release.ends_on) if release.ends_on else words["until_revoked"]),
    ]
    if release.guardian_name:
        found.append((words["guardian"], release.guardian_name))
    return found


def _moment(signature: Signature, shown: "Shown", words: dict[str, str]) -> str:
    at = timezone.localtime(signature.signed_at)
    return words["signed_at"].format(
        day=shown.columns[0].words.day(at.date()),
        time=f"{at:%I:%M %p}",
        witness=signature.witness,
        organization=shown.columns[0].values["organization"],
    )


def _write_text(pdf: TaggedPDF, shown: "Shown") -> None:
    """Every language that was shown; the one that was read to sign comes first."""
    for place, column in enumerate(shown.columns):
        _heading(pdf, column.title, "H2" if place else "H1")
        if shown.version.is_sample:
            pdf.say(drawable(_words_in(column.language)["sample"]), style="B")
            pdf.ln(1)
        for label, value in column.terms:
            pdf.pair(drawable(label), drawable(value), ROW)
        pdf.direction = column.language.direction
        for paragraph in column.paragraphs:
            pdf.ln(2.5)
            for line in readable(paragraph).split("\n"):
                pdf.say(drawable(line) or " ")
        pdf.direction = ""


def _heading(pdf: TaggedPDF, text: str, tag: str, room: float = 30) -> None:
    """`room` is what has to fit on the page below its top, in mm."""
    if tag != "H1":
        pdf.ln(6)
    if pdf.will_page_break(room):
        pdf.add_page()
    pdf.say(drawable(text), 8, 16 if tag == "H1" else 12, "B", tag)
    pdf.ln(1)


def _write_hand(pdf: TaggedPDF, signature: Signature, drawn: str) -> None:
    if signature.is_drawn:
        with pdf.tagged("Figure", drawn):
            _draw(pdf, signature.strokes)
    else:
        pdf.say(drawable(signature.typed_name), 9, 15)


def _draw(pdf: TaggedPDF, strokes: list[list[int]]) -> None:
    left, top, scale = pdf.get_x() + pdf.c_margin, pdf.get_y(), BOX / WIDTH
    pdf.set_line_width(INK)
    with pdf.local_context(stroke_cap_style="round", stroke_join_style="round"):
        for stroke in strokes:
            xs, ys = stroke[::2], stroke[1::2]
            points = [(left + x * scale, top + y * scale) for x, y in zip(xs, ys, strict=True)]
            if len(points) == 1:  # a dot
                (x, y) = points[0]
                pdf.circle(x, y, INK, style="F")
            else:
                pdf.polyline(points)
    pdf.set_y(top + TALL)
