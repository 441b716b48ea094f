"""What CAS administrators do with mails that did not arrive, or may not have."""

from django.db import transaction
from django.utils import timezone

from agencies.models import User
from cas.delivery_states import DeliveryState
from cas.models import Delivery


@transaction.atomic
def send_again(*, delivery: int, by: User) -> bool:
    """Put a mail back into the queue, with its Message-ID; False where somebody was quicker.

    A mail that a server may have taken keeps `handed_over_at`, so that another failure leaves it
    uncertain and not undone.
    """
    now = timezone.now()
    rows = Delivery.objects.in_doubt().filter(pk=delivery)
    return bool(
        rows.update(
            state=DeliveryState.PENDING,
            claimed_by=None,
            settled_at=None,
            next_attempt_at=now,
            refusals=0,
            asked_by=by,
            asked_at=now,
        )
    )
