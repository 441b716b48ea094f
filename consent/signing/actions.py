"""A release that is signed on the screen: the answers, how each was signed, and a sealed copy."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from agencies.models import User
from clients.locks import lock_clients
from clients.models import Release
from consent.actions import Answer, record_release
from consent.groups import written_after
from consent.models import Signature
from consent.sealing.copies import SealedCopy, file_copies, sealed_copies
from consent.signing.asked import Asked
from consent.strokes import Stroke
from records.constraints import constraint_messages

ANSWERED_SINCE = (
    "Since this was signed, another answer of the client or a revocation was recorded. Ask what is "
    "so now: let it be read and signed again, or remove the signature."
)


@dataclass(frozen=True)
class Hand:
    """How somebody signs: by strokes, or else by a typed name and what it means.

    guardian_name: who signs for those under 18.
    """

    strokes: Sequence[Stroke] = ()
    typed_name: str = ""
    statement: str = ""
    guardian_name: str = ""

    @property
    def kind(self) -> Release.Kind:
        return Release.Kind.SIGNED if self.strokes else Release.Kind.TYPED


@dataclass(frozen=True)
class Signing:
    """Somebody signs what was asked, before the user `by`; nothing of it is saved yet."""

    asked: Asked
    hand: Hand
    by: User
    at: datetime = field(default_factory=timezone.now)

    @property
    def answer(self) -> Answer:
        return Answer(
            kind=self.hand.kind,
            organization=self.asked.organization,
            answered_on=self.asked.day,
            ends_on=self.asked.ends_on,
            covers=self.asked.covers,
            guardian_name=self.hand.guardian_name,
            text_hash=self.asked.shown.hash,
        )

    def signature(self, **of: Any) -> Signature:
        """The signature of one release, or of none yet."""
        return Signature(
            version=self.asked.version,
            language=self.asked.shown.language.value,
            languages=list(self.asked.languages),
            values=self.asked.shown.values,
            text_hash=self.asked.shown.hash,
            strokes=list(self.hand.strokes),
            typed_name=self.hand.typed_name,
            statement=self.hand.statement,
            witness=self.by,
            signed_at=self.at,
            **of,
        )

    def copies(self) -> AbstractContextManager[list[SealedCopy]]:
        """A sealed copy for each who is named, in the store while the block lasts or is left well.

        Enter it outside of a transaction (`consent.sealing.copies`).
        """
        return sealed_copies(
            clients=self.asked.clients,
            answer=self.answer,
            signature=self.signature(),
            shown=self.asked.shown,
            by=self.by,
        )


@constraint_messages()
def sign(*, signing: Signing, copies: Sequence[SealedCopy]) -> list[Release]:
    """Record a release for each who is named, how it was signed, and file the sealed copies.

    Args:
        signing: what was shown and how it was signed; the text's hash is computed from it.
        copies: those of `signing.copies()`.

    Raises:
        ValidationError: what the answers are refused for, or where something changed meanwhile:
            what was signed first must not count as the later answer.
        PermissionDenied: where the user may not see one of the clients any more.
    """
    by = signing.by
    clients = signing.asked.clients
    lock_clients(one.pk for one in clients)
    if written_after(signing.at, clients).exists():
        raise ValidationError(ANSWERED_SINCE)
    releases = record_release(clients=clients, answer=signing.answer, by=by)
    Signature.objects.bulk_create(signing.signature(release=one) for one in releases)
    file_copies(releases=releases, signature=signing.signature(), copies=copies, by=by)
    return releases
