"""Interested Others (section 8) and alerts: what is asked, what is shown, who sees it."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from clients.forms.records import AlertForm, InterestedOtherForm
from clients.models import Alert, ClientSearch, InterestedOther
from records.models import Submission
from tests.factories import AlertFactory, InterestedOtherFactory
from tests.pages import errors, form_of, send


def url(name, *args):
    return reverse(f"clients:{name}", args=args)


def test_type_is_required_and_nothing_else(alice, john):
    form = form_of(InterestedOtherForm, alice, instance=InterestedOther(client=john))
    assert errors(form) == {
        "type_description": ["Enter a type or description, such as Parent or Landlord."]
    }
    form = form_of(
        InterestedOtherForm, alice, instance=InterestedOther(client=john), type_description="Aunt"
    )
    assert form.is_valid()


@pytest.mark.parametrize(
    ("typed", "kept", "shown"),
    [("", None, "Not known"), ("True", True, "Yes"), ("False", False, "No")],
)
def test_all_that_is_typed_is_kept_and_shown(portal, alice, john, typed, kept, shown):
    values = {
        "type_description": "Landlord",
        "relationship": "Uncle",
        "first_name": "Mary",
        "last_name": "O'Brien",
        "home_phone": "617-555-0101",
        "work_phone": "617-555-0102 x12",
        "cell_phone": "617-555-0103",
        "email": "mary@example.org",
        "address1": "7 Weaver's Court",
        "address2": "Apt 3",
        "city": "Gull Harbor",
        "state": "MA",
        "zip": "00303",
    }
    browser = portal(alice)
    send(browser, url("add_interested_other", john.pk), is_aware=typed, **values)
    other = InterestedOther.objects.get()
    assert {name: getattr(other, name) for name in values} == values
    assert other.is_aware is kept
    page = browser.get(url("interested_other", john.pk, other.pk)).context["other"]
    assert page == other
    html = browser.get(url("interested_others", john.pk)).content.decode()
    assert "Mary O&#x27;Brien" in html
    assert f">{shown}</td>" in html
    assert html.index(">Edit<") < html.index("Mary O&#x27;Brien")  # at the far left of the name


def test_edit_changes_the_row_and_its_author(portal, alice, bob, john):
    other = InterestedOtherFactory(client=john)
    send(portal(bob), url("edit_interested_other", john.pk, other.pk), cell_phone="617-555-0109")
    other.refresh_from_db()
    assert (other.cell_phone, other.created_by, other.updated_by) == ("617-555-0109", alice, bob)


@pytest.mark.parametrize("address", ["x", "a@b", "a b@c.example", "x" * 300 + "@x.example"])
def test_address_that_is_none_gets_a_sentence(alice, john, address):
    other = InterestedOther(client=john, type_description="Aunt")
    form = form_of(InterestedOtherForm, alice, instance=other, email=address)
    assert errors(form)["email"]


def test_row_of_the_own_organization_only_is_hidden_from_others(portal, charlie, alice, john):
    other = InterestedOtherFactory(client=john, visibility="own")
    assert portal(alice).get(url("interested_other", john.pk, other.pk)).status_code == 200
    assert portal(charlie).get(url("interested_other", john.pk, other.pk)).status_code == 404
    assert not portal(charlie).get(url("interested_others", john.pk)).context["others"]
    assert not portal(charlie).get(john.get_absolute_url()).context["interested_others"]


def test_edit_is_offered_to_the_organization_that_filed_it(portal, charlie, alice, john):
    other = InterestedOtherFactory(client=john)
    link = url("edit_interested_other", john.pk, other.pk)
    for page in (url("interested_others", john.pk), url("interested_other", john.pk, other.pk)):
        assert link in portal(alice).get(page).content.decode()
        assert link not in portal(charlie).get(page).content.decode()


@pytest.mark.parametrize(
    ("begins", "ends", "is_shown"),
    [(-1, None, True), (0, 0, True), (-5, -1, False), (1, None, False)],
)
def test_alert_stands_on_every_page_of_the_client_while_it_lasts(
    *, portal, alice, john, begins, ends, is_shown
):
    today = timezone.localdate()
    AlertFactory(
        client=john,
        text="Beware of the dog",
        begins_on=today + timedelta(begins),
        ends_on=None if ends is None else today + timedelta(ends),
    )
    browser = portal(alice)
    for page in ("dashboard", "edit", "interested_others"):
        html = browser.get(url(page, john.pk)).content.decode()
        assert ("Beware of the dog" in html) == is_shown


def test_alert_of_another_organization_alone_stands_on_no_page(portal, charlie, john):
    AlertFactory(client=john, text="Beware of the dog")
    AlertFactory(client=john, text="Owes us a key", visibility="own")
    html = portal(charlie).get(url("dashboard", john.pk)).text
    assert "Beware of the dog" in html
    assert "Owes us a key" not in html


def test_alert_begins_today_unless_it_says_otherwise(alice, john, time_machine):
    time_machine.move_to("2026-11-22 23:30 -0500")  # already the 23rd in UTC
    form = form_of(AlertForm, alice, instance=Alert(client=john), text="x")
    assert form.is_valid(), form.errors
    assert form.save(by=alice).begins_on == date(2026, 11, 22)


@pytest.mark.parametrize("typed", ["", "02/30/1990", "00/00/0000", "1/1/0001", "x" * 10_000])
def test_alert_needs_a_date_that_exists(alice, john, typed):
    form = form_of(AlertForm, alice, instance=Alert(client=john), text="x", begins_on=typed)
    assert errors(form)["begins_on"]


def test_old_searches_and_tokens_are_cleared(alice, harbor, time_machine, settings):
    time_machine.move_to("2026-11-22 12:00", tick=False)
    search = ClientSearch(user=alice)
    search.criteria = {"last_name": "Smi"}
    search.save()
    Submission.objects.create(token="1" * 32, user=alice, path="/")
    time_machine.shift(timedelta(hours=23).total_seconds())
    call_command("clear_expired", stdout=StringIO())
    assert ClientSearch.objects.exists()
    time_machine.shift(timedelta(hours=2).total_seconds())
    call_command("clear_expired", stdout=StringIO())
    assert not ClientSearch.objects.exists()
    assert Submission.objects.exists()
    # A token outlives the drafts of its form: it says that they were saved.
    time_machine.shift(timedelta(days=settings.NOTE_DRAFT_DAYS - 1).total_seconds())
    call_command("clear_expired", stdout=StringIO())
    assert Submission.objects.exists()
    time_machine.shift(timedelta(days=1).total_seconds())
    call_command("clear_expired", stdout=StringIO())
    assert not Submission.objects.exists()
