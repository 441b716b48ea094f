"""How allauth handles our accounts and their second factors."""

import time

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from django.db import transaction
from django.http import HttpRequest

from agencies.browsers import remember_browser
from agencies.limits import LOG_IN, attempt
from agencies.models import EndReason, SecurityEvent, User
from agencies.security_events import record_event
from agencies.sessions import actions as sessions
from clients.encryption import decrypt, encrypt
from hmis.middleware.session import NOT_UNDONE
from hmis.proxies import client_address
from outbox.actions import queue_mail
from outbox.states import MailKind
from records.pages import say_undoable

Kind = SecurityEvent.Kind


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by administrators and Data Quality Officers, never by signing up."""

    def is_open_for_signup(self, request) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Allauth sends none by itself: each mail has its kind in the outbox (docs/adr/0019)."""
        raise NotImplementedError(f"{template_prefix}: write a kind of mail for outbox")

    def authentication_failed(self, request, **credentials) -> None:
        account = str(credentials.get("email", ""))
        user = User.objects.filter(email=account.strip().lower()).first()
        detail = {"again": True} if request.user.is_authenticated else {}
        record_event(
            Kind.LOG_IN_FAILED,
            request=request,
            user=user,
            account="" if user else account,
            detail={"methods": ["password"], **detail},
        )

    def respond_user_inactive(self, request, user):
        detail = {"methods": ["password"], "deactivated": True}
        record_event(Kind.LOG_IN_FAILED, request=request, user=user, detail=detail)
        return super().respond_user_inactive(request, user)

    def logout(self, request) -> None:
        record_event(Kind.LOG_OUT, request=request)
        super().logout(request)

    def set_password(self, user, password: str) -> None:
        user.was_invited = user.is_invited  # hmis.account_events asks when it is done
        super().set_password(user, password)

    def send_notification_mail(self, template_prefix, user, context=None, email=None) -> None:
        """Allauth calls this after each change of how a user logs in."""
        sessions.end_others(
            user=user, session=self.request.session, reason=EndReason.SECURITY_CHANGE
        )
        if not getattr(user, "was_invited", False):
            queue_mail(kind=MailKind.ACCOUNT_CHANGED, recipient=user)

    def get_client_ip(self, request) -> str:
        return client_address(request)

    def authenticate(self, request, **credentials):
        """Log-in and confirmation by password; wrong ones are counted, by the typed address."""
        counted = attempt(LOG_IN, request=request, account=credentials.get("email") or "")
        user = super().authenticate(request, **credentials)
        if user:
            counted.succeeded()
        return user

    def post_login(self, request, user, **options):
        remember_browser(request, user.email)
        if address := request.session.pop(NOT_UNDONE, ""):
            say_undoable(request, "You were logged out before this was undone.", address)
        return super().post_login(request, user, **options)

    @transaction.atomic
    def login(self, request: HttpRequest, user: User) -> None:
        """Begin the session. Of two log-ins of a user at once the later one waits for the other."""
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        super().login(request, user)
        sessions.begin(request, user)

    def is_reauthentication_required(self, *, app: str, **kwargs) -> bool:
        """Whoever has logged in a moment ago is not asked for the password once more."""
        records = get_authentication_records(self.request, self.request.user)
        if records and time.time() - records[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT:
            return False
        return super().is_reauthentication_required(app=app, **kwargs)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keeps the secrets of authenticator apps encrypted, with the keys that protect SSNs."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "Incorrect code. Enter the one that the app shows now: each works once. "
        "If it is refused again, check that the phone's clock is right."
    }
    encrypt = staticmethod(encrypt)
    decrypt = staticmethod(decrypt)
