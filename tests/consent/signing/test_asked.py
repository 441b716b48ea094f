"""What comes back is signed is what was shown, and nothing else."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core import signing

from consent.household import people
from consent.languages import Language
from consent.signing import asked as module
from consent.signing.asked import Asked, ChangedError, ExpiredError, end_of, version_for
from consent.signing.shown import Column, languages_of
from consent.texts import actions as templates_actions
from records.models import Visibility
from tests.consent.conftest import TODAY
from tests.consent.factories import ReleaseFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def household(john, alice):
    return people(john, alice, today=TODAY)


@pytest.fixture
def asked(version, household, harbor):
    """John for himself and Jimmy, to share with everybody for a year, read in Spanish."""
    chosen = [one for one in household if one.client.first_name in {"John", "Jimmy"}]
    shown = version_for(harbor)
    return Asked(
        version=shown,
        languages=languages_of(shown, "es"),
        organization=harbor,
        people=chosen,
        covers=None,
        day=TODAY,
        ends_on=date(2027, 3, 1),
    )


def test_text_is_filled_in_in_both_languages_the_signed_one_first(asked):
    spanish, english = asked.shown.columns
    assert (spanish.language, spanish.title) == ("es", "Permiso de John Smith y Jimmy Smith")
    assert spanish.paragraphs[1] == "Hasta 1 de marzo de 2027."
    assert english.paragraphs == [
        "John Smith and Jimmy Smith lets Harbor Services share.",
        "Until March 1, 2027.",
    ]
    assert dict(english.terms)["Shared with"] == "all organizations of this system"
    assert dict(replace(asked, ends_on=None).shown.columns[1].terms)["Until"] == ("you revoke it")


@pytest.mark.parametrize(
    ("language", "text", "sentence"),
    [
        ("en", "It lasts: {end}.", "It lasts: until you revoke it."),
        ("en", "Until {end}.", "Until you revoke it."),
        ("en", "It counts\nuntil {end}, until {end}.", "until you revoke it, until you revoke it."),
        ("en", "Until {end}. It lasts: {end}.", "It lasts: until you revoke it."),
        ("es", "Y dura: {end}.", "Y dura: hasta que usted lo revoque."),
        ("es", "Hasta: {end}.", "Hasta: que usted lo revoque."),
        ("vi", "Cho tôi. {end}", "until you revoke it"),
    ],
)
def test_text_that_lasts_until_it_is_revoked_is_a_sentence(
    publish, asked, language, text, sentence
):
    version = publish({language: ("Title", text)})
    one = replace(asked, version=version, languages=[language], ends_on=None)
    (column,) = one.shown.columns
    assert column.text.endswith(sentence)
    end = "que usted lo revoque" if language == "es" else "you revoke it"
    assert column.terms[-1][1] == end


def test_terms_name_whom_a_release_for_all_leaves_out(asked, household, john, alice, bridge):
    """What was refused for one agency stays refused: the client reads it before signing."""
    sealed = asked.sealed(by=alice)
    ReleaseFactory(client=john, refused=True, covers=bridge)
    now = replace(asked)
    spanish, english = (dict(one.terms) for one in now.shown.columns)
    assert english["Shared with"] == (
        "all organizations of this system, except Bridge House (John Smith)"
    )
    assert "excepto Bridge House (John Smith)" in spanish["Se comparte con"]
    with pytest.raises(ChangedError):
        Asked.unsealed(sealed, household=household, by=alice)
    alone = replace(asked, people=asked.people[:1]).shown.columns[1]
    assert dict(alone.terms)["Shared with"].endswith(", except Bridge House")
    assert dict(replace(asked, covers=bridge).shown.columns[1].terms)["Shared with"] == str(bridge)
    ReleaseFactory(client=john, covers=bridge)
    assert "except" not in dict(replace(asked).shown.columns[1].terms)["Shared with"]


@pytest.mark.parametrize(
    ("text", "section"),
    [
        ("Why\nSo that we can help.", ("Why", "So that we can help.")),
        ("¿Por qué?\nPara ayudar.\nPronto.", ("¿Por qué?", "Para ayudar.\nPronto.")),
        ("You may sign.\nYou may not.", ("", "You may sign.\nYou may not.")),
        ("All that stands here", ("", "All that stands here")),
        (f"{'A long line ' * 6}\nwas broken.", ("", f"{'A long line ' * 6}\nwas broken.")),
    ],
)
def test_short_first_line_is_a_heading(text, section):
    assert Column(Language.ENGLISH, "Title", f"Before.\n\n{text}", {}).sections == [
        ("", "Before."),
        section,
    ]


def test_page_brings_back_what_it_showed(asked, household, alice):
    again = Asked.unsealed(asked.sealed(by=alice), household=household, by=alice)
    assert again.shown.hash == asked.shown.hash
    assert [one.client for one in again.people] == [one.client for one in asked.people]
    assert (again.languages, again.day, again.ends_on) == (["es", "en"], TODAY, date(2027, 3, 1))


def test_page_holds_no_name(asked, alice):
    content = signing.loads(asked.sealed(by=alice), salt=module.SALT)
    assert "John" not in str(content)
    assert "Smith" not in str(content)


def test_version_that_follows_meanwhile_changes_nothing(asked, household, alice, publish):
    sealed = asked.sealed(by=alice)
    publish({"en": ("Another title", "Another text")})
    again = Asked.unsealed(sealed, household=household, by=alice)
    assert again.version == asked.version
    assert again.shown.hash == asked.shown.hash


def test_version_that_was_retired_before_the_page_was_opened_is_not_signed(
    asked, household, alice, time_machine
):
    templates_actions.retire(version=asked.version, by=alice)
    time_machine.shift(60)
    with pytest.raises(ChangedError):
        Asked.unsealed(asked.sealed(by=alice), household=household, by=alice)


def test_name_that_was_changed_meanwhile_has_to_be_read(asked, john, alice):
    sealed = asked.sealed(by=alice)
    john.first_name = "Johnny"
    john.save()
    with pytest.raises(ChangedError):
        Asked.unsealed(sealed, household=people(john, alice, today=TODAY), by=alice)


def test_who_turned_18_meanwhile_is_asked_again(asked, john, jimmy, alice):
    sealed = asked.sealed(by=alice)
    jimmy.dob = date(2008, 3, 2)
    jimmy.save()
    with pytest.raises(ChangedError):
        Asked.unsealed(sealed, household=people(john, alice, today=TODAY), by=alice)


def test_who_was_restricted_meanwhile_is_not_named_beside_others(asked, john, jimmy, alice):
    sealed = asked.sealed(by=alice)
    jimmy.visibility = Visibility.OWN_ORGANIZATION
    jimmy.save(update_fields=["visibility"])
    household = people(john, alice, today=TODAY)
    with pytest.raises(ChangedError):
        Asked.unsealed(sealed, household=household, by=alice)
    alone = replace(asked, people=[one for one in household if one.client == jimmy])
    assert Asked.unsealed(alone.sealed(by=alice), household=household, by=alice)


def test_who_left_the_household_meanwhile_is_not_signed_for(asked, household, alice):
    with pytest.raises(ChangedError):
        Asked.unsealed(asked.sealed(by=alice), household=household[:1], by=alice)


def test_page_of_another_user_is_worth_nothing(asked, household, alice, bob):
    with pytest.raises(ExpiredError):
        Asked.unsealed(asked.sealed(by=alice), household=household, by=bob)


def test_page_of_an_organization_without_access_is_worth_nothing(asked, household, bridge, alice):
    sealed = replace(asked, organization=bridge).sealed(by=alice)
    with pytest.raises(ExpiredError):
        Asked.unsealed(sealed, household=household, by=alice)


@pytest.mark.parametrize("sent", ["", "x", "a:b:c"])
def test_what_is_not_ours_is_worth_nothing(household, alice, sent):
    with pytest.raises(ExpiredError):
        Asked.unsealed(sent, household=household, by=alice)


def test_changed_letter_is_noticed(asked, household, alice):
    sealed = asked.sealed(by=alice)
    with pytest.raises(ExpiredError):
        Asked.unsealed(f"x{sealed[1:]}", household=household, by=alice)


def test_page_that_was_open_for_half_a_day_is_read_again(asked, household, alice, time_machine):
    sealed = asked.sealed(by=alice)
    time_machine.shift(module.OPEN_PAGE + timedelta(seconds=1))
    with pytest.raises(ExpiredError):
        Asked.unsealed(sealed, household=household, by=alice)


def test_what_is_signed_after_midnight_is_of_the_day_that_was_read(
    asked, household, alice, time_machine
):
    sealed = asked.sealed(by=alice)
    time_machine.shift(timedelta(hours=11, minutes=30))
    assert Asked.unsealed(sealed, household=household, by=alice).day == TODAY


@pytest.mark.parametrize(
    ("months", "end"),
    [(12, date(2027, 3, 1)), (1, date(2026, 4, 1)), (None, None)],
)
def test_release_lasts_as_many_months_as_its_text_says(publish, months, end):
    assert end_of(publish(months=months), TODAY) == end


def test_third_language_stands_alone_beside_english(publish, harbor):
    texts = {tag: (tag, tag) for tag in ("vi", "en", "es")}
    publish(texts)
    version = version_for(harbor)
    assert languages_of(version) == ["en", "es"]
    assert languages_of(version, "vi") == ["vi", "en"]
    assert languages_of(version, "xx") == ["en", "es"]
