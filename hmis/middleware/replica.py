from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin

from hmis import replica
from hmis.middleware.session import READING

RECENT_WRITE = "__Host-recent_write" if settings.HTTPS else "recent_write"
SECONDS_AFTER_A_WRITE = 10


class ReplicaMiddleware(MiddlewareMixin):
    """Officers' lists, reports and exports are read on the replica.

    Whoever has just saved something reads the primary for ten seconds: what was saved is on the
    next page. The browser remembers that, as a cookie without a value of its own.
    """

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.reads_replica = False
        with replica.reading(here=False):  # until process_view knows the page
            response = self.get_response(request)
        if request.reads_replica and response.streaming:
            response.streaming_content = replica.streamed(response.streaming_content)
        if request.method not in READING and request.user.is_authenticated:
            response.set_cookie(
                RECENT_WRITE,
                "1",
                max_age=SECONDS_AFTER_A_WRITE,
                secure=settings.HTTPS,
                httponly=True,
                samesite="Lax",
            )
        return response

    def process_view(self, request, view, args, kwargs) -> None:
        request.reads_replica = self._is_for_replica(request)
        if request.reads_replica:
            replica.begin()

    def _is_for_replica(self, request: HttpRequest) -> bool:
        name = request.resolver_match.view_name
        return (
            request.method in READING
            and (name.endswith("_changelist") or name.startswith("admin:quality"))
            and RECENT_WRITE not in request.COOKIES
            and replica.watch.usable()
        )
