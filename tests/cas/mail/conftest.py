from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cas.mail import writer
from cas.models import DeliveryItem
from outbox.models import Delivery, MailRun
from outbox.sending import Job
from tests.cas.factories import NotificationFactory
from tests.cas.mail.smtp_server import SMTPServer
from tests.enrollments.factories import CaseAssignmentFactory, EnrollmentFactory
from tests.factories import ClientFactory

NOON = datetime(2026, 2, 2, 12, 0, tzinfo=ZoneInfo("America/New_York"))


class Cron:
    """Runs the command in this process, at a time of our own."""

    def __init__(self) -> None:
        self.now = NOON

    def wait(self, **distance) -> "Cron":
        self.now += timedelta(**distance)
        return self

    def run(self, **options) -> MailRun:
        Job(clock=lambda: self.now, **options).work()
        return MailRun.objects.latest("pk")


@pytest.fixture(autouse=True)
def mail_settings(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_TIMEOUT = settings.MAIL_ANSWER_SECONDS = 30
    settings.SITE_URL = "https://hmis.example.org/"
    settings.CAS_REMINDER_DAYS, settings.CAS_REMINDERS, settings.CAS_ESCALATION_DAYS = 3, 2, 7
    settings.CAS_DIGEST_HOUR = 7


@pytest.fixture
def smtp_server(settings):
    office = SMTPServer()
    settings.EMAIL_PORT = office.port
    yield office.open()
    office.close()


@pytest.fixture
def cron(db, monkeypatch):
    """Scheduled notifications have tests of their own."""
    monkeypatch.setattr(writer, "notify_scheduled", lambda on: 0)
    return Cron()


@pytest.fixture
def john(harbor, alice):
    """John Smith, with whom Alice works."""
    client = ClientFactory(organization=harbor, created_by=alice)
    works_with(alice, client)
    return client


def works_with(user, client, **dates):
    enrollment = client.enrollments.first() or EnrollmentFactory(client=client)
    return CaseAssignmentFactory(enrollment=enrollment, case_manager=user, created_by=user, **dates)


def notify(user, client, count=None, at=NOON, **values):
    """One notification of a minute before noon, or a list of them."""
    values = {"recipient": user, "client": client, "created_at": at - timedelta(minutes=1)} | values
    if count is None:
        return NotificationFactory(**values)
    return NotificationFactory.create_batch(count, **values)


def states() -> list[str]:
    return list(Delivery.objects.order_by("pk").values_list("state", flat=True))


def mailed(notification) -> list[tuple[str, int]]:
    items = DeliveryItem.objects.filter(notification=notification).order_by("pk")
    return list(items.values_list("purpose", "round"))
