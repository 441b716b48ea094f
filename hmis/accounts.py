"""How allauth handles our accounts and their second factors."""

import time

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter

from agencies.models import SecurityEvent, User
from agencies.security_events import record_event
from clients.encryption import decrypt, encrypt

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

    def validation_error(self, code, *args):
        if code == "too_many_login_attempts":
            record_event(Kind.RATE_LIMITED, request=self.request, detail={"page": "log_in"})
        return super().validation_error(code, *args)

    def logout(self, request) -> None:
        record_event(Kind.LOG_OUT, request=request)
        super().logout(request)

    def set_password(self, user, password: str) -> None:
        user.was_invited = user.is_invited  # hmis.account_events asks when it is done
        super().set_password(user, password)

    def is_reauthentication_required(self, *, app: str, **kwargs) -> bool:
        """Whoever has logged in a moment ago is not asked for the password once more."""
        records = get_authentication_records(self.request, self.request.user)
        if records and time.time() - records[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT:
            return False
        return super().is_reauthentication_required(app=app, **kwargs)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keeps the secrets of authenticator apps encrypted, with the keys that protect SSNs."""

    def encrypt(self, text: str) -> str:
        return encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(encrypted_text)
