"""Is the new client somebody on file already? (2.6) A question to the user, never a block."""

from collections.abc import Iterable, Iterator
from itertools import chain

from django.db.models import QuerySet

from agencies.models import User
from clients.duplicates.frequencies import cached_term_frequencies
from clients.duplicates.person import people, person_of
from clients.duplicates.scoring import ASKED, weigh
from clients.models import Client, ClientAlias
from clients.search import NearMatch
from clients.search.candidates import SearchQuery, candidates
from clients.search.spellings import Typed, spellings_of
from clients.ssn import may_compare_ssns, without_details
from hud.rules import ssn as numbers
from hud.rules.dob import PLACEHOLDER_YEAR
from hud.text import normalised
from records.statements import compiled

SHOWN = 5
ALIASES = 3  # of the new client that are compared


def likely_duplicates(
    client: Client, user: User, aliases: Iterable[ClientAlias] = ()
) -> list[NearMatch]:
    """At most five clients that `user` may see, likeliest first.

    A fixed number of statements: one for the dictionary, one a name, two for what the candidates
    are compared by, one for what of it is shared, one for the clients, and once an hour one for how
    common names are.

    client: the new one, not saved yet.
    aliases: other names of the new one, at most three of which are compared.
    """
    aliases = list(aliases)[:ALIASES]
    found: dict[int, str] = {}  # and the alias by which each was found
    may_compare = may_compare_ssns(user)
    for query in _queries(client, [client, *aliases], may_compare):
        for row in candidates(query, user, among_exact=True):
            found[row.client_id] = found.get(row.client_id) or row.alias
    found.pop(client.pk, None)
    new, frequencies = person_of(client, aliases), cached_term_frequencies()
    stored = people(found)
    tells = new.ssn_hash or new != new.without_contact()  # what is not shared with everybody
    hidden = without_details(user, stored) if tells else set()
    matches = {
        client_id: weigh(
            new,
            known.without_contact() if client_id in hidden else known,
            frequencies,
            least=ASKED,
            may_compare_ssns=may_compare and client_id not in hidden,
        )
        for client_id, known in stored.items()
    }
    likely = [client_id for client_id in matches if matches[client_id].weight >= ASKED]
    if not likely:
        return []
    likely.sort(key=lambda client_id: (-matches[client_id].weight, client_id))
    known = {one.pk: one for one in _shown(user, likely[:SHOWN])}
    for pk, one in known.items():
        one.matched_alias = found[pk] if one.has_details else ""
    return [NearMatch(known[pk], matches[pk].reasons or ("Same name",)) for pk in likely[:SHOWN]]


@compiled
def _shown(user: User, client_ids: list[int]) -> QuerySet[Client]:
    rows = Client.objects.with_sharing(user).select_related("organization")
    return rows.filter(pk__in=client_ids)


def _queries(
    client: Client, named: list[Client | ClientAlias], may_compare: bool
) -> Iterator[SearchQuery]:
    names = [(Typed(one.first_name, True), Typed(one.last_name, False)) for one in named]
    spellings = spellings_of(chain.from_iterable(names))
    # Neither a placeholder nor the default of some older system says anything.
    born = client.born if client.dob and client.dob.year > PLACEHOLDER_YEAR else None
    whole = numbers.clean(client.ssn)
    ssn = whole if numbers.is_valid(whole) else whole[-4:] if numbers.is_partial(whole) else ""
    for first, last in names:
        keys = normalised(first.name), normalised(last.name)
        number = ssn if ssn.isdigit() else ""
        yield SearchQuery(*keys, spellings[first], spellings[last], born, number, may_compare)
