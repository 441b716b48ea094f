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

from agencies.factor_links import factor_link
from agencies.models import FactorReset, Invitation, Membership, Organization, User
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


class FactorResets(LinkMails):
    """The link with which a new app is set up, after an officer took the lost one away."""

    def letters(self, deliveries: list[Delivery], now: datetime) -> dict[int, Callable[[], Letter]]:
        users = [one.recipient_id for one in deliveries]
        waiting = FactorReset.objects.filter(user__in=users, ended_at=None)
        wanted = set(waiting.values_list("user", flat=True))
        return super().letters([one for one in deliveries if one.recipient_id in wanted], now)

    def letter(self, delivery: Delivery, user: User) -> Letter:
        reset = FactorReset.objects.open_for(user).get()
        path = reverse("agencies:confirm_factor_reset", args=[factor_link(reset)])
        page = _page(user) | {"set_up_url": absolute(path)}
        text = render_to_string("outbox/mail/factor_reset.txt", page)
        return Letter(user.email, "Set up two-step log-in again", text)


class Invitations(LinkMails):
    """About the organization that invites."""

    def letters(self, deliveries: list[Delivery], now: datetime) -> dict[int, Callable[[], Letter]]:
        """For an invitation that waits, or a member who has not chosen a password yet."""
        pairs = {(one.recipient_id, one.about) for one in deliveries}
        users = [user for user, _ in pairs]
        waiting = Invitation.objects.filter(user__in=users, user__is_superuser=False).open()
        members = Membership.objects.filter(user__in=users)
        wanted = {*waiting.values_list("user", "organization")} | {
            *members.values_list("user", "organization")
        }
        return super().letters(
            [one for one in deliveries if (one.recipient_id, one.about) in wanted], now
        )

    def letter(self, delivery: Delivery, user: User) -> Letter:
        page = _page(user) | {
            "is_new": user.is_invited,
            "organization": Organization.objects.get(pk=delivery.about or 0),
            "answer_url": absolute(reverse("settings")),
            "invitation": Invitation.objects.open_for(user)
            .filter(organization=delivery.about)
            .first(),
        }
        text = render_to_string("outbox/mail/invitation.txt", page)
        return Letter(user.email, f"An invitation to {settings.SITE_NAME}", text)


def _page(user: User) -> dict[str, object]:
    key = PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    path = reverse("account_reset_password_from_key", args=[user_pk_to_url_str(user), key])
    return {
        "password_url": absolute(path),
        "login_url": absolute(reverse("account_login")),
        "hours": settings.PASSWORD_RESET_TIMEOUT // 3600,
        "site_name": settings.SITE_NAME,
    }
