"""Putting a mail into the queue, for the first time or once more."""

from django.db import transaction
from django.utils import timezone

from agencies.models import User
from outbox import at_once
from outbox.kinds import writer_of
from outbox.models import Delivery
from outbox.states import DeliveryState


@transaction.atomic
def queue_mail(*, kind: str, recipient: User | None = None, about: int | None = None) -> Delivery:
    """Queue a mail in the transaction of the act; if somebody waits for it, send it after commit.

    Args:
        kind: one of MailKind, whose writer in settings.MAIL_KINDS makes the letter when it is sent.
        recipient: None where the writer knows the address, or where there is nobody to write to.
        about: the id of what it is about, in a table that the writer knows.
    """
    delivery = Delivery.objects.create(kind=kind, recipient=recipient, about=about)
    if writer_of(kind).at_once:
        transaction.on_commit(at_once.wake, robust=True)
    return delivery


@transaction.atomic
def send_again(*, delivery: int, by: User) -> bool:
    """Put a mail back into the queue, with its Message-ID; False where somebody was quicker.

    A mail that a server may have taken keeps `handed_over_at`, so that another failure leaves it
    uncertain and not undone.
    """
    now = timezone.now()
    rows = Delivery.objects.in_doubt().filter(pk=delivery)
    is_queued = bool(
        rows.update(
            state=DeliveryState.PENDING,
            claimed_by=None,
            resolved_at=None,
            next_attempt_at=now,
            refusals=0,
            asked_by=by,
            asked_at=now,
        )
    )
    if is_queued:
        transaction.on_commit(at_once.wake, robust=True)
    return is_queued
