from django.http import Http404
from django.urls import reverse
from django.utils.deprecation import MiddlewareMixin

from agencies import limits
from agencies.browsers import write_cookie
from agencies.models import LimitedUse
from agencies.views import refused
from clients.loading import DetailsNotSharedError
from hmis.errors import typed
from hmis.middleware.access import CLIENTS

# Pictures of a page, which asks for them. Of a client who is seen they count for themselves.
PARTS = {"files:small_client_photo", "files:client_file_thumbnail", "files:client_file_page"}


class LimitMiddleware(MiddlewareMixin):
    """Answers where a limit is reached, counts guessed Client IDs, and marks known browsers.

    It sits outside of every transaction: what a refused request wrote is undone by then, and the
    question or the stop is kept all the same.
    """

    def process_response(self, request, response):
        write_cookie(request, response)
        return response

    def process_exception(self, request, exception):
        if _is_guess(request, exception):
            refusal = limits.count(request.user, LimitedUse.CLIENTS)
        elif isinstance(exception, limits.LimitReachedError):
            refusal = exception.refusal
        else:
            return None
        return refusal and refused(request, refusal, _next(request), typed(request))


def _is_guess(request, exception) -> bool:
    """A client who is not there, or of whom a refusal says more than the user had opened."""
    if isinstance(exception, DetailsNotSharedError):
        return not exception.client.was_opened
    if not isinstance(exception, Http404) or not request.user.is_authenticated:
        return False
    match = request.resolver_match
    is_page_of_client = match.view_name not in PARTS and not CLIENTS.isdisjoint(match.kwargs)
    return is_page_of_client or hasattr(request, "refused_client_id")


def _next(request) -> str:
    """Where the user goes on after a reason: the page itself, or the one that its form was on."""
    if getattr(request, "htmx", False):
        return request.htmx.current_url_abs_path or "/"
    client_id = request.resolver_match.kwargs.get("client_id")
    if request.method == "GET":
        return request.get_full_path()
    return reverse("clients:dashboard", args=[client_id]) if client_id else "/"
