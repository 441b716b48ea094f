"""Passwords that are forgotten or changed.

Asking for a new one: the answer and its time are the same with an account and without.
"""

from allauth.account import forms
from allauth.core import context
from django.http import HttpRequest

from agencies.browsers import remember_browser
from agencies.limits import LOG_IN, PASSWORD_RESET, attempt
from agencies.models import SecurityEvent, User
from agencies.security_events import record_event
from outbox.actions import queue_mail
from outbox.states import MailKind


class ResetPasswordForm(forms.ResetPasswordForm):
    """Queues one mail in any case; without an account it has nobody to go to and is forgotten.

    Allauth's own form sends within the request.
    """

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()

    def save(self, request: HttpRequest, **kwargs) -> str:
        email = self.cleaned_data["email"]
        attempt(PASSWORD_RESET, request=request, account=email)
        user = User.objects.active().filter(email=email).first()
        queue_mail(kind=MailKind.PASSWORD_RESET, recipient=user)
        kind = SecurityEvent.Kind.PASSWORD_RESET_ASKED
        record_event(kind, request=request, user=user, account="" if user else email)
        return email


class ResetPasswordKeyForm(forms.ResetPasswordKeyForm):
    """Whoever had the mail gets in with this browser, however many strangers guess meanwhile."""

    def save(self) -> None:
        super().save()
        remember_browser(context.request, self.user.email)


class ChangePasswordForm(forms.ChangePasswordForm):
    """The current password cannot be guessed here either."""

    def clean_oldpassword(self) -> str:
        counted = attempt(LOG_IN, request=context.request, account=self.user.email)
        password = super().clean_oldpassword()
        counted.succeeded()
        return password
