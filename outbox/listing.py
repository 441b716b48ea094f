"""The lists of mails: what stands in each, and in which order."""

from outbox.models.delivery import DeliveryQuerySet
from records.keyset import KeysetPage, keyset_page


def unsent_page(rows: DeliveryQuerySet, after: str) -> KeysetPage:
    """Mails that no server has yet, the oldest first."""
    return keyset_page(rows.unsent(), after, "created_at", newest_first=False)


def in_doubt_page(rows: DeliveryQuerySet, after: str) -> KeysetPage:
    """Mails that are uncertain or were given up, the latest first."""
    return keyset_page(rows.in_doubt(), after, "resolved_at")


def sent_page(rows: DeliveryQuerySet, after: str) -> KeysetPage:
    """What was sent lately of the kinds that are forgotten after some time, the latest first."""
    rows = rows.lately_resolved().exclude(state__in=rows.model.State.in_doubt())
    return keyset_page(rows, after, "resolved_at")
