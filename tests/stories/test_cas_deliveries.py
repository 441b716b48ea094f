"""CAS administrators see what nobody answers and what did not arrive, and have it sent again."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from outbox.models import Delivery, MailRun, Outcome
from tests.cas.factories import DeliveryFactory, DeliveryItemFactory, NotificationFactory
from tests.factories import ClientFactory
from tests.stories.conftest import heading


@pytest.fixture
def troubles(alice, bob, harbor, john, cass):
    """Mails in every state, and the run of three minutes ago."""
    now = timezone.now()
    hidden = ClientFactory(organization=harbor, created_by=alice, visibility="own")

    def mail(recipient, client, *, days, kind="referred", digest=False, **values):
        at = now - timedelta(days=days)
        count = 5 if digest else 1
        rows = NotificationFactory.create_batch(
            count, recipient=recipient, client=client, kind=kind, created_at=at
        )
        day = timezone.localdate(at) if digest else None
        delivery = DeliveryFactory(recipient=recipient, created_at=at, digest_on=day, **values)
        for row in rows:
            DeliveryItemFactory(delivery=delivery, notification=row)
        return delivery

    resolved = {"resolved_at": now - timedelta(hours=2), "attempts": 1}
    mail(alice, john, days=9, state="sent", **resolved)
    mail(bob, hidden, days=4, kind="missing", state="failed", answer="550 5.1.1", **resolved)
    uncertain = mail(
        alice, john, days=2, kind="accepted", state="uncertain", handed_over_at=now, **resolved
    )
    mail(bob, john, days=1, digest=True, attempts=2, answer="450 4.2.0")
    at = now - timedelta(minutes=3)
    MailRun.objects.create(
        started_at=at - timedelta(seconds=9), ended_at=at, outcome=Outcome.PARTLY, sent=12, failed=1
    )
    return uncertain


def test_administrator_sees_what_waits_and_has_a_mail_sent_again(
    at_desk, cass, troubles, alice, look
):
    page = at_desk(cass)
    page.goto("/")
    page.get_by_role("link", name="CAS Deliveries").click()
    expect(heading(page, "CAS Deliveries")).to_be_visible()
    ended = re.compile(r"The last e-mail run ended \d+\sminutes ago")
    expect(page.get_by_text(ended)).to_be_visible()
    rows = page.get_by_role("row")
    expect(rows.nth(1)).to_contain_text("John Smith")
    expect(rows.nth(1)).to_contain_text("1 week, 2 days")
    expect(page.get_by_text("A client you do not have access to")).to_be_visible()
    look("unanswered")

    lists = page.get_by_role("navigation", name="Which list")
    lists.get_by_role("link", name="In the queue").click()
    expect(page.get_by_text("Tried 2 times")).to_be_visible()
    look("queue")
    lists.get_by_role("link", name="Runs").click()
    expect(page.get_by_text("Some could not be delivered")).to_be_visible()
    look("runs")
    lists.get_by_role("link", name="Not delivered").click()
    expect(page.get_by_text("Answer: 550 5.1.1")).to_be_visible()
    look("undelivered")

    row = page.get_by_role("row").filter(has_text="Uncertain")
    row.get_by_role("button", name="Send again").click()
    expect(page.get_by_text("It will be sent again with the next run")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="Uncertain")).to_have_count(0)
    troubles.refresh_from_db()
    assert (troubles.state, troubles.asked_by) == (Delivery.State.PENDING, cass)

    reference = troubles.items.get().notification.reference
    lists.get_by_role("link", name="Unanswered").click()
    page.get_by_role("link", name=reference).click()
    expect(heading(page, f"Notification {reference}")).to_be_visible()
    expect(page.get_by_text("First notice")).to_be_visible()
    look("notification")


def test_works_without_javascript_and_says_when_cron_has_stopped(elsewhere, cass, troubles, look):
    MailRun.objects.update(
        started_at=timezone.now() - timedelta(hours=5), ended_at=timezone.now() - timedelta(hours=5)
    )
    page = elsewhere(cass, java_script_enabled=False)
    page.goto("/cas/deliveries/undelivered/")
    expect(page.get_by_text("The e-mail command has not run for 5 hours")).to_be_visible()
    page.get_by_role("row").filter(has_text="Not delivered").get_by_role("button").click()
    expect(page.get_by_text("It will be sent again with the next run")).to_be_visible()


def test_others_do_not_find_it(at_desk, alice, troubles, watch):
    page = at_desk(alice)
    page.goto("/")
    expect(page.get_by_role("link", name="CAS Deliveries")).to_have_count(0)
