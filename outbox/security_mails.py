"""Mails about security: to an officer about an alert, to a user about a new browser.

They name nobody: whoever should look at it logs in.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from agencies.models import SecurityAlert
from outbox.kinds import Letter, MailWriter, absolute
from outbox.models import Delivery


class SecurityAlerts(MailWriter):
    """About an alert; one that somebody has seen meanwhile is not mailed."""

    def letters(self, deliveries: list[Delivery], now: datetime) -> dict[int, Callable[[], Letter]]:
        about = [one.about for one in deliveries if one.about]
        alerts = SecurityAlert.objects.unseen().in_bulk(about)
        return {
            one.pk: partial(self.letter, alerts[one.about], one.recipient.email)
            for one in deliveries
            if one.about in alerts and one.recipient and one.recipient.is_active
        }

    def letter(self, alert: SecurityAlert, address: str) -> Letter:
        page = {
            "alert": alert,
            "url": absolute(reverse("admin:agencies_securityalert_changelist")),
            "site_name": settings.SITE_NAME,
        }
        text = render_to_string("outbox/mail/security_alert.txt", page)
        return Letter(address, f"Security alert {alert.pk}", text)


class NewBrowsers(MailWriter):
    """To a user whose account was used with a browser for the first time."""

    subject = "A new browser logged in to your account"
    template = "outbox/mail/new_browser.txt"

    def letters(self, deliveries: list[Delivery], now: datetime) -> dict[int, Callable[[], Letter]]:
        return {
            one.pk: partial(self.letter, one, one.recipient.email)
            for one in deliveries
            if one.recipient and one.recipient.is_active
        }

    def letter(self, delivery: Delivery, address: str) -> Letter:
        page = {
            "at": timezone.localtime(delivery.created_at),
            "reset_url": absolute(reverse("account_reset_password")),
            "site_name": settings.SITE_NAME,
        }
        text = render_to_string(self.template, page)
        return Letter(address, self.subject, text)


class AccountChanges(NewBrowsers):
    """To a user whose password or two-step log-in was changed."""

    at_once = True
    subject = "Your log-in was changed"
    template = "outbox/mail/account_changed.txt"
