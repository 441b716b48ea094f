"""What base.html shows on every page."""

from django.conf import settings
from django.db.models import QuerySet
from django.utils.functional import SimpleLazyObject

from agencies.models import User
from cas.listing import bell_count
from clients.models import Alert
from data_quality.correction_task import correction_task_on
from hmis import menus
from hmis.middleware.organization import chosen
from outbox.demonstration import is_used
from records import clock
from records.statements import compiled


def workplace(request) -> dict:
    """The frame of a page: site name, and for a user the organization, workspaces and menu."""
    frame = {
        "site_name": settings.SITE_NAME,
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
        "has_demonstration_mail": is_used(),
    }
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return frame
    client = getattr(request, "client", None)  # whom the page is about, found for this user
    return frame | {
        # What is refused before it comes to a view has none yet.
        "organization": getattr(request, "organization", None) or chosen(request),
        "memberships": SimpleLazyObject(lambda: list(user.access.values())),
        "workspaces": SimpleLazyObject(lambda: menus.workspaces(request)),
        "menu": SimpleLazyObject(lambda: menus.favorites_menu(request, client)),
        "notification_count": SimpleLazyObject(lambda: bell_count(user)),
        "correction_task": SimpleLazyObject(lambda: correction_task_on(request)),
        "client_alerts": SimpleLazyObject(lambda: active_alerts(request)),
        "idle_timeout": settings.IDLE_TIMEOUT,
        "idle_warning": settings.IDLE_WARNING,
        "session_left": request.session.get_expiry_age(),
        "autosave_seconds": settings.NOTE_AUTOSAVE_SECONDS,
        "site_time_zone": settings.TIME_ZONE,
        "has_emergency_access": settings.BREAK_GLASS,
    }


def active_alerts(request) -> list:
    """The alerts of the client that the page is about."""
    client = getattr(request, "client", None)
    if client is None:
        return []
    if hasattr(client, "alert_rows"):
        return [Alert.of_row(row) for row in client.alert_rows]
    return _alerts_today(request.user, client.pk)


@compiled
def _alerts_today(user: User, client_id: int) -> QuerySet[Alert]:
    return Alert.objects.visible_to(user).of_client(client_id).active_on(clock.today())
