"""Files of a few clients: made in code, small, without a word about anybody."""

import io
import tempfile
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO

from PIL import Image, ImageDraw

from files import actions
from files.inspection import Findings, inspect, portrait
from files.kinds import Kind
from files.models import Category, ClientFile
from hmis.demo.context import Context, filed_like, runs

LETTER = (612, 792)


@dataclass(frozen=True)
class Document:
    """A document: its name, category, kind, and the days until it expires."""

    name: str
    category: Category
    kind: Kind
    expires_in: int | None = None


ID = Document("State ID", Category.ID, Kind.JPEG, 400)
OLD_ID = Document("State ID (old)", Category.ID, Kind.JPEG, -60)
LEASE = Document("Lease", Category.HOUSING, Kind.PDF)
AWARD = Document("Benefit award letter", Category.INCOME, Kind.PDF, 18)
BIRTH = Document("Birth certificate", Category.BIRTH_CERTIFICATE, Kind.JPEG)
CONSENT = Document("Consent to share", Category.CONSENT, Kind.PDF, 300)
CABINETS = {
    "john": (ID, OLD_ID, AWARD, CONSENT),
    "jose": (ID, BIRTH),
    "robert": (ID, LEASE, AWARD),
    "okafor": (BIRTH, CONSENT),
    "walter": (ID,),
}
PHOTOS = ("john", "robert")


def add_files(context: Context) -> None:
    """Documents in the cabinets of the personas, and two photos."""
    drawn = {
        document: _drawn(document)
        for document in {one for all_ in CABINETS.values() for one in all_}
    }
    rows = list(_files(context))
    for run in runs(rows, lambda row: row[0]):
        for row, document in run:
            content, findings = drawn[document]
            with actions.stored(
                content=io.BytesIO(content),
                kind=findings.kind,
                pages=findings.pages,
                thumbnail=findings.pictures[0],
            ) as upload:
                row.stored = upload.record()
                row.save()
    portraits = map(_portrait, range(len(PHOTOS)))
    for run in runs([context.personas[key] for key in PHOTOS], lambda client: client):
        for client in run:
            with actions.stored_photo(next(portraits)) as upload:
                actions.set_photo(
                    client=client,
                    upload=upload,
                    organization=client.organization,
                    by=client.created_by,
                )


def _files(context: Context) -> Iterator[tuple[ClientFile, Document]]:
    for key, documents in CABINETS.items():
        client = context.personas[key]
        for age, document in enumerate(documents, 3):
            written = max(context.moment(age * 9), client.date_created)
            days = document.expires_in
            row = ClientFile(
                client=client,
                document_name=document.name,
                category=document.category,
                expires_on=None if days is None else context.day(-days),
                **filed_like(client, at=written),
            )
            yield row, document


def _drawn(document: Document) -> tuple[bytes, Findings]:
    page = _page(document.name) if document.kind is Kind.PDF else _card(document.name)
    out = io.BytesIO()
    page.save(out, document.kind.name)
    return out.getvalue(), _looked_at(out.getvalue(), inspect)


def _looked_at(content: bytes, look: Callable[[IO[bytes]], Findings]) -> Findings:
    with tempfile.TemporaryFile() as stream:
        stream.write(content)
        stream.flush()
        return look(stream)


def _page(title: str) -> Image.Image:
    page = Image.new("RGB", LETTER, "white")
    pen = ImageDraw.Draw(page)
    pen.rectangle([54, 54, 558, 60], fill="#0e3b38")
    pen.text((54, 84), title.upper(), fill="#17211f", font_size=22)
    pen.text((54, 118), "Specimen for a demonstration", fill="#4b5b57", font_size=13)
    words = "This page was drawn for the demonstration and says nothing about anybody. " * 9
    for number, line in enumerate(textwrap.wrap(words, 72)):
        pen.text((54, 170 + 24 * number), line, fill="#17211f", font_size=13)
    pen.line([54, 640, 260, 640], fill="#17211f", width=1)
    pen.text((54, 648), "Signature", fill="#4b5b57", font_size=11)
    return page


def _card(title: str) -> Image.Image:
    card = Image.new("RGB", (860, 540), "#e2f0ed")
    pen = ImageDraw.Draw(card)
    pen.rectangle([0, 0, 860, 96], fill="#0e3b38")
    pen.text((36, 28), title.upper(), fill="white", font_size=36)
    pen.rounded_rectangle([36, 140, 276, 430], 14, fill="#a9cfc8")
    pen.ellipse([104, 180, 208, 292], fill="#0a655d")
    pen.pieslice([76, 310, 236, 520], 180, 360, fill="#0a655d")
    for number, width in enumerate((420, 300, 360, 240)):
        pen.rounded_rectangle(
            [330, 150 + 66 * number, 330 + width, 176 + 66 * number], 8, fill="#c3cecb"
        )
    pen.text((36, 470), "SPECIMEN", fill="#7a4a00", font_size=30)
    return card


def _portrait(number: int) -> Findings:
    """A drawn head and shoulders: nobody's photo."""
    ground, skin, hair, coat = (
        ("#dfe9e6", "#c58c6a", "#3b2a20", "#1d568f"),
        ("#efe6d6", "#8d5a3b", "#b9b4ad", "#1b6334"),
    )[number]
    picture = Image.new("RGB", (500, 600), ground)
    pen = ImageDraw.Draw(picture)
    pen.pieslice([60, 400, 440, 860], 180, 360, fill=coat)
    pen.rectangle([210, 360, 290, 440], fill=skin)
    pen.ellipse([140, 110, 360, 400], fill=skin)
    pen.pieslice([130, 90, 370, 340], 180, 360, fill=hair)
    for x in (205, 275):
        pen.ellipse([x, 250, x + 20, 268], fill="#17211f")
    pen.arc([205, 280, 295, 345], 20, 160, fill="#17211f", width=5)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=90)
    return _looked_at(out.getvalue(), portrait)
