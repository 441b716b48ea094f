"""Ends a session that nobody uses."""

import time

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout

from agencies.models import SecurityEvent
from agencies.security_events import record_event

SEEN = "seen"
WRITE_AFTER = 60  # seconds: reading pages writes the session at most once a minute


class IdleTimeoutMiddleware:
    """Keeps the time of the last use in the session and logs out after IDLE_TIMEOUT seconds.

    A view marked `is_no_use` tells how long is left without prolonging it.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated and idle_seconds(request) >= settings.IDLE_TIMEOUT:
            record_event(SecurityEvent.Kind.IDLE_LOG_OUT, request=request)
            logout(request)
            messages.info(request, "You were logged out because you were not active for a while.")
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        is_use = request.user.is_authenticated and not getattr(view, "is_no_use", False)
        if is_use and idle_seconds(request) >= WRITE_AFTER:
            use(request)


def idle_seconds(request) -> int:
    """Return the seconds since this session was last used."""
    now = int(time.time())
    return now - request.session.setdefault(SEEN, now)


def use(request) -> None:
    """Begin the idle time anew."""
    request.session[SEEN] = int(time.time())
