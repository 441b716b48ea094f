"""Unusual events alert the officers: one alert a user, kind and day, with one mail to each."""

import re
import threading

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agencies.browsers import digest
from agencies.models import KnownBrowser, SecurityAlert, SecurityEvent
from agencies.security_events import alert, record_event
from outbox.models import Delivery
from tests.factories import OrganizationFactory, UserFactory

Kind = SecurityEvent.Kind
ALERTS = reverse("admin:agencies_securityalert_changelist")
EVENTS = reverse("admin:agencies_securityevent_changelist")
PASSWORD = "pass-phrase-for-tests"


@pytest.fixture(autouse=True)
def no_limits_left_over(db):
    cache.clear()


def log_in(user, browser=None):
    browser = browser or Browser()
    browser.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    return browser


def mailed() -> list[tuple]:
    return [(one.kind, one.recipient) for one in Delivery.objects.order_by("pk")]


@pytest.mark.parametrize(
    "kind",
    [Kind.MANY_SEARCHES, Kind.MANY_RECORDS, Kind.MANY_REVEALS, Kind.BREAK_GLASS],
)
def test_limit_that_is_reached_alerts_the_officer_once_a_day(kind, alice, dana, harbor):
    for _ in range(3):
        record_event(kind, user=alice, organization=harbor)
    assert [(one.kind, one.user) for one in SecurityAlert.objects.all()] == [(kind, alice)]
    assert mailed() == [("security_alert", dana)]


def test_next_day_has_an_alert_of_its_own(alice, dana, harbor, time_machine):
    for day in ("2026-11-22", "2026-11-23"):
        time_machine.move_to(f"{day} 15:00:00", tick=False)
        record_event(Kind.MANY_RECORDS, user=alice, organization=harbor)
    assert SecurityAlert.objects.count() == 2


@pytest.mark.parametrize(
    ("kind", "setting"),
    [
        (Kind.LOG_IN_FAILED, "log_in_failed"),
        (Kind.SSN_REVEALED, "ssn_revealed"),
        (Kind.NOT_FOUND, "not_found"),
    ],
)
def test_many_events_in_an_hour_are_an_alert(kind, setting, alice, settings, time_machine):
    settings.SECURITY_ALERTS_AN_HOUR = {setting: 3}
    time_machine.move_to("2026-11-22 15:00:00", tick=False)
    record_event(kind, user=alice)
    time_machine.shift(3601)
    record_event(kind, user=alice)
    record_event(kind, user=alice)
    assert not SecurityAlert.objects.exists()
    record_event(kind, user=alice)
    assert SecurityAlert.objects.get().user == alice


def test_failed_log_ins_of_nobody_alert_nobody(db, settings):
    settings.SECURITY_ALERTS_AN_HOUR = {"log_in_failed": 2}
    for _ in range(3):
        record_event(Kind.LOG_IN_FAILED, account="nobody@harbor.example")
    assert not SecurityAlert.objects.exists()


def test_known_and_unknown_account_cost_the_same_statements(client, alice):
    counts = []
    for login in (alice.email, "nobody@harbor.example"):
        with CaptureQueriesContext(connection) as queries:
            client.post("/accounts/login/", {"login": login, "password": "wrong"})
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_zero_alerts_nobody(alice, settings):
    settings.SECURITY_ALERTS_AN_HOUR = {"log_in_failed": 0}
    record_event(Kind.LOG_IN_FAILED, user=alice)
    assert not SecurityAlert.objects.exists()


def test_reset_of_a_second_factor_alerts_the_other_officers(bob, dana, harbor):
    erin = UserFactory(email="erin@harbor.example", dqo_at=[harbor])
    record_event(Kind.FACTOR_RESET, user=dana, subject=bob, organization=harbor)
    assert SecurityAlert.objects.get().user == bob
    assert mailed() == [("security_alert", erin)]


def test_without_another_officer_the_administrators_are_notified(dana, harbor):
    admin = UserFactory(is_superuser=True, is_staff=True)
    record_event(Kind.MANY_RECORDS, user=dana, organization=harbor)
    assert mailed() == [("security_alert", admin)]


def test_break_glass_alerts_the_officer_of_the_owner_alone(alice, dana, bridge):
    erin = UserFactory(email="erin@bridge.example", dqo_at=[bridge])
    alert(Kind.BREAK_GLASS, user=alice, organization=bridge)
    assert mailed() == [("security_alert", erin)]
    assert SecurityAlert.objects.for_officer(erin).exists()
    assert not SecurityAlert.objects.for_officer(dana).exists()


def test_alert_is_once_a_day_in_the_database(alice, harbor):
    for organization in (None, harbor):
        row = {"kind": "new_browser", "user": alice, "organization": organization}
        row |= {"day": timezone.localdate()}
        SecurityAlert.objects.create(**row)
        with pytest.raises(IntegrityError), transaction.atomic():
            SecurityAlert.objects.create(**row)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_make_one_alert():
    harbor = OrganizationFactory()
    alice = UserFactory(at=[harbor])
    dana = UserFactory(dqo_at=[harbor])
    together = threading.Barrier(2)
    made = []

    def report():
        together.wait()
        made.append(alert(Kind.MANY_RECORDS, user=alice, organization=harbor))
        connection.close()

    threads = [threading.Thread(target=report) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made.count(None) == 1
    assert SecurityAlert.objects.count() == 1
    assert mailed() == [("security_alert", dana)]


# New browsers


def test_first_browser_is_no_news(alice, dana):
    log_in(alice)
    assert KnownBrowser.objects.count() == 1
    assert not SecurityAlert.objects.exists()
    assert mailed() == []


def test_new_browser_alerts_the_officer_and_the_user(alice, dana):
    log_in(alice)
    log_in(alice)
    assert [one.kind for one in SecurityAlert.objects.all()] == [Kind.NEW_BROWSER]
    assert set(mailed()) == {("new_browser", alice), ("security_alert", dana)}


def test_browser_is_known_from_its_second_log_in_on(alice, dana):
    browser = log_in(alice)
    browser.post("/accounts/logout/")
    log_in(alice, browser)
    assert not SecurityEvent.objects.filter(kind=Kind.NEW_BROWSER).exists()
    assert KnownBrowser.objects.count() == 1


def test_two_users_of_one_browser_are_not_put_together(alice, bob):
    browser = log_in(alice)
    browser.post("/accounts/logout/")
    log_in(bob, browser)
    first, second = KnownBrowser.objects.order_by("pk")
    assert (first.user, second.user) == (alice, bob)
    assert first.digest != second.digest


def test_browser_is_kept_as_a_keyed_hash_of_the_user_and_its_number(alice, settings):
    number = log_in(alice).cookies[settings.DEVICE_COOKIE_NAME].value.partition(".")[0]
    row = KnownBrowser.objects.get()
    assert row.digest == digest(alice, number)
    assert number not in row.digest
    with pytest.raises(IntegrityError), transaction.atomic():
        KnownBrowser.objects.create(user=alice, digest=row.digest)


# Mails and pages


def test_mails_name_nobody(alice, dana, settings):
    settings.SITE_URL = "http://testserver/"
    log_in(alice)
    log_in(alice)
    call_command("send_mail", verbosity=0)
    letters = {one.subject: one for one in mail.outbox}
    number = SecurityAlert.objects.get().pk
    officers = letters[f"Security alert {number}"]
    users = letters["A new browser logged in to your account"]
    assert (officers.to, users.to) == ([dana.email], [alice.email])
    assert ALERTS in officers.body
    for letter in (officers, users):
        for personal in ("Alice", alice.last_name, alice.email, "127.0.0.1"):
            assert personal not in letter.body


def test_alert_that_was_seen_meanwhile_is_not_mailed(alice, dana, harbor, settings):
    settings.SITE_URL = "http://testserver/"
    record_event(Kind.MANY_RECORDS, user=alice, organization=harbor)
    SecurityAlert.objects.all().mark_seen(by=dana)
    call_command("send_mail", verbosity=0)
    assert mail.outbox == []


def test_officer_marks_an_alert_as_seen(portal, alice, dana, harbor):
    found = alert(Kind.MANY_RECORDS, user=alice, organization=harbor)
    browser = portal(dana)
    assert "Limit of opened records reached" in browser.get(ALERTS).content.decode()
    browser.post(ALERTS, {"action": "seen", "index": 0, "_selected_action": [found.pk]})
    found.refresh_from_db()
    assert found.seen_by == dana
    assert "No new alerts" in browser.get(ALERTS).content.decode()
    assert "Seen by Dana" in browser.get(ALERTS, {"seen": "yes"}).content.decode()


def test_officer_of_another_organization_neither_sees_nor_marks_it(portal, alice, harbor, cass):
    found = alert(Kind.MANY_RECORDS, user=alice, organization=harbor)
    browser = portal(cass)
    assert str(alice) not in browser.get(ALERTS).content.decode()
    browser.post(ALERTS, {"action": "seen", "index": 0, "_selected_action": [found.pk]})
    found.refresh_from_db()
    assert found.seen_at is None


def test_start_page_counts_new_alerts(portal, alice, dana, harbor):
    alert(Kind.MANY_RECORDS, user=alice, organization=harbor)
    page = portal(dana).get(reverse("admin:index"))
    card = next(one for one in page.context["cards"] if one.title == "Security alerts")
    assert (card.count, card.url) == (1, ALERTS)


def test_list_of_events_is_in_words_and_of_own_users(portal, alice, charlie, dana, harbor):
    detail = {"methods": ["password", "authenticator"]}
    record_event(Kind.LOG_IN, user=alice, detail=detail)
    detail = {"from": "case_manager", "to": "dqo"}
    record_event(Kind.ROLE_CHANGED, user=charlie, subject=alice, organization=harbor, detail=detail)
    record_event(Kind.NOT_FOUND, user=alice, client_id=77, detail={"page": "clients:dashboard"})
    record_event(Kind.LOG_IN, user=charlie)
    page = portal(dana).get(EVENTS)
    text = page.content.decode()
    assert len(page.context["cl"].result_list) == 3
    assert "With password and authenticator app" in text
    assert "Was Case manager, is Data Quality Officer" in text
    assert "Page: Client Dashboard" in text
    assert "clients:dashboard" not in text


def test_page_of_an_event_has_a_dash_where_there_is_nothing(portal, alice, dana):
    record_event(Kind.LOG_IN, user=alice)
    event = SecurityEvent.objects.get(user=alice)
    page = portal(dana).get(reverse("admin:agencies_securityevent_change", args=[event.pk]))
    facts = re.findall(r"<dt>([^<]+)</dt>\s*<dd>([^<]*)</dd>", page.content.decode())
    said = {label: value.strip() for label, value in facts}
    assert said["Account of"] == said["Unknown account"] == "—"


@pytest.mark.parametrize("by", ["email", "pk"])
def test_events_are_found_by_user_and_day(portal, alice, bob, charlie, dana, by, time_machine):
    time_machine.move_to("2026-11-22 15:00:00", tick=False)
    record_event(Kind.LOG_IN, user=alice)
    record_event(Kind.USER_DEACTIVATED, user=dana, subject=alice)
    record_event(Kind.LOG_IN, user=bob)
    browser = portal(dana)
    query = {"user": getattr(alice, by), "from": "11/22/2026", "to": "11/22/2026"}
    assert len(browser.get(EVENTS, query).context["cl"].result_list) == 2
    query["from"] = query["to"] = "11/23/2026"
    assert len(browser.get(EVENTS, query).context["cl"].result_list) == 0
    record_event(Kind.LOG_IN, user=charlie)
    query = {"user": getattr(charlie, by)}
    assert len(browser.get(EVENTS, query).context["cl"].result_list) == 0


def test_list_costs_the_same_for_one_event_and_for_many(portal, alice, dana, bob, harbor):
    browser = portal(dana)
    browser.get(EVENTS)
    counts = []
    for number in (1, 30):
        for _ in range(number):
            record_event(Kind.FACTOR_RESET, user=alice, subject=bob, detail={"n": number})
        with CaptureQueriesContext(connection) as queries:
            browser.get(EVENTS)
        counts.append(len(queries))
    assert counts[0] == counts[1]
