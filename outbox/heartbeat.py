"""Whether the cron command still runs, for monitoring and for administrators."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from django.conf import settings

from outbox.models import MailRun, Outcome


class Beat(Enum):
    OK = "ok"
    NEVER = "never ran"
    LATE = "late"
    IN_TROUBLE = "in trouble"


@dataclass(frozen=True)
class Heartbeat:
    """The run that ended last, and what that says at a moment."""

    run: MailRun | None
    now: datetime

    @property
    def age(self) -> timedelta | None:
        return self.now - self.run.ended_at if self.run and self.run.ended_at else None

    @property
    def beat(self) -> Beat:
        if self.run is None or self.age is None:
            return Beat.NEVER
        if self.age > timedelta(minutes=settings.MAIL_LATE_MINUTES):
            return Beat.LATE
        went_wrong = self.run.how in {Outcome.SERVER_DOWN, Outcome.BROKEN}
        return Beat.IN_TROUBLE if went_wrong else Beat.OK


def heartbeat(now: datetime) -> Heartbeat:
    """One look into an index."""
    return Heartbeat(MailRun.objects.of_cron().latest_ended().first(), now)
