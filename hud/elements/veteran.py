"""V1 Veteran's Information: of the person, asked by the programs of VA and by HUD-VASH."""

from hud.choices import DischargeStatus, MilitaryBranch, NoYesReasons, VeteranStatus
from hud.elements.element import ADULTS, RECORD, TODAY, Element, Field
from hud.programs import PREVENTION_OR_RRH, SSVF, VA_RESIDENTIAL, VASH, Funded

VA = (Funded(VASH | VA_RESIDENTIAL), Funded(SSVF, PREVENTION_OR_RRH))
VETERAN = {"veteran_status": (VeteranStatus.YES,)}
YEARS = (1900, 2100)
THEATERS = {
    "world_war_ii": "World War II",
    "korean_war": "Korean War",
    "vietnam_war": "Vietnam War",
    "desert_storm": "Persian Gulf War (Desert Storm)",
    "afghanistan_oef": "Afghanistan (Operation Enduring Freedom)",
    "iraq_oif": "Iraq (Operation Iraqi Freedom)",
    "iraq_ond": "Iraq (Operation New Dawn)",
    "other_theater": "Other Peace-keeping Operations or Military Interventions",
}

ELEMENTS = (
    Element(
        "V1", "Veteran's Information", ADULTS, RECORD, TODAY, funded=VA, heading="Military Service"
    ),
)
FIELDS = (
    Field(
        "year_entered_service",
        "V1",
        label="Year Entered Military Service",
        between=YEARS,
        follows=VETERAN,
    ),
    Field(
        "year_separated",
        "V1",
        label="Year Separated from Military Service",
        between=YEARS,
        follows=VETERAN,
    ),
    *(
        Field(name, "V1", NoYesReasons, f"Theater of Operations: {label}", label, follows=VETERAN)
        for name, label in THEATERS.items()
    ),
    Field("military_branch", "V1", MilitaryBranch, "Branch of the Military", follows=VETERAN),
    Field("discharge_status", "V1", DischargeStatus, "Discharge Status", follows=VETERAN),
)
