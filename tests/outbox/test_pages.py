"""Who sees which mails, and has them sent again."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from outbox.models import Delivery
from outbox.runs import KEPT_FOR
from tests.cas.factories import DeliveryFactory
from tests.factories import UserFactory

LISTS = ["undelivered", "queue", "sent", "runs"]
FAILED = {"state": "failed", "answer": "550 5.1.1"}


@pytest.fixture
def boss(db):
    return UserFactory(email="admin@coc.example", is_superuser=True)


@pytest.fixture
def office(portal, harbor):
    """A function that gives a user's browser, working for Harbor where there is a choice."""

    def of_user(user):
        browser = portal(user)
        session = browser.session
        session["organization"] = harbor.pk
        session.save()
        return browser

    return of_user


@pytest.fixture
def mails(harbor, bridge, alice, charlie):
    """One of each kind that was given up."""
    now = timezone.now()
    made = {
        "cas": DeliveryFactory(recipient=alice, resolved_at=now, **FAILED),
        "help desk": DeliveryFactory(
            kind="duplicate_report", recipient=None, about=1, resolved_at=now, **FAILED
        ),
        "reset": DeliveryFactory(kind="password_reset", recipient=alice, resolved_at=now, **FAILED),
    }
    for organization, user in ((harbor, alice), (bridge, charlie)):
        made[organization.organization_name] = DeliveryFactory(
            kind="invitation", recipient=user, about=organization.pk, resolved_at=now, **FAILED
        )
    return made


def of(name, *parts):
    return reverse(f"mail:{name}", args=parts)


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("boss", {"cas", "help desk", "reset", "Harbor Services", "Bridge House"}),
        ("dana", {"Harbor Services"}),
        ("cass", {"cas"}),
    ],
)
def test_who_sees_which_mails(office, request, mails, who, seen):
    browser = office(request.getfixturevalue(who))
    rows = browser.get(of("undelivered")).context["page"].rows
    assert {name for name, one in mails.items() if one in rows} == seen
    for name, one in mails.items():
        answer = browser.post(of("send_again", one.pk))
        assert answer.status_code == (302 if name in seen else 404), name
    again = Delivery.objects.filter(state="pending")
    assert set(again) == {mails[name] for name in seen}


@pytest.mark.parametrize("who", ["alice", None])
def test_pages_are_not_there_for_others(client, portal, request, mails, who):
    browser = portal(request.getfixturevalue(who)) if who else client
    for page in [*map(of, LISTS), of("send_again", mails["reset"].pk)]:
        for verb in ("GET", "POST", "PUT", "DELETE"):
            answer = browser.generic(verb, page)
            assert answer.status_code == (404 if who else 302), (verb, page)
    assert not Delivery.objects.filter(state="pending").exists()


def test_wrong_verbs_are_refused(portal, dana, mails):
    for name in LISTS:
        assert portal(dana).post(of(name)).status_code == 405
    assert portal(dana).get(of("send_again", mails["cas"].pk)).status_code == 405


def test_menu_shows_the_page_to_officers(portal, alice, dana, boss):
    for user, is_shown in ((alice, False), (dana, True), (boss, True)):
        assert (f'href="{of("undelivered")}"' in portal(user).get("/").content.decode()) == is_shown


def test_mail_that_is_sent_again_arrives_and_moves_to_the_sent_ones(
    office, boss, mails, deliver, alice
):
    browser = office(boss)
    page = browser.post(of("send_again", mails["reset"].pk), follow=True)
    assert "It is sent again." in page.content.decode()
    assert (
        "already in the queue"
        in browser.post(of("send_again", mails["reset"].pk), follow=True).content.decode()
    )
    assert "Password reset" in browser.get(of("queue")).content.decode()
    deliver()
    (letter,) = mail.outbox
    assert letter.to == [alice.email]
    assert letter.extra_headers["Message-ID"] == mails["reset"].message_id
    assert [one.pk for one in browser.get(of("sent")).context["page"].rows] == [mails["reset"].pk]
    html = browser.get(of("sent")).content.decode()
    assert "Password reset" in html
    assert str(alice) in html


def test_lists_cost_the_same_for_one_row_and_for_many(office, boss, mails, harbor):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser = office(boss)
    counts = []
    for size in (5, 14):
        assert len(browser.get(of("undelivered")).context["page"].rows) == size
        with CaptureQueriesContext(connection) as queries:
            browser.get(of("undelivered"))
        counts.append(len(queries))
        for _ in range(9):
            DeliveryFactory(
                kind="invitation",
                recipient=UserFactory(at=[harbor]),
                about=harbor.pk,
                resolved_at=timezone.now(),
                **FAILED,
            )
    assert counts[0] == counts[1]


def test_what_was_sent_is_forgotten_after_a_month_but_for_notifications(db, alice, settings):
    settings.SITE_URL = "https://hmis.example.org/"
    old = timezone.now() - KEPT_FOR - timedelta(minutes=1)
    sent = {"state": "sent", "recipient": alice}
    kept = [
        DeliveryFactory(resolved_at=old, **sent),
        DeliveryFactory(kind="password_reset", resolved_at=old + timedelta(hours=1), **sent),
    ]
    DeliveryFactory(kind="password_reset", resolved_at=old, **sent)
    DeliveryFactory(kind="invitation", about=1, resolved_at=old, state="failed", recipient=alice)
    call_command("send_mail")
    assert list(Delivery.objects.order_by("pk")) == kept
