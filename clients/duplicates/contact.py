"""What address, telephone and e-mail say: of a household as much as of a person."""

from math import log2

from rapidfuzz.distance import OSA, JaroWinkler

from clients.duplicates.comparison import NOTHING, Kind, Said
from clients.duplicates.frequencies import Shares
from clients.duplicates.person import Person

MOST = 17.0  # bits of everything together
HOME, STREET, NUMBER, MOVED = 11.0, 6.0, 2.0, -1.5
CITY, ZIP_DIGIT, OTHER_ZIP = 4.0, 1.5, -1.0
SECOND_LINE = 3.0
PHONE, EMAIL, OTHER_PHONE = 9.0, 10.0, -0.5
ANOTHER_HOUSEHOLD = 1.8  # relatives share the home more often than one person's two records do

SAME_ADDRESS, SAME_PHONE, SAME_EMAIL = "Same address", "Same phone", "Same e-mail"


def said_by_address(one: Person, two: Person, shares: Shares) -> Said:
    home = _street(one, two, shares)
    bits = home.stranger + _place(one, two, shares)
    if one.address2 and two.address2 and _alike(one.address2, two.address2):
        bits += SECOND_LINE
    return home._replace(stranger=bits)


def _street(one: Person, two: Person, shares: Shares) -> Said:
    if not (one.street and two.street):
        return NOTHING
    same_number = one.number == two.number != ""
    if _alike(one.street, two.street) or _lines_swapped(one, two):
        if not same_number:
            return Said(Kind.ALIKE, STREET, 0, "Same street")
        # A shelter's address says little: many have it.
        share = shares.commoner("street", one.number + one.street, two.number + two.street)
        return Said(Kind.SAME, max(0.0, min(HOME, log2(0.55 / share))), 0, SAME_ADDRESS)
    if same_number:
        return Said(Kind.OPEN, NUMBER)
    return Said(Kind.DIFFERENT, MOVED, ANOTHER_HOUSEHOLD)


def _lines_swapped(one: Person, two: Person) -> bool:
    return (two.address2 != "" and _alike(one.street, two.address2)) or (
        one.address2 != "" and _alike(one.address2, two.street)
    )


def _place(one: Person, two: Person, shares: Shares) -> float:
    bits = 0.0
    if one.zip and two.zip:
        if one.zip == two.zip:
            bits += log2(0.76 / shares.share("zip", one.zip))
        else:
            is_slip = OSA.distance(one.zip, two.zip, score_cutoff=1) == 1
            bits += ZIP_DIGIT if is_slip else OTHER_ZIP
    if one.city and two.city and _alike(one.city, two.city):
        bits += min(CITY, log2(0.7 / shares.commoner("city", one.city, two.city)))
    return bits


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


def said_by_phone(one: Person, two: Person, shares: Shares) -> Said:
    if not one.phone or not two.phone:
        return NOTHING
    if one.phone != two.phone:
        return Said(Kind.DIFFERENT, OTHER_PHONE)
    bits = max(0.0, min(PHONE, log2(0.3 / shares.share("phone", one.phone))))
    return Said(Kind.SAME, bits, 0.5, SAME_PHONE)


def said_by_email(one: Person, two: Person) -> Said:
    if not one.email or one.email != two.email:
        return NOTHING
    return Said(Kind.SAME, EMAIL, 3.0, SAME_EMAIL)


def limited(said: list[Said]) -> float:
    """Bits of all of them against a stranger: where one of them agrees, the next ones often do."""
    return min(MOST, sum(one.stranger for one in said))
