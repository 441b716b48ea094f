"""A made-up population, its records labelled by person: to try the search for duplicates on.

Households with twins, and fathers and sons of one name; shelters that give hundreds of clients one
address; and for one person in ten a second record, with the errors and gaps of an intake desk.
"""

import csv
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date, timedelta
from pathlib import Path

from tests.bench.search import People

SHELTERS, ZIPS = 30, 60
LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass
class Record:
    """One client's row, and the number of the person whom it is about."""

    person: int
    first_name: str
    last_name: str
    middle_name: str = ""
    name_suffix: str = ""
    dob: date | None = None
    sex: int = 99
    ssn: str = ""
    phone: str = ""
    email: str = ""
    address1: str = ""
    address2: str = ""
    city: str = ""
    zip: str = ""
    alias_first: str = ""
    alias_last: str = ""


@dataclass
class Population:
    """Draws records; the same seed draws the same ones.

    twice: the part of all persons that is on file a second time.
    apart: about how many of those second records come some households later.
    """

    seed: int = 7
    twice: float = 0.1
    apart: int = 20
    people: People = field(init=False)

    def __post_init__(self) -> None:
        self.people = People(self.seed)
        self.rng = self.people.rng
        self.count = 0
        self.shelters = [self.address() for _ in range(SHELTERS)]

    def chance(self, part: float) -> bool:
        return self.rng.random() < part

    def records(self, size: int) -> Iterator[Record]:
        """So many, a person's second record at some distance from the first."""
        waiting: list[Record] = []
        made = 0
        while True:
            for record in self.household():
                if self.chance(self.twice):
                    waiting.append(self.again(record))
                for one in (record, *self.due(waiting)):
                    if made == size:
                        return
                    made += 1
                    yield one

    def due(self, waiting: list[Record]) -> Iterator[Record]:
        while len(waiting) > self.apart:
            yield waiting.pop(self.rng.randrange(len(waiting)))

    # A household

    def household(self) -> list[Record]:
        head = self.single()
        size = self.rng.choice((1, 1, 1, 1, 1, 1, 2, 3, 3, 4, 5))
        members = [head]
        for _ in range(size - 1):
            member = replace(
                self.single(),
                **{name: getattr(head, name) for name in ("phone", "address1", "city", "zip")},
                email="",
            )
            if self.chance(0.8):
                member.last_name = head.last_name
            if head.dob and head.dob.year < 1986 and self.chance(0.7):  # a child
                member.dob = self.later(head.dob, 6_000, 14_000)
            members.append(member)
        if size > 2 and self.chance(0.04):
            members.append(self.twin(members[-1]))
        if size > 1 and self.chance(0.05):
            members[1].first_name, members[1].last_name = head.first_name, head.last_name
            members[1].sex = head.sex
            if self.chance(0.4):
                head.name_suffix, members[1].name_suffix = "Sr.", "Jr."
        return members

    def single(self) -> Record:
        self.count += 1
        in_shelter, at_home = self.chance(0.15), self.chance(0.5)
        address = self.rng.choice(self.shelters) if in_shelter else self.address()
        return Record(
            self.count,
            self.people.first(),
            self.people.last(),
            middle_name=self.people.first()[: self.rng.choice((1, 1, 20))]
            if self.chance(0.3)
            else "",
            dob=self.people.dob(),
            sex=self.rng.choice((0, 1)) if self.chance(0.9) else 99,
            ssn=self.people.ssn(),
            phone=self.phone() if self.chance(0.5) else "",
            email=f"m{self.count}@example.org" if self.chance(0.2) else "",
            **address if in_shelter or at_home else {},
        )

    def twin(self, other: Record) -> Record:
        self.count += 1
        return replace(
            other,
            person=self.count,
            first_name=self.people.first(),
            middle_name="",
            ssn=self.near_ssn(other.ssn) if self.chance(0.3) else self.people.ssn(),
            sex=other.sex if self.chance(0.6) else self.rng.choice((0, 1)),
        )

    def address(self) -> dict[str, str]:
        street = (
            f"{self.rng.randint(1, 4000)} {self.people.last()} {self.rng.choice(('St', 'Ave'))}"
        )
        zip_code = self.rng.randrange(ZIPS)
        return {
            "address1": street,
            "city": ("Springfield", "Riverton", "Lakeside")[zip_code % 3],
            "zip": f"{60100 + zip_code}",
        }

    def phone(self) -> str:
        return f"({self.rng.randint(201, 989)}) 555-{self.rng.randint(0, 9999):04}"

    def later(self, day: date, least: int, most: int) -> date:
        return day + timedelta(days=self.rng.randint(least, most))

    # The same person once more

    def again(self, first: Record) -> Record:
        second = replace(first)
        self._names(second)
        self._dob(second)
        self._ssn(second)
        if self.chance(0.5):  # moved
            gone = self.single()
            second.address1, second.city, second.zip = gone.address1, gone.city, gone.zip
        if self.chance(0.6):
            second.phone = self.phone() if self.chance(0.5) else ""
        if self.chance(0.5):
            second.email = ""
        if self.chance(0.4):
            second.middle_name = second.middle_name[:1] if self.chance(0.5) else ""
        if self.chance(0.02):
            second.sex = 99
        return second

    def _names(self, record: Record) -> None:
        from clients.search.similarity import nicknames  # Django must be set up by then

        called = sorted(nicknames(record.first_name.lower()))
        former = record.last_name
        if called and self.chance(0.12):
            record.first_name = self.rng.choice(called).capitalize()
        if self.chance(0.08):
            record.first_name = self.misspelled(record.first_name)
        if self.chance(0.1):
            record.last_name = self.misspelled(record.last_name)
        elif self.chance(0.05):
            record.last_name = self.people.last()
            if self.chance(0.4):
                record.alias_first, record.alias_last = record.first_name, former
        elif "-" in record.last_name and self.chance(0.4):
            record.last_name = record.last_name.split("-")[self.rng.randrange(2)]
        if self.chance(0.02):
            record.first_name, record.last_name = record.last_name, record.first_name

    def _dob(self, record: Record) -> None:
        if record.dob is None:
            return
        kind = self.rng.random()
        if kind < 0.05:
            record.dob = None
        elif kind < 0.08:
            record.dob = record.dob.replace(month=1, day=1)
        elif kind < 0.1 and record.dob.day <= 12:
            record.dob = record.dob.replace(month=record.dob.day, day=record.dob.month)
        elif kind < 0.13:
            record.dob = record.dob.replace(day=self.rng.randint(1, 28))
        elif kind < 0.16:
            record.dob = record.dob.replace(
                year=record.dob.year + self.rng.choice((-10, -1, 1)), day=min(record.dob.day, 28)
            )
        elif kind < 0.17:
            record.dob = self.people.dob()

    def _ssn(self, record: Record) -> None:
        kind = self.rng.random()
        if not record.ssn:
            record.ssn = self.people.ssn() if kind < 0.4 else ""
        elif kind < 0.35:
            record.ssn = ""
        elif kind < 0.45:
            record.ssn = f"xxxxx{record.ssn[-4:]}"
        elif kind < 0.5:
            record.ssn = self.near_ssn(record.ssn)

    def near_ssn(self, ssn: str) -> str:
        if not ssn:
            return ""
        serial = (int(ssn[-4:]) + self.rng.randint(1, 8)) % 9999 or 1
        return f"{ssn[:5]}{serial:04}"

    def misspelled(self, name: str) -> str:
        at = self.rng.randrange(len(name))
        kind = self.rng.randrange(4)
        letter = self.rng.choice(LETTERS)
        if kind == 0 and len(name) > 3:
            return name[:at] + name[at + 1 :]
        if kind == 1:
            return name[:at] + letter + name[at:]
        if kind == 2 and at + 1 < len(name):
            return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
        return name[:at] + letter + name[at + 1 :]


def save(records: list[Record], file: Path) -> None:
    with file.open("w", newline="") as out:
        rows = csv.DictWriter(out, [one.name for one in fields(Record)], lineterminator="\n")
        rows.writeheader()
        rows.writerows(asdict(record) | {"dob": record.dob or ""} for record in records)


def load(file: Path) -> list[Record]:
    with file.open(newline="") as rows:
        return [
            Record(
                **row
                | {
                    "person": int(row["person"]),
                    "sex": int(row["sex"]),
                    "dob": date.fromisoformat(row["dob"]) if row["dob"] else None,
                }
            )
            for row in csv.DictReader(rows)
        ]
