"""The help desk is told both client IDs and nothing else about the persons (2.7)."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.conf import settings

from clients.models import DuplicateReport
from outbox.kinds import Letter, MailWriter, absolute
from outbox.models import Delivery


class DuplicateReportMails(MailWriter):
    """About a report; one that was deleted before its mail left is not mailed."""

    at_once = True

    def letters(self, deliveries: list[Delivery], now: datetime) -> dict[int, Callable[[], Letter]]:
        reports = DuplicateReport.objects.in_bulk([one.about for one in deliveries])
        return {
            one.pk: partial(_letter, reports[one.about])
            for one in deliveries
            if one.about in reports
        }

    def sent(self, delivery: Delivery, now: datetime) -> None:
        DuplicateReport.with_deleted.filter(pk=delivery.about).update(mailed_at=now)


def _letter(report: DuplicateReport) -> Letter:
    text = (
        f"Clients {report.client_1_id} and {report.client_2_id} were reported as the same person.\n"
        f"Compare them: {absolute(report.get_absolute_url())}\n"
    )
    return Letter(settings.HELP_DESK_EMAIL, "Duplicate client report", text)
