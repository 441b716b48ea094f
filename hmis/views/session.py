from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_http_methods

from hmis.middleware.session import idle_seconds, use


@login_not_required
@require_http_methods(["GET", "POST"])
def session(request: HttpRequest) -> JsonResponse:
    """How long the session lasts; only POST counts as use of it.

    `is_final` says that no use of it prolongs it any more: SESSION_HOURS are nearly over.
    """
    if not request.user.is_authenticated:
        reason = request.session.ended_as
        why = {"why": reason.label} if reason else {}
        return JsonResponse({"seconds_left": 0} | why, status=401)
    if request.method == "POST":
        use(request)
    unused = settings.IDLE_TIMEOUT - idle_seconds(request)
    at_most = request.session.get_expiry_age()
    return JsonResponse(
        {
            "seconds_left": min(unused, at_most),
            "user": request.user.pk,
            "is_final": at_most <= unused,
        }
    )


session.is_no_use = True
