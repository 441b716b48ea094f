from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from agencies.factor_links import SET_UP_ALLOWED, reset_of_link


@require_GET
def factor_reset(request):
    """Where a user waits whose two-step log-in was reset: the password alone goes no further."""
    return render(request, "agencies/factor_reset.html")


@require_GET
def confirm_factor_reset(request, link: str):
    """The link of the mail, opened by the user who has logged in: a new app can be set up."""
    reset = reset_of_link(link, request.user)
    if reset is None:
        messages.error(request, "This link no longer works. Ask your Data Quality Officer again.")
        return redirect("agencies:factor_reset")
    request.session[SET_UP_ALLOWED] = reset.pk
    return redirect("mfa_activate_totp")
