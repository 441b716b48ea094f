"""Where a user is logged in, and ending it there."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from agencies.models import EndReason
from agencies.requests import UserRequest
from agencies.sessions import actions

LIST = "agencies:sessions"


@require_GET
def sessions(request: UserRequest) -> HttpResponse:
    page = {
        "sessions": actions.sessions_of(request.user, request.session),
        "log_ins": actions.recent_log_ins(request.user),
    }
    return render(request, "agencies/sessions.html", page)


@require_POST
@reauthentication_required
def end_session(request: UserRequest, number: str) -> HttpResponse:
    if actions.end_one(user=request.user, number=number, reason=EndReason.ENDED_ELSEWHERE):
        messages.success(request, "That session has ended.")
    else:
        messages.info(request, "That session had already ended.")
    return redirect(LIST)


@require_POST
@reauthentication_required
def end_other_sessions(request: UserRequest) -> HttpResponse:
    actions.end_others(user=request.user, session=request.session, reason=EndReason.ENDED_ELSEWHERE)
    messages.success(request, "You are not logged in anywhere else.")
    return redirect(LIST)
