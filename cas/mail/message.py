"""What a mail says: references and links, and nothing that tells about a person (2.8, 10.3)."""

from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from agencies.models import User
from cas.models import DeliveryItem
from cas.purposes import Purpose
from outbox.kinds import Letter, absolute

# The rest of a long digest is found in the portal.
LINES = 100


@dataclass(frozen=True)
class Line:
    reference: str
    url: str
    is_reminder: bool


def letter_of(recipient: User, items: list[DeliveryItem]) -> Letter:
    """The letter that tells these items to the delivery's recipient."""
    news = [item for item in items if item.purpose != Purpose.ESCALATION]
    unanswered = [item for item in items if item.purpose == Purpose.ESCALATION]
    context = {
        "site_name": settings.SITE_NAME,
        "news": [_line(item) for item in news[:LINES]],
        "unanswered": [_line(item) for item in unanswered[:LINES]],
        "more": max(len(news) - LINES, 0) + max(len(unanswered) - LINES, 0),
        "days": settings.CAS_ESCALATION_DAYS,
        "notifications_url": absolute(reverse("cas:notifications")),
        "unanswered_url": absolute(reverse("deliveries:unanswered")),
        "preferences_url": absolute(reverse("cas:preferences")),
    }
    return Letter(
        to=recipient.email,
        subject=_subject(news, unanswered),
        text=render_to_string("cas/mail/notifications.txt", context),
        html=render_to_string("cas/mail/notifications.html", context),
        told=len(items),
    )


def _subject(news: list[DeliveryItem], unanswered: list[DeliveryItem]) -> str:
    items = news or unanswered
    if len(items) == 1:
        subject = f"Coordinated Access notification {items[0].notification.reference}"
    else:
        subject = f"{len(items)} Coordinated Access notifications"
    if not news:
        return f"Unanswered: {subject}"
    is_reminder = all(item.purpose == Purpose.REMINDER for item in news)
    return f"Reminder: {subject}" if is_reminder else subject


def _line(item: DeliveryItem) -> Line:
    """Only its recipient opens a notification; administrators have a page of their own."""
    if item.purpose == Purpose.ESCALATION:
        url = reverse("deliveries:notification", args=[item.notification.public_id])
    else:
        url = item.notification.get_absolute_url()
    return Line(item.notification.reference, absolute(url), item.purpose == Purpose.REMINDER)
