"""Asking for a new password: the answer and its time are the same with an account and without."""

from allauth.account.forms import ResetPasswordForm as AllauthForm
from django.http import HttpRequest

from agencies.models import User
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
        return email
