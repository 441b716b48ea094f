"""What programs ask at exit: prevention and HOPWA, RHY, HUD-VASH (columns of Exit.csv)."""

from hud.choices import NoYesMissing, NoYesReasons, ProjectType
from hud.choices.answers import codes_of
from hud.choices.projects import NoYes
from hud.elements.element import (
    ANSWERED,
    EVERYBODY,
    EXIT,
    HEAD,
    HEAD_AND_ADULTS,
    Element,
    Field,
)
from hud.programs import COC, ESG, HOPWA, NO_OUTREACH, PREVENTION, RHY, VASH, Funded

OF_RHY = "Runaway and Homeless Youth (RHY)"
HOPWA_TYPES = PREVENTION | {
    ProjectType.ES_ENTRY_EXIT,
    ProjectType.TRANSITIONAL_HOUSING,
    ProjectType.PSH,
    ProjectType.SERVICES_ONLY,
}
ALL_RHY = (Funded(RHY),)
INDOORS = (Funded(RHY, NO_OUTREACH),)
HOUSED = (Funded(RHY, NO_OUTREACH - PREVENTION),)
YES = NoYesReasons.YES
MAINTAINED, MOVED = 1, 2  # W5.1
EXPELLED = 3  # R17.1

ELEMENTS = (
    Element(
        "W5",
        "Housing Assessment at Exit",
        EVERYBODY,
        EXIT,
        ANSWERED,
        funded=(Funded(COC | ESG, PREVENTION), Funded(HOPWA, HOPWA_TYPES)),
        heading="Housing Assessment at Exit",
    ),
    *(
        Element(number, name, HEAD_AND_ADULTS, EXIT, ANSWERED, "", funded, OF_RHY, sensitive)
        for number, name, funded, sensitive in (
            ("R15", "Commercial Sexual Exploitation/Sex Trafficking", ALL_RHY, True),
            ("R16", "Labor Exploitation/Trafficking", ALL_RHY, True),
            ("R17", "Project Completion Status", HOUSED, False),
            ("R18", "Counseling", INDOORS, True),
            ("R19", "Safe and Appropriate Exit", HOUSED, True),
            ("R20", "Aftercare Plans", INDOORS, False),
        )
    ),
    Element(
        "V9",
        "HUD-VASH Exit Information",
        HEAD,
        EXIT,
        ANSWERED,
        funded=(Funded(VASH),),
        heading="HUD-VASH",
    ),
)

_FOR_SEX = {"exchange_for_sex": (YES,)}
_AT_WORK = {"work_place_violence_threats": (YES,), "workplace_promise_difference": (YES,)}
_COUNSELED = {"counseling_received": (YES,)}
_AFTERCARE = {"aftercare_provided": (YES,)}
_SAFE = {
    "destination_safe_client": "Exit destination safe, as determined by the client",
    "destination_safe_worker": "Exit destination safe, as determined by the caseworker",
    "pos_adult_connections": "Permanent positive adult connections outside of the project",
    "pos_peer_connections": "Permanent positive peer connections outside of the project",
    "pos_community_connections": "Permanent positive community connections outside of the project",
}

FIELDS = (
    Field("housing_assessment", "W5", codes_of("W5.1")),
    Field(
        "subsidy_information",
        "W5",
        codes_of("W5.AB"),
        "Subsidy Information",
        follows={"housing_assessment": (MAINTAINED, MOVED)},
    ),
    Field("project_completion_status", "R17", codes_of("R17.1")),
    Field(
        "early_exit_reason",
        "R17",
        codes_of("R17.A"),
        "Reason for involuntary discharge",
        follows={"project_completion_status": (EXPELLED,)},
    ),
    Field(
        "exchange_for_sex",
        "R15",
        NoYesReasons,
        "Ever received anything in exchange for sexual relations",
    ),
    Field(
        "exchange_for_sex_past_three_months",
        "R15",
        NoYesReasons,
        "Received something for sexual relations in the past three months",
        follows=_FOR_SEX,
    ),
    Field(
        "count_of_exchange_for_sex",
        "R15",
        codes_of("R15.B"),
        "How many times received something for sexual relations",
        follows=_FOR_SEX,
    ),
    Field(
        "asked_or_forced_to_exchange_for_sex",
        "R15",
        NoYesReasons,
        "Ever made or persuaded to have sex in exchange for something",
        follows=_FOR_SEX,
    ),
    Field(
        "asked_or_forced_to_exchange_for_sex_past_three_months",
        "R15",
        NoYesReasons,
        "Made or persuaded in the past three months",
        follows={"asked_or_forced_to_exchange_for_sex": (YES,)},
    ),
    Field(
        "work_place_violence_threats",
        "R16",
        NoYesReasons,
        "Ever afraid to quit work because of threats of violence",
    ),
    Field(
        "workplace_promise_difference",
        "R16",
        NoYesReasons,
        "Ever promised work or payment that turned out different",
    ),
    Field(
        "coerced_to_continue_work",
        "R16",
        NoYesReasons,
        "Felt forced, pressured or tricked into continuing this work",
        follows=_AT_WORK,
    ),
    Field(
        "labor_exploit_past_three_months",
        "R16",
        NoYesReasons,
        "Work like this in the past three months",
        follows=_AT_WORK,
    ),
    Field("counseling_received", "R18", NoYes, "Counseling received by the client"),
    *(
        Field(f"{kind.lower()}_counseling", "R18", NoYesMissing, f"{kind} counseling", "", None, on)
        for kind, on in dict.fromkeys(("Individual", "Family", "Group"), _COUNSELED).items()
    ),
    Field(
        "session_count_at_exit",
        "R18",
        label="Number of counseling sessions received by exit",
        between=(1, 9999),
        follows=_COUNSELED,
    ),
    Field(
        "post_exit_counseling_plan",
        "R18",
        NoYes,
        "A plan is in place to start or continue counseling after exit",
    ),
    Field(
        "sessions_in_plan",
        "R18",
        label="Total number of counseling sessions planned",
        between=(0, 9999),
    ),
    Field("destination_safe_client", "R19", NoYesReasons, _SAFE["destination_safe_client"]),
    *(
        Field(name, "R19", codes_of("R19.A"), label)
        for name, label in _SAFE.items()
        if name != "destination_safe_client"
    ),
    Field("aftercare_provided", "R20", codes_of("R20.2"), "Aftercare was provided"),
    Field(
        "aftercare_date",
        "R20",
        label="Aftercare Information Date",
        follows={"aftercare_provided": tuple(codes_of("R20.2"))},
    ),
    *(
        Field(name, "R20", NoYes, f"Aftercare by {by}", follows=_AFTERCARE)
        for name, by in {
            "email_social_media": "email or social media",
            "telephone": "telephone",
            "in_person_individual": "meeting in person: one-on-one",
            "in_person_group": "meeting in person: group",
        }.items()
    ),
    Field("cm_exit_reason", "V9", codes_of("V9.1"), "Case Management Exit Reason"),
)
