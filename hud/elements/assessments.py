"""The elements of federal partner programs that assessments ask for: health, work and school.

Of HOPWA (W), PATH (P), RHY and VA programs (R), and the youth programs of Continuums of Care (C).
What HUD asks of all household members with HIV/AIDS follows a yes to 4.08.
"""

from hud.choices import NoYesReasons
from hud.choices.answers import Answers, codes_of
from hud.elements.element import (
    ASSESSED,
    DISABILITY,
    EVERYBODY,
    EXIT,
    HEAD,
    HEAD_AND_ADULTS,
    START,
    UPDATED,
    Element,
    Field,
)
from hud.programs import (
    GPD,
    HOPWA,
    NO_OUTREACH,
    PATH,
    PREVENTION_OR_RRH,
    RHY,
    SSVF,
    VASH,
    YHDP,
    Funded,
)

_OF_HOPWA = (Funded(HOPWA),)
_OF_RHY = (Funded(RHY, NO_OUTREACH),)
_OF_SSVF = (Funded(SSVF, PREVENTION_OR_RRH),)
_OF_VASH = (Funded(VASH),)
START_EXIT = START | EXIT

ELEMENTS = (
    Element("4.04.A", "Reason Not Insured", EVERYBODY, ASSESSED, funded=_OF_HOPWA),
    Element("C3", "Youth Education Status", HEAD, START_EXIT, funded=(Funded(YHDP),)),
    Element(
        *("P4", "Connection with SOAR", HEAD_AND_ADULTS, ASSESSED),
        funded=(Funded(PATH), *_OF_SSVF),
    ),
    Element(
        *("R4", "Last Grade Completed", HEAD_AND_ADULTS, START_EXIT),
        funded=_OF_VASH + _OF_RHY + _OF_SSVF,
    ),
    Element("R5", "School Status", HEAD_AND_ADULTS, START_EXIT, funded=_OF_RHY),
    Element(
        *("R6", "Employment Status", HEAD_AND_ADULTS, START_EXIT),
        funded=_OF_VASH + _OF_RHY + _OF_SSVF + (Funded(GPD),),
    ),
    Element(
        *("R7", "General Health Status", HEAD_AND_ADULTS, START_EXIT),
        funded=_OF_VASH + _OF_RHY,
        is_sensitive=True,
    ),
    Element(
        *("R8", "Dental Health Status", HEAD_AND_ADULTS, START_EXIT),
        funded=_OF_RHY,
        is_sensitive=True,
    ),
    Element(
        *("R9", "Mental Health Status", HEAD_AND_ADULTS, START_EXIT),
        funded=_OF_RHY,
        is_sensitive=True,
    ),
    Element(
        *("R10", "Pregnancy Status", HEAD_AND_ADULTS, UPDATED),
        funded=(Funded(RHY),),
        is_sensitive=True,
    ),
    Element("W3", "Medical Assistance", EVERYBODY, DISABILITY, funded=_OF_HOPWA, is_sensitive=True),
    Element(
        *("W4", "T-Cell (CD4) and Viral Load", EVERYBODY, ASSESSED),
        funded=_OF_HOPWA,
        is_sensitive=True,
    ),
    Element(
        *("W6", "Prescribed Anti-Retroviral", EVERYBODY, DISABILITY),
        funded=_OF_HOPWA,
        is_sensitive=True,
    ),
)

YES, NO = NoYesReasons.YES, NoYesReasons.NO
REASON_NOT_INSURED = codes_of("4.04.A", Answers)
_HEALTH, _NO_ASSISTANCE = codes_of("R7.1", Answers), codes_of("W3", Answers)
_SOURCE = codes_of("W4.B")
FIELDS = (
    Field(
        *("current_school_attend", "C3", codes_of("C3.2", Answers)),
        "Current School Enrollment and Attendance",
    ),
    Field(
        *("most_recent_ed_status", "C3", codes_of("C3.A", Answers)),
        "Most Recent Educational Status",
        follows={"current_school_attend": (0,)},  # not enrolled
    ),
    Field(
        *("current_ed_status", "C3", codes_of("C3.B", Answers)),
        "Current Educational Status",
        follows={"current_school_attend": (1, 2)},  # enrolled, attending regularly or not
    ),
    Field("connection_with_soar", "P4", NoYesReasons),
    Field("last_grade_completed", "R4", codes_of("R4.1", Answers)),
    Field("school_status", "R5", codes_of("R5.1", Answers)),
    Field("employed", "R6", NoYesReasons, "Employed"),
    Field(
        *("employment_type", "R6", codes_of("R6.A", Answers), "Type of Employment"),
        follows={"employed": (YES,)},
    ),
    Field(
        *("not_employed_reason", "R6", codes_of("R6.B", Answers), "Why Not Employed"),
        follows={"employed": (NO,)},
    ),
    Field("general_health_status", "R7", _HEALTH),
    Field("dental_health_status", "R8", _HEALTH),
    Field("mental_health_status", "R9", _HEALTH),
    Field("pregnancy_status", "R10", NoYesReasons),
    Field("due_date", "R10", label="Due Date", follows={"pregnancy_status": (YES,)}),
    Field("adap", "W3", NoYesReasons, "Receiving AIDS Drug Assistance Program (ADAP)"),
    Field(
        *("no_adap_reason", "W3", _NO_ASSISTANCE, "Reason for not receiving ADAP"),
        follows={"adap": (NO,)},
    ),
    Field(
        *("ryan_white_med_dent", "W3", NoYesReasons),
        "Receiving Ryan White-funded Medical or Dental Assistance",
    ),
    Field(
        *("no_ryan_white_reason", "W3", _NO_ASSISTANCE),
        "Reason for not receiving Ryan White-funded assistance",
        follows={"ryan_white_med_dent": (NO,)},
    ),
    Field("t_cell_count_available", "W4", NoYesReasons, "T-Cell (CD4) Count Available"),
    Field(
        *("t_cell_count", "W4", None, "T-Cell (CD4) Count"),
        between=(0, 1500),
        follows={"t_cell_count_available": (YES,)},
    ),
    Field(
        *("t_cell_source", "W4", _SOURCE, "How the T-cell count was obtained"),
        follows={"t_cell_count_available": (YES,)},
    ),
    Field(
        *("viral_load_available", "W4", codes_of("W4.3", Answers)),
        "Viral Load Information Available",
    ),
    Field(
        *("viral_load", "W4", None, "Viral Load"),
        between=(0, 999_999),
        follows={"viral_load_available": (1,)},  # neither undetectable nor not available
    ),
    Field(
        *("viral_load_source", "W4", _SOURCE, "How the viral load was obtained"),
        follows={"viral_load_available": (1,)},
    ),
    Field("anti_retroviral", "W6", NoYesReasons, "Has been prescribed anti-retroviral drugs?"),
)
# W4 and W6, which are columns of the row of HIV/AIDS, and W3, which is beside the insurances.
HIV = tuple(one.name for one in FIELDS if one.number in {"W4", "W6"})
ASSISTANCE = tuple(one.name for one in FIELDS if one.number == "W3")
