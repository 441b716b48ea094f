"""Synthetic people, as many as one likes: the same ones for a seed, everywhere.

Families share last name, address and telephone; some names, numbers and dates are missing or known
in part; now and then a person comes a second time with a mistake (`duplicate_of`).
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import islice

from hmis.demo.dice import Dice
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
from hud.choices import RaceNone, RelationshipToHoH, Sex, VeteranStatus

DUPLICATE_EVERY = 25
PEOPLE_PER_SEED = 1_000_003  # a seed's SSNs begin where the last seed's end
OLDEST = 88


def people(seed: int, count: int, *, today: date) -> Iterator[Person]:
    """The first `count` persons of a seed.

    They are the same the whole year of `today`, and a year older in the next. A longer run begins
    with the same people as a shorter one.
    """
    return islice(_Town(seed, date(today.year, 1, 1)).people(), count)


def _is_child(person: Person) -> bool:
    return person.relationship == RelationshipToHoH.CHILD


class _Town:
    def __init__(self, seed: int, new_year: date) -> None:
        self.seed, self.new_year, self.dice = seed, new_year, Dice(seed)
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
                second = again(recent, kind, self.dice.pick(origins()), self.dice)
                if second:
                    made += 1
                    yield self.enrol(self.moved(second))

    def enrol(self, person: Person, head: Person | None = None) -> Person:
        person.number = self.number
        person.household = head.number if head else self.number
        self.number += 1
        return person

    def moved(self, person: Person) -> Person:
        person.relationship = RelationshipToHoH.SELF
        return replace(person, home=self.home())

    def household(self) -> list[Person]:
        dice, origin = self.dice, self.dice.pick(origins())
        draw = dice.random()
        if draw < 0.62:
            return [self.adult(origin, female=dice.chance(0.36), years=self.adult_years())]
        head = self.adult(origin, female=dice.chance(0.75), years=dice.between(19, 52))
        members = [head]
        if draw < 0.70 or dice.chance(0.3):
            members.append(self.partner(head, origin))
        if draw >= 0.70:
            members += self.children(head, origin)
        return members

    def adult_years(self) -> int:
        """From 18 on, mostly in the forties."""
        return 18 + int((self.dice.random() + self.dice.random()) / 2 * (OLDEST - 18))

    def years(self, person: Person) -> int:
        return (self.new_year - person.dob).days // 366 if person.dob else 36

    def adult(self, origin: Origin, *, female: bool, years: int) -> Person:
        person = self.enrol(Person(sex=Sex.FEMALE if female else Sex.MALE, home=self.home()))
        self.describe(person, origin, self.dice.pick(origin.races), origin.last_name(self.dice))
        add_dob(person, birthday(years, self.new_year, self.dice), self.dice)
        self.add_adult_answers(person, origin)
        return person

    def partner(self, head: Person, origin: Origin) -> Person:
        dice = self.dice
        theirs = origin if dice.chance(0.75) else dice.pick(origins())
        female = (head.sex == Sex.FEMALE) == dice.chance(0.07)
        years = max(18, self.years(head) + dice.between(-6, 6))
        shared = head.last_name if dice.chance(0.5) else ""
        last_name = shared or theirs.last_name(dice)
        person = self.member(head, RelationshipToHoH.SPOUSE, female=female)
        self.describe(person, theirs, dice.pick(theirs.races), last_name)
        add_dob(person, birthday(years, self.new_year, dice), dice)
        self.add_adult_answers(person, theirs)
        return person

    def children(self, head: Person, origin: Origin) -> list[Person]:
        dice, children = self.dice, []
        last_name = head.last_name if dice.chance(0.75) else origin.last_name(dice)
        oldest = min(17, max(1, self.years(head) - 17))
        for _ in range(1 + int(dice.random() * dice.random() * 5)):
            child = self.child(head, origin, last_name, dice.below(oldest + 1))
            children.append(child)
            if dice.chance(0.07):
                children.append(self.twin(child, head, origin))
        self.tell_apart(children, origin)
        return children

    def tell_apart(self, children: list[Person], origin: Origin) -> None:
        """No two children of a family have the same first name."""
        taken: set[str] = set()
        for child in children:
            while child.first_name in taken:
                child.first_name = origin.first_name(self.dice, female=child.sex == Sex.FEMALE)
            taken.add(child.first_name)

    def child(self, head: Person, origin: Origin, last_name: str, years: int) -> Person:
        person = self.member(head, RelationshipToHoH.CHILD, female=self.dice.chance(0.5))
        last_name = last_name or origin.last_name(self.dice)
        self.describe(person, origin, head.races or origin.races[0], last_name)
        add_dob(person, birthday(years, self.new_year, self.dice), self.dice)
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
        dice = self.dice
        add_name(person, origin, last_name, dice)
        add_ssn(
            person,
            self.seed * PEOPLE_PER_SEED + person.number,
            is_child=_is_child(person),
            dice=dice,
        )
        if dice.chance(0.94):
            person.races = tuple(races)
        else:
            person.race_none = RaceNone(dice.pick(UNANSWERED))

    def add_adult_answers(self, person: Person, origin: Origin) -> None:
        dice = self.dice
        hide_name(person, origin, dice)
        add_aliases(person, origin, dice)
        draw = dice.random()
        share = 0.03 if person.sex == Sex.FEMALE else 0.11
        person.veteran_status = (
            (VeteranStatus.YES if draw < share else VeteranStatus.NO)
            if draw < 0.92
            else VeteranStatus(dice.pick(UNANSWERED))
        )
        if dice.chance(0.35):
            person.email = email_of(person)
        if dice.chance(0.03):
            person.sex = Sex(dice.pick(UNANSWERED))

    def home(self) -> Home:
        """Telephone and address, of those who have them: nobody's numbers, streets of no town."""
        dice, phone = self.dice, ""
        if dice.chance(0.65):
            phone = f"({dice.pick(['617', '508', '781'])}) 555-01{dice.below(100):02}"
        if not dice.chance(0.45):
            return Home(phone=phone)
        place = dice.below(len(lines("towns")))
        return Home(
            phone=phone,
            address1=f"{dice.between(1, 480)} {dice.pick(lines('streets'))}",
            address2=f"Apt. {dice.between(1, 40)}" if dice.chance(0.3) else "",
            city=lines("towns")[place],
            state="MA",
            zip=f"0030{place + 1}",
        )
