"""A user's session: saved, idle, ended, and its pages in no cache."""

import time
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions import middleware
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.utils.deprecation import MiddlewareMixin
from django.utils.http import url_has_allowed_host_and_scheme

from agencies.models import SecurityEvent
from agencies.security_events import record_event
from agencies.sessions.store import SEEN
from hmis import faults
from records.unsaved import remember_unsaved

READING = {"GET", "HEAD", "OPTIONS"}
CLEAR = "Clear-Site-Data"
NOT_UNDONE = "not_undone"  # the address of an Undo that was pressed too late
KEEPS_OTHERS_TEXT = "keep_storage"
WRITE_AFTER = 60  # seconds: reading pages writes the session at most once a minute


class SessionMiddleware(middleware.SessionMiddleware):
    """Django's, which lets a page be read although its session cannot be saved.

    While the database is read-only the time of the last use stays as it was. A page that says what
    is wrong stays that page.
    """

    def process_response(self, request, response):
        try:
            return super().process_response(request, response)
        except (DatabaseError, SessionInterrupted) as error:
            cause = _of_the_database(error)
            fault = faults.fault_of(cause)
            if fault is None:
                raise
            is_reading = request.method in READING and fault in (faults.READ_ONLY, faults.FULL)
            if is_reading or hasattr(request, "fault"):
                return response
            raise cause from cause.__cause__


def _of_the_database(error: BaseException | None) -> BaseException | None:
    # Django takes every error of a save for a session that somebody deleted.
    while error is not None and not isinstance(error, DatabaseError):
        error = error.__context__
    return error


class SessionEndMiddleware(MiddlewareMixin):
    """Says at the log-in page why a session was ended, and has the browser forget its pages.

    A user who logs out leaves nothing behind. After any other end the browser's storage stays: it
    may hold what was typed while there was no connection, encrypted, for the next log-in of the
    same user (docs/security/browser-storage.md).
    """

    def __call__(self, request: HttpRequest) -> HttpResponse:
        was_logged_in = request.user.is_authenticated
        reason = request.session.ended_as  # type: ignore[attr-defined]
        if reason:
            messages.info(request, reason.label)
        response = self.get_response(request)
        if reason or (was_logged_in and not request.user.is_authenticated):
            response[CLEAR] = '"cache", "storage"' if _is_log_out(request) else '"cache"'
        return response


def _is_log_out(request: HttpRequest) -> bool:
    """Whether the user asked for it, with nobody's text left in the browser's storage."""
    match = request.resolver_match
    is_asked_for = request.method == "POST" and match and match.view_name == "account_logout"
    return bool(is_asked_for) and KEEPS_OTHERS_TEXT not in request.POST


class IdleTimeoutMiddleware(MiddlewareMixin):
    """Keeps the time of the last use in the session and logs out after IDLE_TIMEOUT seconds.

    A view marked `is_no_use` tells how long is left without prolonging it.
    """

    def process_request(self, request):
        if request.user.is_authenticated and idle_seconds(request) >= settings.IDLE_TIMEOUT:
            record_event(SecurityEvent.Kind.IDLE_LOG_OUT, request=request)
            logout(request)
            messages.info(request, "You were logged out because you were not active for a while.")

    def process_view(self, request, view, args, kwargs):
        is_use = request.user.is_authenticated and not getattr(view, "is_no_use", False)
        if is_use and idle_seconds(request) >= WRITE_AFTER:
            use(request)


class LoginMiddleware(LoginRequiredMiddleware):
    """Leads to the log-in, and from there to the page on which somebody pressed a button too late.

    What was sent to a view marked `says_unsaved` is remembered, and the view opened to say so. The
    Undo of a message is remembered too: the page that follows has the message no more.
    """

    def handle_no_permission(self, request, view_func):
        if request.method == "POST" and getattr(view_func, "says_unsaved", False):
            remember_unsaved(request)
        elif request.method == "POST":
            if "undo" in request.POST:
                request.session[NOT_UNDONE] = request.get_full_path()
            return redirect_to_login(_sent_from(request))
        return super().handle_no_permission(request, view_func)


def _sent_from(request: HttpRequest) -> str:
    """The page of the form that was sent, or where it was sent to if the browser does not say."""
    page, host = request.headers.get("Referer", ""), request.get_host()
    if not url_has_allowed_host_and_scheme(page, {host}, require_https=request.is_secure()):
        return request.get_full_path()
    return urlsplit(page)._replace(scheme="", netloc="", fragment="").geturl()


def idle_seconds(request) -> int:
    """Return the seconds since this session was last used."""
    now = int(time.time())
    return now - request.session.setdefault(SEEN, now)


def use(request) -> None:
    """Start the idle time again."""
    request.session[SEEN] = int(time.time())


class PrivacyMiddleware(MiddlewareMixin):
    """Keeps pages of users out of every cache, so that nobody sees one by going back."""

    def process_response(self, request, response):
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            patch_cache_control(response, no_store=True, private=True)
        return response
