"""A date of birth agrees with an approximate one as far as the approximate one goes."""

from datetime import date

import pytest

from clients.duplicates.likely import likely_duplicates
from clients.forms.find import FindClientForm
from clients.models import Client
from clients.search import Criteria, exact_matches, near_matches
from clients.search.similarity import ROUGHLY, SAME_YEAR
from clients.side_by_side import compare
from hud.rules.dob import BirthDate, Precision, birth_date
from tests.factories import ClientAliasFactory

DAY, YEAR, MONTH = date(1977, 5, 12), date(1977, 1, 1), date(1977, 5, 1)
FULL, PARTIAL = 1, 2


def searched(**boxes) -> Criteria:
    form = FindClientForm(boxes)
    assert form.is_valid(), form.errors
    return form.criteria


@pytest.fixture
def born(person):
    """Files Rosa Quiller with a date of birth that is full or approximate."""

    def file(dob, quality, first="Rosa", last="Quiller", **fields):
        client = person(first, last, dob=dob, **fields)
        Client.objects.filter(pk=client.pk).update(dob_data_quality=quality)
        client.refresh_from_db()
        return client

    return file


@pytest.mark.parametrize(
    ("dob", "quality", "known"),
    [
        (DAY, FULL, Precision.DAY),
        (YEAR, FULL, Precision.DAY),
        (YEAR, PARTIAL, Precision.YEAR),
        (MONTH, PARTIAL, Precision.MONTH),
        (DAY, PARTIAL, Precision.YEAR),  # an estimate
    ],
)
def test_how_far_a_stored_date_goes(dob, quality, known):
    assert birth_date(dob, quality) == BirthDate(dob, known)


RECORDS = [(DAY, FULL), (YEAR, PARTIAL), (MONTH, PARTIAL), (date(1977, 9, 20), PARTIAL)]
OTHERS = [
    (date(1977, 5, 13), FULL),
    (date(1978, 1, 1), PARTIAL),
    (date(1977, 6, 1), PARTIAL),
    (YEAR, FULL),
]


@pytest.mark.parametrize("names", [{}, {"last_name": "Qui"}, {"first_name": "R", "last_name": "Q"}])
def test_whole_date_finds_approximate_ones_that_agree(alice, born, names):
    right = [born(*one) for one in RECORDS]
    for one in OTHERS:
        born(*one)
    found = exact_matches(searched(dob="05/12/1977", **names), alice).clients
    assert found[0] == right[0]  # the day itself before what only agrees
    assert set(found) == set(right)


@pytest.mark.parametrize("names", [{}, {"last_name": "Qui"}, {"first_name": "Rosa"}])
@pytest.mark.parametrize("typed", ["1977", "05/1977", "5-1977"])
def test_year_or_month_can_be_searched(alice, born, typed, names):
    right = [born(*one) for one in RECORDS]
    of_the_month = born(date(1977, 5, 30), FULL)
    of_the_year = [born(date(1977, 6, 1), PARTIAL), born(date(1977, 12, 31), FULL)]
    born(date(1978, 5, 12), FULL)
    born(None, 99)
    found = set(exact_matches(searched(dob=typed, **names), alice).clients)
    expected = {*right, of_the_month, *(of_the_year if typed == "1977" else [])}
    assert found == expected


def test_alias_is_found_by_an_approximate_date_too(alice, born):
    client = born(YEAR, PARTIAL)
    ClientAliasFactory(client=client, first_name="Rosie", last_name="Tamarind")
    assert exact_matches(searched(dob="05/12/1977", last_name="Tam"), alice).clients == [client]
    assert exact_matches(searched(dob="1977", last_name="Tam"), alice).clients == [client]
    assert not exact_matches(searched(dob="05/12/1979", last_name="Tam"), alice).clients


@pytest.mark.parametrize(
    ("typed", "record", "reason"),
    [
        ("05/12/1977", (YEAR, PARTIAL), SAME_YEAR.reason),
        ("1977", (DAY, FULL), SAME_YEAR.reason),
        ("1977", (YEAR, PARTIAL), SAME_YEAR.reason),
        ("05/12/1978", (YEAR, PARTIAL), ROUGHLY.reason),
        ("1978", (DAY, FULL), ROUGHLY.reason),
    ],
)
def test_misspelt_name_with_an_approximate_date_is_a_near_match(alice, born, typed, record, reason):
    client = born(*record)
    (match,) = near_matches(searched(first_name="Rosa", last_name="Quilller", dob=typed), alice)
    assert match.client == client
    assert reason in match.reasons


@pytest.mark.parametrize("typed", ["05/12/1981", "1981"])
def test_approximate_date_years_away_is_listed_and_marked(alice, born, typed):
    client = born(YEAR, PARTIAL)
    (match,) = near_matches(searched(first_name="Rosa", last_name="Quilller", dob=typed), alice)
    assert (match.client, match.reasons[-1]) == (client, "Different date of birth")


def test_many_without_a_date_do_not_hide_the_one_that_agrees(alice, born, person):
    for _ in range(25):
        person("Rosa", "Quiller")
    client = born(YEAR, PARTIAL)
    criteria = searched(first_name="Rosa", last_name="Quilller", dob="05/12/1977")
    assert near_matches(criteria, alice)[0].client == client


@pytest.mark.parametrize(
    ("dob", "quality", "record"),
    [
        (date(1977, 4, 12), FULL, (YEAR, PARTIAL)),
        (date(1977, 1, 1), PARTIAL, (DAY, FULL)),
        (date(1977, 5, 1), PARTIAL, (DAY, FULL)),
        (date(1977, 1, 1), PARTIAL, (YEAR, PARTIAL)),
    ],
)
def test_new_client_of_the_same_name_is_asked_about(alice, born, dob, quality, record):
    client = born(*record)
    new = Client(first_name="Rosa", last_name="Quiller", dob=dob, dob_data_quality=quality, sex=99)
    assert [one.client for one in likely_duplicates(new, alice)] == [client]


def test_dates_that_may_be_one_day_do_not_differ_side_by_side(born):
    columns = ["one", "two"]
    approximate, whole, other = born(YEAR, PARTIAL), born(DAY, FULL), born(date(1979, 5, 12), FULL)
    row = next(row for row in compare([approximate, whole], columns) if "Birth" in row.label)
    assert [cell.value for cell in row.cells] == ["1977 (approximate)", "05/12/1977"]
    assert not row.differs
    rows = compare([approximate, other], columns)
    assert next(row for row in rows if "Birth" in row.label).differs
