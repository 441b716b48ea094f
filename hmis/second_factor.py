"""The forms that take a code: wrong ones are counted, and each is good once."""

from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as base
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.totp.internal.auth import TOTP

from agencies.limits import SECOND_FACTOR, attempt
from agencies.models import FactorReset


class CountedCode:
    """The code of an authenticator app, or a recovery code; as many tries as the settings say."""

    def clean_code(self) -> str:
        counted = attempt(SECOND_FACTOR, request=context.request, account=self.user.email)
        code = super().clean_code()
        counted.succeeded()
        return code


class AuthenticateForm(CountedCode, base.AuthenticateForm):
    pass


class ReauthenticateForm(CountedCode, base.ReauthenticateForm):
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
