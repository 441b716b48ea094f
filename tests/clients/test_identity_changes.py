"""Identity edits by other organizations are visible to the one that filed the client, and can be
reverted by its officer (R16.2, docs/adr/0038)."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from clients import identity_changes
from clients.models import Client, ClientAccess, IdentityChange
from tests.factories import ClientFactory
from tests.pages import messages, send
from tests.waits import at_once

LIST = "admin:clients_identitychange_changelist"


@pytest.fixture
def person(harbor, alice):
    return ClientFactory(
        organization=harbor,
        created_by=alice,
        first_name="John",
        last_name="Smith",
        dob=date(1985, 4, 12),
        ssn="810224471",
        ssn_data_quality=1,
    )


@pytest.fixture
def edit(portal, person):
    """A function that types into Edit Client as somebody; returns what was noted of it."""

    def change(by, **typed):
        url = reverse("clients:edit", args=[person.pk])
        assert send(portal(by), url, **typed).status_code == 302
        return IdentityChange.objects.first()

    return change


def saved(person):
    return Client.objects.get(pk=person.pk)


def decide(browser, change, decision):
    return browser.post(change.get_absolute_url(), {decision: ""}, follow=True)


def test_change_by_another_organization_takes_effect_and_is_noted(edit, charlie, bridge, person):
    change = edit(charlie, first_name="Jon", dob="04/13/1985")
    assert saved(person).first_name == "Jon"
    assert (change.changed_for, change.changed_by) == (bridge, charlie)
    assert change.what == "Name, Date of Birth"


def test_own_changes_are_not_noted(edit, alice, bob):
    assert edit(alice, first_name="Jon") is None
    assert edit(bob, phone="617-555-0111") is None


def test_saving_without_a_change_is_not_noted(edit, charlie):
    assert edit(charlie) is None


def test_officer_sees_before_and_after_without_the_ssn(edit, portal, dana, charlie):
    change = edit(charlie, first_name="Jon", ssn="810-22-4499", race_ethnicity=["white", "asian"])
    browser = portal(dana)
    listed = browser.get(reverse(LIST))
    assert change.what in listed.text
    page = browser.get(change.get_absolute_url())
    for words in ("John Smith", "Jon Smith", "•••-••-4471", "•••-••-4499", "Bridge House", "White"):
        assert words in page.text, words
    assert "810224499" not in page.text.replace("-", "")
    view = ClientAccess.objects.filter(user=dana).first()
    assert view.client_id == change.client_id


def test_revert_writes_what_stood_there_before(edit, portal, dana, charlie, person):
    aliases = [("Johnny", "S")]
    change = edit(charlie, first_name="Jon", ssn="810-22-4499", aliases=aliases, sex="1")
    answer = decide(portal(dana), change, "revert")
    assert f"Client {person.pk}: the change was reverted." in messages(answer)
    now = saved(person)
    assert (now.first_name, now.ssn, now.sex) == ("John", "810224471", person.sex)
    assert now.ssn_hash == person.ssn_hash
    assert not now.aliases.exists()
    assert now.updated_by == dana
    change.refresh_from_db()
    assert (change.decision, change.decided_by) == ("reverted", dana)


def test_deleted_alias_comes_back(edit, portal, alice, dana, charlie, person):
    edit(alice, aliases=[("Johnny", "S")])
    change = edit(charlie, aliases=[])
    assert change.what == "Aliases"
    decide(portal(dana), change, "revert")
    assert [alias.display_name for alias in saved(person).aliases.all()] == ["Johnny S"]


def test_what_was_changed_again_since_is_left(edit, portal, alice, dana, charlie, person):
    change = edit(charlie, first_name="Jon", phone="617-555-0111")
    edit(alice, first_name="Jonathan")
    answer = decide(portal(dana), change, "revert")
    assert "Changed again since then, and left as it is: Name." in messages(answer)
    now = saved(person)
    assert (now.first_name, now.phone) == ("Jonathan", person.phone)


def test_two_changes_in_a_row_are_reverted_to_what_the_own_organization_wrote(
    edit, portal, dana, charlie, person
):
    first = edit(charlie, first_name="Jon", dob="01/01/1990")
    second = edit(charlie, dob="02/02/1991")
    browser = portal(dana)
    assert messages(decide(browser, first, "revert")) == [identity_changes.LATER_FIRST]
    decide(browser, second, "revert")
    assert saved(person).dob == date(1985, 4, 12)
    first.refresh_from_db()
    assert first.decision == "open"  # the name still stands there
    decide(browser, first, "revert")
    assert (saved(person).first_name, saved(person).dob) == ("John", date(1985, 4, 12))


def test_change_of_which_nothing_is_left_needs_no_review(edit, portal, dana, charlie, person):
    first = edit(charlie, dob="01/01/1990")
    second = edit(charlie, dob="02/02/1991")
    decide(portal(dana), second, "revert")
    first.refresh_from_db()
    assert (first.decision, saved(person).dob) == ("reverted", date(1985, 4, 12))


def test_nothing_left_to_revert_says_so(edit, portal, alice, dana, charlie, person):
    change = edit(charlie, first_name="Jon")
    edit(alice, first_name="Jonathan")
    assert messages(decide(portal(dana), change, "revert")) == [identity_changes.NOTHING_LEFT]
    change.refresh_from_db()
    assert change.decision == "open"


def test_kept_change_leaves_the_list_and_can_still_be_reverted(edit, portal, dana, charlie, person):
    change = edit(charlie, first_name="Jon")
    browser = portal(dana)
    decide(browser, change, "keep")
    assert change not in browser.get(reverse(LIST)).context["cl"].result_list
    assert change in browser.get(reverse(LIST), {"decision": "kept"}).context["cl"].result_list
    decide(browser, change, "revert")
    assert saved(person).first_name == "John"
    assert messages(decide(browser, change, "revert")) == [identity_changes.REVERTED_ALREADY]


def test_users_of_the_filing_organization_see_it_on_the_dashboard(
    edit, portal, alice, dana, charlie, person
):
    change = edit(charlie, first_name="Jon")
    words = "Bridge House changed Name on"
    assert words in portal(alice).get(person.get_absolute_url()).text
    assert change.get_absolute_url() not in portal(alice).get(person.get_absolute_url()).text
    assert change.get_absolute_url() in portal(dana).get(person.get_absolute_url()).text
    assert words not in portal(charlie).get(person.get_absolute_url()).text
    decide(portal(dana), change, "keep")
    assert words not in portal(alice).get(person.get_absolute_url()).text


@pytest.mark.parametrize("who", ["charlie", "alice"])
def test_only_the_filing_organizations_officer_decides(request, edit, portal, charlie, person, who):
    change = edit(charlie, first_name="Jon")
    answer = decide(portal(request.getfixturevalue(who)), change, "revert")
    assert answer.status_code in (403, 404)
    assert saved(person).first_name == "Jon"


def test_change_is_not_listed_of_a_client_who_is_gone(edit, portal, dana, charlie, person):
    change = edit(charlie, first_name="Jon")
    saved(person).mark_deleted(by=dana)
    assert change not in portal(dana).get(reverse(LIST)).context["cl"].result_list


@pytest.mark.django_db(transaction=True)
def test_two_officers_at_once_revert_once(edit, dana, charlie, person):
    change = edit(charlie, first_name="Jon")
    answers = at_once(
        *(lambda: identity_changes.revert_change(change=change, by=dana) for _ in range(2)),
        refusal=ValidationError,
    )
    assert sorted(map(str, answers)) == ["['This change was reverted already.']", "[]"]
    assert saved(person).version == change.versions[1].version + 1
