"""Name, SSN and date of birth of a synthetic person, whole, in part or missing."""

from datetime import date, timedelta

from hmis.demo.names import Origin, lines, nicknames
from hmis.demo.person import Name, Person
from hmis.demo.rng import Rng
from hud.choices import DOBDataQuality, NameDataQuality, Sex, SSNDataQuality
from hud.rules import ssn as numbers
from hud.text import normalised

DAYS_IN_YEAR = 365.2425
UNANSWERED = (8, 9, 99, 99, 99)  # mostly nobody asked

# Areas that were not given out before 2011, so that hardly any grown-up has one of these numbers.
# STEP has no divisor in common with how many there are: positions beside each other are far apart,
# and no number comes twice.
FIRST_AREA, AREAS, GROUPS, SERIALS = 773, 127, 99, 9999
STEP = 314_159_269


def ssn_at(position: int) -> str:
    """One of the possible SSNs, another one for each position."""
    place = position * STEP % (AREAS * GROUPS * SERIALS)
    area, rest = divmod(place, GROUPS * SERIALS)
    group, serial = divmod(rest, SERIALS)
    return f"{area + FIRST_AREA:03}{group + 1:02}{serial + 1:04}"


def add_name(person: Person, origin: Origin, last_name: str, rng: Rng) -> None:
    female = person.sex == Sex.FEMALE
    person.origin = origin.name
    person.first_name = origin.first_name(rng, female=female)
    person.last_name = last_name
    if rng.chance(0.4):
        person.middle_name = origin.middle_name(rng, female=female)
    if not female and rng.chance(0.04):
        person.name_suffix = rng.pick(["Jr.", "Jr.", "Sr.", "II", "III"])


def hide_name(person: Person, origin: Origin, rng: Rng) -> None:
    """One name in all, a street name, or none given: what outreach brings back."""
    draw = rng.random()
    if draw < origin.single:
        _rename(person, person.first_name, NameDataQuality.PARTIAL)
    elif draw < origin.single + 0.012:
        _rename(person, rng.pick(lines("street")), NameDataQuality.PARTIAL)
    elif draw < origin.single + 0.020:
        _rename(person, "", NameDataQuality(rng.pick(UNANSWERED)))


def _rename(person: Person, first_name: str, quality: NameDataQuality) -> None:
    person.first_name, person.name_data_quality = first_name, quality
    person.middle_name = person.last_name = person.name_suffix = ""


def add_aliases(person: Person, origin: Origin, rng: Rng) -> None:
    first, last = (origin.script.get(name) for name in (person.first_name, person.last_name))
    if first and last and rng.chance(0.3):
        person.aliases += ((first, last),)
    if person.name_data_quality == NameDataQuality.FULL and rng.chance(0.13):
        person.aliases += (_alias(person, origin, rng),)


def _alias(person: Person, origin: Origin, rng: Rng) -> Name:
    draw = rng.random()
    nickname = nicknames().get(person.first_name)
    if nickname and draw < 0.6:
        return nickname, person.last_name
    if person.sex == Sex.FEMALE and draw < 0.8:
        return person.first_name, origin.last_name(rng)  # the maiden name
    return rng.pick(lines("street")), ""


def add_ssn(person: Person, position: int, *, is_child: bool, rng: Rng) -> None:
    draw = rng.random() + (0.15 if is_child else 0)
    ssn = ssn_at(position)
    if draw < 0.62 and numbers.is_valid(ssn):
        person.ssn, person.ssn_data_quality = ssn, SSNDataQuality.FULL
    elif draw < 0.74:
        person.ssn, person.ssn_data_quality = f"xxxxx{ssn[5:]}", SSNDataQuality.PARTIAL
    else:
        person.ssn_data_quality = SSNDataQuality(rng.pick(UNANSWERED))


def birthday(years: int, on: date, rng: Rng) -> date:
    """A date of birth of somebody who is so many years old on a day."""
    days = int(years * DAYS_IN_YEAR) + 1 + rng.below(364)
    return on - timedelta(days=days)


def add_dob(person: Person, dob: date, rng: Rng) -> None:
    draw = rng.random()
    if draw < 0.91:
        person.dob, person.dob_data_quality = dob, DOBDataQuality.FULL
    elif draw < 0.96:
        person.dob, person.dob_data_quality = date(dob.year, 1, 1), DOBDataQuality.PARTIAL
    else:
        person.dob_data_quality = DOBDataQuality(rng.pick(UNANSWERED))


def email_of(person: Person) -> str:
    """An address at a domain that delivers nothing, if the name can be written in one."""
    name = ".".join(filter(None, map(normalised, (person.first_name, person.last_name))))
    return f"{name}{person.number}@example.org" if name.isascii() and name else ""
