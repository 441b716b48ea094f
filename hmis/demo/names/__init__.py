"""Names of many origins, the more common of them first; one file an origin, in TOML.

`female`, `male`, `last`: names between commas. `tail_…`: columns of syllables of which the rare
names are made, `_` for a space. `races`: columns of `Client`, one of the lists for each person.
`double_last`: the share of people with two last names, `single`: with one name in all. `script`:
names as their owners write them.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from hmis.demo.rng import Rng

FOLDER = Path(__file__).parent
RARE_FIRST, RARE_LAST = 0.12, 0.2


def _names(text: str) -> tuple[str, ...]:
    return tuple(filter(None, map(str.strip, text.replace("\n", " ").split(","))))


@dataclass(frozen=True)
class Pool:
    """Common names, and syllables of which the rare ones are made."""

    common: Sequence[str]
    syllables: Sequence[Sequence[str]] = ()
    rare: float = RARE_FIRST

    def pick(self, rng: Rng) -> str:
        if self.syllables and rng.chance(self.rare):
            parts = [rng.pick(column) for column in self.syllables]
            return "".join(parts).replace("_", " ").strip()
        return rng.early(self.common)


@dataclass(frozen=True)
class Origin:
    """Where a family's names come from."""

    name: str
    weight: int
    races: Sequence[tuple[str, ...]]
    female: Pool
    male: Pool
    last: Pool
    middle_female: Sequence[str] = ()
    middle_male: Sequence[str] = ()
    double_last: float = 0.0
    joint: str = "-"
    single: float = 0.005
    script: dict[str, str] = field(default_factory=dict)

    def first_name(self, rng: Rng, *, female: bool) -> str:
        return (self.female if female else self.male).pick(rng)

    def middle_name(self, rng: Rng, *, female: bool) -> str:
        names = self.middle_female if female else self.middle_male
        return rng.pick(names) if names else rng.pick("ABCDEFGHJKLMNPRSTVW")

    def last_name(self, rng: Rng) -> str:
        name = self.last.pick(rng)
        second = self.last.pick(rng) if rng.chance(self.double_last) else ""
        both = f"{name}{self.joint}{second}"
        return both if second and second != name and len(both) <= 50 else name


def _pool(data: dict[str, Any], key: str) -> Pool:
    columns = data.get(f"tail_{key}", [])
    syllables = tuple(tuple(column.split()) for column in columns)
    return Pool(_names(data[key]), syllables, RARE_LAST if key == "last" else RARE_FIRST)


def _origin(path: Path) -> Origin:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    values = {name: text for name, text in data.items() if not name.startswith("tail_")}
    values |= {key: _pool(data, key) for key in ("female", "male", "last")}
    values |= {key: _names(data[key]) for key in ("middle_female", "middle_male") if key in data}
    return Origin(**values | {"name": path.stem, "races": tuple(map(tuple, data["races"]))})


@cache
def origins() -> tuple[Origin, ...]:
    """Every origin, as often as its weight says."""
    paths = sorted(path for path in FOLDER.glob("*.toml") if path.stem != "nicknames")
    return tuple(one for origin in map(_origin, paths) for one in [origin] * origin.weight)


@cache
def nicknames() -> dict[str, str]:
    """What friends say, by first name."""
    return tomllib.loads((FOLDER / "nicknames.toml").read_text(encoding="utf-8"))


@cache
def lines(name: str) -> tuple[str, ...]:
    """The lines of a list: street names of people (`street`), `streets`, `towns`."""
    return tuple((FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines())
