"""What programs ask of an enrollment: PATH, RHY and SSVF (columns of Enrollment.csv).

Retired in FY2026: R3 Sexual Orientation.
"""

from hud.choices import NoYesMissing, NoYesReasons
from hud.choices.answers import TextCodes, codes_of
from hud.elements.element import (
    ANSWERED,
    EVERYBODY,
    HEAD,
    HEAD_AND_ADULTS,
    LAST,
    OCCURRENCE,
    START,
    Element,
    Field,
)
from hud.programs import (
    NO_OUTREACH,
    PATH,
    PREVENTION,
    PREVENTION_OR_RRH,
    RHY,
    RHY_BCP,
    SSVF,
    VA_RESIDENTIAL,
    VASH,
    Funded,
)

OF_RHY = "Runaway and Homeless Youth (RHY)"
OF_VA = "Veterans Affairs (VA)"
TARGETING = "SSVF Homelessness Prevention Targeting"
RHY_INDOORS = (Funded(RHY, NO_OUTREACH),)
SSVF_HOUSING = Funded(SSVF, PREVENTION_OR_RRH)
NO, YES = NoYesReasons.NO, NoYesReasons.YES
OUTREACH_PROJECT = 7  # R1.1
UNDER_A_YEAR = 1  # R11.A
COUNT = (0, 999)
MONTHS_IN_A_YEAR = (1, 11)

ELEMENTS = (
    Element(
        "P3",
        "PATH Status",
        HEAD_AND_ADULTS,
        OCCURRENCE,
        LAST,
        funded=(Funded(PATH),),
        heading="PATH Status",
    ),
    *(
        Element(number, name, audience, point, ANSWERED, "", funded, OF_RHY, sensitive)
        for number, name, audience, point, funded, sensitive in (
            ("R1", "Referral Source", HEAD_AND_ADULTS, START, RHY_INDOORS, False),
            ("R2", "RHY-BCP Status", EVERYBODY, OCCURRENCE, (Funded(RHY_BCP),), False),
            (
                "R11",
                "Formerly a Ward of Child Welfare or Foster Care Agency",
                HEAD_AND_ADULTS,
                START,
                RHY_INDOORS,
                True,
            ),
            (
                "R12",
                "Formerly a Ward of Juvenile Justice System",
                HEAD_AND_ADULTS,
                START,
                RHY_INDOORS,
                True,
            ),
            ("R13", "Family Critical Issues", HEAD_AND_ADULTS, START, RHY_INDOORS, True),
        )
    ),
    Element("V4", "Percent of AMI", HEAD, START, ANSWERED, funded=(SSVF_HOUSING,), heading=OF_VA),
    Element(
        "V6",
        "VAMC Station Number",
        HEAD,
        START,
        ANSWERED,
        funded=(Funded(VASH | VA_RESIDENTIAL), SSVF_HOUSING),
        heading=OF_VA,
    ),
    Element(
        "V10",
        "Mental Health Consultation",
        HEAD,
        OCCURRENCE,
        LAST,
        funded=(SSVF_HOUSING,),
        heading=OF_VA,
        is_sensitive=True,
    ),
    Element(
        "V7",
        "HP Targeting Criteria",
        HEAD,
        START,
        ANSWERED,
        funded=(Funded(SSVF, PREVENTION),),
        heading=TARGETING,
        is_sensitive=True,
    ),
)

_SCREENED = {"target_screen_reqd": (YES,)}
_YES_NO_CRITERIA = {
    "client_leaseholder": "Head of household is not a current leaseholder or renter",
    "hoh_leaseholder": "Head of household has never been a leaseholder or renter",
    "subsidy_at_risk": "At risk of losing a tenant-based subsidy, or housing in a subsidized unit",
    "criminal_record": "Criminal record for arson, drug dealing, or a felony (any adult)",
    "prison_discharge": "Discharged from jail or prison within six months after 90 days or more",
    "sex_offender": "Registered sex offender (any household member)",
    "disabled_hoh": "Head of household has a disabling condition that affects housing",
    "current_pregnant": "Currently pregnant (any household member)",
    "single_parent": "Single parent with minor children",
    "hh5_plus": "Household of five or more that needs at least three bedrooms",
    "coc_prioritized": "Household includes members of an overrepresented population",
}
_LISTED_CRITERIA = {
    "time_to_housing_loss": ("V7.A", "Housing loss expected within"),
    "annual_percent_ami": ("V7.B", "Current household income"),
    "literal_homeless_history": ("V7.C", "History of literal homelessness (any adult)"),
    "eviction_history": ("V7.G", "Rental evictions within the past seven years (any adult)"),
    "incarcerated_adult": ("V7.I", "Incarcerated as an adult (any adult)"),
    "dependent_under6": ("V7.O", "Young children, or a child who requires significant care"),
}
_FAMILY_ISSUES = {
    "unemployment_fam": "Unemployment of a Family Member",
    "mental_health_disorder_fam": "Mental Health Disorder of a Family Member",
    "physical_disability_fam": "Physical Disability of a Family Member",
    "alcohol_drug_use_disorder_fam": "Alcohol or Substance Use Disorder of a Family Member",
    "insufficient_income": "Insufficient Income to Support Youth",
    "incarcerated_parent": "Incarcerated Parent of Youth",
}


def _ward(number: str, ward: str, years: str, months: str) -> tuple[Field, ...]:
    """R11, R12: whether, for how many years, and of less than one the months."""
    was = "child welfare" if number == "R11" else "juvenile justice"
    return (
        Field(ward, number, NoYesReasons),
        Field(
            years,
            number,
            codes_of("R11.A"),
            f"Number of years as a ward of {was}",
            follows={ward: (YES,)},
        ),
        Field(
            months,
            number,
            label=f"Number of months as a ward of {was}",
            between=MONTHS_IN_A_YEAR,
            follows={years: (UNDER_A_YEAR,)},
        ),
    )


FIELDS = (
    Field("date_of_path_status", "P3", label="Date of PATH Status Determination"),
    Field("client_enrolled_in_path", "P3", NoYesMissing, "Client became enrolled in PATH"),
    Field(
        "reason_not_enrolled",
        "P3",
        codes_of("P3.A"),
        "Reason not enrolled in PATH",
        follows={"client_enrolled_in_path": (NO,)},
    ),
    Field("referral_source", "R1", codes_of("R1.1")),
    Field(
        "count_outreach_referral_approaches",
        "R1",
        label="Number of times approached by outreach before entering the project",
        between=COUNT,
        follows={"referral_source": (OUTREACH_PROJECT,)},
    ),
    Field("date_of_bcp_status", "R2", label="Date of BCP Status Determination"),
    Field("eligible_for_rhy", "R2", NoYesMissing, "Youth eligible for RHY services"),
    Field(
        "reason_no_services",
        "R2",
        codes_of("R2.A"),
        "Reason services are not funded by the BCP grant",
        follows={"eligible_for_rhy": (NO,)},
    ),
    Field(
        "runaway_youth", "R2", NoYesReasons, "Runaway youth", follows={"eligible_for_rhy": (YES,)}
    ),
    *_ward("R11", "former_ward_child_welfare", "child_welfare_years", "child_welfare_months"),
    *_ward(
        "R12", "former_ward_juvenile_justice", "juvenile_justice_years", "juvenile_justice_months"
    ),
    *(Field(name, "R13", NoYesReasons, label) for name, label in _FAMILY_ISSUES.items()),
    Field("percent_ami", "V4", codes_of("V4.1"), "Household Income as a Percentage of AMI"),
    Field("vamc_station", "V6", codes_of("V6.1", TextCodes)),
    Field("mental_health_consultation", "V10", codes_of("V10")),
    Field(
        "target_screen_reqd",
        "V7",
        NoYesMissing,
        "Homelessness prevention targeting screener is required",
    ),
    *(
        Field(name, "V7", codes_of(number), label, follows=_SCREENED)
        for name, (number, label) in _LISTED_CRITERIA.items()
    ),
    *(
        Field(name, "V7", NoYesMissing, label, follows=_SCREENED)
        for name, label in _YES_NO_CRITERIA.items()
    ),
    Field(
        "hp_screening_score",
        "V7",
        label="HP applicant total points",
        between=COUNT,
        follows=_SCREENED,
    ),
    Field(
        "threshold_score",
        "V7",
        label="Grantee targeting threshold score",
        between=COUNT,
        follows=_SCREENED,
    ),
)
