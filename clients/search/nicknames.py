"""Which first names may be one person's: Bob and Robert, Pepe and José."""

from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("nicknames.txt")


@cache
def _groups() -> dict[str, frozenset[str]]:
    groups: dict[str, frozenset[str]] = {}
    for line in FILE.read_text(encoding="utf-8").splitlines():
        names = frozenset(line.partition("#")[0].split())
        for name in names:
            groups[name] = groups.get(name, frozenset()) | names
    return groups


def nicknames(key: str) -> frozenset[str]:
    """The other names that a bearer of the first name `key` may go by, as keys."""
    return _groups().get(key, frozenset()) - {key}
