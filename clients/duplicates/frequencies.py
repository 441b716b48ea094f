"""How common a name, an address or a telephone is: the same rare one says more than the same Smith.

From the planner's own statistics, which ANALYZE keeps: one statement of a millisecond or two at any
size, and nothing of ours to keep up to date.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import connections

from clients.duplicates.person import phone_key, street_parts
from clients.models import Client
from hud.text import normalised

LEAST_CLIENTS = 10_000  # a smaller database is weighed like one of this size
RARE = 1 / 1000  # the frequency of what the statistics do not name
RAREST = 1 / 16_000
UNSEEN = 1000  # clients
CACHED_SECONDS = 3600

SQL = """
SELECT attname, most_common_vals::text::text[], most_common_freqs, greatest(reltuples, 0)
FROM pg_stats JOIN pg_class ON pg_class.oid = %s::regclass
WHERE pg_stats.schemaname = current_schema() AND tablename = %s AND attname = ANY(%s)
"""


@dataclass
class TermFrequencies:
    """The part of all clients that has a name, street, city, ZIP code or telephone."""

    clients: int = LEAST_CLIENTS
    known: dict[str, dict[str, float]] = field(default_factory=dict)
    rare: dict[str, float] = field(default_factory=dict)

    def frequency(self, kind: str, key: str) -> float:
        known = self.known.get(kind, {}).get(key)
        return max(known or self.rare.get(kind, RARE), RAREST)

    def more_frequent(self, kind: str, one: str, two: str) -> float:
        """That of the more frequent of two spellings: Smith where Smith is written Smiht."""
        return max(self.frequency(kind, one), self.frequency(kind, two))


KINDS: dict[str, tuple[str, Callable[[str], str]]] = {
    "first_key": ("first", str),
    "last_key": ("last", str),
    "address1": ("street", lambda address: "".join(street_parts(address))),
    "city": ("city", normalised),
    "zip": ("zip", lambda code: code.strip()[:5]),
    "phone": ("phone", phone_key),
}


def read_term_frequencies() -> TermFrequencies:
    """What the last ANALYZE saw of the clients' table."""
    table = Client._meta.db_table
    with connections[Client.objects.db].cursor() as cursor:
        cursor.execute(SQL, [table, table, list(KINDS)])
        rows = cursor.fetchall()
    frequencies = TermFrequencies()
    for column, values, parts, clients in rows:
        kind, key_of = KINDS[column]
        frequencies.clients = max(int(clients), LEAST_CLIENTS)
        known: dict[str, float] = {}
        for value, part in zip(values or [], parts or [], strict=True):
            if key := key_of(value):
                known[key] = known.get(key, 0) + part
        # As if a thousand clients of rare names were there too: among ten, Smith is not common.
        others, everybody = RARE * UNSEEN, clients + UNSEEN
        known = {key: (part * clients + others) / everybody for key, part in known.items()}
        frequencies.known[kind] = known
        if known:
            frequencies.rare[kind] = min(RARE, *known.values())
    return frequencies


CACHED: dict[str, Any] = {}


def cached_term_frequencies() -> TermFrequencies:
    """The same, asked once an hour by each process: names do not become common over night."""
    if not CACHED or time.monotonic() > CACHED["until"]:
        CACHED.update(frequencies=read_term_frequencies(), until=time.monotonic() + CACHED_SECONDS)
    return CACHED["frequencies"]
