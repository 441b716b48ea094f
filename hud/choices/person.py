"""The person: quality of the identifiers, race, sex, military service (3.01-3.07, 4.21, V1)."""

from hud.choices.answers import Answers


class NameDataQuality(Answers):
    """3.01.5: how much of the name is known."""

    FULL = 1, "Full name reported"
    PARTIAL = 2, "Partial, street name, or code name reported"
    DOES_NOT_KNOW = 8, "Client doesn't know"
    PREFERS_NOT_TO_ANSWER = 9, "Client prefers not to answer"
    NOT_COLLECTED = 99, "Data not collected"


class SSNDataQuality(Answers):
    """3.02.2: how much of the SSN is known."""

    FULL = 1, "Full SSN reported"
    PARTIAL = 2, "Approximate or partial SSN reported"
    DOES_NOT_KNOW = 8, "Client doesn't know"
    PREFERS_NOT_TO_ANSWER = 9, "Client prefers not to answer"
    NOT_COLLECTED = 99, "Data not collected"


class DOBDataQuality(Answers):
    """3.03.2: how much of the date of birth is known."""

    FULL = 1, "Full DOB reported"
    PARTIAL = 2, "Approximate or partial DOB reported"
    DOES_NOT_KNOW = 8, "Client doesn't know"
    PREFERS_NOT_TO_ANSWER = 9, "Client prefers not to answer"
    NOT_COLLECTED = 99, "Data not collected"


class Sex(Answers):
    """4.21: sex, new in FY2026."""

    FEMALE = 0, "Female"
    MALE = 1, "Male"
    DOES_NOT_KNOW = 8, "Client doesn't know"
    PREFERS_NOT_TO_ANSWER = 9, "Client prefers not to answer"
    NOT_COLLECTED = 99, "Data not collected"


class RaceNone(Answers):
    """1.6: why none of the race columns is ticked."""

    DOES_NOT_KNOW = 8, "Client doesn't know"
    PREFERS_NOT_TO_ANSWER = 9, "Client prefers not to answer"
    NOT_COLLECTED = 99, "Data not collected"


class VeteranStatus(Answers):
    """3.07: whether the client is a veteran (list 1.8)."""

    NO = 0, "No"
    YES = 1, "Yes"
    DOES_NOT_KNOW = 8, "Client doesn't know"
    PREFERS_NOT_TO_ANSWER = 9, "Client prefers not to answer"
    NOT_COLLECTED = 99, "Data not collected"


class MilitaryBranch(Answers):
    """V1.11: branch of the military."""

    ARMY = 1, "Army"
    AIR_FORCE = 2, "Air Force"
    NAVY = 3, "Navy"
    MARINES = 4, "Marines"
    COAST_GUARD = 6, "Coast Guard"
    SPACE_FORCE = 7, "Space Force"
    DOES_NOT_KNOW = 8, "Client doesn't know"
    PREFERS_NOT_TO_ANSWER = 9, "Client prefers not to answer"
    NOT_COLLECTED = 99, "Data not collected"


class DischargeStatus(Answers):
    """V1.12: discharge from military service."""

    HONORABLE = 1, "Honorable"
    GENERAL = 2, "General under honorable conditions"
    BAD_CONDUCT = 4, "Bad conduct"
    DISHONORABLE = 5, "Dishonorable"
    OTHER_THAN_HONORABLE = 6, "Under other than honorable conditions (OTH)"
    UNCHARACTERIZED = 7, "Uncharacterized"
    DOES_NOT_KNOW = 8, "Client doesn't know"
    PREFERS_NOT_TO_ANSWER = 9, "Client prefers not to answer"
    NOT_COLLECTED = 99, "Data not collected"
