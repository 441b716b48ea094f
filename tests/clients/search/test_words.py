"""Every word of a name begins a match, and a line is read in every way it may be meant."""

import pytest

from clients.forms.find import FindClientForm, boxes_from_text
from clients.models import Client, NameForm
from clients.names import name_forms
from clients.search import Criteria, exact_matches, near_matches
from tests.factories import ClientAliasFactory


def found(user, **boxes) -> list[Client]:
    return exact_matches(Criteria(**boxes), user).clients


def searched(user, line) -> list[Client]:
    """Whom the search box in the top bar finds."""
    form = FindClientForm(boxes_from_text(line))
    assert form.is_valid(), form.errors
    return exact_matches(form.criteria, user).clients


@pytest.mark.parametrize(
    ("first", "last"),
    [
        *(
            ("Rob", "Lee"),
            ("James", "Leeworth"),
            ("Jam", "Lee"),
            ("James", ""),
            ("Robert James", ""),
        ),
        *(("", "Heerdenburg"), ("", "Heer"), ("Rob", "Hee"), ("J", "H"), ("Ja", "He")),
        *(("", "van heerdenburg"), ("Robert", "Leeworth Jr"), ("", "Leeworth-van")),
    ],
)
def test_every_word_of_a_name_begins_a_match(alice, person, first, last):
    client = person("Robert", "Leeworth van Heerdenburg", middle_name="James")
    person("Rupert", "Quillen", middle_name="Jasper")
    assert found(alice, first_name=first, last_name=last) == [client]


@pytest.mark.parametrize(
    ("first", "last"), [("obert", ""), ("", "worth"), ("Leeworth", "Robert"), ("James", "Quillen")]
)
def test_what_no_word_begins_with_does_not_match(alice, person, first, last):
    person("Robert", "Leeworth", middle_name="James")
    assert found(alice, first_name=first, last_name=last) == []


@pytest.mark.parametrize(
    "line",
    [
        *("Van Heerdenburg", "van heerdenburg", "Heerdenburg", "Ann Van Heerdenburg"),
        *("Mary Ann Van Heerdenburg", "Van Heerdenburg, Mary", "Van Heerdenburg, Mary Ann"),
        *("Mary Ann", "Mary Heerdenburg", "Ann Louise Heerdenburg", "Louise", "mary v"),
        *("Mary Ann Van Heerdenburg Jr", "Van Heerdenburg III", "Van Heerdenburg Sr., Mary"),
        *("Heerdenburg, Louise", "Mary-Ann Van Heerdenburg", "ANN VAN"),
    ],
)
def test_line_is_read_in_every_way_it_may_be_meant(alice, person, line):
    client = person("Mary Ann", "Van Heerdenburg", middle_name="Louise")
    person("Marion", "Vanderbilt")
    assert searched(alice, line) == [client]


@pytest.mark.parametrize("line", ["Robert Leeworth Jr", "Leeworth, Robert Jr.", "Leeworth IV"])
@pytest.mark.parametrize("record", [("Leeworth", "Jr"), ("Leeworth Jr", ""), ("Leeworth", "")])
def test_generation_is_no_part_of_a_name(alice, person, line, record):
    client = person("Robert", record[0], name_suffix=record[1])
    assert searched(alice, line) == [client]


def test_misspelt_line_has_near_matches(alice, person):
    client = person("Ann", "Van Heerdenburg")
    form = FindClientForm(boxes_from_text("Van Herdenburg"))
    assert form.is_valid()
    assert [match.client for match in near_matches(form.criteria, alice)] == [client]


def test_misspelt_middle_name_is_near(alice, person):
    client = person("Robert", "Leeworth", middle_name="Gareth")
    near = near_matches(Criteria("Garteh", "Leeworth"), alice)
    assert [match.client for match in near] == [client]


def test_later_word_of_an_alias_says_which_alias(alice, person):
    client = person("Robert", "Leeworth")
    ClientAliasFactory(client=client, first_name="Bob Ray", last_name="de la Cruz")
    (match,) = found(alice, first_name="Ray", last_name="Cruz")
    assert match.matched_alias == "Bob Ray de la Cruz"


def test_forms_follow_the_name_whoever_writes_it(alice, person):
    client = person("Robert", "Leeworth", middle_name="James")
    client.middle_name = "Gareth"
    client.save(update_fields=["middle_name"])
    assert found(alice, first_name="Gareth") == [client]
    assert found(alice, first_name="James") == []
    other = person("Kim", "Quillen")
    alias = ClientAliasFactory(client=client, first_name="Bob", last_name="de la Cruz")
    type(alias).objects.filter(pk=alias.pk).update(client=other)  # as a merge does
    assert found(alice, last_name="Cruz") == [other]
    alias.delete()
    assert found(alice, last_name="Cruz") == []


def test_restricted_client_is_not_found_by_a_later_word(charlie, person):
    person("Robert", "van Heerdenburg", visibility="own")
    assert found(charlie, last_name="Heerdenburg") == []


def test_number_of_forms_has_a_limit(person):
    many = " ".join(f"Word{number}" for number in range(9))
    assert len(name_forms(many[:50], many[:50], many[:50])) == 12
    person("Ana", "Cruz")
    assert not NameForm.objects.exists()
