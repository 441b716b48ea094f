"""The help desk is told both client IDs and nothing else about the persons (2.7)."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.conf import settings

from clients.models import DuplicateReport
from outbox.actions import queue_mail
from outbox.kinds import Letter, MailWriter, absolute
from outbox.models import Delivery

WITHDRAWN = DuplicateReport.Resolution.WITHDRAWN


class DuplicateReportMails(MailWriter):
    """About a report, and once more when it is withdrawn.

    One that was deleted or withdrawn before its mail left is not mailed.
    """

    at_once = True

    def letters(self, deliveries: list[Delivery], now: datetime) -> dict[int, Callable[[], Letter]]:
        reports = DuplicateReport.objects.in_bulk([one.about for one in deliveries])
        return {
            one.pk: partial(_letter, reports[one.about])
            for one in deliveries
            if one.about in reports and not _was_withdrawn_in_time(reports[one.about])
        }

    def sent(self, delivery: Delivery, now: datetime) -> None:
        reports = DuplicateReport.with_deleted.filter(pk=delivery.about)
        # Withdrawn while the mail was on its way: what has left is taken back by another.
        crossed = reports.filter(resolution=WITHDRAWN, mailed_at=None).exists()
        reports.update(mailed_at=now)
        if crossed:
            queue_mail(kind=delivery.kind, about=delivery.about)


def _was_withdrawn_in_time(report: DuplicateReport) -> bool:
    return report.resolution == WITHDRAWN and report.mailed_at is None


def _letter(report: DuplicateReport) -> Letter:
    if report.resolution == WITHDRAWN:
        text = (
            f"The report that clients {report.client_1_id} and {report.client_2_id} are the same"
            " person was withdrawn.\n"
            f"See it: {absolute(report.get_absolute_url())}\n"
        )
        return Letter(settings.HELP_DESK_EMAIL, "Duplicate client report withdrawn", text)
    text = (
        f"Clients {report.client_1_id} and {report.client_2_id} were reported as the same person.\n"
        f"Compare them: {absolute(report.get_absolute_url())}\n"
    )
    return Letter(settings.HELP_DESK_EMAIL, "Duplicate client report", text)
