"""Which first names may be one person's: Bob and Robert, Pepe and José."""

from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("nicknames.txt")


@cache
def _groups() -> dict[str, frozenset[str]]:
    lines = [line.partition("#")[0].split() for line in FILE.read_text("utf-8").splitlines()]
    heads = {line[0] for line in lines if line}
    groups: dict[str, frozenset[str]] = {}
    for name, *nicks in filter(None, lines):
        groups[name] = groups.get(name, frozenset()) | frozenset(nicks)
        # Bob may be Rob; but John is not Nathan, though a Jonathan may be called either.
        called = frozenset(nick for nick in nicks if nick not in heads)
        for nick in nicks:
            others = called if nick in called else frozenset()
            groups[nick] = groups.get(nick, frozenset()) | others | {name}
    return groups


def nicknames(key: str) -> frozenset[str]:
    """The other names that a bearer of the first name `key` may go by, as keys."""
    return _groups().get(key, frozenset()) - {key}
