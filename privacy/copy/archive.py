"""The copy of a record as a ZIP, written while it is sent: memory does not grow with its size."""

import io
import json
import zipfile
from collections.abc import Iterator
from typing import IO

from files import store
from files.models import StoredFile
from files.store import StoreError
from files.uploads import clean_name
from privacy.copy import pdfs
from privacy.copy.sections import Contents, sections

BLOCK = 256 * 1024
MISSING = "MISSING-FILES.txt"


class Pipe(io.RawIOBase):
    """What was written since it was taken last."""

    def __init__(self) -> None:
        self.waiting: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data) -> int:
        self.waiting.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        taken, self.waiting = b"".join(self.waiting), []
        return taken


def stream(contents: Contents) -> Iterator[bytes]:
    """The pieces of the ZIP: the PDF, the same for machines, and every file."""
    pipe = Pipe()
    missing: list[str] = []
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, pdf in enumerate(pdfs.parts(contents), 1):
            name = "record.pdf" if number == 1 else f"record-{number}.pdf"
            archive.writestr(name, pdf)
            yield pipe.take()
        with archive.open("record.json", "w", force_zip64=True) as entry:
            for text in as_json(contents):
                entry.write(text.encode())
                yield pipe.take()
        for name, stored in files_of(contents):
            if not stored.is_ready:
                missing.append(f"{name}: {stored.state.label}")
                continue
            try:
                content = store.fetch(stored.key)
            except StoreError as error:
                missing.append(f"{name}: {error.when_reading}")
                continue
            yield from _copied(archive, pipe, name, content, missing)
        if missing:
            lines = ["These files belong to the record and could not be copied:", *missing, ""]
            archive.writestr(MISSING, "\r\n".join(lines))
    yield pipe.take()


def _copied(
    archive: zipfile.ZipFile, pipe: Pipe, name: str, content: IO[bytes], missing: list[str]
) -> Iterator[bytes]:
    info = zipfile.ZipInfo(name)
    info.compress_type = zipfile.ZIP_STORED  # pictures and PDFs are as small as they get
    with content, archive.open(info, "w", force_zip64=True) as entry:
        while True:
            try:
                block = store.ask(lambda: content.read(BLOCK), name)
            except StoreError:
                missing.append(f"{name}: only its beginning could be read.")
                return
            if not block:
                return
            entry.write(block)
            yield pipe.take()


def files_of(contents: Contents) -> Iterator[tuple[str, StoredFile]]:
    """Every file that the officer may see, with its name in the ZIP."""
    client, officer = contents.client, contents.officer
    rows = [
        *client.clientfiles.visible_to(officer).with_file(),
        *client.documentchecks.visible_to(officer).with_file(),
    ]
    for number, row in enumerate(rows, 1):
        name = row.stored.form.named(clean_name(row.document_name))
        yield f"files/{number:03}-{name}", row.stored
    for photo in client.clientphotos.visible_to(officer).with_file():
        yield photo.stored.form.named("photo"), photo.stored


def as_json(contents: Contents) -> Iterator[str]:
    """The record for machines, piece by piece."""
    head = {
        "client_id": contents.client.pk,
        "personal_id": contents.client.personal_id,
        "made_at": contents.at.isoformat(),
        "made_by": str(contents.officer),
        "confidential": True,
    }
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "sections": ['
    for number, section in enumerate(sections(contents)):
        title = json.dumps(section.title)
        yield f'{"," if number else ""}\n{{"title": {title}, "entries": ['
        for place, entry in enumerate(section.entries):
            row = {"heading": entry.heading, "answers": entry.answers, "text": entry.text}
            yield ("," if place else "") + "\n" + json.dumps(row, ensure_ascii=False)
        yield "]}"
    yield "]}\n"
