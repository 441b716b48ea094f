"""The bell and View Notifications: opened, snoozed, dismissed, and nobody else's (10.2)."""

import uuid
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cas.listing import bell_count, lines
from cas.models import Kind, Notification, State
from tests.cas.factories import EventFactory, NotificationFactory
from tests.enrollments.factories import EnrollmentFactory
from tests.factories import ClientFactory
from tests.pages import messages

LIST = "/notifications/"
HTMX = {"HX-Request": "true"}


def at(name, one, *more):
    return reverse(f"cas:{name}", args=[one.public_id, *more])


@pytest.fixture
def one(today, alice, john):
    return NotificationFactory(recipient=alice, client=john)


@pytest.fixture
def of_alice(today, alice, john):
    """A function that tells Alice something of John."""

    def tell(**values):
        return NotificationFactory(**({"recipient": alice, "client": john} | values))

    return tell


def shown(page):
    return [line.notification for line, _ in page.context["rows"]]


# the bell


def test_bell_counts_what_is_neither_answered_nor_asleep(of_alice, alice, bob):
    now = timezone.now()
    of_alice()
    of_alice(snoozed_until=now + timedelta(hours=1))
    of_alice(created_at=now - timedelta(days=2), snoozed_until=now - timedelta(hours=1))
    for answer in ("opened_at", "dismissed_at", "resolved_at"):
        of_alice(**{answer: now})
    NotificationFactory(recipient=bob)
    assert (bell_count(alice), bell_count(bob)) == ("2", "1")


def test_bell_counts_no_further_than_99(alice, john, today):
    rows = [NotificationFactory.build(recipient=alice, client=john) for _ in range(101)]
    Notification.objects.bulk_create(rows[:99])
    assert bell_count(alice) == "99"
    Notification.objects.bulk_create(rows[99:])
    assert bell_count(alice) == "99+"


def test_empty_bell_asks_about_nobody(alice, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert lines([], alice) == []


def test_bell_is_on_every_page_and_costs_one_query(portal, alice, one):
    browser = portal(alice)
    browser.get("/settings/")
    with CaptureQueriesContext(connection) as captured:
        page = browser.get("/settings/")
    assert len([query for query in captured if "cas_notification" in query["sql"]]) == 1
    assert '<span class="count">1' in page.text


def test_nothing_new_shows_no_count(portal, bob):
    assert 'class="count"' not in portal(bob).get("/settings/").text


def test_drop_down_lists_the_latest_with_the_client_and_leads_to_all(portal, alice, of_alice, john):
    for _ in range(8):
        of_alice()
    page = portal(alice).get("/notifications/bell/", headers=HTMX)
    assert page.text.count("<li>") == 6
    assert "John Smith" in page.text
    for label in ("Snooze", "Dismiss", "Dismiss All", "View Notifications"):
        assert label in page.text


def test_drop_down_as_a_page_of_its_own_is_the_list(portal, alice, one):
    assert "Filter" in portal(alice).get("/notifications/bell/").text


# opening


def test_opened_notification_leads_to_its_event(portal, alice, john, enrollment, of_alice):
    event = EventFactory(enrollment=enrollment)
    one = of_alice(event=event)
    answer = portal(alice).get(at("notification", one))
    assert answer["Location"] == event.get_absolute_url()
    one.refresh_from_db()
    assert one.state is State.OPENED


@pytest.mark.parametrize(
    ("kind", "place"),
    [
        ("assigned", "enrollments:case_managers"),
        ("unassigned", "enrollments:case_managers"),
        ("expiring", "files:client_files"),
        ("inactive", "clients:dashboard"),
        ("verified", "cas:events"),
    ],
)
def test_each_kind_leads_to_a_page_that_its_reader_may_see(
    portal, alice, john, of_alice, kind, place
):
    answer = portal(alice).get(at("notification", of_alice(kind=kind)), follow=True)
    assert answer.redirect_chain[0][0] == reverse(place, args=[john.pk])
    assert answer.status_code == 200


def test_verified_documents_lead_to_document_check_where_that_may_be_known(
    portal, cass, john, today
):
    one = NotificationFactory(recipient=cass, client=john, kind="verified")
    answer = portal(cass).get(at("notification", one))
    assert answer["Location"] == reverse("files:document_checks", args=[john.pk])


def test_first_opening_counts(portal, alice, one, time_machine):
    portal(alice).get(at("notification", one))
    first = Notification.objects.get().opened_at
    time_machine.move_to("2026-03-02T18:00:00Z", tick=False)
    portal(alice).get(at("notification", one))
    assert Notification.objects.get().opened_at == first


def test_link_holds_a_random_id_alone(one, john):
    assert one.get_absolute_url() == f"/notifications/{one.public_id}/"
    assert str(one.pk) not in one.get_absolute_url().replace(str(one.public_id), "")


@pytest.mark.parametrize("role", ["bob", "dana", "charlie", "cass"])
def test_link_is_404_in_somebody_elses_session(portal, request, one, role):
    browser = portal(request.getfixturevalue(role))
    assert browser.get(at("notification", one)).status_code == 404
    for name, more in (("snooze", ["tomorrow"]), ("dismiss", []), ("restore", [])):
        assert browser.post(at(name, one, *more)).status_code == 404, name
    one.refresh_from_db()
    assert one.state is State.NEW


def test_logged_out_user_logs_in_first(client, one):
    for address in (LIST, "/notifications/bell/", at("notification", one)):
        assert client.get(address)["Location"].startswith(reverse("account_login"))
    for address in ("/notifications/dismiss-all/", at("dismiss", one)):
        assert client.post(address)["Location"].startswith(reverse("account_login"))


def test_wrong_verb_is_405_and_unknown_notification_404(portal, alice, one):
    browser = portal(alice)
    for name, more in (("snooze", ["tomorrow"]), ("dismiss", []), ("restore", [])):
        assert browser.get(at(name, one, *more)).status_code == 405, name
    for name in ("dismiss_all", "undo_dismiss"):
        assert browser.get(reverse(f"cas:{name}")).status_code == 405
    for name in ("notifications", "bell"):
        assert browser.post(reverse(f"cas:{name}")).status_code == 405
    assert browser.post(at("notification", one)).status_code == 405
    one.public_id = uuid.uuid4()
    assert browser.get(at("notification", one)).status_code == 404
    assert browser.post(at("dismiss", one)).status_code == 404


# a client who is not to be seen any more


def test_item_shows_without_the_client_when_access_is_lost(portal, alice, bridge, today):
    jane = ClientFactory(organization=bridge, first_name="Jane", last_name="Doe")
    event = EventFactory(enrollment=EnrollmentFactory(client=jane))
    one = NotificationFactory(recipient=alice, client=jane, event=event)
    browser = portal(alice)
    addresses = (LIST, at("notification", one))
    assert "Jane Doe" in browser.get(LIST).text
    jane.visibility = "own"
    jane.save()
    for address in addresses:
        page = browser.get(address)
        assert page.status_code == 200
        assert "Jane" not in page.text
        assert "Emergency Shelter" not in page.text
    assert "A client you no longer have access to" in browser.get(LIST).text
    one.refresh_from_db()
    Notification.objects.update(opened_at=None)
    assert "Jane" not in browser.get("/notifications/bell/", headers=HTMX).text


def test_event_that_is_not_to_be_seen_is_not_named(portal, alice, john, bridge, of_alice):
    enrollment = EnrollmentFactory(client=john)
    event = EventFactory(enrollment=enrollment, organization=bridge, visibility="own")
    one = of_alice(event=event)
    browser = portal(alice)
    assert "Emergency Shelter" not in browser.get(LIST).text
    answer = browser.get(at("notification", one))
    assert answer["Location"] == reverse("cas:events", args=[john.pk])


# snoozing


@pytest.mark.parametrize(
    ("choice", "back"),
    [("tomorrow", "2026-03-03"), ("3-days", "2026-03-05"), ("1-week", "2026-03-09")],
)
def test_snoozed_notification_is_back_on_the_morning_of_its_day(
    portal, alice, one, time_machine, choice, back
):
    answer = portal(alice).post(at("snooze", one, choice), follow=True)
    assert messages(answer)[0].startswith("Snoozed ")
    assert bell_count(alice) == ""
    one.refresh_from_db()
    assert (one.state, one.is_unanswered) == (State.SNOOZED, True)
    time_machine.move_to(datetime.fromisoformat(f"{back}T07:59-05:00"), tick=False)
    assert bell_count(alice) == ("" if back != "2026-03-09" else "1")
    time_machine.move_to(datetime.fromisoformat(f"{back}T08:01-05:00"), tick=False)
    assert bell_count(alice) == "1"


def test_snoozing_an_opened_one_makes_it_new_when_it_wakes_up(portal, alice, one):
    Notification.objects.update(opened_at=timezone.now())
    portal(alice).post(at("snooze", one, "tomorrow"))
    one.refresh_from_db()
    assert one.is_unanswered


@pytest.mark.parametrize("choice", ["never", "0-days", "tomorrow2"])
def test_snoozing_is_for_the_offered_times_only(portal, alice, one, choice):
    assert portal(alice).post(at("snooze", one, choice)).status_code == 404


# dismissing


def test_dismissed_notification_is_listed_still_and_can_be_restored(portal, alice, one):
    browser = portal(alice)
    page = browser.post(at("dismiss", one), follow=True)
    assert "1 notification dismissed." in page.text
    assert shown(page) == [one]
    assert shown(page)[0].state is State.DISMISSED
    browser.post(at("restore", one))
    one.refresh_from_db()
    assert one.state is State.NEW


def test_dismiss_all_is_undone_with_one_click(portal, alice, bob, john, of_alice):
    mine = [of_alice() for _ in range(3)]
    others = NotificationFactory(recipient=bob, client=john)
    before = of_alice(dismissed_at=timezone.now() - timedelta(days=1))
    browser = portal(alice)
    page = browser.post("/notifications/dismiss-all/", follow=True)
    assert "3 notifications dismissed." in page.text
    assert bell_count(alice) == ""
    browser.post("/notifications/undo-dismiss/", {"at": page.context["undo"]["at"]})
    assert set(Notification.objects.filter(dismissed_at=None)) == {*mine, others}
    before.refresh_from_db()
    assert before.dismissed_at
    assert "Undo" not in browser.get(LIST).text


def test_dismiss_all_leaves_what_came_after_the_page_was_shown(portal, alice, of_alice):
    seen = of_alice(created_at=timezone.now() - timedelta(minutes=2))
    moved = of_alice(created_at=timezone.now() - timedelta(minutes=2), moved_at=timezone.now())
    late = of_alice()
    shown_at = (timezone.now() - timedelta(minutes=1)).isoformat()
    portal(alice).post("/notifications/dismiss-all/", {"shown_at": shown_at})
    assert set(Notification.objects.unanswered()) == {moved, late}
    seen.refresh_from_db()
    assert seen.dismissed_at


def test_dismiss_all_leaves_what_sleeps(portal, alice, of_alice):
    asleep = of_alice(snoozed_until=timezone.now() + timedelta(days=1))
    of_alice()
    portal(alice).post("/notifications/dismiss-all/")
    assert Notification.objects.get(dismissed_at=None) == asleep


@pytest.mark.parametrize("text", ["", "x", "2026-03-02", "2026-03-02T17:00:00", "2026-99-99T1:1Z"])
def test_forged_moment_does_nothing(portal, alice, one, text):
    browser = portal(alice)
    answer = browser.post("/notifications/undo-dismiss/", {"at": text}, follow=True)
    assert messages(answer) == ["There is nothing left to restore."]
    assert browser.post("/notifications/dismiss-all/", {"shown_at": text}).status_code == 302


def test_nobody_undoes_what_another_user_dismissed(portal, alice, bob, one):
    moment = timezone.now()
    Notification.objects.update(dismissed_at=moment)
    portal(bob).post("/notifications/undo-dismiss/", {"at": moment.isoformat()})
    one.refresh_from_db()
    assert one.dismissed_at


def test_action_in_the_drop_down_shows_it_again_with_the_new_count(portal, alice, of_alice):
    first, _ = of_alice(), of_alice()
    page = portal(alice).post(at("dismiss", first), headers=HTMX)
    assert page.text.count("<li>") == 1
    assert "1 notification dismissed." in page.text
    assert 'hx-swap-oob="true"' in page.text
    assert '<span class="count">1' in page.text


def test_action_leads_back_to_where_it_was_done_and_nowhere_else(portal, alice, one):
    browser = portal(alice)
    for wanted, place in (
        ("/notifications/?state=new", "/notifications/?state=new"),
        ("https://evil.example/", "/"),
    ):
        assert browser.post(at("dismiss", one), {"next": wanted})["Location"] == place


# the list


def test_list_has_all_of_the_user_dismissed_too(portal, alice, bob, john, of_alice):
    now = timezone.now()
    rows = [of_alice(), of_alice(dismissed_at=now), of_alice(opened_at=now)]
    NotificationFactory(recipient=bob, client=john)
    assert set(shown(portal(alice).get(LIST))) == set(rows)


@pytest.mark.parametrize("state", State)
def test_filter_by_state_agrees_with_the_state_of_each(portal, alice, of_alice, state):
    now = timezone.now()
    later = now + timedelta(days=1)
    moments = {"opened_at": now, "snoozed_until": later, "dismissed_at": now, "resolved_at": now}
    names = list(moments)
    for chosen in range(2 ** len(names)):
        picked = [name for bit, name in enumerate(names) if chosen >> bit & 1]
        of_alice(**{name: moments[name] for name in picked})
    page = portal(alice).get(LIST, {"state": state.value})
    expected = {row for row in Notification.objects.all() if row.state is state}
    assert expected
    assert set(shown(page)) == expected


def test_filter_by_kind(portal, alice, of_alice):
    wanted = of_alice(kind="no_show")
    of_alice(kind="accepted")
    assert shown(portal(alice).get(LIST, {"kind": "no_show"})) == [wanted]
    page = portal(alice).get(LIST, {"kind": "missing"})
    assert "No notifications found" in page.text


@pytest.mark.parametrize("query", [{"state": "x"}, {"kind": "gossip"}, {"before": "x"}])
def test_forged_filter_shows_all(portal, alice, one, query):
    assert shown(portal(alice).get(LIST, query)) == [one]


def test_pages_follow_each_other_without_gap_or_repetition(portal, alice, of_alice):
    now = timezone.now()
    rows = [of_alice(created_at=now - timedelta(minutes=number // 3)) for number in range(60)]
    browser, seen, before = portal(alice), [], ""
    for size in (25, 25, 10):
        page = browser.get(LIST, {"before": before})
        assert len(shown(page)) == size
        seen += shown(page)
        before = page.context["page"].after
    assert before == ""
    assert sorted(one.pk for one in seen) == sorted(one.pk for one in rows)
    assert [one.created_at for one in seen] == sorted(
        (one.created_at for one in rows), reverse=True
    )


def test_list_costs_the_same_with_many_rows(portal, alice, of_alice, enrollment):
    browser = portal(alice)

    def cost(address):
        browser.get(address)
        with CaptureQueriesContext(connection) as captured:
            browser.get(address, headers=HTMX if "bell" in address else {})
        return len(captured)

    of_alice(event=EventFactory(enrollment=enrollment))
    few = [cost(LIST), cost("/notifications/bell/")]
    for _ in range(24):
        client = ClientFactory()
        event = EventFactory(enrollment=EnrollmentFactory(client=client))
        of_alice(client=client, event=event)
    assert [cost(LIST), cost("/notifications/bell/")] == few
    assert max(few) <= 8


def test_no_label_says_anything_about_a_person():
    assert len({kind.label for kind in Kind}) == len(Kind)
    assert "Disability" not in " ".join(kind.label for kind in Kind)


# preferences


def test_preference_is_at_once_until_the_user_chooses(portal, alice, bob):
    browser = portal(alice)
    page = browser.get("/settings/notifications/")
    assert page.context["form"]["mail"].value() == "at_once"
    answer = browser.post("/settings/notifications/", {"mail": "daily"}, follow=True)
    assert messages(answer) == ["Preferences saved."]
    assert alice.cas_preference.mail == "daily"
    browser.post("/settings/notifications/", {"mail": "at_once"})
    alice.cas_preference.refresh_from_db()
    assert alice.cas_preference.mail == "at_once"
    assert not hasattr(bob, "cas_preference")


@pytest.mark.parametrize("mail", ["", "hourly"])
def test_other_preference_is_refused(portal, alice, mail):
    answer = portal(alice).post("/settings/notifications/", {"mail": mail})
    assert answer.status_code == 200
    assert answer.context["form"].errors["mail"]


def test_preferences_are_reached_from_the_users_settings(portal, alice):
    assert "/settings/notifications/" in portal(alice).get("/settings/").text
