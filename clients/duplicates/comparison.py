"""What one field of two clients says about their being one person.

Names are compared in names.py; address, telephone and e-mail are a household's as
much as a person's.
"""

from datetime import date
from enum import Enum
from math import log2
from typing import NamedTuple

from rapidfuzz.distance import OSA, JaroWinkler

from clients.duplicates.frequencies import TermFrequencies
from clients.duplicates.person import Person, ssn_digits
from clients.search.similarity import (
    DAY_AND_MONTH,
    DOB_DIGIT,
    LAST_FOUR,
    ROUGHLY_YEARS,
    SAME_DOB,
    SAME_MONTH,
    SAME_SSN,
    SAME_YEAR,
    SSN_DIGIT,
    SSN_DIGITS,
    alike_dobs,
)
from hud.rules.dob import BirthDate, Precision


class Kind(Enum):
    SAME = "same"
    ALIKE = "alike"
    DIFFERENT = "different"
    GENERATION = "a generation apart"  # dates of birth of a father and his son
    OPEN = "not known of both"

    @property
    def agrees(self) -> bool:
        return self in (Kind.SAME, Kind.ALIKE)

    @property
    def differs(self) -> bool:
        return self in (Kind.DIFFERENT, Kind.GENERATION)


class FieldComparison(NamedTuple):
    """stranger, relative: match weights for one person against either of the two.

    reason: in words, whether it speaks for one person or against; empty where it says nothing.
    """

    kind: Kind = Kind.OPEN
    stranger: float = 0.0
    relative: float = 0.0
    reason: str = ""


NOTHING = FieldComparison()

GENERATION = range(13, 51)  # years between a parent and a child

BORN_THE_SAME = 14.6  # one of 28,000 days, of which 1 in 7 pairs of one person has another
BORN_ON_A_FIRST_OF_JANUARY = 9.0  # where a day and a month were not known
ROUGHLY_THE_SAME_YEAR = 5.0  # one of 60 years, where a fifth of approximate dates are another's
ROUGHLY_THE_SAME_MONTH = 8.0
BORN_IN_THE_SAME_YEAR = 3.0
BORN_NEARLY, DAY_AND_MONTH_SWAPPED, TWO_PARTS = 5.5, 8.0, 3.5
BORN_ON_ANOTHER_DAY, ROUGHLY_ANOTHER = -4.0, -1.5

SSN_THE_SAME, SSN_NEARLY, SSN_LAST_FOUR = 20.0, 13.0, 11.0
LAST_FOUR_OF_ANOTHER = 3.0
SSN_DIFFERS, SSN_OF_A_RELATIVE_DIFFERS = -4.0, -3.5
# Siblings have numbers given out together, and children are filed under their mother's.
SSN_OF_A_RELATIVE, SSN_OF_A_SIBLING = 8.0, 1.0
MOST_BY_SSN = SSN_THE_SAME

OTHER_DOB, OTHER_SSN, OTHER_SEX = "Different date of birth", "Different SSN", "Different sex"
OTHER_MIDDLE, OTHER_SUFFIX = "Different middle name", "Different suffix"


def compare_dob(one: Person, two: Person) -> FieldComparison:
    if one.dob is None or two.dob is None:
        return NOTHING
    first, second = BirthDate(one.dob, one.dob_precision), BirthDate(two.dob, two.dob_precision)
    if first.agrees(second):
        return _same_dob(first, second)
    if abs(one.dob.year - two.dob.year) in GENERATION:
        return FieldComparison(Kind.GENERATION, BORN_ON_ANOTHER_DAY, 0, OTHER_DOB)
    if first.precision is second.precision is Precision.DAY:
        return _nearly(one.dob, two.dob)
    if abs(one.dob.year - two.dob.year) <= ROUGHLY_YEARS:
        return NOTHING
    return FieldComparison(Kind.DIFFERENT, ROUGHLY_ANOTHER, 0, OTHER_DOB)


def _same_dob(one: BirthDate, two: BirthDate) -> FieldComparison:
    """What two dates say that agree as far as both are known."""
    # The same year on both is all that either is known by: the date is the same.
    kind = Kind.SAME if one.day == two.day else Kind.ALIKE
    known = min(one.precision, two.precision)
    if known is Precision.YEAR:
        return FieldComparison(kind, ROUGHLY_THE_SAME_YEAR, 0, SAME_YEAR.reason)
    if known is Precision.MONTH:
        return FieldComparison(kind, ROUGHLY_THE_SAME_MONTH, 0, SAME_MONTH.reason)
    only_year = (one.day.month, one.day.day) == (1, 1)
    weight = BORN_ON_A_FIRST_OF_JANUARY if only_year else BORN_THE_SAME
    return FieldComparison(kind, weight, 0, SAME_DOB.reason)


def _nearly(one: date, two: date) -> FieldComparison:
    if one.year == two.year and (1, 1) in ((one.month, one.day), (two.month, two.day)):
        return FieldComparison(Kind.ALIKE, BORN_IN_THE_SAME_YEAR, 0, "Same year of birth")
    if abs(one.year - two.year) == 100 and (one.month, one.day) == (two.month, two.day):
        return FieldComparison(Kind.ALIKE, BORN_NEARLY, 0, DOB_DIGIT.reason)  # 1925 for 2025
    likeness = alike_dobs(one, two)
    if likeness == DAY_AND_MONTH:
        return FieldComparison(Kind.ALIKE, DAY_AND_MONTH_SWAPPED, 0, likeness.reason)
    if likeness:
        return FieldComparison(Kind.ALIKE, BORN_NEARLY, 0, likeness.reason)
    parts = (one.year == two.year) + (one.month == two.month) + (one.day == two.day)
    if parts == 2:
        return FieldComparison(Kind.ALIKE, TWO_PARTS, 0, "Similar date of birth")
    return FieldComparison(Kind.DIFFERENT, BORN_ON_ANOTHER_DAY, 0, OTHER_DOB)


def compare_ssn(
    one: Person, two: Person, *, read: bool, may_compare: bool = True
) -> FieldComparison:
    """
    read: whether two numbers that differ are worth decrypting, to see by how much.
    may_compare: whether a mistake in the first five digits, which not everybody sees, is told.
    """
    if not one.last4_hash or not two.last4_hash:
        return NOTHING
    last_four = one.last4_hash == two.last4_hash
    if not one.ssn_hash or not two.ssn_hash:
        if last_four:
            return FieldComparison(Kind.ALIKE, SSN_LAST_FOUR, SSN_OF_A_RELATIVE, LAST_FOUR.reason)
        return _another()
    if one.ssn_hash == two.ssn_hash:
        if not ssn_digits(one.ssn):  # a placeholder
            return NOTHING
        return FieldComparison(Kind.SAME, SSN_THE_SAME, SSN_OF_A_RELATIVE, SAME_SSN.reason)
    found = _compared(one, two, last_four=last_four, may_compare=may_compare) if read else None
    return found or _another()


def _compared(one: Person, two: Person, *, last_four: bool, may_compare: bool) -> FieldComparison:
    first, second = ssn_digits(one.ssn), ssn_digits(two.ssn)
    if not first or not second:
        return NOTHING
    is_told = may_compare or first[:-4] == second[:-4]
    if is_told and OSA.distance(first, second, score_cutoff=1) == 1:
        reason = SSN_DIGITS if sorted(first) == sorted(second) else SSN_DIGIT
        return FieldComparison(Kind.ALIKE, SSN_NEARLY, SSN_OF_A_SIBLING, reason.reason)
    if last_four:
        return FieldComparison(Kind.OPEN, LAST_FOUR_OF_ANOTHER, 0, LAST_FOUR.reason)
    return _another()


def _another() -> FieldComparison:
    return FieldComparison(Kind.DIFFERENT, SSN_DIFFERS, SSN_OF_A_RELATIVE_DIFFERS, OTHER_SSN)


def compare_sex(one: Person, two: Person) -> FieldComparison:
    if one.sex is None or two.sex is None:
        return NOTHING
    if one.sex == two.sex:
        return FieldComparison(Kind.SAME, 0.9, 0.9)
    return FieldComparison(Kind.DIFFERENT, -4.0, -4.0, OTHER_SEX)


def compare_middle(one: Person, two: Person) -> FieldComparison:
    if not one.middle or not two.middle:
        return NOTHING
    if one.middle == two.middle:
        is_initial = len(one.middle) == 1
        return FieldComparison(Kind.SAME, *((2.5, 1.5) if is_initial else (4.0, 2.0)))
    if one.middle[0] == two.middle[0]:
        return FieldComparison(Kind.ALIKE, 2.0, 1.0)
    return FieldComparison(Kind.DIFFERENT, -2.0, -2.0, OTHER_MIDDLE)


def compare_suffix(one: Person, two: Person) -> FieldComparison:
    if not one.suffix or not two.suffix:
        return NOTHING
    if one.suffix == two.suffix:
        return FieldComparison(Kind.SAME, 2.0, 3.0)
    return FieldComparison(Kind.DIFFERENT, -4.0, -5.0, OTHER_SUFFIX)


MOST_BY_CONTACT = 17.0  # of everything together
HOME, STREET, NUMBER, MOVED = 11.0, 6.0, 2.0, -1.5
CITY, ZIP_DIGIT, OTHER_ZIP = 4.0, 1.5, -1.0
SECOND_LINE = 3.0
PHONE, EMAIL, OTHER_PHONE = 9.0, 10.0, -0.5
ANOTHER_HOUSEHOLD = 1.8  # relatives share the home more often than one person's two records do

SAME_ADDRESS, SAME_PHONE, SAME_EMAIL = "Same address", "Same phone", "Same e-mail"
SAME_STREET = "Same street"


def compare_address(one: Person, two: Person, frequencies: TermFrequencies) -> FieldComparison:
    home = _street(one, two, frequencies)
    weight = home.stranger + _place(one, two, frequencies)
    if one.address2 and two.address2 and _lines_alike(one.address2, two.address2):
        weight += SECOND_LINE
    return home._replace(stranger=weight)


def _street(one: Person, two: Person, frequencies: TermFrequencies) -> FieldComparison:
    if not (one.street and two.street):
        return NOTHING
    same_number = one.number == two.number != ""
    # The lines of one of them may be swapped.
    lines = [(one.street, two.street), (one.street, two.address2), (one.address2, two.street)]
    if any(_lines_alike(*pair) for pair in lines if all(pair)):
        if not same_number:
            return FieldComparison(Kind.ALIKE, STREET, 0, SAME_STREET)
        # A shelter's address says little: many have it.
        frequency = frequencies.more_frequent(
            "street", one.number + one.street, two.number + two.street
        )
        return FieldComparison(
            Kind.SAME, max(0.0, min(HOME, log2(0.55 / frequency))), 0, SAME_ADDRESS
        )
    if same_number:
        return FieldComparison(Kind.OPEN, NUMBER)
    return FieldComparison(Kind.DIFFERENT, MOVED, ANOTHER_HOUSEHOLD)


def _place(one: Person, two: Person, frequencies: TermFrequencies) -> float:
    weight = 0.0
    if one.zip and two.zip:
        if one.zip == two.zip:
            weight += log2(0.76 / frequencies.frequency("zip", one.zip))
        else:
            is_one_edit = OSA.distance(one.zip, two.zip, score_cutoff=1) == 1
            weight += ZIP_DIGIT if is_one_edit else OTHER_ZIP
    if one.city and two.city and _lines_alike(one.city, two.city):
        weight += min(CITY, log2(0.7 / frequencies.more_frequent("city", one.city, two.city)))
    return weight


def _lines_alike(one: str, two: str) -> bool:
    if one == two:
        return True
    shorter = min(len(one), len(two))
    if shorter < 5:
        return False
    is_one_edit = OSA.distance(one, two, score_cutoff=1) == 1
    return is_one_edit or JaroWinkler.similarity(one, two, score_cutoff=0.93) > 0


def compare_phone(one: Person, two: Person, frequencies: TermFrequencies) -> FieldComparison:
    if not one.phone or not two.phone:
        return NOTHING
    if one.phone != two.phone:
        return FieldComparison(Kind.DIFFERENT, OTHER_PHONE)
    weight = max(0.0, min(PHONE, log2(0.3 / frequencies.frequency("phone", one.phone))))
    return FieldComparison(Kind.SAME, weight, 0.5, SAME_PHONE)


def compare_email(one: Person, two: Person) -> FieldComparison:
    if not one.email or one.email != two.email:
        return NOTHING
    return FieldComparison(Kind.SAME, EMAIL, 3.0, SAME_EMAIL)


def contact_weight(compared: list[FieldComparison]) -> float:
    """Bits of all of them against a stranger: where one of them agrees, the next ones often do."""
    return min(MOST_BY_CONTACT, sum(one.stranger for one in compared))
