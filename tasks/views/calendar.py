"""The private calendar of one's tasks: its page under My Settings, and the feed itself."""

import hashlib

from django.conf import settings as options
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_GET, require_POST, require_safe

from agencies.limits import LimitReachedError, network, spend_attempt
from agencies.models import SecurityEvent
from agencies.requests import UserRequest
from agencies.security_events import record_event
from tasks import actions
from tasks.calendar import calendar as calendar_of
from tasks.listing import in_calendar
from tasks.models import CalendarFeed, Task

SECONDS = 900  # for so long the program that reads it need not ask again


@require_GET
def settings(request: UserRequest) -> HttpResponse:
    feed = CalendarFeed.objects.filter(user=request.user).first()
    address = request.build_absolute_uri(feed.get_absolute_url()) if feed else ""
    return render(request, "tasks/calendar.html", {"feed": feed, "address": address})


@require_POST
def turn_on(request: UserRequest) -> HttpResponse:
    had_one = CalendarFeed.objects.filter(user=request.user).exists()
    actions.turn_calendar_on(user=request.user)
    detail = {"page": request.resolver_match.view_name}
    record_event(SecurityEvent.Kind.EXPORTED, request=request, detail=detail)
    if had_one:
        text = "Your calendar has a new address. The old one does not work any more."
    else:
        text = "Your calendar is on. Copy its address below."
    messages.success(request, text)
    return redirect("tasks:calendar_settings")


@require_POST
def turn_off(request: UserRequest) -> HttpResponse:
    if actions.turn_calendar_off(user=request.user):
        messages.success(request, "Your calendar is off. Its address does not work any more.")
    return redirect("tasks:calendar_settings")


@login_not_required
@require_safe
def calendar(request: HttpRequest, feed_token: str) -> HttpResponse:
    """The feed, for whoever has its address; a wrong one and one that is gone are not there.

    The answers are returned, not raised, so that what is counted stays counted.
    """
    feed = CalendarFeed.by_token(feed_token)
    try:
        _count(request, feed)
    except LimitReachedError as error:
        return _too_often(error)
    if feed is None:
        return _answer(HttpResponse("Not found.\n", status=404), keep=0)
    rows = in_calendar(feed.user, timezone.localdate())

    def address_of(task: Task) -> str:
        return request.build_absolute_uri(reverse("tasks:task", args=[task.public_id]))

    text = calendar_of(rows, address_of=address_of)
    etag = quote_etag(hashlib.sha256(text.encode()).hexdigest())
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="tasks.ics"'
    response["ETag"] = etag
    return _answer(get_conditional_response(request, etag, None, response), keep=SECONDS)


def _count(request: HttpRequest, feed: CalendarFeed | None) -> None:
    """Count a reading by whose calendar it is, a wrong address by where it came from."""
    if feed:
        spend_attempt("calendar", "user", str(feed.user_id), limit=options.CALENDAR_READINGS)
    else:
        most = options.CALENDAR_WRONG_ADDRESSES
        spend_attempt("calendar", "address", network(request), limit=most)


def _too_often(error: LimitReachedError) -> HttpResponse:
    seconds = int((error.refusal.until - timezone.now()).total_seconds()) + 1
    response = HttpResponse("Too many requests.\n", status=429)
    response["Retry-After"] = str(max(seconds, 1))
    return _answer(response, keep=0)


def _answer(response: HttpResponse, *, keep: int) -> HttpResponse:
    """Kept by its reader alone for some seconds, or not at all; found by no search engine."""
    kept = f"private, max-age={keep}" if keep else "private, no-store"
    response["Cache-Control"] = kept
    response["X-Robots-Tag"] = "noindex, nofollow"
    if not response.has_header("Content-Type") or response["Content-Type"].startswith("text/html"):
        response["Content-Type"] = "text/plain; charset=utf-8"
    return response
