"""Which notifications are to be mailed to whom (10.3, 10.4); nothing here writes."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from agencies.models import Membership, User
from cas.models import DeliveryItem, Kind, MailRhythm, Notification
from cas.purposes import Purpose
from cas.querysets import NotificationQuerySet
from outbox.models import Delivery
from records.querysets import own_organization
from records.visibility import Visibility

RECIPIENT = OuterRef("recipient")
TO_CASE_MANAGERS = (Purpose.FIRST, Purpose.REMINDER)


def mailable(now: datetime) -> NotificationQuerySet:
    """Unanswered, not snoozed, of an active user who works with the client and still sees it."""
    day = timezone.localdate(now)
    rows = Notification.objects.unanswered().awake(now).concerning(day)
    return rows.filter(_sees_client(), _sees_event())


def _sees_client() -> Q:
    """`Client.objects.visible_to`, for each row's recipient."""
    shared = Q(client__visibility=Visibility.ALL_ORGANIZATIONS)
    return Q(client__date_deleted=None) & (
        shared | Q(recipient__is_superuser=True) | _own("client__organization")
    )


def _sees_event() -> Q:
    """`Event.objects.visible_to`, for each row's recipient."""
    own_event = _own("event__organization")
    shared = Q(event__visibility=Visibility.ALL_ORGANIZATIONS) | own_event
    enrollment = Q(event__enrollment__visibility=Visibility.ALL_ORGANIZATIONS)
    seen = shared & (enrollment | _own("event__enrollment__organization") | own_event)
    return Q(event=None) | Q(event__date_deleted=None) & (Q(recipient__is_superuser=True) | seen)


def _own(path: str) -> Q:
    return own_organization(RECIPIENT, path)  # type: ignore[arg-type]


def first_notices(now: datetime) -> NotificationQuerySet:
    """What its recipient has not been mailed at all."""
    mailed = DeliveryItem.objects.of_outer_notification(Purpose.FIRST)
    return mailable(now).filter(~Exists(mailed))


def reminders(now: datetime) -> NotificationQuerySet:
    """Still unanswered some days after the last mail; with `round`, the reminder's number.

    A mail that is waiting for its server holds the next one back.
    """
    cutoff = now - timedelta(days=settings.CAS_REMINDER_DAYS)
    if not settings.CAS_REMINDER_DAYS:
        return Notification.objects.none()
    mailed = DeliveryItem.objects.of_outer_notification(*TO_CASE_MANAGERS)
    lately = mailed.filter(Q(delivery__settled_at=None) | Q(delivery__settled_at__gt=cutoff))
    reminded = DeliveryItem.objects.of_outer_notification(Purpose.REMINDER)
    so_far = reminded.values("notification").annotate(count=Count("pk")).values("count")
    return (
        _quiet_since(mailable(now), cutoff)
        .filter(Exists(mailed), ~Exists(lately))
        .annotate(round=Coalesce(Subquery(so_far, output_field=IntegerField()), 0) + 1)
        .filter(round__lte=settings.CAS_REMINDERS)
    )


def escalations(now: datetime, *, to: User) -> NotificationQuerySet:
    """What nobody answers, and this CAS administrator has not been mailed.

    Nobody: not the recipient some days after the first mail, or there is no recipient any more who
    could be mailed.
    """
    if not settings.CAS_ESCALATION_DAYS:
        return Notification.objects.none()
    cutoff = now - timedelta(days=settings.CAS_ESCALATION_DAYS)
    first = DeliveryItem.objects.of_outer_notification(Purpose.FIRST)
    escalated = DeliveryItem.objects.filter(
        notification=OuterRef("pk"),
        recipient=to,
        purpose=Purpose.ESCALATION,
        told_at=OuterRef("created_at"),
    )
    in_time = Exists(first.filter(delivery__settled_at__lte=cutoff)) | ~Exists(first)
    rows = _quiet_since(escalatable(now), cutoff)
    return rows.filter(in_time, ~Exists(escalated.order_by())).exclude(recipient=to)


def escalatable(now: datetime) -> NotificationQuerySet:
    """Being taken off a case asks nothing of anybody."""
    rows = Notification.objects.unanswered().awake(now).exclude(kind=Kind.TAKEN_OFF)
    return rows.filter(Q(event=None) | Q(event__date_deleted=None), client__date_deleted=None)


def cas_administrators() -> list[User]:
    """Active members of a CAS organization."""
    members = Membership.objects.filter(user=OuterRef("pk"), organization__is_cas=True)
    return list(
        User.objects.active()
        .filter(Exists(members.order_by()))
        .select_related("cas_preference")
        .order_by("pk")
    )


def told_at_once(rows: NotificationQuerySet) -> NotificationQuerySet:
    return rows.exclude(recipient__cas_preference__mail=MailRhythm.DAILY)


def told_in_digest(rows: NotificationQuerySet, moment: datetime) -> NotificationQuerySet:
    """Of users who want a digest and have none of that moment's day; what came before it."""
    digests = Delivery.objects.filter(recipient=RECIPIENT, digest_on=timezone.localdate(moment))
    rows = rows.filter(~Exists(digests.order_by()))
    return _quiet_since(rows, moment).filter(recipient__cas_preference__mail=MailRhythm.DAILY)


def digest_moment(now: datetime) -> datetime:
    """When the latest digest was due: today, or before that hour yesterday."""
    here = timezone.localtime(now)
    moment = here.replace(hour=settings.CAS_DIGEST_HOUR, minute=0, second=0, microsecond=0)
    return moment if moment <= here else moment - timedelta(days=1)


def _quiet_since(rows: NotificationQuerySet, moment: datetime) -> NotificationQuerySet:
    """Told, moved and woken before that."""
    rows = rows.with_shown_from().filter(Q(moved_at=None) | Q(moved_at__lte=moment))
    return rows.filter(shown_from__lte=moment)
