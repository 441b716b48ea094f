"""HUD's lists about projects and what they have: set-up that officers keep, not answers."""

from hud.choices import ProjectType
from hud.choices.answers import Codes
from hud.lists import code_list

# Where people sleep (2.07); rapid re-housing that pays for no housing has no beds though.
RESIDENTIAL = frozenset(ProjectType(code) for code in (0, 1, 2, 3, 8, 9, 10, 13))
SHELTERS = frozenset({ProjectType.ES_ENTRY_EXIT, ProjectType.ES_NIGHT_BY_NIGHT})


class NoYes(Codes, number="1.10"):
    """A yes-no question that has no other answer."""

    NO = 0
    YES = 1


class HousingType(Codes, number="2.02.D"):
    """How the housing is spread."""

    SINGLE_SITE = 1
    SCATTERED = 3


class FundingSource(Codes, number="2.06.1"):
    """Who pays for the project (2.06)."""

    NOT_APPLICABLE = 34
    OTHER = 46


# What older grants may name too, and nobody may choose any more (12, 47, 48, 49).
RETIRED_FUNDING_SOURCES = code_list("2.06.1").retired


# Housing Opportunities for Persons With AIDS, its retired component too.
HOPWA = frozenset({13, 14, 15, 16, 17, 18, 19, 48})


class RRHSubType(Codes, number="2.02.A"):
    """Whether a rapid re-housing project pays for housing."""

    SERVICES_ONLY = 1
    HOUSING = 2


class TargetPopulation(Codes, number="2.02.7"):
    NOT_APPLICABLE = 4


class HOPWAMedAssistedLivingFac(Codes, number="2.02.8"):
    NOT_HOPWA = 2


class GeographyType(Codes, number="2.03.4"):
    """How urban the project's place is; 99 is unknown."""

    URBAN = 1


class HouseholdType(Codes, number="2.07.4"):
    """Whom the beds of an inventory are for."""

    WITHOUT_CHILDREN = 1
    WITH_CHILDREN = 3


class BedType(Codes, number="2.07.5"):
    """How a shelter has its beds."""

    FACILITY = 1


class Availability(Codes, number="2.07.6"):
    """When a shelter's beds can be used."""

    YEAR_ROUND = 1


class HMISParticipationType(Codes, number="2.08.1"):
    """Where the project's data are kept."""

    PARTICIPATING = 1
    COMPARABLE_DATABASE = 2
