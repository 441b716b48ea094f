"""Texts of releases, and releases that were signed on the screen, with their sealed copies."""

import json
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from fpdf import FPDF

from agencies.models import User
from clients.models import Client, Release
from consent.actions import Answer, record_release
from consent.models import Signature, TemplateVersion
from consent.sealing.copies import file_copies, sealed_copies
from consent.sealing.document import Document
from consent.sealing.facts import facts_of
from consent.signing.shown import Shown, Terms, filled_in
from files.models import ClientFile
from tests.consent.factories import published

STROKES = [[300, 500, 700, 200, 1100, 800, 1500, 300], [1800, 400]]
TEXTS = {
    "en": (
        "Release of Information",
        "I, {client}, agree that {organization} shares.\n\nUntil {end}.",
    ),
    "es": (
        "Autorización para compartir información",
        "Yo, {client}, autorizo a {organization}.\n\n¿Hasta cuándo? Hasta {end}. Señal: ñ á ü.",
    ),
}
LANGUAGES = ["es", "en"]  # the signed one first


def plain(facts: bytes | None = b'{"client": 1}') -> bytes:
    """A small file with its facts, not sealed."""
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("helvetica")
    pdf.cell(text="A release")
    if facts is not None:
        pdf.embed_file(bytes=facts, basename="release.json", mime_type="application/json")
    return bytes(pdf.output())


def of_one_line(release: Release, signature: Signature, shown: Shown) -> Document:
    """A copy with what is sealed and little else; what is on a real one: `test_document.py`."""
    return Document(plain(json.dumps(facts_of(release, signature)).encode()), 1)


@dataclass
class Signed:
    release: Release
    signature: Signature
    file: ClientFile

    @property
    def stored(self):
        return self.file.stored


def version_of(by: User, texts=None) -> TemplateVersion:
    """A published version of the CoC's text."""
    return published(by=by, texts=texts or TEXTS, is_sample=False)


def signature_of(
    client: Client, by: User, *, version: TemplateVersion | None = None, **fields
) -> tuple[Signature, Shown, Answer]:
    """What is there when somebody has just signed: not saved."""
    today = timezone.localdate()
    version = version or version_of(by)
    ends_on = fields.pop("ends_on", today + timedelta(days=364))
    typed = {"typed_name": "John Smith", "statement": "I agree."} if fields.pop("typed", 0) else {}
    terms = Terms([client], client.organization, None, today, ends_on)
    languages = fields.pop("languages", LANGUAGES)
    text = filled_in(version, languages, terms)
    signature = Signature(
        **{
            "version": version,
            "language": languages[0],
            "languages": languages,
            "values": text.values,
            "text_hash": text.hash,
            "strokes": [] if typed else STROKES,
            "witness": by,
            "signed_at": timezone.now(),
        }
        | typed
        | fields
    )
    answer = Answer(
        kind=Release.Kind.TYPED if typed else Release.Kind.SIGNED,
        organization=client.organization,
        answered_on=today,
        ends_on=ends_on,
        text_hash=text.hash,
    )
    return signature, text, answer


def signed_release(client: Client, by: User, **fields) -> Signed:
    """A release that this client signed, as the page records it."""
    signature, text, answer = signature_of(client, by, **fields)
    asked = {"clients": [client], "answer": answer, "by": by}
    with sealed_copies(signature=signature, shown=text, **asked) as copies, transaction.atomic():
        (release,) = releases = record_release(**asked)
        signature.release = release
        signature.save(force_insert=True)
        (file,) = file_copies(releases=releases, signature=signature, copies=copies, by=by)
    return Signed(release, signature, file)
