"""HUD's code lists that code reasons about, as enums with HUD's labels (FY2026).

The other lists are data: `hud.lists.code_list`. A test proves that each enum equals its list.
"""

from hud.choices.answers import NO_ANSWER, UNANSWERED, Answers, grouped, set_apart
from hud.choices.assessment import (
    DataCollectionStage,
    DisabilityResponse,
    DisabilityType,
    NoYesMissing,
    NoYesReasons,
    WhenOccurred,
)
from hud.choices.coordinated_entry import EventType, ReferralResult
from hud.choices.enrollment import (
    LengthOfStay,
    MonthsHomeless,
    RelationshipToHoH,
    RentalSubsidyType,
    TimesHomeless,
)
from hud.choices.living import CurrentLivingSituation, Destination, PriorLivingSituation
from hud.choices.person import (
    DischargeStatus,
    DOBDataQuality,
    MilitaryBranch,
    NameDataQuality,
    RaceNone,
    Sex,
    SSNDataQuality,
    VeteranStatus,
)
from hud.choices.project import HousingType, ProjectType, RecordType
from hud.choices.race import RACES
from hud.choices.situations import SituationCategory, listed

__all__ = [
    "NO_ANSWER",
    "RACES",
    "UNANSWERED",
    "Answers",
    "CurrentLivingSituation",
    "DOBDataQuality",
    "DataCollectionStage",
    "Destination",
    "DisabilityResponse",
    "DisabilityType",
    "DischargeStatus",
    "EventType",
    "HousingType",
    "LengthOfStay",
    "MilitaryBranch",
    "MonthsHomeless",
    "NameDataQuality",
    "NoYesMissing",
    "NoYesReasons",
    "PriorLivingSituation",
    "ProjectType",
    "RaceNone",
    "RecordType",
    "ReferralResult",
    "RelationshipToHoH",
    "RentalSubsidyType",
    "SSNDataQuality",
    "Sex",
    "SituationCategory",
    "TimesHomeless",
    "VeteranStatus",
    "WhenOccurred",
    "grouped",
    "listed",
    "set_apart",
]
