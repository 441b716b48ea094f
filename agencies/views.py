"""A user's own account, looking up a user, and answers where a limit is reached (R16.1)."""

import math
from typing import Any
from urllib.parse import urlencode

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agencies import actions, limits
from agencies.factor_links import SET_UP_ALLOWED, reset_of_link
from agencies.limits import Refusal
from agencies.models import EndReason, LimitedUse, SecurityEvent, User
from agencies.requests import UserRequest
from agencies.security_events import record_event
from agencies.sessions.actions import end_one, end_others, recent_log_ins, sessions_of
from agencies.user_lookup import UserLookupForm, with_choice
from records.form_fields import LineField
from records.pages import own_address

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


@require_GET
def user_lookup(request: UserRequest):
    """The pop-up that finds a user of an organization (R4.4)."""
    query = request.GET
    form = UserLookupForm(
        query if "organization" in query else None, initial={"organization": request.organization}
    )
    field_id, next_url = query.get("for", "")[:100], query.get("next", "")
    if next_url != own_address(request, next_url):
        next_url = ""
    page = {"form": form, "field_id": field_id, "next_url": next_url}
    if form.is_valid():
        limits.require(request.user, LimitedUse.LOOKUPS)
        organization = form.cleaned_data["organization"]
        users, has_more = form.found
        page |= {
            "searched": organization,
            "has_more": has_more,
            "rows": [
                {"user": user, "url": next_url and with_choice(next_url, field_id, user)}
                for user in users
            ],
            "officers": [] if users else User.objects.officers_of([organization.pk]),
        }
    return render(request, "agencies/user_lookup.html", page)


REASONS = {
    "busy": "A busy day at intake",
    "outreach": "Outreach, or an event with many clients",
    "quality": "Correcting data",
    "report": "A report or a list that my agency needs",
    "other": "Something else",
}


class LimitReasonForm(forms.Form):
    reason = forms.ChoiceField(
        label="Why do you need more in this hour?",
        choices=list(REASONS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a reason."},
    )
    other = LineField(
        label="What is it?",
        required=False,
        max_length=150,
        help_text="Only for something else. Write no client's name here.",
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("reason") == "other" and not data.get("other"):
            self.add_error("other", "Write in a few words what it is.")
        return data

    @property
    def text(self) -> str:
        """The reason as it is kept."""
        chosen = self.cleaned_data["reason"]
        return self.cleaned_data["other"] if chosen == "other" else REASONS[chosen]


Typed = list[tuple[str, str]]


def refused(
    request: HttpRequest, refusal: Refusal, next_url: str, typed: Typed | None = None
) -> HttpResponse:
    """Ask for a reason, or say until when nothing goes on; the first time is an event.

    Args:
        next_url: where the user goes on after the reason.
        typed: texts that were sent, with their labels, to be given back.
    """
    if refusal.kind is None:
        return _refused_attempt(request, refusal)
    if limits.note_refusal(request.user, refusal):
        record_event(
            limits.event_kind(refusal.kind),
            request=request,
            detail={
                "limit": refusal.name,
                "step": "stopped" if refusal.is_final else "asked",
                "count": refusal.count,
            },
        )
    if getattr(request, "htmx", False):
        url = reverse("agencies:limit", args=[refusal.kind])
        response = HttpResponse(status=204)
        response["HX-Redirect"] = f"{url}?{urlencode({'next': next_url})}"
        return response
    return _use_page(request, refusal, next_url, LimitReasonForm(), typed)


def _refused_attempt(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Say when it may be tried again, and what to do meanwhile."""
    request.limit_reached = True  # type: ignore[attr-defined]
    if refusal.count == 1:  # once a period, however long somebody goes on
        account = refusal.account
        subject = User.objects.filter(email=account).first() if account else None
        record_event(
            SecurityEvent.Kind.RATE_LIMITED,
            request=request,
            subject=subject,
            account="" if subject else account,
            detail={"limit": refusal.name},
        )
    return _too_many(request, refusal, "429.html", {"refusal": refusal})


def _use_page(
    request: HttpRequest,
    refusal: Refusal,
    next_url: str,
    form: LimitReasonForm,
    typed: Typed | None = None,
) -> HttpResponse:
    page = {"refusal": refusal, "form": form, "next_url": next_url, "typed": typed}
    if refusal.is_final:
        officers = User.objects.officers_of(list(request.user.access))
        page["officers"] = officers.exclude(pk=request.user.pk)[:5]
    return _too_many(request, refusal, "agencies/limit_reached.html", page)


def _too_many(request: HttpRequest, refusal: Refusal, template: str, page: dict) -> HttpResponse:
    seconds = max(1, math.ceil((refusal.until - timezone.now()).total_seconds()))
    page["minutes"] = math.ceil(seconds / 60)
    response = render(request, template, page, status=429)
    if refusal.is_final:
        response["Retry-After"] = str(seconds)
    return response


@require_http_methods(["GET", "POST"])
def limit(request: UserRequest, kind: str) -> HttpResponse:
    """The page of a limit that was reached; POST answers its question and goes on."""
    if kind not in LimitedUse.values:
        raise Http404
    use = LimitedUse(kind)
    next_url = own_address(request, request.POST.get("next", request.GET.get("next", "")))
    form = LimitReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and limits.give_reason(request.user, use, form.text):
        record_event(
            limits.event_kind(use),
            request=request,
            detail={"limit": kind, "step": "reason", "reason": form.cleaned_data["reason"]},
        )
        return redirect(next_url)
    refusal = limits.count(request.user, use, 0)
    if refusal is None:  # answered on another page, or the hour is over
        return redirect(next_url)
    return _use_page(request, refusal, next_url, form)
