"""The people of the demonstration that tutorials and browser stories know by name."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
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

CHILD = RelationshipToHoH.CHILD
FULL_DOB, FULL_SSN = DOBDataQuality.FULL, SSNDataQuality.FULL
PARTIAL_NAME, PARTIAL_SSN = NameDataQuality.PARTIAL, SSNDataQuality.PARTIAL

JOHNS_HOME = Home(
    phone="(617) 555-0142", address1="12 Ropewalk Lane", city="Saltmarsh", state="MA", zip="00302"
)
OKAFORS_HOME = Home(
    phone="(781) 555-0168",
    address1="7 Weaver's Court",
    city="Gull Harbor",
    state="MA",
    zip="00303",
)


@dataclass(frozen=True)
class Persona:
    """A person, filed by a user under the agency; `restricted` to that agency's eyes."""

    key: str
    agency: str
    user: str
    person: Person
    restricted: bool = False


def all_personas(today: date) -> list[Persona]:
    """Everybody, with numbers below 0, beside those of the generator."""
    personas = [*harbor(), *harbor_families(today), *bridge(), *bridge_restricted(today)]
    heads: dict[str, int] = {}
    for number, persona in enumerate(personas, start=-len(personas)):
        family = persona.key.partition(".")[0]
        persona.person.number = number
        persona.person.household = heads.setdefault(family, number)
    return personas


def adult(first: str, last: str, born: date, sex: Sex, ssn: str = "", **rest: Any) -> Person:
    if ssn:
        rest |= {"ssn": ssn, "ssn_data_quality": FULL_SSN if ssn.isdigit() else PARTIAL_SSN}
    rest |= {"dob": born, "dob_data_quality": FULL_DOB}
    rest = {"veteran_status": VeteranStatus.NO} | rest
    return Person(first_name=first, last_name=last, sex=sex, **rest)


def child(first: str, last: str, born: date, sex: Sex, races: tuple[str, ...]) -> Person:
    return Person(
        first_name=first,
        last_name=last,
        sex=sex,
        races=races,
        dob=born,
        dob_data_quality=FULL_DOB,
        relationship=CHILD,
    )


def harbor() -> Iterator[Persona]:
    at, by = "harbor", "casey"
    john = adult("John", "Smith", date(1985, 4, 12), Sex.MALE, "810224471", middle_name="Allen")
    john.aliases, john.races = (("Johnny", "Smithers"),), ("white",)
    john.email, john.home = "john.smith@example.org", JOHNS_HOME
    yield Persona("john", at, by, john)
    jose = adult("José", "Hernández", date(1978, 2, 3), Sex.MALE, "822517096")
    jose.races, jose.home = ("hispanic_latinao",), Home(phone="(508) 555-0117")
    yield Persona("jose", at, by, jose)
    robert = adult("Robert", "Miller", date(1969, 9, 30), Sex.MALE, "835620418")
    robert.races, robert.veteran_status = ("black_af_american",), VeteranStatus.YES
    yield Persona("robert", at, by, robert)
    william = adult("William", "Carter", date(1990, 11, 21), Sex.MALE, "xxxxx4821")
    william.races = ("black_af_american", "white")
    yield Persona("william", at, by, william)
    lan = adult("Lan", "Nguyễn", date(1966, 1, 1), Sex.FEMALE, middle_name="Thị")
    lan.dob_data_quality, lan.races = DOBDataQuality.PARTIAL, ("asian",)
    yield Persona("lan", at, by, lan)
    anne = adult("Anne-Marie", "Smith-Jones", date(1982, 8, 19), Sex.FEMALE, "846190532")
    anne.aliases, anne.races = (("Anne Marie", "Smith"),), ("white",)
    yield Persona("anne", at, "jordan", anne)
    walter = adult("Walter", "Jenkins", date(1951, 5, 27), Sex.MALE, "803715926", name_suffix="Jr.")
    walter.races, walter.veteran_status = ("black_af_american",), VeteranStatus.YES
    yield Persona("walter", at, "jordan", walter)
    tiny = Person(first_name="Tiny", name_data_quality=PARTIAL_NAME, sex=Sex.MALE)
    yield Persona("tiny", at, by, tiny)
    silent = Person(name_data_quality=NameDataQuality.PREFERS_NOT_TO_ANSWER)
    yield Persona("silent", at, by, silent)
    thomas = adult("Thomas", "Ellery", date(1973, 12, 2), Sex.MALE, "851402763", races=("white",))
    yield Persona("thomas", at, by, thomas, restricted=True)


def harbor_families(today: date) -> Iterator[Persona]:
    at, by, races = "harbor", "casey", ("black_af_american",)
    ngozi = adult("Ngozi", "Okafor", date(1991, 6, 14), Sex.FEMALE, "829046157", races=races)
    born = date(today.year - 8, 3, 5)
    grace = child("Grace", "Okafor", born, Sex.FEMALE, races)
    faith = child("Faith", "Okafor", born, Sex.FEMALE, races)
    emeka = child("Emeka", "Okafor", date(today.year - 4, 10, 9), Sex.MALE, races)
    for key, person in (("", ngozi), (".grace", grace), (".faith", faith), (".emeka", emeka)):
        person.home = OKAFORS_HOME
        yield Persona(f"okafor{key}", at, by, person)


def bridge() -> Iterator[Persona]:
    at, by = "bridge", "cory"
    bob = adult("Bob", "Miller", date(1969, 9, 30), Sex.MALE, races=("black_af_american",))
    yield Persona("bob", at, by, bob)
    siobhan = adult("Siobhán", "O'Brien", date(1987, 3, 17), Sex.FEMALE, "867530142")
    siobhan.races = ("white",)
    yield Persona("siobhan", at, by, siobhan)
    mohammed = adult("Mohammed", "Al-Masri", date(1994, 7, 8), Sex.MALE, "874921305")
    mohammed.aliases, mohammed.races = (("محمد", "المصري"),), ("mid_east_n_african",)
    yield Persona("mohammed", at, by, mohammed)
    kai = adult("Ka\u02bbiulani", "Kealoha", date(1999, 10, 16), Sex.FEMALE, "880136947")
    kai.races = ("native_hi_pacific", "asian")
    yield Persona("kaiulani", at, by, kai)
    teresa = adult("Teresa", "Dos Santos", date(1990, 3, 7), Sex.FEMALE, "812650394")
    teresa.races = ("black_af_american",)
    yield Persona("teresa", at, by, teresa)
    sahra = adult("Sahra", "", date(1980, 1, 1), Sex.FEMALE, races=("black_af_american",))
    sahra.name_data_quality, sahra.dob_data_quality = PARTIAL_NAME, DOBDataQuality.PARTIAL
    yield Persona("sahra", at, by, sahra)


def bridge_restricted(today: date) -> Iterator[Persona]:
    """Unseen elsewhere. No row says why: that of the Vasconcelos family is violence at home."""
    at, by, races = "bridge", "cory", ("hispanic_latinao",)
    renata = adult("Renata", "Vasconcelos", date(1989, 2, 25), Sex.FEMALE, "859273610")
    renata.races = races
    yield Persona("vasconcelos", at, by, renata, restricted=True)
    born = (date(today.year - 9, 5, 11), date(today.year - 3, 8, 23))
    caio = child("Caio", "Vasconcelos", born[0], Sex.MALE, races)
    yield Persona("vasconcelos.caio", at, by, caio, restricted=True)
    livia = child("Lívia", "Vasconcelos", born[1], Sex.FEMALE, races)
    yield Persona("vasconcelos.livia", at, by, livia, restricted=True)
    marcus = adult("Marcus", "Bellweather", date(1976, 6, 6), Sex.MALE, "833904172")
    yield Persona("marcus", at, by, marcus, restricted=True)
    helen = adult("Helen", "Park", date(2003, 9, 12), Sex.FEMALE, "xxxxx7719", races=("asian",))
    yield Persona("helen", at, "bea", helen, restricted=True)
