"""The mails about a user's own account, and those about security alerts.

They name nobody. A link is made when the mail is sent and kept nowhere: a dump of the database
opens no account (docs/adr/0019).
"""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from allauth.account.app_settings import PASSWORD_RESET_TOKEN_GENERATOR
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from agencies.factor_links import factor_link
from agencies.models import FactorReset, Invitation, Membership, Organization, SecurityAlert, User
from outbox.kinds import Letter, Letters, MailWriter, absolute
from outbox.models import Delivery


class UserMails(MailWriter):
    """A template for one active user; `subject` is formatted with the template's values."""

    subject = ""
    template = ""

    def letters(self, deliveries: list[Delivery], now: datetime) -> Letters:
        return {
            one.pk: partial(self.letter, one, one.recipient)
            for one in self.wanted(deliveries, now)
            if one.recipient and one.recipient.is_active
        }

    def letter(self, delivery: Delivery, user: User) -> Letter:
        page = {"site_name": settings.SITE_NAME} | self.page(delivery, user)
        text = render_to_string(f"outbox/mail/{self.template}", page)
        return Letter(user.email, self.subject.format(**page), text)

    def wanted(self, deliveries: list[Delivery], now: datetime) -> list[Delivery]:
        """Those that still have something to say."""
        return deliveries

    def page(self, delivery: Delivery, user: User) -> dict[str, Any]:
        """The template's values."""
        raise NotImplementedError


class LinkMails(UserMails):
    """Mails with a link that is good for some hours; of several that wait, the last one is sent."""

    at_once = True

    def wanted(self, deliveries: list[Delivery], now: datetime) -> list[Delivery]:
        oldest = now - timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
        # What nobody expects any more is not sent, unless it was asked for again.
        wanted = [one for one in deliveries if (one.asked_at or one.created_at) > oldest]
        outdated = Delivery.objects.outdone(wanted)
        return [one for one in wanted if one.pk not in outdated]

    def page(self, delivery: Delivery, user: User) -> dict[str, Any]:
        key = PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
        path = reverse("account_reset_password_from_key", args=[user_pk_to_url_str(user), key])
        return {"password_url": absolute(path), "hours": settings.PASSWORD_RESET_TIMEOUT // 3600}


class PasswordResets(LinkMails):
    subject = "Choose a new password"
    template = "password_reset.txt"


class FactorResets(LinkMails):
    """The link with which a new app is set up, after an officer took the lost one away."""

    subject = "Set up two-step log-in again"
    template = "factor_reset.txt"

    def wanted(self, deliveries: list[Delivery], now: datetime) -> list[Delivery]:
        users = [one.recipient_id for one in deliveries]
        waiting = FactorReset.objects.filter(user__in=users, ended_at=None)
        reset = set(waiting.values_list("user", flat=True))
        return super().wanted([one for one in deliveries if one.recipient_id in reset], now)

    def page(self, delivery: Delivery, user: User) -> dict[str, Any]:
        link = factor_link(FactorReset.objects.open_for(user).get())
        url = absolute(reverse("agencies:confirm_factor_reset", args=[link]))
        return super().page(delivery, user) | {"set_up_url": url}


class Invitations(LinkMails):
    """About the organization that invites."""

    subject = "An invitation to {site_name}"
    template = "invitation.txt"

    def wanted(self, deliveries: list[Delivery], now: datetime) -> list[Delivery]:
        """For an invitation that waits, or a member who has not chosen a password yet."""
        users = {one.recipient_id for one in deliveries}
        waiting = Invitation.objects.filter(user__in=users, user__is_superuser=False).open()
        members = Membership.objects.filter(user__in=users)
        pairs = {
            pair for rows in (waiting, members) for pair in rows.values_list("user", "organization")
        }
        invited = [one for one in deliveries if (one.recipient_id, one.about) in pairs]
        return super().wanted(invited, now)

    def page(self, delivery: Delivery, user: User) -> dict[str, Any]:
        invitations = Invitation.objects.open_for(user).filter(organization=delivery.about)
        return super().page(delivery, user) | {
            "is_new": user.is_invited,
            "organization": Organization.objects.get(pk=delivery.about or 0),
            "answer_url": absolute(reverse("settings")),
            "invitation": invitations.first(),
        }


class SecurityAlerts(UserMails):
    """About an alert; one that somebody has seen meanwhile is not mailed."""

    subject = "Security alert {alert.pk}"
    template = "security_alert.txt"

    def wanted(self, deliveries: list[Delivery], now: datetime) -> list[Delivery]:
        alerts = SecurityAlert.objects.unseen().filter(pk__in=[one.about for one in deliveries])
        unseen = set(alerts.values_list("pk", flat=True))
        return [one for one in deliveries if one.about in unseen]

    def page(self, delivery: Delivery, user: User) -> dict[str, Any]:
        return {
            "alert": SecurityAlert.objects.get(pk=delivery.about or 0),
            "url": absolute(reverse("admin:agencies_securityalert_changelist")),
        }


class NewBrowsers(UserMails):
    """To a user whose account was used with a browser for the first time."""

    subject = "A new browser logged in to your account"
    template = "new_browser.txt"

    def page(self, delivery: Delivery, user: User) -> dict[str, Any]:
        return {
            "at": timezone.localtime(delivery.created_at),
            "reset_url": absolute(reverse("account_reset_password")),
        }


class AccountChanges(NewBrowsers):
    """To a user whose password or two-step log-in was changed."""

    at_once = True
    subject = "Your log-in was changed"
    template = "account_changed.txt"
