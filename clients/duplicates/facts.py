"""What date of birth, SSN, sex, middle name and suffix say: about the person alone."""

from datetime import date

from rapidfuzz.distance import OSA

from clients.duplicates.comparison import NOTHING, FieldComparison, Kind
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
    only_year = any((day.month, day.day) == (1, 1) for day in (one.dob, two.dob))
    known = min(one.dob_precision, two.dob_precision)
    if known is not Precision.DAY:
        return _approximately(one, two, known)
    if one.dob == two.dob:
        weight = BORN_ON_A_FIRST_OF_JANUARY if only_year else BORN_THE_SAME
        return FieldComparison(Kind.SAME, weight, 0, SAME_DOB.reason)
    years = abs(one.dob.year - two.dob.year)
    if years in GENERATION:
        return FieldComparison(Kind.GENERATION, BORN_ON_ANOTHER_DAY, 0, OTHER_DOB)
    if only_year and not years:
        return FieldComparison(Kind.ALIKE, BORN_IN_THE_SAME_YEAR, 0, "Same year of birth")
    return _nearly(one.dob, two.dob)


def _approximately(one: Person, two: Person, known: Precision) -> FieldComparison:
    """What two dates say of which at least one is approximate: as far as both are known."""
    if one.dob is None or two.dob is None:
        return NOTHING
    years = abs(one.dob.year - two.dob.year)
    if BirthDate(one.dob, one.dob_precision).agrees(BirthDate(two.dob, two.dob_precision)):
        # The same year on both is all that either is known by: the date is the same.
        kind = Kind.SAME if one.dob == two.dob else Kind.ALIKE
        if known is Precision.YEAR:
            return FieldComparison(kind, ROUGHLY_THE_SAME_YEAR, 0, SAME_YEAR.reason)
        return FieldComparison(kind, ROUGHLY_THE_SAME_MONTH, 0, SAME_MONTH.reason)
    if years in GENERATION:
        return FieldComparison(Kind.GENERATION, BORN_ON_ANOTHER_DAY, 0, OTHER_DOB)
    return (
        NOTHING
        if years <= ROUGHLY_YEARS
        else FieldComparison(Kind.DIFFERENT, ROUGHLY_ANOTHER, 0, OTHER_DOB)
    )


def _nearly(one: date, two: date) -> FieldComparison:
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


def compare_ssn(one: Person, two: Person, *, read: bool) -> FieldComparison:
    """read: whether two numbers that differ are worth decrypting, to see by how much."""
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
    return _compared(one, two, last_four=last_four) if read else _another()


def _compared(one: Person, two: Person, *, last_four: bool) -> FieldComparison:
    first, second = ssn_digits(one.ssn), ssn_digits(two.ssn)
    if not first or not second:
        return NOTHING
    if OSA.distance(first, second, score_cutoff=1) == 1:
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
        return (
            FieldComparison(Kind.SAME, 4.0, 2.0)
            if len(one.middle) > 1
            else FieldComparison(Kind.SAME, 2.5, 1.5)
        )
    if one.middle[0] == two.middle[0]:
        return FieldComparison(Kind.ALIKE, 2.0, 1.0)
    return FieldComparison(Kind.DIFFERENT, -2.0, -2.0, OTHER_MIDDLE)


def compare_suffix(one: Person, two: Person) -> FieldComparison:
    if not one.suffix or not two.suffix:
        return NOTHING
    if one.suffix == two.suffix:
        return FieldComparison(Kind.SAME, 2.0, 3.0)
    return FieldComparison(Kind.DIFFERENT, -4.0, -5.0, OTHER_SUFFIX)
