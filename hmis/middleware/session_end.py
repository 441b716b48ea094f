"""What follows the end of a session, whoever ended it: why, and a browser without remains."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse

CLEAR = "Clear-Site-Data"
KEEPS_OTHERS_TEXT = "keep_storage"


class SessionEndMiddleware:
    """Says at the log-in page why a session was ended, and has the browser forget its pages.

    A user who logs out leaves nothing behind. After any other end the browser's storage stays: it
    may hold what was typed while there was no connection, encrypted, for the next log-in of the
    same user (docs/security/browser-storage.md).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

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
