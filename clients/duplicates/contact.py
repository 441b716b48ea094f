"""What address, telephone and e-mail say: of a household as much as of a person."""

from math import log2

from rapidfuzz.distance import OSA, JaroWinkler

from clients.duplicates.comparison import NOTHING, FieldComparison, Kind
from clients.duplicates.frequencies import TermFrequencies
from clients.duplicates.person import Person

MOST = 17.0  # of everything together
HOME, STREET, NUMBER, MOVED = 11.0, 6.0, 2.0, -1.5
CITY, ZIP_DIGIT, OTHER_ZIP = 4.0, 1.5, -1.0
SECOND_LINE = 3.0
PHONE, EMAIL, OTHER_PHONE = 9.0, 10.0, -0.5
ANOTHER_HOUSEHOLD = 1.8  # relatives share the home more often than one person's two records do

SAME_ADDRESS, SAME_PHONE, SAME_EMAIL = "Same address", "Same phone", "Same e-mail"


def compare_address(one: Person, two: Person, frequencies: TermFrequencies) -> FieldComparison:
    home = _street(one, two, frequencies)
    weight = home.stranger + _place(one, two, frequencies)
    if one.address2 and two.address2 and _alike(one.address2, two.address2):
        weight += SECOND_LINE
    return home._replace(stranger=weight)


def _street(one: Person, two: Person, frequencies: TermFrequencies) -> FieldComparison:
    if not (one.street and two.street):
        return NOTHING
    same_number = one.number == two.number != ""
    if _alike(one.street, two.street) or _lines_swapped(one, two):
        if not same_number:
            return FieldComparison(Kind.ALIKE, STREET, 0, "Same street")
        # A shelter's address says little: many have it.
        share = frequencies.more_frequent(
            "street", one.number + one.street, two.number + two.street
        )
        return FieldComparison(Kind.SAME, max(0.0, min(HOME, log2(0.55 / share))), 0, SAME_ADDRESS)
    if same_number:
        return FieldComparison(Kind.OPEN, NUMBER)
    return FieldComparison(Kind.DIFFERENT, MOVED, ANOTHER_HOUSEHOLD)


def _lines_swapped(one: Person, two: Person) -> bool:
    return (two.address2 != "" and _alike(one.street, two.address2)) or (
        one.address2 != "" and _alike(one.address2, two.street)
    )


def _place(one: Person, two: Person, frequencies: TermFrequencies) -> float:
    weight = 0.0
    if one.zip and two.zip:
        if one.zip == two.zip:
            weight += log2(0.76 / frequencies.frequency("zip", one.zip))
        else:
            is_one_edit = OSA.distance(one.zip, two.zip, score_cutoff=1) == 1
            weight += ZIP_DIGIT if is_one_edit else OTHER_ZIP
    if one.city and two.city and _alike(one.city, two.city):
        weight += min(CITY, log2(0.7 / frequencies.more_frequent("city", one.city, two.city)))
    return weight


def _alike(one: str, two: str) -> bool:
    if one == two:
        return True
    shorter = min(len(one), len(two))
    if shorter < 5:
        return False
    return (
        OSA.distance(one, two, score_cutoff=1) == 1
        or JaroWinkler.similarity(one, two, score_cutoff=0.93) > 0
    )


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


def limited(compared: list[FieldComparison]) -> float:
    """Bits of all of them against a stranger: where one of them agrees, the next ones often do."""
    return min(MOST, sum(one.stranger for one in compared))
