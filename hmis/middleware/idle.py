"""Ends a session that nobody uses."""

import time

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout

SEEN = "seen"
WRITE_AFTER = 60  # seconds: a session is written at most once a minute


class IdleTimeoutMiddleware:
    """Keeps the time of the last use in the session and logs out after IDLE_TIMEOUT seconds.

    A page may ask how long is left without counting as use: GET of the `session` view.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated and idle_seconds(request) >= settings.IDLE_TIMEOUT:
            logout(request)
            messages.info(request, "You were logged out because nobody used this page for a while.")
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if request.user.is_authenticated and not getattr(view, "is_no_use", False):
            touch(request)


def idle_seconds(request) -> int:
    """Return the seconds since this session was last used."""
    now = int(time.time())
    return now - request.session.setdefault(SEEN, now)


def touch(request) -> None:
    if idle_seconds(request) >= WRITE_AFTER:
        request.session[SEEN] = int(time.time())
