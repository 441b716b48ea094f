"""Who may have been meant: near matches, each with its reason (2.4)."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from agencies.models import User
from clients.models import Client
from clients.search.candidates import Candidate, SearchQuery, candidates
from clients.search.criteria import Criteria
from clients.search.similarity import (
    LAST_FOUR,
    NICKNAME,
    PART,
    SAME_DOB,
    SAME_MONTH,
    SAME_SSN,
    SAME_YEAR,
    SWAPPED_NAMES,
    Likeness,
    alike_births,
    alike_names,
    nicknames,
)
from clients.search.spellings import SHORTEST, Typed, spellings_of

AGAINST = Likeness(-1)
SAME_NAME = Likeness(1)
UNLIKE = Likeness(0)
BEGINNING = Likeness(0.97)  # a name that begins with what was typed
PART_OF_DOUBLE = Likeness(0.85, PART)
IN_OTHER_BOX = Likeness(0.9, NICKNAME)  # a nickname typed as the last name


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
    def score(self) -> float:
        """For the order: the numbers count more than any name."""
        names = sum(name.score for name in self.names) / max(len(self.names), 1)
        return self.numbers + names - (0.05 if self.swapped else 0)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it is near, in sentences for a case worker."""
        found = [SWAPPED_NAMES] if self.swapped else []
        found += [name.reason for name in self.names]
        known = [("first", self.first), ("last", self.last)]
        fitting = [(what, name) for what, name in known if name is not None and name.score]
        if len(self.names) == 2 and len(fitting) == 1 and not fitting[0][1].reason:
            found.append(f"Same {fitting[0][0]} name")
        found += [number.reason for number in (self.dob, self.ssn) if number is not None]
        return tuple(dict.fromkeys(filter(None, found)))


def compare(query: SearchQuery, row: Candidate) -> Evidence:
    """Weigh a candidate, its names as they stand or swapped, whichever is closer."""
    dob, ssn = _dob(query, row), _ssn(query, row)
    options = []
    for swapped in (False, True):
        one, two = (row.last_key, row.first_key) if swapped else (row.first_key, row.last_key)
        first = _first_name(query, one)
        last = _last_name(query, two, "" if swapped else row.last_part_key)
        if swapped and last == UNLIKE and two in nicknames(query.last_key):
            last = IN_OTHER_BOX
        options.append(Evidence(first, last, dob, ssn, swapped))
    straight, crossed = options
    is_closer = crossed.least > straight.least and crossed.score > straight.score
    return crossed if is_closer else straight


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
    if not row.born:
        return Likeness(0, "No date of birth on record")
    return alike_births(query.born, row.born) or AGAINST


def _ssn(query: SearchQuery, row: Candidate) -> Likeness | None:
    if not query.ssn:
        return None
    if row.ssn_hash in query.ssn_hashes:
        likeness = query.ssn_hashes[row.ssn_hash]
        return Likeness(1.5, SAME_SSN.reason) if likeness == SAME_SSN else likeness
    if not row.ssn_last4_hash:
        return Likeness(0, "No SSN on record")
    return LAST_FOUR if row.ssn_last4_hash == query.last_four_hash else AGAINST


def is_exact(query: SearchQuery, row: Candidate, evidence: Evidence) -> bool:
    """Whether exact_matches finds it too."""
    names_fit = row.first_key.startswith(query.first_key)
    names_fit = names_fit and row.last_key.startswith(query.last_key)
    dob_fits = evidence.dob in (None, SAME_DOB, SAME_MONTH, SAME_YEAR)
    ssn_fits = evidence.ssn is None or evidence.ssn.reason == SAME_SSN.reason
    if len(query.ssn) == 4:
        ssn_fits = evidence.ssn == LAST_FOUR
    return names_fit and dob_fits and ssn_fits


SHOWN = 10
OF_ONE_NAME = 3
# With so many exact results, a single name's neighbours, and beginnings in the wrong boxes, are
# only noise.
ENOUGH = 10


@dataclass(frozen=True)
class NearMatch:
    """A client who does not fit what was typed, but may be meant, and why."""

    client: Client
    reasons: tuple[str, ...]


def near_matches(criteria: Criteria, user: User, exclude: Collection[int] = ()) -> list[NearMatch]:
    """At most ten clients that `user` may see, best first, in at most three statements.

    exclude: the IDs of those who are listed already.
    """
    if not criteria.is_possible or not (criteria.has_name or criteria.dob or criteria.ssn):
        return []
    is_one_name = bool(criteria.first_key) != bool(criteria.last_key)
    if len(exclude) >= ENOUGH and is_one_name and not (criteria.dob or criteria.ssn):
        return []
    for reading in criteria.readings:
        if found := _near(reading, user, exclude):
            return found
    return []


def _near(criteria: Criteria, user: User, exclude: Collection[int]) -> list[NearMatch]:
    first, last = Typed(criteria.first_name, True), Typed(criteria.last_name, False)
    known = spellings_of([first, last])
    keys = criteria.first_key, criteria.last_key
    query = SearchQuery(*keys, known[first], known[last], criteria.born, criteria.ssn)
    is_short = max(len(query.first_key), len(query.last_key)) < SHORTEST
    is_noise = is_short and len(exclude) >= ENOUGH
    best: dict[int, tuple[Evidence, Candidate]] = {}
    for row in candidates(query, user, among_exact=False):
        evidence = compare(query, row)
        if row.client_id in exclude or is_exact(query, row, evidence):
            continue
        if not is_near(query, evidence) or (evidence.swapped and is_noise):
            continue
        better = best.get(row.client_id)
        if better is None or evidence.score > better[0].score:
            best[row.client_id] = evidence, row
    ranked = sorted(
        best.values(),
        key=lambda one: (-one[0].score, one[1].last_key, one[1].first_key, one[1].client_id),
    )
    ranked = _various(ranked)[:SHOWN]
    ids = [row.client_id for _, row in ranked]
    clients = Client.objects.select_related("organization").in_bulk(ids)
    for _, row in ranked:
        clients[row.client_id].matched_alias = row.alias
    return [NearMatch(clients[row.client_id], evidence.reasons) for evidence, row in ranked]


def is_near(query: SearchQuery, evidence: Evidence) -> bool:
    """Whether the less alike of the names is alike enough for what the numbers say."""
    numbers = evidence.numbers
    if numbers < 0:
        return False
    if numbers >= 1.5:
        return True
    if numbers >= 1:
        return evidence.most >= 0.8
    if numbers >= 0.4:
        return evidence.least >= 0.7
    return bool(evidence.names) and evidence.least >= (0.85 if query.wants_number else 0.7)


def _various(ranked: list[tuple[Evidence, Candidate]]) -> list[tuple[Evidence, Candidate]]:
    """Put the fourth and later bearers of one name behind the other names."""
    seen: Counter[tuple[str, str]] = Counter()
    first: list[tuple[Evidence, Candidate]] = []
    later: list[tuple[Evidence, Candidate]] = []
    for evidence, row in ranked:
        name = row.first_key, row.last_key
        seen[name] += 1
        crowded = seen[name] > OF_ONE_NAME and evidence.numbers == 0
        (later if crowded else first).append((evidence, row))
    return first + later
