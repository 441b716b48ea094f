"""Code lists by fiscal year, and the enums that stand for some of them."""

import pytest

from hud import choices
from hud.choices import coordinated_entry, projects
from hud.lists import code_list, code_lists
from hud.rules.issues import error, warning
from hud.years import UnknownYearError

ENUMS = {
    "NameDataQuality": "3.01.5",
    "SSNDataQuality": "3.02.2",
    "DOBDataQuality": "3.03.2",
    "Sex": "4.21",
    "RaceNone": "1.6",
    "VeteranStatus": "1.8",
    "MilitaryBranch": "V1.11",
    "DischargeStatus": "V1.12",
    "RelationshipToHoH": "3.15.1",
    "LengthOfStay": "3.917.2",
    "TimesHomeless": "3.917.4",
    "MonthsHomeless": "3.917.5",
    "RentalSubsidyType": "3.12.A",
    "PriorLivingSituation": "3.917",
    "CurrentLivingSituation": "4.12",
    "Destination": "3.12",
    "NoYesReasons": "1.8",
    "NoYesMissing": "1.7",
    "DataCollectionStage": "5.03.1",
    "DisabilityType": "1.3",
    "DisabilityResponse": "4.10.2",
    "WhenOccurred": "4.11.A",
    "ProjectType": "2.02.6",
    "RecordType": "1.4",
}

OF_COORDINATED_ENTRY = {
    "EventType": "4.20.2",
    "ReferralResult": "4.20.D",
    "AssessmentType": "4.19.3",
    "AssessmentLevel": "4.19.4",
    "PrioritizationStatus": "4.19.7",
}

OF_PROJECTS = {
    "ProjectType": "2.02.6",
    "NoYes": "1.10",
    "HousingType": "2.02.D",
    "FundingSource": "2.06.1",
    "RRHSubType": "2.02.A",
    "TargetPopulation": "2.02.7",
    "HOPWAMedAssistedLivingFac": "2.02.8",
    "GeographyType": "2.03.4",
    "HouseholdType": "2.07.4",
    "BedType": "2.07.5",
    "Availability": "2.07.6",
    "HMISParticipationType": "2.08.1",
}
ALL = [(choices, *one) for one in ENUMS.items()]
ALL += [(coordinated_entry, *one) for one in OF_COORDINATED_ENTRY.items()]
ALL += [(projects, *one) for one in OF_PROJECTS.items()]


@pytest.mark.parametrize(("module", "name", "number"), ALL)
def test_enum_equals_its_list(module, name, number):
    assert getattr(module, name).choices == code_list(number, year=2026).choices


@pytest.mark.parametrize(
    ("module", "names"),
    [(choices, ENUMS), (coordinated_entry, OF_COORDINATED_ENTRY), (projects, OF_PROJECTS)],
)
def test_every_enum_is_compared_with_its_list(module, names):
    found = {name: one for name, one in vars(module).items() if isinstance(one, type)}
    enums = {name for name, one in found.items() if issubclass(one, choices.Codes) and len(one)}
    assert enums == set(names)


def test_enum_names_no_code_that_its_list_has_not():
    with pytest.raises(TypeError, match=r"list 4\.21 has no codes"):

        class Sex(choices.Codes, number="4.21"):
            OTHER = 2


def test_there_are_98_lists():
    assert len(code_lists(2026)) == 98


def test_list_knows_its_columns():
    assert code_list("3.12").used_by == ("Exit.Destination",)


def test_list_contains_what_may_be_chosen():
    funders = code_list("2.06.1")
    assert 2 in funders
    assert 12 not in funders
    assert "2" not in funders


def test_label_is_huds_wording():
    assert code_list("3.12").label(24) == "Deceased"
    assert code_list("2.03.1").label("AK-500") == "Anchorage CoC"


def test_retired_code_still_has_its_label():
    funders = code_list("2.06.1")
    assert [key for key, _ in funders.retired] == [12, 47, 48, 49]
    assert funders.label(12) == "HUD: Rural Housing Stability Assistance Program [Deprecated]"


def test_retired_lists_are_apart():
    assert "R3.1" not in code_lists(2026)


def test_lists_and_issues_can_be_keys():
    assert len({code_list("1.8"), code_list("1.8")}) == 1
    assert len({error("3.02", "ssn", "Check."), error("3.02", "ssn", "Check.")}) == 1
    assert error("3.02", "ssn", "Check.").blocks
    assert not warning("3.02", "ssn", "Check.").blocks


def test_unknown_code_says_so():
    with pytest.raises(KeyError, match="77"):
        code_list("3.12").label(77)


def test_unknown_list_says_so():
    with pytest.raises(KeyError, match=r"3\.99"):
        code_list("3.99")


@pytest.mark.parametrize("year", [2024, 2025, 2027, 0])
def test_unknown_year_says_which_are_known(year):
    with pytest.raises(UnknownYearError, match="known: FY2026"):
        code_list("3.12", year=year)


@pytest.mark.parametrize("value", [8, 9, 99])
def test_8_9_and_99_are_unanswered(value):
    assert choices.NoYesReasons(value).is_unanswered


@pytest.mark.parametrize("value", [0, 1])
def test_yes_and_no_are_answers(value):
    assert not choices.NoYesReasons(value).is_unanswered


def test_only_self_is_the_head_of_household():
    assert [one.label for one in choices.RelationshipToHoH if one.is_head] == [
        "Self (head of household)"
    ]


@pytest.mark.parametrize("name", ["DisabilityType", "ProjectType"])
def test_8_means_something_else_where_a_list_is_not_of_answers(name):
    assert not issubclass(getattr(choices, name), choices.Answers)


@pytest.mark.parametrize(
    ("code", "category"),
    [
        (116, "homeless"),
        (118, "homeless"),
        (204, "institutional"),
        (225, "institutional"),
        (302, "temporary"),
        (332, "temporary"),
        (410, "permanent"),
        (435, "permanent"),
        (17, "other"),
        (24, "other"),
        (99, "other"),
    ],
)
def test_destination_category_follows_huds_hundreds(code, category):
    assert choices.Destination(code).category == category


def test_situations_by_category_hold_every_choice_once():
    groups = choices.PriorLivingSituation.by_category()
    flat = [choice for _, members in groups for choice in members]
    assert sorted(flat) == sorted(choices.PriorLivingSituation.choices)
    assert next(heading for heading, _ in groups) == "Homeless situations"


def test_race_labels_are_huds():
    from hud.columns import snake_case

    huds = [(snake_case(str(key)), label) for key, label in code_list("race").choices]
    assert [*choices.RACES] == huds[:-1]
    assert huds[-1][0] == "race_none"


def test_disability_types_know_their_rule():
    assert [kind.rule for kind in choices.DisabilityType] == [
        "4.05",
        "4.06",
        "4.07",
        "4.08",
        "4.09",
        "4.10",
    ]
