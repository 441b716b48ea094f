"""A user's own account: invitations, resets of two-step log-in, and sessions."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from agencies import actions
from agencies.factor_links import SET_UP_ALLOWED, reset_of_link
from agencies.models import EndReason
from agencies.requests import UserRequest
from agencies.sessions.actions import end_one, end_others, recent_log_ins, sessions_of

GONE = "This invitation can no longer be answered. Ask the organization for a new one."


@require_POST
def answer(request, invitation_id: int, key: str):
    """Accept or decline an invitation of the user's own, from Home or Settings."""
    if key == "accept":
        membership = actions.accept_invitation(invitation=invitation_id, by=request.user)
        if membership is None:
            messages.error(request, GONE)
            return redirect("settings")
        messages.success(request, f"You now have access to {membership.organization}.")
        return redirect("home")
    if key != "decline":
        raise Http404
    if actions.decline_invitation(invitation=invitation_id, by=request.user):
        messages.success(request, "Declined. The organization sees only that you declined.")
    else:
        messages.error(request, GONE)
    return redirect("settings")


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


@require_GET
def sessions(request: UserRequest) -> HttpResponse:
    page = {
        "sessions": sessions_of(request.user, request.session),
        "log_ins": recent_log_ins(request.user),
    }
    return render(request, "agencies/sessions.html", page)


@require_POST
@reauthentication_required
def end_session(request: UserRequest, number: str) -> HttpResponse:
    if end_one(user=request.user, number=number, reason=EndReason.ENDED_ELSEWHERE):
        messages.success(request, "That session has ended.")
    else:
        messages.info(request, "That session had already ended.")
    return redirect("agencies:sessions")


@require_POST
@reauthentication_required
def end_other_sessions(request: UserRequest) -> HttpResponse:
    end_others(user=request.user, session=request.session, reason=EndReason.ENDED_ELSEWHERE)
    messages.success(request, "You are not logged in anywhere else.")
    return redirect("agencies:sessions")
