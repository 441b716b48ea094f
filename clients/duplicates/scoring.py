"""How likely two clients are one person: a match weight, of which each 1 more doubles the odds.

Two others compete with "one person": a *stranger* who happens to agree, and a *relative* of the
same household (twin, brother, father of the same name), who shares last name, address and telephone
anyway, so that these say nothing against him. Each field says how much more often it looks like
that in two records of one person than in records of strangers, and than in those of relatives. The
numbers were fitted to FEBRL's sets 1 to 3 where these have the field; docs/duplicates.md.
"""

from math import log2
from typing import NamedTuple

from clients.duplicates import comparison
from clients.duplicates.comparison import FieldComparison, Kind
from clients.duplicates.frequencies import TermFrequencies
from clients.duplicates.names import SAME_FIRST, SAME_LAST, SAME_NAME, Names, compare_names
from clients.duplicates.person import Person
from clients.search.similarity import SWAPPED_NAMES

STORED_TWICE = 3.3  # one client in ten is: log2(10)
WITH_A_RELATIVE = 3.3  # to one other record of the same person there are ten of relatives
LISTED = -1.0  # the weight from which the finder lists a pair: one in three
ASKED = -5.0  # the weight from which Add New Client asks; a look costs its user little
HOPELESS = -99.0

# How much oftener two records of one person look like that than those of two relatives.
_SAME_PERSON_OR_RELATIVE = {
    (True, Kind.SAME): 12.7,
    (True, Kind.ALIKE): 6.3,
    (True, Kind.GENERATION): -2.4,  # father and son
    (True, Kind.DIFFERENT): 3.0,
    (True, Kind.OPEN): 4.0,
    (False, Kind.SAME): 2.4,  # twins
    (False, Kind.ALIKE): -1.7,
    (False, Kind.GENERATION): -8.3,
    (False, Kind.DIFFERENT): -7.0,
    (False, Kind.OPEN): -3.0,
    (None, Kind.SAME): 5.1,
    (None, Kind.ALIKE): 1.5,
    (None, Kind.GENERATION): -5.0,
    (None, Kind.DIFFERENT): -4.0,
    (None, Kind.OPEN): 0.0,
}
OTHER_LAST_NAME = -1.5  # relatives have other last names oftener than one person has two


class Match(NamedTuple):
    """weight: log2 of the odds that the two are one person.

    reasons: what agrees, in words without the data; against: what does not.
    """

    weight: float
    reasons: tuple[str, ...] = ()
    against: tuple[str, ...] = ()

    @property
    def score(self) -> float:
        """The same as a probability."""
        return 1 / (1 + 2.0**-self.weight)


NO = Match(HOPELESS)


def weigh(
    one: Person,
    two: Person,
    frequencies: TermFrequencies,
    *,
    least: float = LISTED,
    may_compare_ssns: bool = True,
) -> Match:
    """Weigh what speaks for and against two clients being one person.

    least: the weight below which nobody asks how many they are; saves reading SSNs.
    may_compare_ssns: whether SSNs with a mistake in the first five digits are alike.
    """
    names = compare_names(one, two, frequencies)
    dob = comparison.compare_dob(one, two)
    personal = (comparison.compare_sex, comparison.compare_middle, comparison.compare_suffix)
    others = [compare(one, two) for compare in personal]
    contacts = [
        comparison.compare_address(one, two, frequencies),
        comparison.compare_phone(one, two, frequencies),
        comparison.compare_email(one, two),
    ]
    stranger = names.stranger + dob.stranger + sum(one.stranger for one in others)
    stranger += comparison.contact_weight(contacts) - log2(frequencies.clients) - STORED_TWICE
    if stranger + comparison.MOST_BY_SSN < least:
        return NO
    relative = _against_relatives(names, dob) - WITH_A_RELATIVE
    relative += sum(one.relative for one in (*others, *contacts))
    is_worth_reading = stranger + comparison.SSN_NEARLY >= least
    ssn = comparison.compare_ssn(one, two, read=is_worth_reading, may_compare=may_compare_ssns)
    # The odds against either of the two.
    weight = -log2(2.0 ** -(stranger + ssn.stranger) + 2.0 ** -(relative + ssn.relative))
    # Two of SSN (HUD 3.02), name (3.01) and birth (3.03): always worth a look.
    if names.are_same + (dob.kind is Kind.SAME) + (ssn.kind is Kind.SAME) >= 2:
        weight = max(weight, LISTED)
    elif weight < least or _differ_in_all_but_names(dob, ssn, contacts):
        return NO
    return Match(weight, *_words(names, (dob, ssn, *others, *contacts)))


def _against_relatives(names: Names, dob: FieldComparison) -> float:
    first = names.first.kind
    known = None if first is Kind.OPEN else first.agrees
    weight = _SAME_PERSON_OR_RELATIVE[known, dob.kind]
    return weight + (OTHER_LAST_NAME if names.last.kind.differs else 0)


def _differ_in_all_but_names(
    dob: FieldComparison, ssn: FieldComparison, contacts: list[FieldComparison]
) -> bool:
    """A name alone never outweighs a date of birth or an SSN that differs."""
    differs = dob.kind.differs or ssn.kind.differs
    return differs and not any(one.kind.agrees for one in (dob, ssn, *contacts))


def _words(
    names: Names, compared: tuple[FieldComparison, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """In words: what agrees, and what does not."""
    first, last = (name.kind is Kind.SAME for name in (names.first, names.last))
    agree, differ = [SAME_FIRST] * first + [SAME_LAST] * last, list[str]()
    if names.is_swapped:
        agree = [SWAPPED_NAMES]
    elif names.are_same:
        agree = [SAME_NAME]
    for one in (names.first, names.last, *compared):
        (differ if one.kind.differs else agree).append(one.reason)
    return tuple(dict.fromkeys(filter(None, agree))), tuple(filter(None, differ))
