from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect
from django.utils.deprecation import MiddlewareMixin

from agencies.factor_links import SET_UP_ALLOWED
from agencies.models import FactorReset
from hmis.help.topics import is_open

CHECKED = "second_factor_is_set_up"
OPEN_PAGES = (
    "account_",
    "mfa_",
    "session",
    "health",
    "agencies:factor_reset",
    "agencies:confirm_factor_reset",
)


class SecondFactorMiddleware(MiddlewareMixin):
    """Sends a user without a second factor to set one up, where MFA_REQUIRED says so."""

    def process_view(self, request, view, args, kwargs):
        if not request.user.is_authenticated:
            return None
        view_name = request.resolver_match.view_name or ""
        if view_name == "mfa_activate_totp" and _waits_for_link(request):
            return redirect("agencies:factor_reset")
        if not settings.MFA_REQUIRED:
            return None
        if view_name.startswith("mfa_"):
            request.session.pop(CHECKED, None)  # where it may be taken out
        is_open_page = view_name.startswith(OPEN_PAGES) or is_open(request.resolver_match)
        if request.session.get(CHECKED) or is_open_page:
            return None
        if is_mfa_enabled(request.user):
            request.session[CHECKED] = True
            return None
        messages.info(request, "Set up a second factor to protect the clients' records.")
        return redirect("mfa_activate_totp")


def _waits_for_link(request) -> bool:
    """Whether an officer reset the factor, and this session has not opened the link of the mail."""
    reset = FactorReset.objects.open_for(request.user).first()
    return reset is not None and request.session.get(SET_UP_ALLOWED) != reset.pk
