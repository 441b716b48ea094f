from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_http_methods

from hmis.middleware.idle import idle_seconds, use


@login_not_required
@require_http_methods(["GET", "POST"])
def session(request: HttpRequest) -> JsonResponse:
    """How long the session lasts; only POST counts as use of it."""
    if not request.user.is_authenticated:
        return JsonResponse({"seconds_left": 0}, status=401)
    if request.method == "POST":
        use(request)
    seconds_left = settings.IDLE_TIMEOUT - idle_seconds(request)
    return JsonResponse({"seconds_left": seconds_left, "user": request.user.pk})


session.is_no_use = True
