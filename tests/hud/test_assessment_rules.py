"""Assessments: 3.08, 3.917, 4.02 to 4.05, 4.11."""

from datetime import date
from decimal import Decimal

import pytest

from hud.choices import LengthOfStay, NoYesMissing, NoYesReasons, PriorLivingSituation, ProjectType
from hud.columns import csv_file
from hud.rules import disability, domestic_violence, living_situation
from hud.rules.disability import Disability
from hud.rules.income import issues, total
from hud.rules.issues import Level
from hud.rules.living_situation import HISTORY, los_under_threshold, questions
from hud.rules.sources import BENEFITS, INCOME, INSURANCE

HOSPITAL = PriorLivingSituation.HOSPITAL
HOTEL = PriorLivingSituation.HOTEL
RENTAL = PriorLivingSituation.RENTAL
STREET = PriorLivingSituation.PLACE_NOT_FOR_HABITATION
SHORT_FOR_ALL = [LengthOfStay.ONE_NIGHT_OR_LESS, LengthOfStay.TWO_TO_SIX_NIGHTS]
SHORT_FOR_INSTITUTIONS = [LengthOfStay.WEEK_TO_MONTH, LengthOfStay.MONTH_TO_90_DAYS]
LONG = [LengthOfStay.DAYS_90_TO_YEAR, LengthOfStay.YEAR_OR_LONGER]
ASKED = ("living_situation", "length_of_stay")
ASKED_NIGHT_BEFORE = (*ASKED, "previous_street_essh")


def levels(found):
    return [(issue.level, issue.rule, issue.field) for issue in found]


def test_prior_living_situation_comes_first():
    assert questions(None) == ("living_situation",)


@pytest.mark.parametrize("situation", [101, 116, 118])
@pytest.mark.parametrize("length", [None, *LengthOfStay])
def test_homeless_situation_asks_for_the_history(situation, length):
    assert questions(situation, length_of_stay=length) == (*ASKED, *HISTORY)


@pytest.mark.parametrize("length", [*SHORT_FOR_ALL, *SHORT_FOR_INSTITUTIONS])
def test_institution_under_90_days_asks_for_the_night_before(length):
    assert questions(HOSPITAL, length_of_stay=length) == ASKED_NIGHT_BEFORE
    assert los_under_threshold(HOSPITAL, length) is NoYesMissing.YES


@pytest.mark.parametrize("length", LONG)
def test_institution_of_90_days_or_more_stops(length):
    asked = questions(HOSPITAL, length_of_stay=length, previous_street_essh=1)
    assert asked == ASKED
    assert los_under_threshold(HOSPITAL, length) is NoYesMissing.NO


@pytest.mark.parametrize("situation", [HOTEL, RENTAL, 8, 9, 99])
@pytest.mark.parametrize("length", SHORT_FOR_ALL)
def test_housing_under_7_nights_asks_for_the_night_before(situation, length):
    assert questions(situation, length_of_stay=length) == ASKED_NIGHT_BEFORE


@pytest.mark.parametrize("situation", [HOTEL, RENTAL, 8, 9, 99])
@pytest.mark.parametrize("length", [*SHORT_FOR_INSTITUTIONS, *LONG])
def test_housing_of_7_nights_or_more_stops(situation, length):
    assert questions(situation, length_of_stay=length, previous_street_essh=1) == ASKED


@pytest.mark.parametrize("length", [8, 9, 99])
def test_unanswered_length_of_stay_stops(length):
    assert questions(HOSPITAL, length_of_stay=length, previous_street_essh=1) == ASKED
    assert los_under_threshold(HOSPITAL, length) is NoYesMissing.NOT_COLLECTED


def test_night_before_on_the_street_asks_for_the_history():
    asked = questions(HOTEL, length_of_stay=10, previous_street_essh=1)
    assert asked == (*ASKED_NIGHT_BEFORE, *HISTORY)


@pytest.mark.parametrize("answer", [0, 99, None])
def test_night_before_elsewhere_stops(answer):
    asked = questions(HOTEL, length_of_stay=10, previous_street_essh=answer)
    assert asked == ASKED_NIGHT_BEFORE


def test_subsidized_rental_asks_which_subsidy():
    asked = questions(PriorLivingSituation.RENTAL_WITH_SUBSIDY, length_of_stay=5)
    assert asked == ("living_situation", "rental_subsidy_type", "length_of_stay")


@pytest.mark.parametrize("project_type", [0, 1, 4, 8])
def test_shelter_and_outreach_ask_everybody_for_the_history(project_type):
    asked = questions(RENTAL, length_of_stay=5, project_type=project_type)
    assert asked == (*ASKED, *HISTORY)


def test_other_projects_skip():
    asked = questions(RENTAL, length_of_stay=5, project_type=ProjectType.RAPID_REHOUSING)
    assert asked == ASKED


@pytest.mark.parametrize(("situation", "length"), [(STREET, 10), (None, 10), (HOTEL, None)])
def test_threshold_is_blank_where_it_is_not_asked(situation, length):
    assert los_under_threshold(situation, length) is None


def test_homelessness_after_the_start_is_an_error():
    found = living_situation.issues(date(2026, 1, 2), entry_date=date(2026, 1, 1))
    assert levels(found) == [(Level.ERROR, "3.917", "date_to_street_essh")]


def test_homelessness_before_birth_is_an_error():
    found = living_situation.issues(
        date(1989, 1, 1), entry_date=date(2026, 1, 1), dob=date(1990, 1, 1)
    )
    assert levels(found) == [(Level.ERROR, "3.917", "date_to_street_essh")]


@pytest.mark.parametrize("day", [None, date(2026, 1, 1), date(1990, 1, 1)])
def test_homelessness_by_the_start_passes(day):
    found = living_situation.issues(day, entry_date=date(2026, 1, 1), dob=date(1990, 1, 1))
    assert found == []


NONE_OF_SIX = [Disability(kind, 0) for kind in range(5, 11)]
CONTRADICTION = [(Level.ERROR, "3.08", "disabling_condition")]


def with_(kind, response, indefinite=None):
    """None of the six but one."""
    rows = [row for row in NONE_OF_SIX if row.disability_type != kind]
    return [*rows, Disability(kind, response, indefinite)]


@pytest.mark.parametrize("kind", [5, 7, 9])
def test_present_and_indefinite_is_disabling(kind):
    assert disability.derived(with_(kind, 1, 1)) is NoYesReasons.YES


@pytest.mark.parametrize("response", [1, 2, 3])
def test_substance_use_of_any_kind_is_disabling_when_indefinite(response):
    assert disability.derived(with_(10, response, 1)) is NoYesReasons.YES


@pytest.mark.parametrize("kind", [6, 8])
@pytest.mark.parametrize("indefinite", [None, 0, 1, 99])
def test_developmental_disability_and_hiv_are_always_disabling(kind, indefinite):
    assert disability.derived(with_(kind, 1, indefinite)) is NoYesReasons.YES


@pytest.mark.parametrize("kind", [5, 7, 9, 10])
def test_present_and_not_indefinite_is_not_disabling(kind):
    assert disability.derived(with_(kind, 1, 0)) is NoYesReasons.NO


def test_none_of_six_is_not_disabling():
    assert disability.derived(NONE_OF_SIX) is NoYesReasons.NO


@pytest.mark.parametrize("response", [None, 8, 9, 99])
@pytest.mark.parametrize("kind", [5, 6, 8, 10])
def test_unanswered_disability_leaves_3_08_open(kind, response):
    assert disability.derived(with_(kind, response)) is None


@pytest.mark.parametrize("indefinite", [None, 8, 9, 99])
def test_unanswered_duration_leaves_3_08_open(indefinite):
    assert disability.derived(with_(9, 1, indefinite)) is None


@pytest.mark.parametrize("rows", [[], NONE_OF_SIX[:5]])
def test_unasked_disability_leaves_3_08_open(rows):
    assert disability.derived(rows) is None


def test_no_disabling_condition_beside_a_disabling_one_is_an_error():
    assert levels(disability.issues(0, with_(8, 1))) == CONTRADICTION


def test_disabling_condition_beside_none_of_six_is_an_error():
    assert levels(disability.issues(1, NONE_OF_SIX)) == CONTRADICTION


@pytest.mark.parametrize("answer", [8, 9, 99, None])
def test_unanswered_disabling_condition_passes(answer):
    assert disability.issues(answer, with_(8, 1)) == []
    assert disability.issues(answer, NONE_OF_SIX) == []


@pytest.mark.parametrize("answer", [0, 1, 8])
def test_disabling_condition_passes_while_the_disabilities_are_open(answer):
    assert disability.issues(answer, with_(5, 99)) == []


def test_kind_of_substance_is_no_answer_to_other_disabilities():
    found = disability.row_issues(Disability(5, 2))
    assert levels(found) == [(Level.ERROR, "4.05", "disability_response")]
    assert not Disability(5, 2, 1).is_disabling


@pytest.mark.parametrize("row", [Disability(10, 3), Disability(5, 1), Disability(6, None)])
def test_listed_disability_answers_pass(row):
    assert disability.row_issues(row) == []


def test_unknown_response_of_substance_use_is_an_error_and_not_disabling():
    assert levels(disability.row_issues(Disability(10, 77))) == [
        (Level.ERROR, "4.10", "disability_response")
    ]
    assert not Disability(10, 77, 1).is_disabling


@pytest.mark.parametrize("topic", [INCOME, BENEFITS, INSURANCE], ids=lambda topic: topic.rule)
class TestFromAnySource:
    def test_yes_without_a_source_is_an_error(self, topic):
        found = issues(topic, {topic.any_field: 1})
        assert levels(found) == [(Level.ERROR, topic.rule, topic.any_field)]

    @pytest.mark.parametrize("answer", [0, 8, 9, 99, None])
    def test_not_yes_with_a_source_is_an_error(self, topic, answer):
        for source in topic.sources:
            found = issues(topic, {topic.any_field: answer, source.field: 1})
            assert levels(found) == [(Level.ERROR, topic.rule, topic.any_field)]

    @pytest.mark.parametrize("answer", [0, 8, 9, 99, None])
    def test_not_yes_without_sources_passes(self, topic, answer):
        none = {source.field: 0 for source in topic.sources}
        assert issues(topic, {topic.any_field: answer, **none}) == []

    def test_yes_with_a_source_does_not_block(self, topic):
        for source in topic.sources:
            found = issues(topic, {topic.any_field: 1, source.field: True})
            assert not any(issue.blocks for issue in found)

    def test_fields_are_columns_of_the_exchange_format(self, topic):
        columns = {column.field for column in csv_file("IncomeBenefits")}
        fields = {topic.any_field, *topic.amounts, *(source.field for source in topic.sources)}
        assert fields <= columns


def test_every_column_of_an_amount_is_an_income_source():
    money = {column.field for column in csv_file("IncomeBenefits") if column.type == "M+"}
    assert money == {"total_monthly_income", *INCOME.amounts}


EARNED = {"income_from_any_source": 1, "earned": 1, "earned_amount": Decimal("100.10")}


def test_income_with_its_amount_passes():
    assert issues(INCOME, EARNED) == []


@pytest.mark.parametrize("answer", [0, 8, 99, None])
def test_not_yes_with_an_amount_is_an_error(answer):
    found = issues(INCOME, {"income_from_any_source": answer, "ssi_amount": Decimal(5)})
    assert levels(found) == [(Level.ERROR, "4.02", "income_from_any_source")]


def test_not_yes_with_amounts_of_zero_passes():
    values = {"income_from_any_source": 0, "ssi_amount": Decimal("0.00"), "earned_amount": ""}
    assert issues(INCOME, {**values, "total_monthly_income": 0}) == []


def test_amount_without_its_source_is_an_error():
    found = issues(INCOME, {**EARNED, "ssi_amount": 5})
    assert levels(found) == [(Level.ERROR, "4.02", "ssi")]


@pytest.mark.parametrize("amount", [None, 0, Decimal("0.00")])
def test_source_without_its_amount_is_a_warning(amount):
    found = issues(INCOME, {**EARNED, "earned_amount": amount})
    assert levels(found) == [(Level.WARNING, "4.02", "earned_amount")]


def test_negative_amount_is_an_error():
    found = issues(INCOME, {**EARNED, "earned_amount": -1})
    assert levels(found) == [(Level.ERROR, "4.02", "earned_amount")]


def test_total_is_the_sum_of_the_amounts():
    assert total({**EARNED, "ssi_amount": Decimal("0.20"), "ga_amount": None}) == Decimal("100.30")
    assert total({"earned_amount": 0.1, "ssi_amount": 0.2}) == Decimal("0.3")
    assert total({}) == 0


@pytest.mark.parametrize("given", [None, Decimal("100.1"), Decimal("100.10"), "100.10"])
def test_total_that_is_the_sum_passes(given):
    assert issues(INCOME, {**EARNED, "total_monthly_income": given}) == []


@pytest.mark.parametrize("given", [0, Decimal("100.11"), 1])
def test_total_that_is_not_the_sum_is_an_error(given):
    found = issues(INCOME, {**EARNED, "total_monthly_income": given})
    assert levels(found) == [(Level.ERROR, "4.02", "total_monthly_income")]


def test_domestic_violence_asks_on_after_a_yes():
    assert domestic_violence.questions(1) == (
        "domestic_violence_survivor",
        "when_occurred",
        "currently_fleeing",
    )


@pytest.mark.parametrize("answer", [None, 0, 8, 9, 99])
def test_domestic_violence_stops_otherwise(answer):
    assert domestic_violence.questions(answer) == ("domestic_violence_survivor",)
