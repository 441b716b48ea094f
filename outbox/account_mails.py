"""The mails that let a user in: a link to choose a password, or word of a new access.

They name nobody. The link is made when the mail is sent and kept nowhere: a dump of the database
opens no account (docs/adr/0019).
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from allauth.account.app_settings import PASSWORD_RESET_TOKEN_GENERATOR
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from agencies.models import Organization, User
from outbox.kinds import Letter, MailWriter, absolute
from outbox.models import Delivery


class LinkMails(MailWriter):
    """Mails with a link that is good for some hours; of several that wait, the last one is sent."""

    at_once = True

    def letters(self, deliveries: list[Delivery], now: datetime) -> dict[int, Callable[[], Letter]]:
        oldest = now - timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
        wanted = [
            one
            for one in deliveries
            if one.recipient
            and one.recipient.is_active
            # What nobody expects any more is not sent, unless it was asked for again.
            and (one.asked_at or one.created_at) > oldest
        ]
        outdated = Delivery.objects.outdone(wanted)
        return {
            one.pk: partial(self.letter, one, one.recipient)
            for one in wanted
            if one.pk not in outdated and one.recipient
        }

    def letter(self, delivery: Delivery, user: User) -> Letter:
        raise NotImplementedError


class PasswordResets(LinkMails):
    def letter(self, delivery: Delivery, user: User) -> Letter:
        page = _page(user)
        text = render_to_string("outbox/mail/password_reset.txt", page)
        return Letter(user.email, "Choose a new password", text)


class Invitations(LinkMails):
    """About the organization that invites."""

    def letters(self, deliveries: list[Delivery], now: datetime) -> dict[int, Callable[[], Letter]]:
        known = set(Organization.objects.values_list("pk", flat=True))
        return super().letters([one for one in deliveries if one.about in known], now)

    def letter(self, delivery: Delivery, user: User) -> Letter:
        page = _page(user) | {
            "is_new": user.is_invited,
            "organization": Organization.objects.get(pk=delivery.about or 0),
        }
        text = render_to_string("outbox/mail/invitation.txt", page)
        return Letter(user.email, f"Your access to {settings.SITE_NAME}", text)


def _page(user: User) -> dict[str, object]:
    key = PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    path = reverse("account_reset_password_from_key", args=[user_pk_to_url_str(user), key])
    return {
        "password_url": absolute(path),
        "login_url": absolute(reverse("account_login")),
        "hours": settings.PASSWORD_RESET_TIMEOUT // 3600,
        "site_name": settings.SITE_NAME,
    }
