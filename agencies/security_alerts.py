"""Turns unusual security events into alerts, which an officer sees and gets a mail about."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from agencies.mail_queue import queue_mail
from agencies.models import Organization, SecurityAlert, SecurityEvent, User
from agencies.models.security_event import Kind

HOUR = timedelta(hours=1)
AT_ONCE = {
    Kind.NEW_BROWSER,
    Kind.FACTOR_RESET,
    Kind.MANY_SEARCHES,
    Kind.MANY_RECORDS,
    Kind.MANY_REVEALS,
    Kind.LIMIT_REACHED,
    Kind.BREAK_GLASS,
    Kind.ADMINISTRATOR_CHANGED,
}


def consider(event: SecurityEvent) -> None:
    """Make an alert of an event, where it is unusual by itself or one of too many in an hour."""
    kind = Kind(event.kind)
    most = 1 if kind in AT_ONCE else settings.SECURITY_ALERTS_AN_HOUR.get(kind, 0)
    if not most or (most > 1 and _in_the_last_hour(event) < most):
        return
    user = event.subject or event.user
    if user:
        alert(kind, user=user, organization=event.organization, by=event.user)


def alert(
    kind: Kind,
    *,
    user: User,
    organization: Organization | None = None,
    by: User | None = None,
) -> SecurityAlert | None:
    """Alert the officers to what a user did, once a day; None where they have been already.

    Args:
        organization: whose officers; left out, those of every organization the user works for.
        by: who did it, where that is somebody else, and is not notified of it either.
    """
    with transaction.atomic():
        found, is_new = SecurityAlert.objects.get_or_create(
            kind=kind, user=user, organization=organization, day=timezone.localdate()
        )
        if not is_new:
            return None
        for officer in officers_for(user, organization, without=[user, by or user]):
            queue_mail(kind="security_alert", recipient=officer, about=found.pk)
    return found


def officers_for(
    user: User, organization: Organization | None, *, without: list[User]
) -> list[User]:
    """The Data Quality Officers there; administrators where there are none, or for one of them."""
    others = User.objects.active().exclude(pk__in=[one.pk for one in without])
    administrators = others.filter(is_superuser=True)
    if user.is_superuser:
        return list(administrators)
    places = [organization.pk] if organization else [one.pk for one in user.organizations]
    return list(others.officers_of_any(places)) or list(administrators)


def _in_the_last_hour(event: SecurityEvent) -> int:
    rows = SecurityEvent.objects.filter(kind=event.kind, at__gt=event.at - HOUR)
    # The same question for an account and for an address without one takes the same time.
    by = {"user": event.user_id} if event.user_id else {"account_digest": event.account_digest}
    return rows.filter(**by).order_by().count()
