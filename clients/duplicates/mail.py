"""The help desk gets both client IDs and nothing else about the persons (2.7)."""

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
            one.pk: partial(_letter, report)
            for one in deliveries
            if (report := reports.get(one.about))
            and (report.resolution != WITHDRAWN or report.mailed_at)
        }

    def sent(self, delivery: Delivery, now: datetime) -> None:
        reports = DuplicateReport.with_deleted.filter(pk=delivery.about or 0)
        # Withdrawn while the mail was on its way: what has left is taken back by another.
        crossed = reports.filter(resolution=WITHDRAWN, mailed_at=None).exists()
        reports.update(mailed_at=now)
        if crossed:
            queue_mail(kind=delivery.kind, about=delivery.about)


def _letter(report: DuplicateReport) -> Letter:
    pair = f"{report.client_1_id} and {report.client_2_id}"
    url = absolute(report.get_absolute_url())
    if report.resolution == WITHDRAWN:
        subject = "Duplicate client report withdrawn"
        text = f"The report that clients {pair} are the same person was withdrawn.\nSee it: {url}\n"
    else:
        subject = "Duplicate client report"
        text = f"Clients {pair} were reported as the same person.\nCompare them: {url}\n"
    return Letter(settings.HELP_DESK_EMAIL, subject, text)
