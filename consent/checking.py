"""Whether releases, their files and their texts are what was signed and stored."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import IO

from clients.models import Client, Release
from clients.models.release import ON_SCREEN
from consent.models import Signature, TemplateVersion
from consent.sealing.facts import differing
from consent.sealing.faults import Fault
from consent.sealing.seals import BrokenSealError, read
from consent.signing.shown import is_unchanged
from files import store
from files.inspection import sha256_of
from files.models import ClientFile, StoredFile

BATCH = 200  # releases that are in memory at once
MOST = 8 * 1024 * 1024  # bytes of a sealed file: ours have some 100 KB
VERSIONS = 64  # texts that are kept from one release to the next


@dataclass(frozen=True)
class Checked:
    """One release, and what is wrong with it; `differs` names facts, never what they are."""

    release: int
    file: int | None
    version: int | None
    faults: tuple[Fault, ...]
    differs: tuple[str, ...] = ()

    @property
    def is_in_order(self) -> bool:
        return not self.faults

    def __str__(self) -> str:
        """By numbers alone: it goes into logs."""
        about = [f"Release {self.release}"]
        if self.file:
            about.append(f"file {self.file}")
        if self.version:
            about.append(f"version {self.version}")
        names = {Fault.FACTS: f" ({', '.join(self.differs)})"} if self.differs else {}
        found = "; ".join(f"{one.label}{names.get(one, '')}" for one in self.faults)
        return f"{', '.join(about)}: {found}"


def checked(*, since: datetime | None = None) -> Iterator[Checked]:
    """Every release with a file, those recorded since a moment, in the order of their numbers.

    One batch is in memory, and one file of it. Of clients who were erased nothing is left to check.
    """
    texts = lru_cache(VERSIONS)(_version)
    rows = Release.objects.order_by("pk")
    if since is not None:
        rows = rows.filter(date_created__gte=since)
    last = 0
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        last = batch[-1].pk
        yield from _batch(batch, texts)


def _batch(releases: list[Release], texts) -> Iterator[Checked]:
    pks = [one.pk for one in releases]
    clients = Client.with_deleted.filter(pk__in={one.client_id for one in releases})
    erased = set(clients.exclude(erased_at=None).values_list("pk", flat=True))
    found = ClientFile.with_deleted.filter(release__in=pks).select_related("stored")
    files = {one.release_id: one for one in found}
    signatures = Signature.objects.in_bulk(pks)
    for release in releases:
        file, signature = files.get(release.pk), signatures.get(release.pk)
        has_file = release.kind in (*ON_SCREEN, Release.Kind.UPLOADED) or file or signature
        if has_file and release.client_id not in erased:
            yield _checked(release, file, signature, texts)


def _version(pk: int) -> TemplateVersion:
    return TemplateVersion.objects.prefetch_related("texts").get(pk=pk)


def _checked(
    release: Release, file: ClientFile | None, signature: Signature | None, texts
) -> Checked:
    faults: list[Fault] = []
    differs: list[str] = []
    if file is None:
        faults.append(Fault.NO_FILE)
    if release.kind not in ON_SCREEN and signature is None:
        faults += _upload(file.stored) if file else []
    elif signature is None:
        faults.append(Fault.NO_SIGNATURE)
    else:
        signature.version, signature.release = texts(signature.version_id), release
        if file:
            broken, differs = _sealed_file(file.stored, release, signature)
            faults += broken
        if not is_unchanged(signature):
            faults.append(Fault.TEXT)
    version = signature.version_id if signature else None
    return Checked(release.pk, file.pk if file else None, version, tuple(faults), tuple(differs))


def _upload(stored: StoredFile) -> list[Fault]:
    """A paper that was uploaded has no seal of ours; it is what was stored, or it is not."""
    try:
        with store.fetch(stored.key) as content:
            return _bytes(stored, content)
    except store.LostFileError:
        return [Fault.MISSING]
    except (store.StoreError, OSError):
        return [Fault.UNREAD]


def _sealed_file(
    stored: StoredFile, release: Release, signature: Signature
) -> tuple[list[Fault], list[str]]:
    try:
        with store.fetch(stored.key) as content:
            faults = _bytes(stored, content)
            pdf = content.read(MOST + 1)
    except store.LostFileError:
        return [Fault.MISSING], []
    except (store.StoreError, OSError):
        return [Fault.UNREAD], []
    try:
        said = read(pdf).facts
    except BrokenSealError as error:
        return [*faults, error.fault], []
    if differs := differing(release, signature, said):
        faults.append(Fault.FACTS)
    return faults, differs


def _bytes(stored: StoredFile, content: IO[bytes]) -> list[Fault]:
    return [] if sha256_of(content) == stored.sha256 else [Fault.BYTES]
