"""What the generator knows of a synthetic person."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hud.choices import (
    DOBDataQuality,
    NameDataQuality,
    RaceNone,
    RelationshipToHoH,
    Sex,
    SSNDataQuality,
    VeteranStatus,
)

Name = tuple[str, str]


class Difference(StrEnum):
    """How a near-duplicate differs from the first record of the same person."""

    TYPO = "a letter of the name"
    NICKNAME = "nickname for the first name"
    SWAPPED_NAMES = "first and last name swapped"
    SWAPPED_DATE = "day and month of birth swapped"
    SSN_TYPO = "two digits of the SSN swapped"
    NEW_LAST_NAME = "another last name, as after a marriage"


@dataclass(slots=True, kw_only=True, frozen=True)
class Home:
    """Telephone and address, shared by a family; the columns are those of `Client`."""

    phone: str = ""
    address1: str = ""
    address2: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""


NOWHERE = Home()


@dataclass(slots=True, kw_only=True)
class Person:
    """A synthetic person; the columns are those of `Client`.

    Args:
        number: counts from 0 in the order of the generator.
        household: the number of the head of the household that the person belongs to.
        twin_of: the number of the twin who came first.
        duplicate_of: the number of the person that this is once more, with a `difference`.
    """

    number: int = 0
    household: int = 0
    relationship: RelationshipToHoH = RelationshipToHoH.SELF
    twin_of: int | None = None
    duplicate_of: int | None = None
    difference: Difference | None = None
    origin: str = ""

    first_name: str = ""
    middle_name: str = ""
    last_name: str = ""
    name_suffix: str = ""
    name_data_quality: NameDataQuality = NameDataQuality.FULL
    aliases: tuple[Name, ...] = ()
    ssn: str = ""
    ssn_data_quality: SSNDataQuality = SSNDataQuality.NOT_COLLECTED
    dob: date | None = None
    dob_data_quality: DOBDataQuality = DOBDataQuality.NOT_COLLECTED
    sex: Sex = Sex.NOT_COLLECTED
    races: tuple[str, ...] = ()
    race_none: RaceNone | None = None
    veteran_status: VeteranStatus = VeteranStatus.NOT_COLLECTED
    email: str = ""
    home: Home = NOWHERE
