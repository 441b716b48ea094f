"""Writes that touch several records or tell somebody."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from agencies.models import User
from clients.duplicates.person import identity, people
from clients.models import DuplicateReport, PossibleDuplicate
from clients.models.duplicates import Decision, PossibleDuplicateQuerySet
from outbox.actions import queue_mail
from outbox.states import MailKind


@transaction.atomic
def report_duplicate(*, report: DuplicateReport, by: User) -> None:
    """Save a new report for the DQO and queue the mail to the help desk."""
    report.stamp(by=by)
    report.save()
    queue_mail(kind=MailKind.DUPLICATE_REPORT, about=report.pk)


@transaction.atomic
def withdraw_report(*, report: DuplicateReport, by: User) -> bool:
    """Take back a report that nobody has decided yet; the help desk hears of it if it was mailed.

    A mail that has not left is not sent any more (clients.duplicates.mail).

    Returns: False where it was decided meanwhile.
    """
    report = DuplicateReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if report.resolution:
        return False
    report.resolve(DuplicateReport.Resolution.WITHDRAWN, by=by)
    if report.mailed_at:
        queue_mail(kind=MailKind.DUPLICATE_REPORT, about=report.pk)
    return True


@transaction.atomic
def decide_report(*, report: DuplicateReport, is_again: bool, by: User) -> bool:
    """Note that the two of an open report are different people; again: have it wait once more.

    Returns: False where the report was not as the officer saw it, and nothing was changed.
    """
    different = DuplicateReport.Resolution.DIFFERENT
    report = DuplicateReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if report.resolution != (different if is_again else ""):
        return False
    if is_again:
        report.reopen()
    else:
        report.resolve(different, by=by)
    return True


@transaction.atomic
def decide_pairs(*, pairs: Iterable[PossibleDuplicate], decision: Decision, by: User) -> int:
    """Note what the officer found out about pairs that are open; return how many there were.

    The decision is about the clients as they are now: `find_duplicates` asks again only when they
    are changed after it.
    """
    rows = list(_locked(pairs).filter(decision=Decision.OPEN))
    known = people({pk for row in rows for pk in (row.client_1_id, row.client_2_id)})
    now = timezone.now()
    for row in rows:
        row.decision, row.decided_by, row.decided_at = decision, by, now
        row.identity = identity(known[row.client_1_id], known[row.client_2_id])
    PossibleDuplicate.objects.bulk_update(
        rows, ["decision", "decided_by", "decided_at", "identity"]
    )
    return len(rows)


@transaction.atomic
def reopen_pairs(*, pairs: Iterable[PossibleDuplicate]) -> int:
    """Take decisions back; return how many were made. History keeps who made them."""
    rows = list(_locked(pairs).exclude(decision=Decision.OPEN))
    for row in rows:
        row.reopen()
    PossibleDuplicate.objects.bulk_update(rows, ["decision", "decided_by", "decided_at"])
    return len(rows)


def _locked(pairs: Iterable[PossibleDuplicate]) -> PossibleDuplicateQuerySet:
    ids = [pair.pk for pair in pairs]
    return PossibleDuplicate.objects.filter(pk__in=ids).select_for_update().order_by("pk")
