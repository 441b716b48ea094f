import logging
from collections.abc import Mapping

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from hmis.faults import READ_ONLY, REDIS, cause_of, fault_of
from outbox.models import Beat, heartbeat

logger = logging.getLogger(__name__)

CAN_BE_WRITTEN = """
    SELECT NOT pg_is_in_recovery() AND current_setting('transaction_read_only') = 'off'
"""


@login_not_required
@require_GET
def health(request: HttpRequest) -> JsonResponse:
    """For the load balancer: 200 where the database can be written to and Redis answers, else 503.

    Mail that is late makes it `degraded` and no more: a web server that is taken out for it would
    not send it either (docs/adr/0018).
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute(CAN_BE_WRITTEN)
            [can_be_written] = cursor.fetchone()
    except DatabaseError as error:
        fault = fault_of(error)
        why = fault.name if fault else type(error).__name__
        return _down(request, f"{why}: {cause_of(error)}", database="does not answer")
    if not can_be_written:
        return _down(request, READ_ONLY.name, database="is read-only")
    if settings.REDIS_URL and (error := _error_of_redis()):
        why = f"{REDIS.name}: {cause_of(error)}"
        return _down(request, why, database="ok", redis="does not answer")
    mail = _mail()
    status = "ok" if mail["status"] == Beat.OK.value else "degraded"
    return JsonResponse({"status": status, "database": "ok", "cas_mail": mail})


def _down(request: HttpRequest, why: str, **parts: str) -> JsonResponse:
    return _unavailable(request, why, {"status": "down", **parts})


def _unavailable(
    request: HttpRequest, why: str, body: Mapping[str, str | int | None]
) -> JsonResponse:
    logger.warning("503 GET %s: %s", request.path, why)
    response = JsonResponse(body, status=503)
    response._has_been_logged = True  # type: ignore[attr-defined]  # Django's line has no reason
    return response


def _error_of_redis() -> Exception | None:
    try:
        cache.get("health")
    except Exception as error:
        if fault_of(error) is not REDIS:
            raise
        return error
    return None


@login_not_required
@require_GET
def mail_health(request: HttpRequest) -> JsonResponse:
    """For monitoring that looks at the status alone: 200 while cron sends mail, else 503."""
    mail = _mail()
    if mail["status"] == Beat.OK.value:
        return JsonResponse(mail)
    return _unavailable(request, f"cron's send_mail: {mail['status']}", mail)


def _mail() -> dict[str, str | int | None]:
    """How the cron command did when it last ran; no names, no counts."""
    try:
        heart = heartbeat(timezone.now())
    except DatabaseError:  # such as between an upgrade and its migrations
        return {"status": "unknown", "age_seconds": None}
    age = None if heart.age is None else int(heart.age.total_seconds())
    return {"status": heart.beat.value, "age_seconds": age}
