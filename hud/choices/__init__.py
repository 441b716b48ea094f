"""HUD's code lists that code reasons about, as enums with the names that it needs (FY2026).

The other lists are data: `hud.lists.code_list`.
"""

from hud.choices.answers import Answers, Codes
from hud.choices.situations import Situation
from hud.columns import snake_case
from hud.lists import code_list

# 3.04: a tick for each, and a client may have several; last in HUD's list is RaceNone.
RACES = tuple((snake_case(str(key)), label) for key, label in code_list("race").choices[:-1])


class NameDataQuality(Answers, number="3.01.5"):
    """How much of the name is known."""

    FULL = 1
    PARTIAL = 2


class SSNDataQuality(Answers, number="3.02.2"):
    """How much of the SSN is known."""

    FULL = 1
    PARTIAL = 2


class DOBDataQuality(Answers, number="3.03.2"):
    """How much of the date of birth is known."""

    FULL = 1
    PARTIAL = 2


class Sex(Answers, number="4.21"):
    FEMALE = 0
    MALE = 1


class RaceNone(Answers, number="1.6"):
    """Why none of the race columns is ticked."""


class VeteranStatus(Answers, number="1.8"):
    """3.07: whether the client is a veteran."""

    NO = 0
    YES = 1


class MilitaryBranch(Answers, number="V1.11"):
    """Branch of the military."""


class DischargeStatus(Answers, number="V1.12"):
    """Discharge from military service."""


class RelationshipToHoH(Answers, number="3.15.1"):
    """Relationship to the head of household."""

    SELF = 1
    CHILD = 2
    SPOUSE = 3

    @property
    def is_head(self) -> bool:
        return self == self.SELF


class PriorLivingSituation(Situation, number="3.917"):
    """Where the client lived before the project."""

    PLACE_NOT_FOR_HABITATION = 116
    EMERGENCY_SHELTER = 101
    HOSPITAL = 206
    JAIL = 207
    HOTEL = 314
    FRIENDS = 336
    FAMILY = 335
    RENTAL = 410
    RENTAL_WITH_SUBSIDY = 435


class CurrentLivingSituation(Situation, number="4.12"):
    """Where the client lives at a contact."""

    PLACE_NOT_FOR_HABITATION = 116
    EMERGENCY_SHELTER = 101
    FRIENDS = 336
    RENTAL_WITH_SUBSIDY = 435
    OTHER = 17
    WORKER_UNABLE_TO_DETERMINE = 37


class Destination(Situation, number="3.12"):
    """Where the client goes at exit."""

    PLACE_NOT_FOR_HABITATION = 116
    EMERGENCY_SHELTER = 101
    HOSPITAL = 206
    FAMILY_TEMPORARY = 312
    FRIENDS_TEMPORARY = 313
    FAMILY_PERMANENT = 422
    RENTAL = 410
    RENTAL_WITH_SUBSIDY = 435
    NO_EXIT_INTERVIEW = 30
    OTHER = 17
    DECEASED = 24


class RentalSubsidyType(Codes, number="3.12.A"):
    """The subsidy of a rental, where one lived before and where one goes."""


class LengthOfStay(Answers, number="3.917.2"):
    """Length of stay in the prior living situation."""

    ONE_NIGHT_OR_LESS = 10
    TWO_TO_SIX_NIGHTS = 11
    WEEK_TO_MONTH = 2
    MONTH_TO_90_DAYS = 3
    DAYS_90_TO_YEAR = 4
    YEAR_OR_LONGER = 5

    @property
    def is_under_7_nights(self) -> bool:
        return self in {self.ONE_NIGHT_OR_LESS, self.TWO_TO_SIX_NIGHTS}

    @property
    def is_under_90_days(self) -> bool:
        return self.is_under_7_nights or self in {self.WEEK_TO_MONTH, self.MONTH_TO_90_DAYS}


class TimesHomeless(Answers, number="3.917.4"):
    """Times homeless in the past three years."""

    TWO = 2
    THREE = 3
    FOUR_OR_MORE = 4


class MonthsHomeless(Answers, number="3.917.5"):
    """Months homeless in the past three years: 101 for 1, and so on."""

    MONTHS_1 = 101


class NoYesReasons(Answers, number="1.8"):
    """A yes-no question that may stay unanswered."""

    NO = 0
    YES = 1


class NoYesMissing(Answers, number="1.7"):
    """Yes, no, or not collected."""

    NO = 0
    YES = 1


class DataCollectionStage(Codes, number="5.03.1"):
    """At which point of the enrollment it was asked."""

    ENTRY = 1
    UPDATE = 2
    EXIT = 3
    ANNUAL = 5


class DisabilityType(Codes, number="1.3"):
    """The six kinds of disability, 4.05 to 4.10."""

    PHYSICAL = 5
    DEVELOPMENTAL = 6
    CHRONIC_HEALTH = 7
    HIV_AIDS = 8
    MENTAL_HEALTH = 9
    SUBSTANCE_USE = 10

    @property
    def rule(self) -> str:
        """HUD's number of the element."""
        return f"4.{self.value:02d}"

    @property
    def is_always_disabling(self) -> bool:
        """Present is enough; of the others it must also be indefinite (3.08)."""
        return self in {self.DEVELOPMENTAL, self.HIV_AIDS}


class DisabilityResponse(Answers, number="4.10.2"):
    """4.10: alcohol, drugs or both; the other kinds of disability answer by 1.8."""

    NO = 0

    @property
    def is_present(self) -> bool:
        return self != self.NO and not self.is_unanswered


class WhenOccurred(Answers, number="4.11.A"):
    """When the domestic violence occurred."""

    YEAR_OR_MORE = 4


class ProjectType(Codes, number="2.02.6"):
    """What kind of project it is."""

    ES_ENTRY_EXIT = 0
    ES_NIGHT_BY_NIGHT = 1
    TRANSITIONAL_HOUSING = 2
    PSH = 3
    STREET_OUTREACH = 4
    SERVICES_ONLY = 6
    SAFE_HAVEN = 8
    PH_HOUSING_ONLY = 9
    PH_WITH_SERVICES = 10
    HOMELESSNESS_PREVENTION = 12
    RAPID_REHOUSING = 13
    COORDINATED_ENTRY = 14

    @property
    def is_permanent_housing(self) -> bool:
        """Has a move-in date (3.20)."""
        return self in {self.PSH, self.PH_HOUSING_ONLY, self.PH_WITH_SERVICES, self.RAPID_REHOUSING}

    @property
    def has_engagement(self) -> bool:
        """Gets to know a person night by night before a plan is made (4.13)."""
        return self in {self.ES_NIGHT_BY_NIGHT, self.STREET_OUTREACH}

    @property
    def has_contacts(self) -> bool:
        """Meets people where they live (4.12)."""
        return self.has_engagement or self == self.COORDINATED_ENTRY

    @property
    def serves_the_street(self) -> bool:
        """Shelter, safe haven and street outreach: 3.917 is asked without skipping."""
        return self.has_engagement or self in {self.ES_ENTRY_EXIT, self.SAFE_HAVEN}


class RecordType(Codes, number="1.4"):
    """What a row of Services.csv is about."""
