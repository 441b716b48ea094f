"""What speaks for and against a candidate being the person who was typed."""

from dataclasses import dataclass

from clients.search.candidates import Candidate, SearchQuery
from clients.search.similarity import (
    DAY_AND_MONTH,
    DOB_DIGIT,
    DOB_DIGITS,
    LAST_FOUR,
    LEAST_ROUGH,
    NICKNAME,
    OTHER_DOB,
    OTHER_SSN,
    PART,
    ROUGH,
    SAME_DOB,
    SAME_MONTH,
    SAME_SSN,
    SAME_YEAR,
    SSN_DIGIT,
    SSN_DIGITS,
    SWAPPED_NAMES,
    UNLIKE,
    Likeness,
    alike_births,
    alike_names,
    nicknames,
    roughly_alike,
)

SAME_NAME = Likeness(1)
BEGINNING = Likeness(0.97)  # a name that begins with what was typed
PART_OF_DOUBLE = Likeness(0.85, PART)
IN_OTHER_BOX = Likeness(0.9, NICKNAME)  # a nickname typed as the last name
NO_DOB = Likeness(0, "No date of birth on record")
NO_SSN = Likeness(0, "No SSN on record")

# How much oftener it looks like that where the person is meant than where not, in powers of two:
# counted in FEBRL's sets 1 to 3 beside everybody else (docs/search.md). A date or an SSN that is
# none of the misspelt ones there has the weight that the search for duplicates gives it.
SAME_FIRST_WEIGHT, SAME_LAST_WEIGHT = 10.0, 12.0
OF_ALIKE = 16.0  # less for each whole point of likeness that is missing
ROUGH_WEIGHT, OF_ROUGH = -2.0, 42.0
UNLIKE_WEIGHT = -2.8
SWAPPED_WEIGHT = -4.0
NUMBER_WEIGHTS = {
    SAME_DOB: 16.0,
    DAY_AND_MONTH: 8.0,
    DOB_DIGITS: 7.0,
    DOB_DIGIT: 4.0,
    SAME_MONTH: 8.0,
    SAME_YEAR: 5.0,
    NO_DOB: -1.0,
    OTHER_DOB: -4.4,
    SAME_SSN: 20.0,
    SSN_DIGIT: 13.0,
    SSN_DIGITS: 13.0,
    LAST_FOUR: 11.0,
    OTHER_SSN: -4.0,
}


@dataclass(frozen=True)
class Evidence:
    """The likeness of each thing that was typed; None for what was not."""

    first: Likeness | None
    last: Likeness | None
    dob: Likeness | None
    ssn: Likeness | None
    swapped: bool = False

    @property
    def names(self) -> list[Likeness]:
        return [name for name in (self.first, self.last) if name is not None]

    @property
    def numbers(self) -> float:
        """How much the date of birth and the SSN say: over 1 is proof, below 0 another person."""
        return sum(number.score for number in (self.dob, self.ssn) if number is not None)

    @property
    def least(self) -> float:
        return min((name.score for name in self.names), default=1.0)

    @property
    def most(self) -> float:
        return max((name.score for name in self.names), default=1.0)

    @property
    def weight(self) -> float:
        """For the order: of two candidates, the likelier one has more."""
        weight = _weight(self.first, SAME_FIRST_WEIGHT) + _weight(self.last, SAME_LAST_WEIGHT)
        weight += SWAPPED_WEIGHT if self.swapped else 0
        return weight + sum(NUMBER_WEIGHTS.get(one, 0) for one in (self.dob, self.ssn) if one)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it is near, in sentences for a case worker."""
        found = [SWAPPED_NAMES] if self.swapped else []
        found += [name.reason for name in self.names]
        known = [("first", self.first), ("last", self.last)]
        fitting = [(what, name) for what, name in known if name is not None and name.score > ROUGH]
        if len(self.names) == 2 and len(fitting) == 1 and not fitting[0][1].reason:
            found.append(f"Same {fitting[0][0]} name")
        found += [number.reason for number in (self.dob, self.ssn) if number is not None]
        return tuple(dict.fromkeys(filter(None, found)))


def _weight(name: Likeness | None, same: float) -> float:
    if name is None:
        return 0
    if name.score > ROUGH:
        return same - OF_ALIKE * (1 - name.score)
    return ROUGH_WEIGHT + OF_ROUGH * (name.score - LEAST_ROUGH) if name.score else UNLIKE_WEIGHT


def compare(query: SearchQuery, row: Candidate) -> Evidence:
    """Weigh a candidate, its names as they stand or swapped, whichever is likelier."""
    dob, ssn = _dob(query, row), _ssn(query, row)
    straight, crossed = (_compare(query, row, dob, ssn, swapped=one) for one in (False, True))
    is_likelier = crossed.least >= straight.least and crossed.weight > straight.weight
    return crossed if is_likelier else straight


def _compare(
    query: SearchQuery,
    row: Candidate,
    dob: Likeness | None,
    ssn: Likeness | None,
    *,
    swapped: bool,
) -> Evidence:
    one, two = (row.last_key, row.first_key) if swapped else (row.first_key, row.last_key)
    first = _first_name(query, one)
    last = _last_name(query, two, "" if swapped else row.last_part_key)
    if swapped and last == UNLIKE and two in nicknames(query.last_key):
        last = IN_OTHER_BOX
    if row.is_one_of_few or dob == SAME_DOB or ssn == SAME_SSN:
        first = roughly_alike(query.first_key, one) if first == UNLIKE else first
        last = roughly_alike(query.last_key, two) if last == UNLIKE else last
    return Evidence(first, last, dob, ssn, swapped)


def _first_name(query: SearchQuery, key: str) -> Likeness | None:
    typed = query.first_key
    if not typed:
        return None
    known = _same(typed, key) or query.firsts.get(key)
    return known or alike_names(typed, key, first=True) or UNLIKE


def _last_name(query: SearchQuery, key: str, part: str) -> Likeness | None:
    typed = query.last_key
    if not typed:
        return None
    known = _same(typed, key) or query.lasts.get(key) or alike_names(typed, key) or UNLIKE
    if part and known.score < PART_OF_DOUBLE.score:
        word = _same(typed, part) or query.lasts.get(part, UNLIKE)
        as_part = Likeness(word.score * PART_OF_DOUBLE.score, word.reason or PART)
        return max(known, as_part)
    return known


def _same(typed: str, key: str) -> Likeness | None:
    if typed == key:
        return SAME_NAME
    return BEGINNING if key.startswith(typed) else None


def _dob(query: SearchQuery, row: Candidate) -> Likeness | None:
    if not query.born:
        return None
    return (alike_births(query.born, row.born) or OTHER_DOB) if row.born else NO_DOB


def _ssn(query: SearchQuery, row: Candidate) -> Likeness | None:
    if not query.ssn:
        return None
    if row.ssn_hash in query.ssn_hashes:
        return query.ssn_hashes[row.ssn_hash]
    if not row.ssn_last4_hash:
        return NO_SSN
    return LAST_FOUR if row.ssn_last4_hash == query.last_four_hash else OTHER_SSN


def is_exact(query: SearchQuery, row: Candidate, evidence: Evidence) -> bool:
    """Whether exact_matches finds it too."""
    names_fit = row.first_key.startswith(query.first_key)
    names_fit = names_fit and row.last_key.startswith(query.last_key)
    dob_fits = evidence.dob in (None, SAME_DOB, SAME_MONTH, SAME_YEAR)
    ssn_fits = evidence.ssn in (None, SAME_SSN)
    if len(query.ssn) == 4:
        ssn_fits = evidence.ssn == LAST_FOUR
    return names_fit and dob_fits and ssn_fits
