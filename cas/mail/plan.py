"""Which notifications are to be mailed to whom, and the mails of them (10.3, 10.4, docs/adr/0018).

`plan` makes the mails that are due; sending them is another matter.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from agencies.models import User
from cas.actions.notify import cas_administrators
from cas.choices import AFTER_ACCESS, RELEASE_KINDS, Kind, MailRhythm, Purpose
from cas.models import DeliveryItem, Notification
from cas.querysets import DeliveryItemQuerySet, NotificationQuerySet
from clients.recipients import may_know, may_read, works_for
from outbox.models import Delivery
from records.clock import midnight
from records.visibility import Visibility

CHUNK = 1000
ALL = 2**62  # a LIMIT that leaves out nothing
RECIPIENT = OuterRef("recipient")
OF_RELEASES = Q(kind__in=RELEASE_KINDS)
TO_CASE_MANAGERS = (Purpose.FIRST, Purpose.REMINDER)


def plan(now: datetime, *, only_first: bool = False) -> int:
    """Write the mails that are due and not there yet; return how many.

    Runs of the command at the same time take turns, so that each finds what the other has planned.

    Args:
        only_first: no reminders, no escalations and no digests, which look at all that nobody
            answers and are due by the day.
    """
    administrators = [] if only_first else cas_administrators()
    rows = mailable(now)  # once: Django takes longer to make it than PostgreSQL to answer
    count = _plan_first_notices(rows, now)
    with transaction.atomic():
        _take_turns()
        due_now = _due_at_once(rows, now, administrators, only_first=only_first)
        count += _write(_grouped(due_now), now)
    if only_first:
        return count
    with transaction.atomic():
        _take_turns()
        moment = digest_moment(now)
        digests = defaultdict(list)
        for one in _due_in_digests(rows, moment, now, administrators):
            digests[one.recipient_id].append(one)
        count += _write(list(digests.values()), now, digest_on=timezone.localdate(moment))
    return count


def due(now: datetime) -> Iterable[DeliveryItem]:
    """All that is due, for a look without writing."""
    administrators = cas_administrators()
    rows = mailable(now)
    yield from _items(_mailed_singly(rows), Purpose.FIRST)
    yield from _due_at_once(rows, now, administrators)
    yield from _due_in_digests(rows, digest_moment(now), now, administrators)


def _take_turns() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('cas.mail.plan', 0))")


def _plan_first_notices(rows: NotificationQuerySet, now: datetime) -> int:
    """One mail each; in pieces, so that a run that dies keeps what it has planned."""
    last = count = 0
    while True:
        with transaction.atomic():
            _take_turns()
            due_now = _mailed_singly(rows).filter(pk__gt=last)
            chunk = list(_items(due_now[:CHUNK], Purpose.FIRST))
            count += _write([[one] for one in chunk], now)
        if len(chunk) < CHUNK:
            return count
        last = chunk[-1].notification.pk


def _due_at_once(
    rows: NotificationQuerySet,
    now: datetime,
    administrators: list[User],
    *,
    only_first: bool = False,
) -> Iterable[DeliveryItem]:
    """Reminders, escalations and releases: each user gets one mail of all that are due in this run.

    Of releases of information no second one on a day: the rest waits for the next.
    """
    yield from _items(_of_releases(rows, now).order_by("pk"), Purpose.FIRST)
    if only_first:
        return
    yield from _items(_at_once(reminders(rows, now)).order_by("pk"), Purpose.REMINDER)
    for user in administrators:
        if not _wants_digest(user):
            unanswered = escalations(now, to=user).order_by("pk")
            yield from _items(unanswered, Purpose.ESCALATION, to=user)


def _due_in_digests(
    rows: NotificationQuerySet, moment: datetime, now: datetime, administrators: list[User]
) -> Iterable[DeliveryItem]:
    yield from _items(_in_digest(first_notices(rows), moment), Purpose.FIRST)
    yield from _items(_in_digest(reminders(rows, now), moment).order_by("pk"), Purpose.REMINDER)
    day = timezone.localdate(moment)
    for user in administrators:
        if _wants_digest(user) and not Delivery.objects.digest_of(user, day).exists():
            unanswered = escalations(moment, to=user).order_by("pk")
            yield from _items(unanswered, Purpose.ESCALATION, to=user)


def _wants_digest(user: User) -> bool:
    preference = getattr(user, "cas_preference", None)
    return preference is not None and preference.mail == MailRhythm.DAILY


def _items(
    rows: NotificationQuerySet, purpose: Purpose, *, to: User | None = None
) -> Iterable[DeliveryItem]:
    """What mails each notification to its recipient or to another user; not saved yet."""
    for row in rows.only("recipient", "created_at"):
        yield DeliveryItem(
            notification=row,
            recipient_id=to.pk if to else row.recipient_id,
            purpose=purpose,
            round=getattr(row, "round", 1),
            notified_at=row.created_at,
        )


def _grouped(due: Iterable[DeliveryItem]) -> list[list[DeliveryItem]]:
    """By recipient, and escalations apart from what is asked of the recipient."""
    groups = defaultdict(list)
    for one in due:
        groups[one.recipient_id, one.purpose == Purpose.ESCALATION].append(one)
    return list(groups.values())


def _write(groups: list[list[DeliveryItem]], now: datetime, **fields) -> int:
    deliveries = Delivery.objects.bulk_create(
        [
            Delivery(
                kind=Delivery.Kind.CAS,
                recipient_id=group[0].recipient_id,
                next_attempt_at=now,
                **fields,
            )
            for group in groups
        ]
    )
    for delivery, group in zip(deliveries, groups, strict=True):
        for item in group:
            item.delivery = delivery
    DeliveryItem.objects.bulk_create(item for group in groups for item in group)
    return len(deliveries)


def mailable(now: datetime) -> NotificationQuerySet:
    """Unanswered, not snoozed, of an active user who works with the client and still sees it.

    Who lost the access to a client is notified of that, and of nothing else.
    """
    day = timezone.localdate(now)
    rows = Notification.objects.unanswered().awake(now).concerning(day)
    outlives_access = Q(kind__in=AFTER_ACCESS, client__date_deleted=None)
    return rows.filter(outlives_access | _sees_client(), _sees_event())


def _sees_client() -> Q:
    """`Client.objects.visible_to`, for each row's recipient."""
    seen = Q(recipient__is_superuser=True) | may_know("recipient", "client")
    return Q(client__date_deleted=None) & seen


def _sees_event() -> Q:
    """`Event.objects.visible_to`, for each row's recipient."""
    own_event = works_for("recipient", "event__organization")
    own_enrollment = works_for("recipient", "event__enrollment__organization")
    shared = Q(event__visibility=Visibility.ALL_ORGANIZATIONS)
    shared &= Q(event__enrollment__visibility=Visibility.ALL_ORGANIZATIONS) | own_enrollment
    shared &= may_read(
        "recipient", "client", "event__organization", "event__enrollment__organization"
    )
    seen = Q(recipient__is_superuser=True) | own_event | shared
    return Q(event=None) | Q(event__date_deleted=None) & seen


def first_notices(rows: NotificationQuerySet, among: Q | None = None) -> NotificationQuerySet:
    """What its recipient has not been mailed at all of what is `mailable`, `among` some of it."""
    mailed = DeliveryItem.objects.of_outer_notification(Purpose.FIRST)
    return rows.filter(_not_yet(mailed, among))


def _not_yet(mailed: DeliveryItemQuerySet, among: Q | None = None) -> Q:
    """Those of which none of these mails was written: nearly none, so they are found first.

    The planner takes all other conditions together for one row, and would ask of each of all the
    unanswered ones whether its recipient sees it; a LIMIT is carried out by itself.
    """
    rows = Notification.objects.unanswered().filter(among or Q(), ~Exists(mailed.order_by()))
    return Q(pk__in=rows.order_by("pk").values("pk")[:ALL])


def _mailed_singly(rows: NotificationQuerySet) -> NotificationQuerySet:
    """First notices that are a mail each; those about releases go together."""
    return _at_once(first_notices(rows, ~OF_RELEASES)).order_by("pk")


def _of_releases(rows: NotificationQuerySet, now: datetime) -> NotificationQuerySet:
    """First notices about releases, of users to whom none went today."""
    begin = midnight(timezone.localdate(now))
    today = DeliveryItem.objects.filter(
        recipient=RECIPIENT,
        purpose=Purpose.FIRST,
        notification__kind__in=RELEASE_KINDS,
        delivery__created_at__gte=begin,
    )
    return _at_once(first_notices(rows, OF_RELEASES)).exclude(Exists(today.order_by()))


def reminders(rows: NotificationQuerySet, now: datetime) -> NotificationQuerySet:
    """Still `mailable` some days after the last mail; with `round`, the reminder's number.

    A mail that is waiting for its server holds the next one back.
    """
    cutoff = now - timedelta(days=settings.CAS_REMINDER_DAYS)
    if not settings.CAS_REMINDER_DAYS:
        return Notification.objects.none()
    mailed = DeliveryItem.objects.of_outer_notification(*TO_CASE_MANAGERS)
    lately = mailed.filter(Q(delivery__resolved_at=None) | Q(delivery__resolved_at__gt=cutoff))
    reminded = DeliveryItem.objects.of_outer_notification(Purpose.REMINDER)
    so_far = reminded.values("notification").annotate(count=Count("pk")).values("count")
    return (
        _quiet_since(rows, cutoff)
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
        notified_at=OuterRef("created_at"),
    )
    in_time = Exists(first.filter(delivery__resolved_at__lte=cutoff)) | ~Exists(first)
    rows = _quiet_since(escalatable(now), cutoff)
    return rows.filter(in_time, _not_yet(escalated)).exclude(recipient=to)


def escalatable(now: datetime) -> NotificationQuerySet:
    """Being unassigned asks nothing of anybody; tasks and releases are the agency's own matter."""
    rows = Notification.objects.unanswered().of_coordinated_access().awake(now)
    rows = rows.exclude(kind=Kind.UNASSIGNED)
    return rows.filter(Q(event=None) | Q(event__date_deleted=None), client__date_deleted=None)


def _at_once(rows: NotificationQuerySet) -> NotificationQuerySet:
    return rows.exclude(recipient__cas_preference__mail=MailRhythm.DAILY)


def _in_digest(rows: NotificationQuerySet, moment: datetime) -> NotificationQuerySet:
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
    """Written, moved and woken before that."""
    rows = rows.with_shown_from().filter(Q(moved_at=None) | Q(moved_at__lte=moment))
    return rows.filter(shown_from__lte=moment)
