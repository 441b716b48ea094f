"""A sealed copy of each release that is signed on the screen, into the Client Files."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.http import HttpResponse

from agencies import limits
from agencies.models import LimitedUse, User
from agencies.requests import UserRequest
from clients.models import Client, Release
from consent.actions import Answer, release_of
from consent.minors import is_minor
from consent.models import Signature
from consent.papers import file_papers
from consent.sealing.document import Document, document
from consent.sealing.facts import Facts, facts_of
from consent.sealing.keys import own_seal
from consent.sealing.seals import sealed
from files.actions import StoredUpload, stored
from files.inspection import RefusedFileError, inspect
from files.kinds import Kind
from files.models import ClientFile
from records.submissions import earlier_result, submit_once

if TYPE_CHECKING:
    from consent.signing.shown import Shown

REASON = "Release of Information, signed on the screen"
CHANGED = (
    "Something about this client changed while the release was signed. Nothing was saved. "
    "Please have it read and signed again."
)


@dataclass(frozen=True)
class SealedCopy:
    """A copy that is in the store, and what it says of its release."""

    upload: StoredUpload
    facts: Facts


def seal_once(
    request: UserRequest,
    copies: AbstractContextManager[list[SealedCopy]],
    write: Callable[[list[SealedCopy]], HttpResponse],
    *,
    number: int,
) -> HttpResponse:
    """Seal and store the copies, and then write the rows, once, in a transaction.

    A form that is sent twice at once seals twice, and takes one back.

    Each copy counts as one megabyte that the user uploads: sealing and storing take time and room.

    Args:
        copies: `sealed_copies`, not entered yet.
        number: how many copies.
        write: records the releases, files the copies and gives the answer.

    Raises:
        NoSealError, StoreError: nothing is saved; their sentence is for the user.
        LimitReachedError: of the user's uploads.
    """
    if answer := earlier_result(request):
        return answer
    limits.spend(request.user, LimitedUse.UPLOADS, number)
    with copies as made:
        return submit_once(lambda request: write(made))(request)


@contextmanager
def sealed_copies(
    *,
    clients: Sequence[Client],
    answer: Answer,
    signature: Signature,
    shown: "Shown",
    by: User,
) -> Iterator[list[SealedCopy]]:
    """Seal and store a copy for each client, in their order; take them back where the block fails.

    Use it outside of a transaction: sealing and storing take their time, and a row lock must not.
    In the block, `consent.actions.record_release` and then `file_copies`, in one transaction.

    Args:
        signature: not saved yet, with the moment when it was given; the same for all who are named.
        shown: the text that was signed.

    Raises:
        NoSealError: if nothing can be sealed now; its sentence is for the user.
        StoreError: if the file store does not take them.
    """
    seal = own_seal()  # an intake is finished days after it was signed
    with ExitStack() as stack:
        copies = []
        for client in clients:
            minor = is_minor(client, answer.answered_on)
            release = release_of(client, answer, by, is_minor=minor)
            plain = document(release, signature, shown)
            pdf = Document(sealed(plain.content, seal=seal, reason=REASON), plain.pages)
            upload = stack.enter_context(_stored(pdf))
            copies.append(SealedCopy(upload, facts_of(release, signature)))
        yield copies


def file_copies(
    *, releases: Sequence[Release], signature: Signature, copies: Sequence[SealedCopy], by: User
) -> list[ClientFile]:
    """File the copies with the releases that were recorded, in the same order.

    Run in the transaction that recorded them.

    Raises:
        ValidationError: where a release came out otherwise than its copy says.
    """
    for release, copy in zip(releases, copies, strict=True):
        if facts_of(release, signature) != copy.facts:
            raise ValidationError(CHANGED, code="stale")
    return file_papers(releases=releases, uploads=[copy.upload for copy in copies], by=by)


@contextmanager
def _stored(pdf: Document) -> Iterator[StoredUpload]:
    with tempfile.TemporaryFile() as content:
        content.write(pdf.content)
        content.seek(0)
        thumbnail = _thumbnail(content)
        with stored(content=content, kind=Kind.PDF, pages=pdf.pages, thumbnail=thumbnail) as upload:
            yield upload


def _thumbnail(content) -> bytes | None:
    """A card without a picture is better than a client who has to sign again."""
    try:
        return next(iter(inspect(content).pictures), None)
    except RefusedFileError:
        return None
