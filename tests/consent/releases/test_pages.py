"""What the pages of releases show and ask; the badge beside the name, the card of the dashboard."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clients.models import Client, ClientAccess, Release
from consent import actions
from consent.forms import GROWN_UP, UNBORN
from consent.refused import LEFT_OUT
from consent.views.answers import ANSWERED_LATER
from tests.consent.conftest import TODAY
from tests.consent.factories import published, revoked
from tests.factories import ClientFactory, UserFactory
from tests.pages import errors, filled, messages, opened, send

State = Release.State


def url(name, *args):
    return reverse(f"consent:{name}", args=args)


def text_of(answer) -> str:
    return " ".join(answer.text.split())


def test_verbal_release_of_two_members_is_recorded(portal, alice, bob, john, jane, jimmy, bridge):
    answer = send(
        portal(alice),
        url("add_verbal", john.pk),
        follow=True,
        members=[john.pk, jimmy.pk],
        covers=bridge.pk,
        ends_on="03/01/2027",
        witness=bob.pk,
    )
    assert messages(answer) == ["Releases of 2 members saved."]
    rows = Release.objects.order_by("client")
    assert [row.client for row in rows] == [john, jimmy]
    assert {(row.covers, row.witness, str(row.ends_on)) for row in rows} == {
        (bridge, bob, "2027-03-01")
    }
    assert not Release.objects.of_client(jane.pk).exists()


def test_client_of_the_page_is_ticked_and_the_head_is_the_guardian(portal, alice, jimmy, family):
    form = opened(portal(alice).get(url("add_verbal", jimmy.pk)))
    assert form["members"].value() == [jimmy.pk]
    assert form["guardian_name"].value() == "John Smith"
    assert {one.client for one, _ in form.rows} == set(family)
    Client.objects.filter(first_name="John").update(visibility="own")
    form = opened(portal(alice).get(url("add_verbal", jimmy.pk)))
    assert form["guardian_name"].value() == ""  # on the child's pages others read it


def test_nobody_is_asked_for_a_guardian_where_all_are_adults(portal, alice, john, jimmy):
    jimmy.enrollments.get().mark_deleted(by=alice)
    assert "guardian_name" not in opened(portal(alice).get(url("add_verbal", john.pk))).fields


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"members": []}, "members", actions.NOBODY),
        ({"witness": ""}, "witness", actions.NO_WITNESS),
        ({"answered_on": ""}, "answered_on", "Enter the day of the answer."),
        ({"answered_on": "03/03/2026"}, "answered_on", "Enter a date that is not in the future."),
        ({"answered_on": "02/30/2026"}, "answered_on", "Enter a date that exists, as MM/DD/YYYY."),
        (
            {"ends_on": "03/01/2026", "answered_on": "02/01/2026"},
            "ends_on",
            "Enter a date that is not in the past, or leave it empty.",
        ),
        (
            {"ends_on": "03/03/2036"},
            "ends_on",
            "Enter a date within ten years of the answer, or leave it empty.",
        ),
        ({"covers": "999999"}, "covers", "Choose one of the listed organizations, or all."),
    ],
)
def test_what_is_refused_says_what_to_enter(portal, alice, bob, john, changed, field, sentence):
    typed = {"witness": bob.pk} | changed
    assert errors(send(portal(alice), url("add_verbal", john.pk), **typed)) == {field: [sentence]}
    assert not Release.objects.exists()


def test_guardian_is_asked_for_where_a_minor_is_ticked(portal, alice, bob, john, jimmy):
    typed = {"members": [john.pk, jimmy.pk], "guardian_name": "  ", "witness": bob.pk}
    page = send(portal(alice), url("add_verbal", john.pk), **typed)
    assert errors(page) == {"guardian_name": [actions.NO_GUARDIAN]}


def test_what_a_guardian_answered_before_the_birthday_is_not_recorded_after_it(
    portal, alice, bob, harbor
):
    grown = ClientFactory(
        organization=harbor, created_by=alice, first_name="Gwen", dob=date(2008, 2, 20)
    )
    typed = {"answered_on": "02/19/2026", "witness": bob.pk}
    page = send(portal(alice), url("add_verbal", grown.pk), **typed)
    assert errors(page) == {"answered_on": [GROWN_UP.format("Gwen Smith")]}


def test_nobody_answered_before_being_born(portal, alice, bob, john):
    typed = {"answered_on": "01/01/1900", "witness": bob.pk}
    page = send(portal(alice), url("add_verbal", john.pk), **typed)
    assert errors(page) == {"answered_on": [UNBORN.format("John Smith")]}


def test_refusal_of_a_guardian_is_not_said_to_end(portal, alice, jimmy):
    named = "Their release ends before they turn 18."
    assert named in portal(alice).get(url("add_verbal", jimmy.pk)).text
    assert named not in portal(alice).get(url("add_refusal", jimmy.pk)).text


def test_list_tells_a_mistake_from_what_the_client_revoked(portal, alice, john, released):
    revoked(released)
    browser, page = portal(alice), url("releases", john.pk)
    assert "recorded by mistake" not in browser.get(page).text
    revoked(released, reason="mistake")
    assert "recorded by mistake, 03/" in text_of(browser.get(page))


def test_stranger_is_not_recorded_with_the_household(portal, alice, bob, john, bridge):
    stranger = ClientFactory(organization=bridge)
    page = send(
        portal(alice), url("add_verbal", john.pk), members=[john.pk, stranger.pk], witness=bob.pk
    )
    assert errors(page) == {"members": ["Choose members of the household."]}


def test_user_is_no_witness_of_the_own_record(portal, alice, john):
    page = send(portal(alice), url("add_verbal", john.pk), witness=alice.pk)
    assert errors(page) == {"witness": [actions.NO_WITNESS]}


def test_form_that_is_sent_twice_records_once(portal, alice, bob, john):
    browser, page = portal(alice), url("add_verbal", john.pk)
    data = filled(opened(browser.get(page)), witness=bob.pk)
    assert [browser.post(page, data).status_code for _ in range(2)] == [302, 302]
    assert Release.objects.count() == 1


def test_refusal_is_recorded_without_a_witness(portal, alice, john):
    answer = send(portal(alice), url("add_refusal", john.pk), follow=True)
    assert messages(answer) == ["Refusal saved."]
    assert Release.objects.get().state == State.REFUSED


def test_who_is_still_refused_is_said_where_a_release_for_all_is_recorded(
    portal, alice, bob, john, bridge, answer
):
    refused = answer(kind=Release.Kind.REFUSED, witness=None, covers=bridge)
    browser = portal(alice)
    pages = ("add_verbal", "add_paper")
    assert not any("Still refused" in browser.get(url(one, john.pk)).text for one in pages)
    actions.record_release(clients=[john], answer=refused, by=alice)
    for one in pages:
        assert f"Still refused: {bridge} (John Smith)." in browser.get(url(one, john.pk)).text
    assert "Still refused" not in browser.get(url("add_refusal", john.pk)).text
    page = send(portal(alice), url("add_verbal", john.pk), follow=True, witness=bob.pk)
    assert messages(page) == ["Release saved.", LEFT_OUT.format(bridge)]
    assert f"All organizations except {bridge}" in page.text


def test_paper_of_an_earlier_day_is_recorded_and_counts_no_longer(portal, alice, bob, john, answer):
    refused = answer(kind=Release.Kind.REFUSED, witness=None)
    actions.record_release(clients=[john], answer=refused, by=alice)
    typed = {"answered_on": "02/01/2026", "witness": bob.pk}
    page = send(portal(alice), url("add_verbal", john.pk), follow=True, **typed)
    assert messages(page) == ["Release saved.", ANSWERED_LATER]
    assert Release.objects.get(kind="verbal").state == State.REPLACED


def test_list_has_every_answer_with_its_state_and_where_the_household_stands(
    portal, alice, john, jane, answer, released
):
    refused = answer(kind=Release.Kind.REFUSED, witness=None)
    actions.record_release(clients=[john, jane], answer=refused, by=alice)
    page = text_of(portal(alice).get(url("releases", john.pk)))
    assert page.index("Refused") < page.index("Replaced by a later answer")
    assert "Jane Smith" in page
    assert "Release refused" in page
    assert "No release" in page  # of Jimmy
    listed = ClientAccess.objects.filter(kind="list", page="consent:releases").get()
    assert jane.pk in listed.listed


def test_list_makes_as_many_queries_for_many_answers_as_for_one(
    portal, alice, john, answer, released
):
    browser, page = portal(alice), url("releases", john.pk)

    def queries():
        browser.get(page)
        with CaptureQueriesContext(connection) as captured:
            browser.get(page)
        return len(captured)

    few = queries()
    for days in range(1, 31):
        end = TODAY + timedelta(days=days)
        actions.record_release(clients=[john], answer=answer(ends_on=end), by=alice)
    assert queries() == few


def test_organization_that_a_refusal_takes_out_of_a_release_is_named(
    portal, alice, john, answer, released, bridge
):
    refused = answer(kind=Release.Kind.REFUSED, witness=None, covers=bridge)
    actions.record_release(clients=[john], answer=refused, by=alice)
    bridge.date_deleted = timezone.now()
    bridge.save()
    for address in (url("releases", john.pk), url("release", john.pk, released.pk)):
        assert "All organizations except Bridge House" in text_of(portal(alice).get(address))


def test_who_sees_the_identity_alone_learns_what_counts_and_not_how(
    portal, policy, charlie, jimmy, john, answer, alice, bob
):
    """The state, for whom and the days: not who asked, heard or answered, nor with whom."""
    row, _ = actions.record_release(clients=[jimmy, john], answer=answer(), by=alice)
    browser, named = portal(charlie), [str(bob), str(alice), "John Smith"]
    pages = [url("releases", jimmy.pk), url("release", jimmy.pk, row.pk)]
    assert all(name in browser.get(pages[1]).text for name in named)
    policy("parts")
    assert all(name in browser.get(pages[1]).text for name in named), "it covers Bridge House"
    revoked(row)
    for page in pages:
        text = browser.get(page).text.partition("<main")[2]
        assert "Revoked" in text
        assert "All organizations" in text
        assert not [name for name in (*named, "Verbal") if name in text]
    assert all(name in portal(alice).get(pages[1]).text for name in named)


def test_verbal_release_has_the_text_to_read_aloud_and_its_term(portal, alice, john):
    address = url("add_verbal", john.pk)
    assert "Text to read aloud" not in portal(alice).get(address).text
    published(by=UserFactory(is_superuser=True, is_staff=True))
    page = portal(alice).get(address)
    assert "Text to read aloud" in page.text
    assert "Harbor Services asks John Smith to read this text" in text_of(page)
    assert opened(page)["ends_on"].value() == date(2027, 3, 1)


def test_release_names_who_answered_with_it(portal, alice, family, answer, bridge):
    rows = actions.record_release(clients=family, answer=answer(covers=bridge), by=alice)
    page = text_of(portal(alice).get(url("release", family[2].pk, rows[2].pk)))
    for words in ("Bridge House", "Verbal", "John Smith", "Jane Smith", "Bob", "05/05/2028"):
        assert words in page


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, "Release in force"),
        ({"ends_on": TODAY + timedelta(days=200)}, "Release until 09/18/2026"),
        ({"begins_on": TODAY + timedelta(days=9)}, "Release from 03/11/2026"),
        ({"kind": Release.Kind.REFUSED, "witness": None}, "Release refused"),
    ],
)
def test_badge_beside_the_name_says_how_it_stands(portal, alice, john, answer, changed, words):
    actions.record_release(clients=[john], answer=answer(**changed), by=alice)
    page = text_of(portal(alice).get(john.get_absolute_url()))
    assert f">{words}</a>" in page


def test_badge_counts_organizations_and_warns_of_an_end(portal, alice, john, bridge, answer):
    end = TODAY + timedelta(days=30)
    said = answer(covers=bridge, ends_on=end)
    actions.record_release(clients=[john], answer=said, by=alice)
    page = text_of(portal(alice).get(john.get_absolute_url()))
    assert "Release for 1 organization until 04/01/2026" in page
    assert "badge-warning client-release" in page


def test_nobody_is_bothered_where_all_is_shared_and_nobody_has_asked(portal, policy, alice, john):
    assert "client-release" not in portal(alice).get(john.get_absolute_url()).text
    policy("parts")
    assert ">No release</a>" in portal(alice).get(john.get_absolute_url()).text
    Client.objects.filter(pk=john.pk).update(visibility="own")
    assert "client-release" not in portal(alice).get(john.get_absolute_url()).text


def test_card_of_the_dashboard_costs_no_query(portal, alice, john, answer):
    browser = portal(alice)

    def queries():
        browser.get(john.get_absolute_url())
        with CaptureQueriesContext(connection) as captured:
            page = browser.get(john.get_absolute_url())
        return len(captured), page

    before, page = queries()
    assert "No release in force." in page.text
    actions.record_release(clients=[john], answer=answer(), by=alice)
    after, page = queries()
    assert after == before
    assert "All organizations" in page.text


def test_ways_to_answer_lead_to_their_pages(portal, alice, john):
    page = portal(alice).get(url("add_release", john.pk)).text
    for name in ("sign", "add_paper", "add_verbal", "add_refusal"):
        assert f'href="{url(name, john.pk)}"' in page


def test_no_address_and_no_title_has_a_name(portal, alice, john, released):
    for name, more in (("releases", ()), ("release", (released.pk,)), ("add_verbal", ())):
        address = url(name, john.pk, *more)
        title = portal(alice).get(address).text.partition("<title>")[2].partition("</title>")[0]
        assert john.last_name not in f"{address} {title}"


@pytest.mark.parametrize(
    ("changed", "shown"),
    [
        ({}, "Named as Witness"),
        ({"kind": Release.Kind.UPLOADED, "witness": None}, ""),
        ({"kind": Release.Kind.REFUSED, "witness": None}, "Witness"),
    ],
)
def test_page_says_no_more_of_a_witness_than_was_recorded(
    portal, alice, john, answer, changed, shown
):
    (row,) = actions.record_release(clients=[john], answer=answer(**changed), by=alice)
    page = portal(alice).get(url("release", john.pk, row.pk)).text
    labels = re.findall(r"<dt>\s*([^<]*Witness)\s*</dt>", page)
    assert labels == ([shown] if shown else [])
