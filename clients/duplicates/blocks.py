"""The keys of which two records of one person nearly always share one."""

from collections.abc import Iterable
from typing import NamedTuple

FIRST_ALIKE = """(levenshtein_less_equal(one.first, two.first, 2) <= 2
    OR starts_with(one.first, two.first) OR starts_with(two.first, one.first))"""
LAST_ALIKE = "levenshtein_less_equal(one.last, two.last, 2) <= 2"
BOTH_ALIKE = f"{FIRST_ALIKE} AND {LAST_ALIKE}"
CROSSED_ALIKE = """(levenshtein_less_equal(one.first, two.last, 2) <= 2
    AND levenshtein_less_equal(one.last, two.first, 2) <= 2)"""
NO_GENERATION = "(abs(one.year - two.year) <= 13 OR abs(one.year - two.year) > 50)"


class Block(NamedTuple):
    """Columns that both clients have the same; `other` where the second has them elsewhere."""

    columns: str
    other: str = ""
    only: str = ""

    @property
    def pairs(self) -> list[tuple[str, str]]:
        mine = self.columns.split()
        return list(zip(mine, self.other.split() or mine, strict=True))


BLOCKS = (
    Block("ssn_hash"),
    Block("last4 last_sound"),
    Block("last4 first_sound"),
    Block("last4 first_sound", "last4 last_sound"),
    Block("last4 dob"),
    Block("dob last_sound"),
    Block("dob first_sound"),
    Block("dob first_sound", "dob last_sound"),
    Block("dob last_sound", "turned last_sound"),
    Block("dob first_sound", "turned first_sound"),
    Block("dob first_letter last_letter", only=BOTH_ALIKE),
    Block("dob first_letter last_letter", "dob last_letter first_letter", CROSSED_ALIKE),
    Block("dob zip", only=f"({FIRST_ALIKE} OR {LAST_ALIKE})"),
    Block("dob number"),
    Block("dob road"),
    Block("last_sound first_sound year"),
    Block("last_sound first_sound birthday"),
    Block(
        "last_sound first_sound zip",
        only=f"(one.dob IS NULL OR two.dob IS NULL OR {NO_GENERATION})",
    ),
    Block("last_sound first_sound", only="(one.dob IS NULL OR two.dob IS NULL)"),
    Block("last_sound first_sound year", "first_sound last_sound year"),
    Block("last_sound first_sound zip", "first_sound last_sound zip"),
    Block("last_sound first_letter year month", only=FIRST_ALIKE),
    Block("last_sound first_letter birthday", only=f"{FIRST_ALIKE} AND {NO_GENERATION}"),
    Block("first_sound last_letter year month", only=LAST_ALIKE),
    Block("first_sound last_letter birthday", only=f"{LAST_ALIKE} AND {NO_GENERATION}"),
    Block("rough_year last_sound first_letter", "year last_sound first_letter", FIRST_ALIKE),
    Block("year last_sound first_letter", "rough_year last_sound first_letter", FIRST_ALIKE),
    Block("rough_year first_sound last_letter", "year first_sound last_letter", LAST_ALIKE),
    Block("year first_sound last_letter", "rough_year first_sound last_letter", LAST_ALIKE),
    Block("street first_sound"),
    Block("street first_letter last_letter", only=BOTH_ALIKE),
    Block("street first_sound", "street last_sound"),
    Block("number first_sound last_letter", only=LAST_ALIKE),
    Block("number last_sound first_letter", only=FIRST_ALIKE),
    Block("road first_sound last_letter", only=LAST_ALIKE),
    Block("road last_sound first_letter", only=FIRST_ALIKE),
    Block("road first_sound", "road last_sound"),
    Block("phone first_sound"),
    Block("phone last_sound first_letter"),
    Block("email"),
)

# So few have the same that nothing else need be asked of those who may be met.
SELECTIVE = {"ssn_hash", "street", "phone", "email"}
Way = frozenset[tuple[str, str]]  # columns of somebody, each the same as one of a changed client
# Who has the day for the month has the same date, or the other way round.
TURNED = {("turned", "dob"): ("dob", "turned"), ("turned", "turned"): ("dob", "dob")}


def ways_to_changed(blocks: Iterable[Block]) -> list[Way]:
    """How somebody may share a key with a changed client, without those that another one covers.

    Where the second has the key in other columns, also who shares it there: how many they are says
    whether it counts.
    """
    ways = set()
    for block in blocks:
        turned = [(theirs, mine) for mine, theirs in block.pairs]
        second = [(theirs, theirs) for _, theirs in block.pairs]
        for pairs in (block.pairs, turned, second):
            known = [TURNED.get(pair, pair) for pair in pairs]
            enough = [pair for pair in known if SELECTIVE.issuperset(pair)]
            ways.add(frozenset(enough[:1] or known))
    return sorted((way for way in ways if not any(other < way for other in ways)), key=sorted)
