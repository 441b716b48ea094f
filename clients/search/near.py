"""Who may have been meant: near matches, each with its reason (2.4)."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from clients.models import Client
from clients.search.candidates import Candidate, SearchQuery, candidates
from clients.search.criteria import Criteria
from clients.search.evidence import Evidence, compare, is_exact
from clients.search.spellings import SHORTEST, Typed, spellings_of

if TYPE_CHECKING:
    from agencies.models import User

SHOWN = 10
OF_ONE_NAME = 3
# With so many exact results, a single name's neighbours, and beginnings in the wrong boxes, are
# only noise.
ENOUGH = 10


@dataclass(frozen=True)
class NearMatch:
    """A client who does not fit what was typed, but may be meant."""

    client: Client
    reasons: tuple[str, ...]


def near_matches(
    criteria: Criteria, user: "User", exclude: Collection[int] = ()
) -> list[NearMatch]:
    """At most ten clients that `user` may see, best first, in at most three statements.

    exclude: the IDs of those who are listed already.
    """
    if not criteria.is_possible or not (criteria.has_name or criteria.dob or criteria.ssn):
        return []
    if len(exclude) >= ENOUGH and _is_one_name(criteria):
        return []
    for reading in criteria.readings:
        if found := _near(reading, user, exclude):
            return found
    return []


def _near(criteria: Criteria, user: "User", exclude: Collection[int]) -> list[NearMatch]:
    query = search_query(criteria)
    best: dict[int, tuple[Evidence, Candidate]] = {}
    for row in candidates(query, user, among_exact=False):
        evidence = compare(query, row)
        if row.client_id in exclude or is_exact(query, row, evidence):
            continue
        if not is_near(query, evidence) or _is_noise(query, evidence, exclude):
            continue
        known = best.get(row.client_id)
        if known is None or evidence.score > known[0].score:
            best[row.client_id] = evidence, row
    return _matches(best.values())


def _is_one_name(criteria: Criteria) -> bool:
    one = bool(criteria.first_key) != bool(criteria.last_key)
    return one and not (criteria.dob or criteria.ssn)


def search_query(criteria: Criteria) -> SearchQuery:
    """Look the names up in the dictionary of spellings."""
    first, last = Typed(criteria.first_name, True), Typed(criteria.last_name, False)
    spellings = spellings_of(name for name in (first, last) if name.key)
    return SearchQuery(
        criteria.first_key,
        criteria.last_key,
        spellings.get(first, {}),
        spellings.get(last, {}),
        criteria.born,
        criteria.ssn,
    )


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


def _is_noise(query: SearchQuery, evidence: Evidence, exclude: Collection[int]) -> bool:
    short = max(len(query.first_key), len(query.last_key)) < SHORTEST
    return evidence.swapped and short and len(exclude) >= ENOUGH


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


def _matches(found: Iterable[tuple[Evidence, Candidate]]) -> list[NearMatch]:
    ranked = sorted(
        found, key=lambda one: (-one[0].score, one[1].last_key, one[1].first_key, one[1].client_id)
    )
    ranked = _various(ranked)[:SHOWN]
    clients = Client.objects.select_related("organization").in_bulk(
        [row.client_id for _, row in ranked]
    )
    matches = []
    for evidence, row in ranked:
        client = clients[row.client_id]
        client.matched_alias = row.alias
        matches.append(NearMatch(client, evidence.reasons))
    return matches
