"""Synthetic people, as many as one likes: the same ones for a seed, everywhere.

Families share last name, address and telephone; some names, numbers and dates are missing or known
in part; now and then a person comes a second time with a mistake (`duplicate_of`).
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import islice

from hmis.demo.identity import (
    UNANSWERED,
    add_aliases,
    add_dob,
    add_name,
    add_ssn,
    birthday,
    email_of,
    hide_name,
)
from hmis.demo.names import Origin, lines, origins
from hmis.demo.near_duplicates import again
from hmis.demo.person import Difference, Home, Person
from hmis.demo.rng import Rng
from hud.choices import RaceNone, RelationshipToHoH, Sex, VeteranStatus

DUPLICATE_EVERY = 25
PEOPLE_PER_SEED = 1_000_003  # a seed's SSNs begin where the last seed's end
OLDEST = 88


def people(seed: int, count: int, *, today: date) -> Iterator[Person]:
    """The first `count` persons of a seed.

    They are the same the whole year of `today`, and a year older in the next. A longer run begins
    with the same people as a shorter one.
    """
    return islice(_Population(seed, date(today.year, 1, 1)).people(), count)


def _is_child(person: Person) -> bool:
    return person.relationship == RelationshipToHoH.CHILD


class _Population:
    def __init__(self, seed: int, new_year: date) -> None:
        self.seed, self.new_year, self.rng = seed, new_year, Rng(seed)
        self.number = 0

    def people(self) -> Iterator[Person]:
        recent: deque[Person] = deque(maxlen=40)
        differences = list(Difference)
        made = 0
        while True:
            household = self.household()
            recent.extendleft(one for one in household if not _is_child(one))
            yield from household
            if self.number // DUPLICATE_EVERY > made:
                kind = differences[made % len(differences)]
                second = again(recent, kind, self.rng.pick(origins()), self.rng)
                if second:
                    made += 1
                    second.relationship = RelationshipToHoH.SELF
                    yield self.enrol(replace(second, home=self.home()))

    def enrol(self, person: Person, head: Person | None = None) -> Person:
        person.number = self.number
        person.household = head.number if head else self.number
        self.number += 1
        return person

    def household(self) -> list[Person]:
        rng, origin = self.rng, self.rng.pick(origins())
        draw = rng.random()
        if draw < 0.62:
            return [self.adult(origin, female=rng.chance(0.36), years=self.adult_years())]
        head = self.adult(origin, female=rng.chance(0.75), years=rng.between(19, 52))
        members = [head]
        if draw < 0.70 or rng.chance(0.3):
            members.append(self.partner(head, origin))
        if draw >= 0.70:
            members += self.children(head, origin)
        return members

    def adult_years(self) -> int:
        """From 18 on, mostly in the forties."""
        return 18 + int((self.rng.random() + self.rng.random()) / 2 * (OLDEST - 18))

    def years(self, person: Person) -> int:
        return (self.new_year - person.dob).days // 366 if person.dob else 36

    def adult(self, origin: Origin, *, female: bool, years: int) -> Person:
        person = self.enrol(Person(sex=Sex.FEMALE if female else Sex.MALE, home=self.home()))
        self.describe(person, origin, self.rng.pick(origin.races), origin.last_name(self.rng))
        add_dob(person, birthday(years, self.new_year, self.rng), self.rng)
        self.add_adult_answers(person, origin)
        return person

    def partner(self, head: Person, origin: Origin) -> Person:
        rng = self.rng
        theirs = origin if rng.chance(0.75) else rng.pick(origins())
        female = (head.sex == Sex.FEMALE) == rng.chance(0.07)
        years = max(18, self.years(head) + rng.between(-6, 6))
        shared = head.last_name if rng.chance(0.5) else ""
        last_name = shared or theirs.last_name(rng)
        person = self.member(head, RelationshipToHoH.SPOUSE, female=female)
        self.describe(person, theirs, rng.pick(theirs.races), last_name)
        add_dob(person, birthday(years, self.new_year, rng), rng)
        self.add_adult_answers(person, theirs)
        return person

    def children(self, head: Person, origin: Origin) -> list[Person]:
        rng, children = self.rng, []
        last_name = head.last_name if rng.chance(0.75) else origin.last_name(rng)
        oldest = min(17, max(1, self.years(head) - 17))
        for _ in range(1 + int(rng.random() * rng.random() * 5)):
            child = self.child(head, origin, last_name, rng.below(oldest + 1))
            children.append(child)
            if rng.chance(0.07):
                children.append(self.twin(child, head, origin))
        self.tell_apart(children, origin)
        return children

    def tell_apart(self, children: list[Person], origin: Origin) -> None:
        """No two children of a family have the same first name."""
        taken: set[str] = set()
        for child in children:
            while child.first_name in taken:
                child.first_name = origin.first_name(self.rng, female=child.sex == Sex.FEMALE)
            taken.add(child.first_name)

    def child(self, head: Person, origin: Origin, last_name: str, years: int) -> Person:
        person = self.member(head, RelationshipToHoH.CHILD, female=self.rng.chance(0.5))
        last_name = last_name or origin.last_name(self.rng)
        self.describe(person, origin, head.races or origin.races[0], last_name)
        add_dob(person, birthday(years, self.new_year, self.rng), self.rng)
        return person

    def twin(self, first: Person, head: Person, origin: Origin) -> Person:
        second = self.child(head, origin, first.last_name, 1)
        second.dob, second.dob_data_quality = first.dob, first.dob_data_quality
        second.twin_of = first.number
        return second

    def member(self, head: Person, relationship: RelationshipToHoH, *, female: bool) -> Person:
        person = Person(
            sex=Sex.FEMALE if female else Sex.MALE,
            relationship=relationship,
            home=head.home,
        )
        return self.enrol(person, head)

    def describe(
        self, person: Person, origin: Origin, races: tuple[str, ...], last_name: str
    ) -> None:
        """What is asked of everybody: name, SSN, race, sex."""
        rng = self.rng
        add_name(person, origin, last_name, rng)
        add_ssn(
            person,
            self.seed * PEOPLE_PER_SEED + person.number,
            is_child=_is_child(person),
            rng=rng,
        )
        if rng.chance(0.94):
            person.races = tuple(races)
        else:
            person.race_none = RaceNone(rng.pick(UNANSWERED))

    def add_adult_answers(self, person: Person, origin: Origin) -> None:
        rng = self.rng
        hide_name(person, origin, rng)
        add_aliases(person, origin, rng)
        draw = rng.random()
        share = 0.03 if person.sex == Sex.FEMALE else 0.11
        person.veteran_status = (
            (VeteranStatus.YES if draw < share else VeteranStatus.NO)
            if draw < 0.92
            else VeteranStatus(rng.pick(UNANSWERED))
        )
        if rng.chance(0.35):
            person.email = email_of(person)
        if rng.chance(0.03):
            person.sex = Sex(rng.pick(UNANSWERED))

    def home(self) -> Home:
        """Telephone and address, of those who have them: nobody's numbers, made-up streets."""
        rng, phone = self.rng, ""
        if rng.chance(0.65):
            phone = f"({rng.pick(['617', '508', '781'])}) 555-01{rng.below(100):02}"
        if not rng.chance(0.45):
            return Home(phone=phone)
        place = rng.below(len(lines("towns")))
        return Home(
            phone=phone,
            address1=f"{rng.between(1, 480)} {rng.pick(lines('streets'))}",
            address2=f"Apt. {rng.between(1, 40)}" if rng.chance(0.3) else "",
            city=lines("towns")[place],
            state="MA",
            zip=f"0030{place + 1}",
        )
