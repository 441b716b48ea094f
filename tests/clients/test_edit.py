"""Edit Client (3.2, 3.3) and the data qualities that set themselves (3.4)."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clients.forms.edit import EditClientForm
from clients.models import Client, ClientAlias, NameSpelling
from records.models import Visibility
from tests.factories import ClientFactory, UserFactory
from tests.pages import errors, filled, form_of, opened, send

FULL, PARTIAL, UNKNOWN, REFUSED, MISSING = 1, 2, 8, 9, 99


@pytest.fixture
def edit(alice, harbor):
    """A function that types into Edit Client; returns the client as saved or the refused form."""

    def change(person=None, *, stored=None, **typed):
        person = person or ClientFactory(organization=harbor, created_by=alice, **(stored or {}))
        form = form_of(EditClientForm, alice, instance=person, **typed)
        if not form.is_valid():
            return form
        form.save(by=alice)
        return Client.objects.get(pk=person.pk)

    return change


def test_all_that_the_page_offers_is_saved(edit, john):
    typed = {
        "first_name": "Jon",
        "middle_name": "Allen",
        "last_name": "Smyth",
        "name_suffix": "Jr.",
        "sex": "1",
        "additional_race_ethnicity": "Cape Verdean",
        "phone": "617-555-0111",
        "email": "jon@example.org",
        "address1": "12 Ropewalk Lane",
        "address2": "Apt 3",
        "city": "Saltmarsh",
        "state": "ma",
        "zip": "00302",
        "visibility": "own",
    }
    person = edit(john, **typed, dob="04/12/1985", ssn="810-22-4471")
    assert {name: str(getattr(person, name)) for name in typed} == typed | {"state": "MA"}
    assert person.dob == date(1985, 4, 12)
    assert person.ssn == "810224471"


def test_only_what_was_changed_is_written(edit, john):
    NameSpelling.objects.all().delete()
    with CaptureQueriesContext(connection) as queries:
        edit(john, phone="617-555-0111")
    (update,) = [one["sql"] for one in queries if one["sql"].startswith('UPDATE "clients_client"')]
    written = set(re.findall(r'"(\w+)" = ', update.partition(" WHERE ")[0]))
    assert written == {"phone", "version", "date_updated"}
    assert not NameSpelling.objects.exists()


def test_new_spelling_of_a_name_is_remembered(edit, john):
    person = edit(john, last_name="Smyth-Jones")
    assert (person.last_key, person.last_part_key) == ("smythjones", "jones")
    assert NameSpelling.objects.filter(part="smyth").exists()


def test_races_and_aliases_are_saved_and_taken_away(edit, john):
    aliases = [("Johnny", "Smithers"), ("", ""), ("Jack", "")]
    person = edit(john, race_ethnicity=["white", "asian"], aliases=aliases)
    assert person.races == ["asian", "white"]
    assert [alias.display_name for alias in person.aliases.all()] == ["Johnny Smithers", "Jack"]
    person = edit(john, race_ethnicity=["none_9"], aliases=[("Jack", "")])
    assert person.races == []
    assert person.race_none == REFUSED
    assert [alias.display_name for alias in person.aliases.all()] == ["Jack"]


def test_races_and_a_reason_for_none_exclude_each_other(edit, john):
    page = edit(john, race_ethnicity=["white", "none_9"])
    assert errors(page)["race_ethnicity"] == [
        "Choose races and ethnicities, or one reason; not both."
    ]


@pytest.mark.parametrize(
    "forged",
    [
        {"veteran_status": "1"},
        {"relationship_to_hoh": "1"},
        {"id": "1", "pk": "1", "personal_id": "x"},
        {"merged_into": "1"},
        {"date_deleted": "2020-01-01"},
        {"created_by": "1"},
    ],
)
def test_posted_value_for_what_is_read_only_changes_nothing(edit, john, forged):
    before = Client.objects.filter(pk=john.pk).values().get()
    edit(john, **forged)
    after = Client.objects.filter(pk=john.pk).values().get()
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= {"date_updated", "version", "ssn"}  # encrypted again with each writing
    assert before["date_deleted"] == after["date_deleted"] is None


def test_relationship_and_veteran_status_are_shown(portal, alice, john):
    html = portal(alice).get(reverse("clients:edit", args=[john.pk])).content.decode()
    assert "Relationship to Head of Household" in html
    assert "Veteran Status" in html
    assert 'name="veteran_status"' not in html
    assert ">Finish</button>" in html


@pytest.mark.parametrize("url", ["clients:edit", "clients:dashboard", "clients:reveal_ssn"])
def test_stored_ssn_is_not_in_the_page(portal, alice, john, url):
    html = portal(alice).get(reverse(url, args=[john.pk])).content.decode()
    assert "123121234" not in html
    assert "123-12-1234" not in html
    assert "123121" not in html


# 3.4: name


@pytest.mark.parametrize(
    ("stored", "typed", "quality"),
    [
        (PARTIAL, {"first_name": "Jo", "last_name": "Smith"}, FULL),
        (PARTIAL, {"first_name": "Jo", "last_name": ""}, PARTIAL),
        (FULL, {"first_name": "", "last_name": "Smith"}, PARTIAL),
        (FULL, {"phone": "617-555-0111"}, FULL),
        (PARTIAL, {"phone": "617-555-0111"}, PARTIAL),  # a street name stays one
        (FULL, {"name_data_quality": PARTIAL}, PARTIAL),
        (PARTIAL, {"name_data_quality": ""}, FULL),
        (PARTIAL, {"name_data_quality": FULL}, FULL),
        (FULL, {"name_data_quality": REFUSED}, FULL),
        (FULL, {"first_name": "", "last_name": "", "name_data_quality": REFUSED}, REFUSED),
        (REFUSED, {"first_name": "Tiny", "name_data_quality": PARTIAL}, PARTIAL),
        (FULL, {"first_name": "Lucky", "name_data_quality": PARTIAL}, PARTIAL),
    ],
)
def test_quality_of_the_name_follows_the_name(edit, stored, typed, quality):
    assert edit(stored={"name_data_quality": stored}, **typed).name_data_quality == quality


@pytest.mark.parametrize("name", ["", "  ", "?", "- -"])
def test_client_without_a_name_needs_a_reason(edit, name):
    page = edit(first_name=name, last_name=name)
    assert errors(page)["first_name"] == ["Enter a first name or a last name."]


# 3.4: date of birth


@pytest.mark.parametrize(
    ("stored", "typed", "day", "quality"),
    [
        (None, "04/12/1985", date(1985, 4, 12), FULL),
        (None, "1985", date(1985, 1, 1), PARTIAL),
        (None, "4/1985", date(1985, 4, 1), PARTIAL),
        (None, " 04 - 1985 ", date(1985, 4, 1), PARTIAL),
        (None, "1985-04-12", date(1985, 4, 12), FULL),
        (None, "4.12.1985", date(1985, 4, 12), FULL),
        (None, "04121985", date(1985, 4, 12), FULL),
        (None, "Apr 12, 1985", date(1985, 4, 12), FULL),
        (PARTIAL, "01/01/1985", date(1985, 1, 1), PARTIAL),  # left as it was
        (PARTIAL, "04/12/1985", date(1985, 4, 12), FULL),
        (FULL, "1985", date(1985, 1, 1), PARTIAL),
        (FULL, "", None, MISSING),
    ],
)
def test_quality_of_the_date_of_birth_follows_the_date(edit, stored, typed, day, quality):
    dob = {"dob": date(1985, 1, 1), "dob_data_quality": stored} if stored else {}
    person = edit(stored=dob or {"dob": None, "dob_data_quality": MISSING}, dob=typed)
    assert (person.dob, person.dob_data_quality) == (day, quality)


@pytest.mark.parametrize(
    ("typed", "picked", "quality"),
    [
        ("04/12/1985", PARTIAL, PARTIAL),
        ("04/12/1985", UNKNOWN, FULL),
        ("", UNKNOWN, UNKNOWN),
        ("", REFUSED, REFUSED),
        ("", FULL, MISSING),
        ("", PARTIAL, MISSING),
        ("", "", MISSING),
        ("1985", FULL, PARTIAL),
    ],
)
def test_picked_quality_says_why_a_date_is_not_complete(edit, typed, picked, quality):
    person = edit(stored={"dob": None, "dob_data_quality": 99}, dob=typed, dob_data_quality=picked)
    assert person.dob_data_quality == quality


@pytest.mark.parametrize("picked", ["0", "3", "-1", "x", "1\x00", "9" * 40])
@pytest.mark.parametrize("which", ["name", "ssn", "dob"])
def test_quality_that_hud_does_not_have_is_refused(edit, john, which, picked):
    assert errors(edit(john, **{f"{which}_data_quality": picked}))[f"{which}_data_quality"]


# 3.4: SSN


@pytest.mark.parametrize(
    ("typed", "picked", "stored", "quality"),
    [
        ("810-22-4471", "", "810224471", FULL),
        ("810 22 4471", REFUSED, "810224471", FULL),
        ("4471", "", "xxxxx4471", PARTIAL),
        ("4471", FULL, "xxxxx4471", PARTIAL),
        ("xxx-xx-4471", "", "xxxxx4471", PARTIAL),
        ("810-22-xxxx", "", "81022xxxx", PARTIAL),
        ("\u0668\u0661\u0660-22-4471", "", "810224471", FULL),
        ("", UNKNOWN, "", UNKNOWN),
        ("", REFUSED, "", REFUSED),
        ("", "", "", MISSING),
        ("", FULL, "", MISSING),
        ("xxx-xx-xxxx", REFUSED, "", REFUSED),
    ],
)
def test_quality_of_the_ssn_follows_the_ssn(edit, typed, picked, stored, quality):
    person = edit(ssn=typed, ssn_data_quality=picked)
    assert (person.ssn, person.ssn_data_quality) == (stored, quality)


def test_blank_box_keeps_the_ssn_on_file(edit, john):
    person = edit(john, ssn="", ssn_data_quality=REFUSED, phone="617-555-0111")
    assert (person.ssn, person.ssn_data_quality, person.phone) == (
        "123121234",
        FULL,
        "617-555-0111",
    )


def test_new_ssn_replaces_the_one_on_file(edit, john):
    assert edit(john, ssn="810224471").ssn == "810224471"


@pytest.mark.parametrize(("picked", "quality"), [("", MISSING), (FULL, MISSING), (9, REFUSED)])
def test_ssn_on_file_is_removed_only_when_asked(edit, john, picked, quality):
    person = edit(john, remove_ssn="on", ssn_data_quality=picked)
    assert (person.ssn, person.ssn_data_quality) == ("", quality)
    assert (person.ssn_hash, person.ssn_last4_hash) == ("", "")


def test_typed_ssn_counts_more_than_the_tick_that_removes_it(edit, john):
    assert edit(john, remove_ssn="on", ssn="810224471").ssn == "810224471"


@pytest.mark.parametrize("stored", ["000000000", "123456789", "xxxxx1234", "12345678a"])
def test_invalid_ssn_on_file_does_not_keep_one_from_changing_something_else(edit, stored):
    person = edit(stored={"ssn": stored, "ssn_data_quality": 2}, phone="617-555-0111")
    assert (person.phone, person.ssn, person.ssn_data_quality) == ("617-555-0111", stored, PARTIAL)


# Who may share a client


def test_owning_organization_restricts_its_client(edit, john, portal, charlie):
    browser = portal(charlie)
    assert browser.get(john.get_absolute_url()).status_code == 200
    edit(john, visibility=Visibility.OWN_ORGANIZATION)
    assert browser.get(john.get_absolute_url()).status_code == 404
    edit(john, visibility=Visibility.ALL_ORGANIZATIONS)
    assert browser.get(john.get_absolute_url()).status_code == 200


def test_other_organization_changes_a_shared_client_but_not_who_sees_it(portal, charlie, john):
    page = reverse("clients:edit", args=[john.pk])
    browser = portal(charlie)
    form = opened(browser.get(page))
    assert "visibility" not in form.fields
    data = filled(form, phone="617-555-0111", visibility="own", conflicting="visibility")
    data |= {"choose_visibility": "mine"}
    assert browser.post(page, data).status_code == 302
    john.refresh_from_db()
    assert (john.phone, john.visibility) == ("617-555-0111", Visibility.ALL_ORGANIZATIONS)
    assert john.organization != charlie.organizations[0]
    assert john.updated_by == charlie


def test_access_lost_meanwhile_and_visibility_changed_meanwhile_is_no_error(
    *, portal, harbor, bridge, john, alice
):
    uma = UserFactory(at=[harbor, bridge])
    browser = portal(uma)
    browser.post("/settings/", {"organization": bridge.pk})
    page = reverse("clients:edit", args=[john.pk])
    Client.objects.filter(pk=john.pk).update(visibility="own")
    form = opened(browser.get(page))
    Client.objects.filter(pk=john.pk).update(visibility="all", version=2, updated_by=alice)
    uma.memberships.get(organization=harbor).delete()
    assert browser.post(page, filled(form, phone="617-555-0111")).status_code in (200, 302)


def test_visibility_that_does_not_exist_is_refused(edit, john):
    assert errors(edit(john, visibility="everybody"))["visibility"]


def test_merged_away_client_is_edited_as_the_one_that_remains(portal, alice, harbor, john):
    gone = ClientFactory(organization=harbor, created_by=alice, merged_into=john)
    browser = portal(alice)
    assert browser.get(gone.get_absolute_url())["Location"] == john.get_absolute_url()
    page = reverse("clients:edit", args=[gone.pk])
    assert send(browser, page, phone="617-555-0111")["Location"] == john.get_absolute_url()
    john.refresh_from_db()
    assert john.phone == "617-555-0111"


def test_dashboard_names_every_alias_in_order(portal, alice, john):
    for first, last in [("Johnny", "Smithers"), ("Jack", ""), ("", "Doe")]:
        ClientAlias(client=john, first_name=first, last_name=last).save()
    page = portal(alice).get(john.get_absolute_url())
    assert page.context["client"].alias_names == ["Johnny Smithers", "Jack", "Doe"]
    assert "<bdi>Johnny Smithers</bdi>, <bdi>Jack</bdi>, <bdi>Doe</bdi>" in page.content.decode()


def test_refused_form_leaves_the_saved_name_in_the_client_bar(portal, alice, harbor):
    client = ClientFactory(first_name="Maria", organization=harbor, created_by=alice)
    page = portal(alice).post(
        f"/clients/{client.pk}/edit/", {"first_name": "Marietta", "dob": "02/30/1990"}
    )
    assert page.context["client"].first_name == "Maria"
    assert page.context["form"]["first_name"].value() == "Marietta"
