"""Is the new client somebody on file already? (2.6) A question to the user, never a block."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from clients.models import Client, ClientAlias
from clients.search.candidates import Candidate, Sought, candidates
from clients.search.evidence import Evidence, compare
from clients.search.spellings import Spellings, Typed, spellings_of
from hud.rules import ssn as numbers
from hud.rules.duplicates import PLACEHOLDER_YEAR, Person, agreeing, same_person
from hud.text import normalised

if TYPE_CHECKING:
    from agencies.models import User

SHOWN = 5
ALIASES = 3  # of the new client that are compared


@dataclass(frozen=True)
class LikelyDuplicate:
    """A client who may be the new one.

    agreeing: which of first_name, last_name, dob and ssn are the same.
    same_person: whether HUD's rule takes both for one person.
    """

    client: Client
    reasons: tuple[str, ...]
    agreeing: tuple[str, ...]
    same_person: bool


def likely_duplicates(
    client: Client, user: "User", aliases: Iterable[ClientAlias] = ()
) -> list[LikelyDuplicate]:
    """At most five clients that `user` may see, likeliest first.

    A fixed number of statements: one for the dictionary, one a name, one for the clients.

    client: the new one, not saved yet.
    aliases: other names of the new one, at most three of which are compared.
    """
    names = [(client.first_name, client.last_name)]
    names += [(alias.first_name, alias.last_name) for alias in aliases]
    best: dict[int, tuple[Evidence, Candidate]] = {}
    for sought in _sought(client, names[: ALIASES + 1]):
        for row in candidates(sought, user, among_exact=True):
            evidence = compare(sought, row, by_prefix=False)
            known = best.get(row.client_id)
            if is_likely(evidence) and (known is None or evidence.score > known[0].score):
                best[row.client_id] = evidence, row
    best.pop(client.pk, None)
    return _shown(client, sorted(best.values(), key=lambda one: (-one[0].score, one[1].client_id)))


def is_likely(evidence: Evidence) -> bool:
    """Whether to ask. Twins are asked about; a father of the same name is somebody else.

    Where neither date of birth nor SSN can be compared, only the same name, or one that every
    bearer may use for it, is worth the question.
    """
    numbers_say = evidence.numbers
    if not evidence.names:
        return numbers_say >= 1
    if evidence.is_of_a_twin or evidence.is_of_a_new_last_name or numbers_say >= 1.4:
        return True
    if numbers_say >= 0.4:
        return evidence.least >= 0.7
    return numbers_say >= 0 and len(evidence.names) == 2 and evidence.least >= 0.9


def _sought(client: Client, names: list[tuple[str, str]]) -> Iterator[Sought]:
    spellings = spellings_of(
        dict.fromkeys(
            typed
            for first, last in names
            for typed in (Typed(first, True), Typed(last, False))
            if typed.key
        )
    )
    none: Spellings = {}
    # Neither a placeholder nor the default of some older system says anything.
    dob = client.dob if client.dob and client.dob.year > PLACEHOLDER_YEAR else None
    whole = numbers.clean(client.ssn)
    ssn = whole if numbers.is_valid(whole) else whole[-4:] if numbers.is_partial(whole) else ""
    for first, last in names:
        yield Sought(
            normalised(first),
            normalised(last),
            spellings.get(Typed(first, True), none),
            spellings.get(Typed(last, False), none),
            dob,
            ssn if ssn.isdigit() else "",
        )


def _shown(client: Client, found: list[tuple[Evidence, Candidate]]) -> list[LikelyDuplicate]:
    found = found[:SHOWN]
    known = Client.objects.select_related("organization").in_bulk(
        [row.client_id for _, row in found]
    )
    for _, row in found:
        known[row.client_id].matched_alias = row.alias
    return [
        LikelyDuplicate(
            known[row.client_id],
            evidence.reasons or ("Same name",),
            _agreeing(client, known[row.client_id]),
            same_person(_person(client), _person(known[row.client_id])),
        )
        for evidence, row in found
    ]


def _agreeing(one: Client, two: Client) -> tuple[str, ...]:
    others = [what for what in agreeing(_person(one), _person(two)) if what != "name"]
    names = [
        name
        for name in ("first_name", "last_name")
        if normalised(getattr(one, name)) == normalised(getattr(two, name)) != ""
    ]
    return (*names, *others)


def _person(client: Client) -> Person:
    return Person(client.first_name, client.last_name, client.ssn, client.dob)
