"""Writes that touch several records or tell somebody."""

import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone

from agencies.models import User
from clients.forms.duplicate import DuplicateReportForm
from clients.models import DuplicateReport

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
