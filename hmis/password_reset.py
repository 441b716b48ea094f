"""Asking for a new password: the answer and its time are the same with an account and without."""

from allauth.account.forms import ResetPasswordForm as AllauthForm
from django.http import HttpRequest

from agencies.models import SecurityEvent, User
from agencies.security_events import record_event
from outbox.actions import queue_mail
from outbox.states import MailKind


class ResetPasswordForm(AllauthForm):
    """Queues one mail in any case; without an account it has nobody to go to and is forgotten.

    Allauth's own form sends within the request.
    """

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()

    def save(self, request: HttpRequest, **kwargs) -> str:
        email = self.cleaned_data["email"]
        user = User.objects.active().filter(email=email).first()
        queue_mail(kind=MailKind.PASSWORD_RESET, recipient=user)
        kind = SecurityEvent.Kind.PASSWORD_RESET_ASKED
        record_event(kind, request=request, user=user, account="" if user else email)
        return email
