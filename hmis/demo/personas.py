"""The people of the demonstration that tutorials and browser stories know by name."""

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from hmis.demo.person import Home, Person
from hud.choices import (
    DOBDataQuality,
    NameDataQuality,
    RelationshipToHoH,
    Sex,
    SSNDataQuality,
    VeteranStatus,
)

CHOICES = {
    "name_data_quality": NameDataQuality,
    "dob_data_quality": DOBDataQuality,
    "relationship": RelationshipToHoH,
    "sex": Sex,
    "veteran_status": VeteranStatus,
}


@dataclass(frozen=True)
class Persona:
    """A person, filed by a user under the agency; `restricted` to that agency's eyes."""

    key: str
    agency: str
    user: str
    person: Person
    restricted: bool = False


def all_personas(today: date) -> list[Persona]:
    """Everybody of personas.toml, with numbers below 0, beside those of the generator."""
    read = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    heads: dict[str, int] = {}
    personas = []
    for number, row in enumerate(read["personas"], start=-len(read["personas"])):
        filing = {name: row.pop(name) for name in ("key", "agency", "user")}
        filing["restricted"] = row.pop("restricted", False)
        household = heads.setdefault(filing["key"].partition(".")[0], number)
        person = _person(row, today)
        person.number, person.household = number, household
        personas.append(Persona(**filing, person=person))
    return personas


def _person(row: dict[str, Any], today: date) -> Person:
    if "years_ago" in row:
        born = f"{today.year - row.pop('years_ago')}-{row.pop('birthday')}"
        row["dob"] = date.fromisoformat(born)
    values = {name: CHOICES[name][text] if name in CHOICES else text for name, text in row.items()}
    if ssn := row.get("ssn"):
        is_full = ssn.isdigit()
        values["ssn_data_quality"] = SSNDataQuality.FULL if is_full else SSNDataQuality.PARTIAL
    if "dob" in row:
        values.setdefault("dob_data_quality", DOBDataQuality.FULL)
        if "relationship" not in row:
            values.setdefault("veteran_status", VeteranStatus.NO)
    values["aliases"] = tuple(map(tuple, row.get("aliases", ())))
    values["races"] = tuple(row.get("races", ()))
    return Person(**values | {"home": Home(**row.get("home", {}))})
