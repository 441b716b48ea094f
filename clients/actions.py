"""Writes that touch several records or tell somebody."""

import logging
from collections.abc import Iterable
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone

from agencies.models import User
from clients.duplicates.person import identity, people
from clients.forms.duplicate import DuplicateReportForm
from clients.models import DuplicateReport, PossibleDuplicate
from clients.models.possible_duplicate import Decision, PossibleDuplicateQuerySet

logger = logging.getLogger(__name__)


@transaction.atomic
def report_duplicate(*, form: DuplicateReportForm, link: str, by: User) -> DuplicateReport:
    """Keep the report for the DQO and mail the help desk when it is committed.

    Args:
        link: the base of absolute addresses, such as https://hmis.example.org/.
    """
    report = form.save(by=by)
    transaction.on_commit(lambda: mail_duplicate_report(report, link))
    return report


@transaction.atomic
def mail_duplicate_report(report: DuplicateReport, link: str) -> bool | None:
    """Tell the help desk both client IDs and nothing else about the persons.

    A mail that cannot be sent leaves `mailed_at` empty; `manage.py mail_duplicate_reports` tries
    again. Killed between the mail and the commit, it mails once more rather than never.

    Returns: whether it was sent; None where it was before, or another process is at it.
    """
    waiting = DuplicateReport.with_deleted.select_for_update(skip_locked=True, of=("self",))
    if not waiting.filter(pk=report.pk, mailed_at=None).exists():
        return None
    text = (
        f"Clients {report.client_1_id} and {report.client_2_id} were reported as the same person.\n"
        f"Compare them: {link.rstrip('/')}{report.get_absolute_url()}\n"
    )
    try:
        send_mail("Duplicate client report", text, None, [settings.HELP_DESK_EMAIL])
    except (OSError, SMTPException):
        logger.warning("Duplicate report %s could not be mailed", report.pk, exc_info=True)
        return False
    DuplicateReport.with_deleted.filter(pk=report.pk).update(mailed_at=timezone.now())
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
