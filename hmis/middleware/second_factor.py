from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect

CHECKED = "second_factor_is_set_up"
OPEN_PAGES = ("account_", "mfa_", "session")


class SecondFactorMiddleware:
    """Sends a user without a second factor to set one up, where MFA_REQUIRED says so."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if not settings.MFA_REQUIRED or not request.user.is_authenticated:
            return None
        if request.session.get(CHECKED) or _is_open(request.resolver_match.view_name):
            return None
        if is_mfa_enabled(request.user):
            request.session[CHECKED] = True
            return None
        messages.info(request, "Set up a second factor to protect the clients' records.")
        return redirect("mfa_activate_totp")


def _is_open(view_name: str | None) -> bool:
    return bool(view_name) and view_name.startswith(OPEN_PAGES)
