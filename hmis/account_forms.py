"""Allauth's forms, where passwords and codes cannot be guessed and each code is good once."""

from allauth.account import forms
from allauth.account.fields import EmailField
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.totp.internal.auth import TOTP
from django.forms import EmailInput
from django.http import HttpRequest

from agencies.browsers import remember_browser
from agencies.limits import LOG_IN, PASSWORD_RESET, SECOND_FACTOR, attempt
from agencies.models import FactorReset, SecurityEvent, User
from agencies.security_events import record_event
from outbox.actions import queue_mail
from outbox.states import MailKind


class ResetPasswordForm(forms.ResetPasswordForm):
    """Queues one mail in any case; without an account it has nobody to go to and is forgotten.

    The answer and its time are the same with an account and without; allauth's own form sends
    within the request.
    """

    email = EmailField(label="Work e-mail", widget=EmailInput(attrs={"autocomplete": "email"}))

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


class CountedCode:
    """The code of an authenticator app, or a recovery code; as many tries as the settings say."""

    def clean_code(self) -> str:
        counted = attempt(SECOND_FACTOR, request=context.request, account=self.user.email)
        code = super().clean_code()
        counted.succeeded()
        return code


class AuthenticateForm(CountedCode, mfa.AuthenticateForm):
    pass


class ReauthenticateForm(CountedCode, mfa.ReauthenticateForm):
    pass


class ActivateTOTPForm(CountedCode, totp.ActivateTOTPForm):
    """The code that sets up an app is used, as one that logs in is."""

    def clean_code(self) -> str:
        code = super().clean_code()
        unsaved = Authenticator(user=self.user, type=Authenticator.Type.TOTP)
        if not TOTP(unsaved)._mark_code_used(code):
            raise get_adapter().validation_error("incorrect_code")
        FactorReset.objects.open_for(self.user).end()
        return code
