"""Common spellings of one name that no count of letters brings together: Saint and St., ä and ae.

Hyphens, blanks, apostrophes and accents are no letters of a key, so they need nothing here.
"""

_BEGINNINGS = (("sainte", "ste"), ("saint", "st"), ("mac", "mc"))
_UMLAUTS = (("ae", "a"), ("oe", "o"), ("ue", "u"))
SHORTEST_REST = 3


def variants(key: str) -> list[str]:
    """Other spellings of the name `key`, as keys."""
    found: dict[str, None] = {}
    for pair in _BEGINNINGS:
        for written, other in (pair, pair[::-1]):
            rest = key.removeprefix(written)
            if rest != key and len(rest) >= SHORTEST_REST:
                found[other + rest] = None
    without_umlauts = key
    for written, other in _UMLAUTS:  # whose dots a key has lost
        without_umlauts = without_umlauts.replace(written, other)
    if len(without_umlauts) >= SHORTEST_REST:
        found[without_umlauts] = None
    found.pop(key, None)
    return list(found)
