"""Who may have been meant: near matches, each with its reason (2.4)."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from agencies.models import User
from clients.models import Client
from clients.search.aliases import with_aliases
from clients.search.candidates import Candidate, SearchQuery, candidates
from clients.search.criteria import Criteria
from clients.search.evidence import Evidence, compare, is_exact
from clients.search.similarity import LEAST_ROUGH, OTHER_SSN, SAME_DOB
from clients.search.spellings import SHORTEST, Typed, spellings_of
from clients.ssn import may_compare_ssns

SHOWN, ALL_SHOWN = 10, 25  # at least ten near matches, and 25 with the exact ones
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
    """At most ten clients that `user` may see, best first, in at most five statements.

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
    query = SearchQuery(
        *keys, known[first], known[last], criteria.born, criteria.ssn, may_compare_ssns(user)
    )
    is_short = max(len(query.first_key), len(query.last_key)) < SHORTEST
    is_noise = is_short and len(exclude) >= ENOUGH
    listed = set(exclude)
    best: dict[int, tuple[Evidence, Candidate]] = {}
    # Several sources bring the same row.
    for row in dict.fromkeys(candidates(query, user, among_exact=False)):
        if row.client_id in listed:
            continue
        evidence = compare(query, row)
        if is_exact(query, row, evidence):
            continue
        if not is_near(row, evidence) or (evidence.swapped and is_noise):
            continue
        better = best.get(row.client_id)
        if better is None or evidence.weight > better[0].weight:
            best[row.client_id] = evidence, row
    ranked = sorted(
        best.values(),
        key=lambda one: (-one[0].weight, one[1].last_key, one[1].first_key, one[1].client_id),
    )
    ranked = _various(ranked)[: max(SHOWN, ALL_SHOWN - len(exclude))]
    clients = with_aliases({row.client_id: row.alias for _, row in ranked}, user)
    return [NearMatch(clients[row.client_id], evidence.reasons) for evidence, row in ranked]


def is_near(row: Candidate, evidence: Evidence) -> bool:
    """Whether the less alike of the names is alike enough for what the numbers say.

    A date of birth hides nobody: whoever the names alone would list is listed beside another one
    too. An SSN of another person does, unless the date of birth is the same.
    """
    numbers, names = evidence.numbers, evidence.names
    if evidence.ssn == OTHER_SSN and evidence.dob != SAME_DOB:
        return False
    if numbers >= 1.5:
        return True
    if evidence.dob == SAME_DOB or numbers >= 1:
        return evidence.most >= 0.8 or evidence.least >= LEAST_ROUGH
    if row.is_one_of_few and evidence.most >= 0.8:
        return True
    return evidence.least >= 0.7 and (bool(names) or numbers >= 0.4)


def _various(ranked: list[tuple[Evidence, Candidate]]) -> list[tuple[Evidence, Candidate]]:
    """Put the fourth and later bearers of one name behind the other names."""
    seen: Counter[tuple[str, str]] = Counter()
    first: list[tuple[Evidence, Candidate]] = []
    later: list[tuple[Evidence, Candidate]] = []
    for evidence, row in ranked:
        name = row.first_key, row.last_key
        seen[name] += 1
        crowded = seen[name] > OF_ONE_NAME and evidence.numbers <= 0
        (later if crowded else first).append((evidence, row))
    return first + later
