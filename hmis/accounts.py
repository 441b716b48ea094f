"""How allauth handles our accounts and their second factors."""

import time

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter

from clients.encryption import decrypt, encrypt


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by administrators and Data Quality Officers, never by signing up."""

    def is_open_for_signup(self, request) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Allauth sends none by itself: each mail has its kind in the outbox (docs/adr/0019)."""
        raise NotImplementedError(f"{template_prefix}: write a kind of mail for outbox")

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
