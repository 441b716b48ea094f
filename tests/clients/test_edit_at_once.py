"""3.5: two people edit the same client; nobody's entry is silently lost."""

from functools import partial

import pytest
from django.test import Client as Browser
from django.urls import reverse

from clients.models import Client, ClientAlias
from tests.factories import ClientFactory, OrganizationFactory, UserFactory
from tests.pages import errors, filled, opened, send
from tests.waits import at_once


@pytest.fixture
def edit_page(john):
    return reverse("clients:edit", args=[john.pk])


@pytest.fixture
def two(portal, alice, bob, john, edit_page):
    """Alice has the form open while Bob saves; returns what she gets when she saves."""

    def save(*, mine, theirs):
        browser = portal(alice)
        form = opened(browser.get(edit_page))
        assert send(portal(bob), edit_page, **theirs).status_code == 302
        answer = browser.post(edit_page, filled(form, **mine))
        if answer.status_code == 200:
            answer.send = lambda **typed: browser.post(
                edit_page, filled(answer.context["form"], **typed)
            )
        return answer

    return save


def now(john, *names):
    person = Client.objects.get(pk=john.pk)
    return tuple(getattr(person, name) for name in names)


def changes(answer):
    return {
        change.name: (change.before, change.now, change.typed)
        for change in answer.context["form"].changes
    }


def test_what_only_the_other_changed_is_merged(two, john):
    answer = two(mine={}, theirs={"phone": "617-555-0111"})
    assert changes(answer) == {"phone": ("617-555-0142", "617-555-0111", "617-555-0142")}
    assert opened(answer)["phone"].value() == "617-555-0111"
    assert answer.send().status_code == 302
    assert now(john, "phone") == ("617-555-0111",)


def test_what_only_i_changed_is_kept(two, john):
    answer = two(mine={"city": "Gull Harbor"}, theirs={"phone": "617-555-0111"})
    assert now(john, "city") == ("Saltmarsh",)
    assert opened(answer)["city"].value() == "Gull Harbor"
    assert answer.send().status_code == 302
    assert now(john, "city", "phone") == ("Gull Harbor", "617-555-0111")


def test_same_change_by_both_is_no_conflict(two, john):
    answer = two(mine={"phone": "617-555-0111"}, theirs={"phone": "617-555-0111"})
    assert answer.status_code == 200
    assert not answer.context["form"].choices_to_make
    assert answer.send().status_code == 302
    assert now(john, "phone") == ("617-555-0111",)


def test_conflict_is_listed_with_both_values_and_a_choice(two, john):
    answer = two(mine={"phone": "617-555-0121"}, theirs={"phone": "617-555-0122"})
    html = answer.content.decode()
    assert "Bob" in html
    assert "changed this client while you were editing" in html
    assert changes(answer) == {"phone": ("617-555-0142", "617-555-0122", "617-555-0121")}
    assert "Keep what I typed: 617-555-0121" in html
    assert "s: 617-555-0122" in html
    assert html.count('type="radio"') == 2
    assert now(john, "phone") == ("617-555-0122",)


@pytest.mark.parametrize(("choice", "kept"), [("mine", "617-555-0121"), ("theirs", "617-555-0122")])
def test_choice_is_saved(two, john, choice, kept):
    answer = two(mine={"phone": "617-555-0121", "city": "X"}, theirs={"phone": "617-555-0122"})
    assert answer.send(choose_phone=choice).status_code == 302
    assert now(john, "phone", "city") == (kept, "X")


@pytest.mark.parametrize("choice", [None, "", "both", "\x00"])
def test_conflict_is_not_saved_without_a_choice(two, john, choice):
    answer = two(mine={"phone": "617-555-0121"}, theirs={"phone": "617-555-0122"})
    again = answer.send(choose_phone=choice)
    assert errors(again)["choose_phone"]
    assert opened(again)["phone"].value() == "617-555-0121"
    assert now(john, "phone") == ("617-555-0122",)


def test_third_change_while_choosing_is_seen_too(two, john, portal, dana, edit_page):
    answer = two(mine={"phone": "617-555-0121"}, theirs={"phone": "617-555-0122"})
    assert send(portal(dana), edit_page, phone="617-555-0123", city="D").status_code == 302
    again = answer.send(choose_phone="mine")
    assert again.status_code == 200
    assert changes(again)["phone"] == ("617-555-0122", "617-555-0123", "617-555-0121")
    assert changes(again)["city"][1] == "D"
    assert now(john, "phone") == ("617-555-0123",)


def test_stale_version_of_unchanged_fields_is_saved(portal, alice, john, edit_page):
    browser = portal(alice)
    form = opened(browser.get(edit_page))
    Client.objects.filter(pk=john.pk).update(version=7)
    assert browser.post(edit_page, filled(form, phone="617-555-0111")).status_code == 302
    assert now(john, "phone", "version") == ("617-555-0111", 8)


@pytest.mark.parametrize("choice", ["mine", "theirs"])
def test_aliases_are_chosen_as_a_whole(two, john, choice):
    ClientAlias(client=john, first_name="Old", last_name="Name").save()
    mine, theirs = [("Old", "Name"), ("Johnny", "")], [("Jack", "Smith")]
    answer = two(mine={"aliases": mine}, theirs={"aliases": theirs})
    assert changes(answer)["aliases"] == ("Old Name", "Jack Smith", "Old Name, Johnny")
    assert answer.send(choose_aliases=choice).status_code == 302
    saved = [(alias.first_name, alias.last_name) for alias in john.aliases.all()]
    assert saved == (mine if choice == "mine" else theirs)


def test_aliases_of_the_other_are_merged(two, john):
    answer = two(mine={"phone": "617-555-0111"}, theirs={"aliases": [("Jack", "Smith")]})
    assert answer.send().status_code == 302
    assert [alias.display_name for alias in john.aliases.all()] == ["Jack Smith"]


@pytest.mark.parametrize(("choice", "kept"), [("mine", ["white"]), ("theirs", ["asian"])])
def test_races_are_chosen_as_a_whole(two, john, choice, kept):
    answer = two(mine={"race_ethnicity": ["white"]}, theirs={"race_ethnicity": ["asian"]})
    assert changes(answer)["race_ethnicity"] == ("(empty)", "Asian or Asian American", "White")
    assert answer.send(choose_race_ethnicity=choice).status_code == 302
    person = Client.objects.get(pk=john.pk)
    assert person.races == kept


@pytest.mark.parametrize(
    ("mine", "theirs", "choice", "kept"),
    [
        ("", "01/02/1990", "theirs", ("01/02/1990", 1)),
        ("", "01/02/1990", "mine", (None, 99)),
        ("1991", "", "theirs", (None, 99)),
        ("1991", "", "mine", ("01/01/1991", 2)),
        ("1991", "01/02/1990", "theirs", ("01/02/1990", 1)),
        ("01/02/1990", "1991", "theirs", ("01/01/1991", 2)),
        ("01/02/1990", "1991", "mine", ("01/02/1990", 1)),
    ],
)
def test_chosen_date_brings_its_own_quality(*, two, john, mine, theirs, choice, kept):
    answer = two(mine={"dob": mine}, theirs={"dob": theirs})
    typed = {field.name: choice for field in answer.context["form"].choices_to_make}
    answer = answer.send(**typed)
    assert answer.status_code == 302, answer.context["form"].errors
    dob, quality = now(john, "dob", "dob_data_quality")
    assert (dob and f"{dob:%m/%d/%Y}", quality) == kept


@pytest.mark.parametrize("choice", ["mine", "theirs"])
def test_chosen_name_brings_its_own_quality(two, john, choice):
    answer = two(
        mine={"first_name": "", "last_name": "", "name_data_quality": 9},
        theirs={"first_name": "Jo"},
    )
    typed = {field.name: choice for field in answer.context["form"].choices_to_make}
    answer = answer.send(**typed)
    kept = ("", "", 9) if choice == "mine" else ("Jo", "", 2)
    assert answer.status_code == 302, answer.context["form"].errors
    assert now(john, "first_name", "last_name", "name_data_quality") == kept


# The SSN, which the page never shows


def test_two_new_ssns_are_a_conflict(two, john):
    answer = two(mine={"ssn": "810-22-4471"}, theirs={"ssn": "822-51-7096"})
    assert answer.status_code == 200
    html = answer.content.decode()
    assert changes(answer)["ssn"][1:] == ("•••-••-7096", "•••-••-4471")
    assert "822517096" not in html
    assert "822-51-7096" not in html
    assert now(john, "ssn") == ("822517096",)


@pytest.mark.parametrize(("choice", "kept"), [("mine", "810224471"), ("theirs", "822517096")])
def test_chosen_ssn_is_saved(two, john, choice, kept):
    answer = two(mine={"ssn": "810-22-4471"}, theirs={"ssn": "822-51-7096"})
    assert answer.send(choose_ssn=choice).status_code == 302
    assert now(john, "ssn", "ssn_data_quality") == (kept, 1)


@pytest.mark.parametrize(("choice", "kept"), [("mine", ("", 99)), ("theirs", ("822517096", 1))])
def test_ssn_that_i_remove_and_the_other_changes_is_a_conflict(two, john, choice, kept):
    answer = two(mine={"remove_ssn": "on"}, theirs={"ssn": "822-51-7096"})
    assert now(john, "ssn") == ("822517096",)
    typed = {field.name: choice for field in answer.context["form"].choices_to_make}
    assert answer.send(**typed).status_code == 302
    assert now(john, "ssn", "ssn_data_quality") == kept


@pytest.mark.parametrize(("choice", "kept"), [("mine", ("810224471", 1)), ("theirs", ("", 99))])
def test_ssn_that_the_other_removes_and_i_change_is_a_conflict(two, john, choice, kept):
    answer = two(mine={"ssn": "810-22-4471"}, theirs={"remove_ssn": "on"})
    assert now(john, "ssn") == ("",)
    typed = {field.name: choice for field in answer.context["form"].choices_to_make}
    assert answer.send(**typed).status_code == 302
    assert now(john, "ssn", "ssn_data_quality") == kept


def test_conflict_does_not_say_whether_a_typed_ssn_is_the_stored_one(portal, alice, john):
    """Last digits are shown: whoever could try the others would need no right to see them."""
    browser, page = portal(alice), reverse("clients:edit", args=[john.pk])
    typed = filled(opened(browser.get(page)), phone="617-555-0111", version="0", opened="")
    answers = [browser.post(page, typed | {"ssn": ssn}) for ssn in ("123-12-1234", "321-12-1234")]
    told = [changes(one) for one in answers]
    assert told[0] == told[1]
    assert {"phone", "ssn"} <= told[0].keys()
    assert now(john, "ssn", "phone") == ("123121234", "617-555-0142")


def test_ssn_that_only_the_other_changed_stays(two, john):
    answer = two(mine={"phone": "617-555-0111"}, theirs={"ssn": "822-51-7096"})
    if answer.status_code == 200:
        assert "•••-••-7096" in answer.content.decode()
        assert answer.send().status_code == 302
    assert now(john, "ssn", "phone") == ("822517096", "617-555-0111")


def test_ssn_that_only_i_typed_is_kept_through_the_choice(two, john):
    answer = two(
        mine={"ssn": "810-22-4471", "phone": "617-555-0131"}, theirs={"phone": "617-555-0132"}
    )
    assert answer.send(choose_phone="theirs").status_code == 302
    assert now(john, "ssn", "phone") == ("810224471", "617-555-0132")


def test_deletion_that_only_i_ticked_is_kept_through_the_choice(two, john):
    answer = two(
        mine={"remove_ssn": "on", "phone": "617-555-0131"}, theirs={"phone": "617-555-0132"}
    )
    assert answer.send(choose_phone="theirs").status_code == 302
    assert now(john, "ssn", "phone") == ("", "617-555-0132")


# Forgeries


@pytest.mark.parametrize(
    ("opened_at", "version"),
    [
        (None, None),
        (None, "0"),
        ("", ""),
        ("junk", "-1"),
        ("a:b:c", "x"),
        ("\x00", "\x00"),
        ("ü:ü", "9" * 40),
        ("x" * 5000, "1.0"),
    ],
)
def test_forged_version_never_overwrites_unseen(
    *, portal, alice, bob, john, edit_page, opened_at, version
):
    browser = portal(alice)
    form = opened(browser.get(edit_page))
    assert send(portal(bob), edit_page, phone="617-555-0122").status_code == 302
    answer = browser.post(
        edit_page, filled(form, phone="617-555-0121", opened=opened_at, version=version)
    )
    assert answer.status_code == 200
    assert now(john, "phone") == ("617-555-0122",)
    html = answer.content.decode()
    assert "617-555-0121" in html
    assert "617-555-0122" in html


@pytest.mark.parametrize(
    "conflicting",
    ["junk", "phone,phone", "version", "opened", "ssn", "organization", ",,,", "\x00", "aliases"],
)
def test_forged_list_of_conflicts_is_no_error(portal, alice, john, edit_page, conflicting):
    answer = send(portal(alice), edit_page, phone="617-555-0111", conflicting=conflicting)
    assert answer.status_code in (200, 302)


@pytest.mark.django_db(transaction=True)
def test_two_who_save_at_the_same_moment():
    harbor = OrganizationFactory()
    users = [UserFactory(at=[harbor], first_name=name) for name in ("Alice", "Bob")]
    john = ClientFactory(organization=harbor, phone="0")  # written last by somebody else
    edit_page = reverse("clients:edit", args=[john.pk])
    browsers = [Browser() for _ in users]
    sent = []
    for number, (user, browser) in enumerate(zip(users, browsers, strict=True), start=1):
        browser.force_login(user)
        sent.append(filled(opened(browser.get(edit_page)), phone=f"617-555-{1000 + number}"))
    pairs = zip(browsers, sent, strict=True)
    answers = at_once(*(partial(browser.post, edit_page, form) for browser, form in pairs))
    assert sorted(answer.status_code for answer in answers) == [200, 302]
    loser = next(answer for answer in answers if answer.status_code == 200)
    kept = Client.objects.get(pk=john.pk)
    assert kept.version == 2
    assert [change.now for change in loser.context["form"].changes] == [kept.phone]
