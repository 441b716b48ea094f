"""Rows that the constraints of the set-up accept and refuse (tests/test_constraints.py)."""

from datetime import date

from agencies.models import (
    Affiliation,
    CEParticipation,
    Funder,
    HMISParticipation,
    Inventory,
    Project,
    ProjectCoC,
)
from agencies.models.inventory import COUNTS
from agencies.models.participation import ACCESS
from hud.choices import ProjectType
from tests.inserted_rows import inserted

RAPID = {"project_type": ProjectType.RAPID_REHOUSING}
OFFERS = dict.fromkeys(ACCESS, 0)


def codes(model, column: str, code: int, wrong: int) -> tuple:
    return model, [{column: code}], [{column: wrong}]


def period(model, end: str) -> tuple:
    """Of rows that start on January 1, 2020."""
    good = [{end: None}, {end: date(2020, 1, 1)}]
    return model, good, [{end: date(2019, 12, 31)}]


def texts(model, column: str, good: str, *wrong: str) -> tuple:
    return model, [{column: good}], [{column: text} for text in wrong]


ROWS = inserted(
    {
        "project_type_is_known": (
            Project,
            [{"project_type": 14}, {"project_type": None, "continuum_project": False}],
            [{"project_type": 5}, {"project_type": None}],
        ),
        "project_housing_type_is_known": codes(Project, "housing_type", 3, 4),
        "rrh_sub_type_of_rapid_rehousing": (
            Project,
            [RAPID, RAPID | {"rrh_sub_type": 2}],
            [
                {"rrh_sub_type": 1},
                RAPID | {"rrh_sub_type": 3},
                {"rrh_sub_type": 1, "project_type": None, "continuum_project": False},
            ],
        ),
        "residential_affiliation_is_known": codes(Project, "residential_affiliation", 1, 8),
        "target_population_is_known": codes(Project, "target_population", 3, 2),
        "hopwa_living_facility_is_known": codes(Project, "hopwa_med_assisted_living_fac", 2, 3),
        "pit_count_not_negative": codes(Project, "pit_count", 0, -1),
        # Retired funding sources are in older grants.
        "funder_is_known": (
            Funder,
            [{"funder": 2}, {"funder": 47}],
            [{"funder": 28}, {"funder": 0}],
        ),
        "funder_ends_after_start": period(Funder, "end_date"),
        "other_funder_is_named": (
            Funder,
            [{"funder": 46, "other_funder": "City of Oakland"}],
            [{"funder": 46}, {"other_funder": "City of Oakland"}],
        ),
        "affiliation_with_another_project": (
            Affiliation,
            [{"date_deleted": None}],
            [{"res_project": "project"}],
        ),
        "project_coc_code_is_written": texts(
            ProjectCoC, "coc_code", "CA-501", "", "CA501", "CA-50", "CA-5O1"
        ),
        "geocode_has_six_digits": texts(ProjectCoC, "geocode", "062310", "62310", "06231A"),
        "project_state_has_two_letters": texts(ProjectCoC, "state", "CA", "C", "C1"),
        "project_zip_has_five_digits": texts(ProjectCoC, "zip", "94607", "9460", "94A07"),
        "geography_type_is_known": codes(ProjectCoC, "geography_type", 99, 4),
        "inventory_coc_code_is_written": texts(Inventory, "coc_code", "CA-501", "CA501"),
        "inventory_household_type_is_known": codes(Inventory, "household_type", 4, 2),
        "inventory_availability_is_known": codes(Inventory, "availability", 3, 4),
        "inventory_bed_type_is_known": codes(Inventory, "es_bed_type", 3, 4),
        "inventory_not_negative": (
            Inventory,
            [dict.fromkeys(COUNTS, 0)],
            [{name: -1} for name in COUNTS],
        ),
        "inventory_ends_after_start": period(Inventory, "inventory_end_date"),
        "hmis_participation_is_known": codes(HMISParticipation, "hmis_participation_type", 0, 3),
        "hmis_participation_ends_after_start": period(
            HMISParticipation, "hmis_participation_status_end_date"
        ),
        "ce_participation_codes_are_known": (
            CEParticipation,
            [{"receives_referrals": 0}, {"direct_services": 1}],
            [{name: 2} for name in ("receives_referrals", *ACCESS)],
        ),
        "access_point_says_what_it_offers": (
            CEParticipation,
            [{"access_point": 1} | OFFERS],
            [{"access_point": 1}]
            + [{"access_point": 1} | OFFERS | {name: None} for name in ACCESS],
        ),
        "ce_participation_ends_after_start": period(
            CEParticipation, "ce_participation_status_end_date"
        ),
    }
)
