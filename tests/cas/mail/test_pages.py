"""CAS administrators see what waits, for whom, what did not arrive, and have it sent again."""

from datetime import timedelta

import pytest
from django.urls import reverse

from cas.models import Notification
from outbox.models import Delivery
from tests.cas.mail.conftest import NOON, notify, works_with
from tests.factories import ClientFactory, UserFactory

LISTS = ["unanswered", "undelivered", "queue", "runs"]


@pytest.fixture
def failed(cron, smtp_server, alice, john):
    """One mail that the server does not want."""
    notify(alice, john)
    smtp_server.rcpt = lambda address: "550 5.1.1 no such user"
    cron.run()
    smtp_server.behave()
    return Delivery.objects.get()


def of(name, *parts):
    return reverse(f"deliveries:{name}", args=parts)


@pytest.mark.parametrize("who", ["alice", "charlie", "dana", None])
def test_pages_are_not_there_for_others_with_any_verb(client, portal, request, failed, cass, who):
    notification = failed.items.get().notification
    pages = [of(name) for name in LISTS]
    pages += [of("notification", notification.public_id), of("send_again", failed.pk)]
    browser = portal(request.getfixturevalue(who)) if who else client
    for page in pages:
        for verb in ("GET", "POST", "PUT", "DELETE"):
            answer = browser.generic(verb, page)
            assert answer.status_code == (404 if who else 302), (verb, page)
    failed.refresh_from_db()
    assert failed.state == "failed"


def test_wrong_verbs_are_refused(portal, cass, failed):
    for name in LISTS:
        assert portal(cass).post(of(name)).status_code == 405
    assert portal(cass).get(of("send_again", failed.pk)).status_code == 405
    assert portal(cass).post(of("send_again", failed.pk + 1)).status_code == 404


def test_empty_lists_say_so(portal, cass, db):
    browser = portal(cass)
    words = [
        "Everything is answered",
        "Everything was delivered",
        "The queue is empty",
        "No runs yet",
    ]
    for name, said in zip(LISTS, words, strict=True):
        html = browser.get(of(name)).content.decode()
        assert said in html
        assert "The e-mail command has never run." in html


def test_unanswered_are_listed_with_whom_they_wait_for(portal, cass, alice, john, failed):
    html = portal(cass).get(of("unanswered")).content.decode()
    one = failed.items.get().notification
    for words in (one.reference, "Referred or matched", str(alice), "John Smith"):
        assert words in html
    assert "550 5.1.1" in html


def test_client_whom_the_administrator_may_not_see_has_no_name_here(
    portal, cass, alice, harbor, cron, smtp_server
):
    hidden = ClientFactory(organization=harbor, created_by=alice, visibility="own")
    works_with(alice, hidden)
    one = notify(alice, hidden)
    cron.run()
    for page in (of("unanswered"), of("notification", one.public_id)):
        html = portal(cass).get(page).content.decode()
        assert one.reference in html
        assert "John" not in html
        assert "Smith" not in html
        assert f"/clients/{hidden.pk}/" not in html


def test_failed_mail_is_sent_again_with_the_same_message_id(
    portal, cass, failed, cron, smtp_server, alice
):
    browser = portal(cass)
    assert str(alice) in browser.get(of("undelivered")).content.decode()
    page = browser.post(of("send_again", failed.pk), follow=True)
    assert "It will be sent again with the next run" in page.content.decode()
    again = browser.post(of("send_again", failed.pk), follow=True)
    assert "It is already in the queue, or has been sent." in again.content.decode()
    cron.now = Delivery.objects.get().next_attempt_at
    Notification.objects.update(created_at=cron.now - timedelta(minutes=1))
    works = cron.run()
    assert works.sent >= 1
    failed.refresh_from_db()
    assert (failed.state, failed.asked_by) == ("sent", cass)
    assert failed.message_id in {mail.id for mail in smtp_server.taken}


def test_uncertain_mail_whose_second_try_finds_nothing_to_tell_stays_uncertain(
    portal, cass, cron, smtp_server, alice, john
):
    one = notify(alice, john)
    smtp_server.drop, smtp_server.times = "KEPT", 1
    cron.run()
    delivery = Delivery.objects.get(state="uncertain")
    portal(cass).post(of("send_again", delivery.pk))
    Notification.objects.filter(pk=one.pk).update(opened_at=NOON)
    cron.now = Delivery.objects.get().next_attempt_at
    cron.run()
    delivery.refresh_from_db()
    assert delivery.state == "uncertain"
    assert smtp_server.notified == {str(one.public_id): 1}


def test_uncertain_mail_whose_second_try_is_put_off_is_not_undone(
    portal, cass, cron, smtp_server, alice, john
):
    notify(alice, john)
    smtp_server.drop, smtp_server.times = "DOT", 1
    cron.run()
    delivery = Delivery.objects.get(state="uncertain")
    began = delivery.handed_over_at
    portal(cass).post(of("send_again", delivery.pk))
    smtp_server.behave()
    smtp_server.times, smtp_server.rcpt = None, lambda address: "450 4.2.0 later"
    cron.now = Delivery.objects.get().next_attempt_at
    cron.run()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.handed_over_at) == ("pending", began)


def test_queue_says_when_the_next_try_is(portal, cass, cron, smtp_server, alice, john):
    notify(alice, john)
    smtp_server.rcpt = lambda address: "450 4.2.0 later"
    cron.run()
    html = portal(cass).get(of("queue")).content.decode()
    assert "Tried 1 time" in html
    assert "450 4.2.0" in html


def test_runs_are_listed_with_their_counts(portal, cass, failed):
    html = portal(cass).get(of("runs")).content.decode()
    assert "Some could not be delivered" in html


def test_page_of_a_notification_lists_its_mails(portal, cass, failed, alice):
    one = failed.items.get().notification
    html = portal(cass).get(of("notification", one.public_id)).content.decode()
    for words in ("First notice", "Not delivered", "550 5.1.1", "Send again", str(alice)):
        assert words in html


@pytest.mark.parametrize("name", LISTS)
def test_list_costs_the_same_for_one_row_and_for_many(
    portal, cass, cron, smtp_server, alice, harbor, name, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def rows(count):
        for _ in range(count):
            user = UserFactory(at=[harbor])
            client = ClientFactory(organization=harbor, created_by=alice)
            works_with(user, client)
            notify(user, client)
        if name == "undelivered":
            smtp_server.rcpt = lambda address: "550 5.1.1 no such user"
        cron.run(limit=0 if name == "queue" else None)

    browser = portal(cass)
    rows(1)
    browser.get(of(name))
    with CaptureQueriesContext(connection) as few:
        browser.get(of(name))
    rows(8)
    with CaptureQueriesContext(connection) as many:
        html = browser.get(of(name)).content.decode()
    assert html.count("<tr>") > 2
    assert len(many) == len(few) <= 12


def test_long_list_goes_on_page_by_page(portal, cass, cron, alice, john, smtp_server):
    rows = notify(alice, john, 60)
    browser, address, seen = portal(cass), of("unanswered"), []
    for size in (25, 25, 10):
        page = browser.get(address).context["page"]
        assert len(page.rows) == size
        seen += [row["line"].notification for row in page.rows]
        address = f"{of('unanswered')}?after={page.after}"
    assert seen == sorted(rows, key=lambda row: (row.created_at, row.pk))
    assert not page.after
    assert browser.get(of("unanswered") + "?after=rubbish").context["page"].is_first


def test_menu_shows_the_page_to_cas_alone(portal, cass, alice):
    assert of("unanswered") in portal(cass).get("/").content.decode()
    assert of("unanswered") not in portal(alice).get("/").content.decode()


def test_link_in_a_mail_opens_for_its_recipient_alone(
    portal, cron, smtp_server, alice, bob, cass, john
):
    one = notify(alice, john)
    cron.run()
    path = smtp_server.taken[0].text.split("https://hmis.example.org")[1].split()[0]
    assert path == one.get_absolute_url()
    for stranger in (bob, cass):
        assert portal(stranger).get(path).status_code == 404
    assert portal(alice).get(path).status_code in {200, 302}
