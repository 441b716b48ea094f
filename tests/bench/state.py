"""A made-up HMIS of a chosen size, the same each time: agencies, clients and all that is theirs.

Names have a long tail; a person in ten is on file twice. A client has about two enrollments, one
and a half notes and services each, a file, half an event of Coordinated Access and three rows of
the access log. Whoever is measured is the same at every size: ALICE is case manager of CASELOAD
clients with so many rows as `Standard` says, DANA the Data Quality Officer of the largest agency.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from uuid import UUID

from tests.bench.population import Population, Record

SEED = 16
ALICE, DANA, CASS = "alice@bench.example", "dana@bench.example", "cass@bench.example"
WORKERS = 80  # at least so many case managers: those of the mixed load
CASELOAD = 39
UNSEEN = 5  # notifications of ALICE's
REFERRAL = 10  # to a bed of an emergency shelter: HUD 4.20
PROJECT_TYPES = (0, 2, 3, 4, 6, 12, 13, 14)
SITUATIONS = (101, 101, 116, 116, 335, 336, 410, 8, 99)
STAYS = (2, 3, 4, 5, 10, 11, 99)
YES_NO = (0, 0, 0, 1, 1, 8, 9, 99)
DESTINATIONS = (410, 410, 435, 101, 116, 30, 8, 99, None)
CATEGORIES = ("", "id", "birth", "ssn", "income", "housing", "consent", "letter", "other")
SERVICES = (
    *("Bus pass", "Meal", "Shower", "Laundry", "Case management", "Clothing", "Rental assistance"),
    *("Legal aid", "Job search", "Clinic visit", "Security deposit", "Locker"),
)
WORDS = """
the client came to shelter and asked for housing help with papers meeting on monday case manager
called landlord bus pass clinic will return next week voucher income job child school court phone
letter waiting list bed night morning street outreach family sister brother benefits
"""


@dataclass(frozen=True)
class Amounts:
    """How many rows a client has."""

    notes: int
    services: int
    files: int
    events: int
    views: int
    alerts: int = 0
    others: int = 0


STANDARD = Amounts(notes=14, services=10, files=5, events=3, views=20, alerts=2, others=2)


@dataclass
class Agency:
    pk: int
    projects: list[int]
    users: list[int] = field(default_factory=list)
    service_types: list[int] = field(default_factory=list)


@dataclass
class Member:
    """A client with the record that it was drawn from."""

    pk: int
    agency: Agency
    record: Record
    is_measured: bool = False
    enrollments: list[tuple[int, date, date | None]] = field(default_factory=list)


class State:
    """Draws the rows of all tables; `rows[table]` are plain tuples in the order of `COLUMNS`."""

    def __init__(self, size: int, agencies: list[Agency], alice: int, today: date) -> None:
        self.size, self.agencies, self.today, self.alice = size, agencies, today, alice
        self.rng = random.Random(SEED)
        self.weights = [1 / (rank + 1) ** 0.8 for rank in range(len(agencies))]
        self.numbers: dict[str, Iterator[int]] = {}
        self.words = [*WORDS.split() * 40, *(f"word{number}" for number in range(3000))]

    def number(self, table: str) -> int:
        return next(self.numbers.setdefault(table, count(1)))

    def key(self) -> str:
        return f"{self.rng.getrandbits(128):032x}"

    def at(self, day: date) -> datetime:
        """A moment of that day's working hours."""
        return datetime.combine(day, time(14), UTC) + timedelta(seconds=self.rng.randrange(30_000))

    def some(self, *counts: int) -> int:
        return self.rng.choice(counts)

    # Households

    def households(self) -> Iterator[list[Member]]:
        """The members of a household, each time one; ALICE's clients are the first ones."""
        records = Population(SEED, apart=max(20, self.size // 20)).records(self.size)
        pk, rest = count(1), self.size
        while rest:
            is_measured = self.size - rest < CASELOAD
            many = 1 if is_measured else min(rest, self.some(1, 1, 1, 1, 1, 2, 2, 3, 4))
            agency = self.agencies[0]
            if not is_measured:
                agency = self.rng.choices(self.agencies, self.weights)[0]
            members = [Member(next(pk), agency, next(records), is_measured) for _ in range(many)]
            yield members
            rest -= many

    def enrollments(self, household: list[Member]) -> Iterator[tuple[str, tuple]]:
        """One after the other, so that none overlaps another one."""
        for begin, end in self.periods(household[0].is_measured):
            yield from self.enrollment(household, begin, end)

    def periods(self, is_measured: bool) -> Iterator[tuple[date, date | None]]:
        """First and last day of the enrollments of a household; the last one may be open."""
        if is_measured:
            for days_ago in (400, 280):
                yield self.today - timedelta(days_ago), self.today - timedelta(days_ago - 100)
            yield self.today - timedelta(160), None
            return
        begin = self.today - timedelta(days=self.rng.randint(200, 1500))
        for last in [*[False] * (self.some(1, 1, 2, 2, 2, 3, 4) - 1), True]:
            if begin >= self.today:
                return
            end = begin + timedelta(days=self.rng.randint(10, 400))
            if end >= self.today or (last and self.rng.random() < 0.4):
                yield begin, None
                return
            yield begin, end
            begin = end + timedelta(days=self.rng.randint(5, 200))

    def enrollment(
        self, household: list[Member], begin: date, end: date | None
    ) -> Iterator[tuple[str, tuple]]:
        agency, rng = household[0].agency, self.rng
        manager = self.alice if household[0].is_measured else rng.choice(agency.users)
        project = rng.choice(agency.projects)
        group, at = self.number("Household"), self.at(begin)
        stamps = (agency.pk, manager, manager, at, at)
        yield "Household", (group, self.key(), at)
        for place, member in enumerate(household):
            pk = self.number("Enrollment")
            member.enrollments.append((pk, begin, end))
            leaves_to = rng.choice(DESTINATIONS) if end else None
            yield (
                "Enrollment",
                (
                    *(pk, *stamps, member.pk, self.key(), self.key(), group, project, begin),
                    *(1 if place == 0 else self.some(2, 3, 4), "MA-500" if place == 0 else ""),
                    *(rng.choice(SITUATIONS), rng.choice(STAYS), self.some(1, 2, 3, 4, 99)),
                    *(self.some(101, 102, 105, 113, 99), rng.choice(YES_NO), end, leaves_to),
                ),
            )
            yield "CaseAssignment", (*stamps, member.pk, pk, manager, begin, end)
            yield from self.answers(member, pk, begin, end, stamps)

    def answers(
        self, member: Member, pk: int, begin: date, end: date | None, stamps: tuple
    ) -> Iterator[tuple[str, tuple]]:
        rng = self.rng
        for stage, day in ((1, begin), (3, end)):
            if day is None:
                continue
            about = (*stamps, self.key(), member.pk, pk, day, stage)
            income = rng.choice(YES_NO)
            amount = rng.randrange(200, 2500) if income == 1 else 0 if income == 0 else None
            earned = (1, amount) if income == 1 else (0 if income == 0 else None, None)
            yield (
                "IncomeBenefits",
                (*about, income, amount, *earned, rng.choice(YES_NO), rng.choice(YES_NO)),
            )
            if stage == 1:
                about = (*stamps, self.key(), *about[6:])
                yield "HealthAndDV", (*about, rng.choice((0, 0, 0, 8, 9, 99)))
        if pk % 6 == 0:
            for kind in range(5, 11):
                about = (*stamps, self.key(), member.pk, pk, begin, 1)
                yield "Disability", (*about, kind, self.some(0, 0, 0, 99))

    # What else a client has

    def amounts(self) -> Amounts:
        return Amounts(
            notes=self.some(0, 0, 0, 1, 1, 1, 2, 2, 3, 5) if self.rng.random() < 0.99 else 40,
            services=self.some(0, 0, 1, 1, 2, 2, 3, 3),
            files=self.some(0, 1, 2),
            events=self.some(0, 1),
            views=3,
            alerts=self.some(*[0] * 9, 1),
            others=self.some(*[0] * 9, 1),
        )

    def others(self, member: Member) -> Iterator[tuple[str, tuple]]:
        many = STANDARD if member.is_measured else self.amounts()
        writer = self.alice if member.is_measured else self.rng.choice(member.agency.users)
        work = Work(self, member, writer)
        yield from work.written(many)
        yield from work.files(many.files)
        yield from work.events(many.events)
        yield from work.views(many.views)


class Work:
    """What one case manager writes about a client during the client's last enrollment."""

    def __init__(self, state: State, member: Member, writer: int) -> None:
        self.state, self.member, self.writer, self.rng = state, member, writer, state.rng
        self.enrollment, self.begin, end = member.enrollments[-1]
        self.days = max(((end or state.today) - self.begin).days, 1)

    def day(self) -> date:
        return self.begin + timedelta(days=self.rng.randrange(self.days))

    def stamps(self, day: date) -> tuple:
        at = self.state.at(day)
        return (self.member.agency.pk, self.writer, self.writer, at, at, self.member.pk)

    def written(self, many: Amounts) -> Iterator[tuple[str, tuple]]:
        rng, agency = self.rng, self.member.agency
        for number in range(many.notes):
            day = self.day()
            text = " ".join(rng.choices(self.state.words, k=rng.randint(30, 150)))
            seen_by = "all" if rng.random() < 0.2 else "own"
            row = (*self.stamps(day), seen_by, day, f"Contact {number}", text)
            yield "CaseNote", (*row, rng.random() < 0.1, self.enrollment)
        for _ in range(many.services):
            day = self.day()
            about = (rng.choice(agency.service_types), day, self.state.some(1, 1, 2, 5))
            yield "Service", (*self.stamps(day), self.state.key(), *about, self.enrollment)
        for _ in range(many.alerts):
            yield "Alert", (*self.stamps(self.begin), "Call before visiting", self.begin)
        for _ in range(many.others):
            yield "InterestedOther", (*self.stamps(self.begin), "Sister", "Mary", "Smith")

    def files(self, many: int) -> Iterator[tuple[str, tuple]]:
        key = self.state.key
        for number in range(many):
            day, stored = self.day(), self.state.number("StoredFile")
            size = self.rng.randrange(20_000, 3_000_000)
            token = key()  # as files.store.new_key writes it
            name = f"files/{token[:2]}/{token}-{stored}"
            yield "StoredFile", (stored, name, f"{name}-small", "jpeg", size, 1, key() * 2)
            row = (stored, f"Document {number}", self.rng.choice(CATEGORIES))
            yield "ClientFile", (*self.stamps(day), *row)

    def events(self, many: int) -> Iterator[tuple[str, tuple]]:
        """Referrals to a shelter, and who was notified; ALICE has a few that she has not seen."""
        for number in range(many):
            day, event = self.day(), self.state.number("Event")
            row = (*self.stamps(day), self.state.key(), self.enrollment, day, REFERRAL)
            yield "Event", (event, *row)
            is_new = self.member.is_measured and self.member.pk <= UNSEEN and number == 0
            seen = None if is_new else self.state.at(day) + timedelta(days=1)
            about = (self.writer, self.member.pk, "referred", f"event:{event}", event)
            token = str(UUID(self.state.key(), version=4))
            yield "Notification", (token, *about, self.state.at(day), seen, seen)

    def views(self, many: int) -> Iterator[tuple[str, tuple]]:
        agency = self.member.agency
        for _ in range(many):
            at = self.state.at(self.state.today - timedelta(days=self.rng.randrange(1, 900)))
            seen = (self.rng.choice(agency.users), agency.pk, "view", "Client Dashboard", at)
            yield "ClientAccess", (self.member.pk, *seen, self.state.key())


STAMPS = "organization_id created_by_id updated_by_id date_created date_updated"
ANSWERS = f"{STAMPS} key client_id enrollment_id information_date data_collection_stage"
# In the order in which their rows may be written; Client's are made in `fill`.
COLUMNS: dict[str, str] = {
    "Household": "id household_id date_created",
    "Enrollment": (
        f"id {STAMPS} client_id enrollment_id exit_id household_id project_id entry_date"
        " relationship_to_hoh enrollment_coc living_situation length_of_stay"
        " times_homeless_past_three_years months_homeless_past_three_years disabling_condition"
        " exit_date destination"
    ),
    "CaseAssignment": f"{STAMPS} client_id enrollment_id case_manager_id begins_on ends_on",
    "IncomeBenefits": (
        f"{ANSWERS} income_from_any_source total_monthly_income earned earned_amount"
        " benefits_from_any_source insurance_from_any_source"
    ),
    "HealthAndDV": f"{ANSWERS} domestic_violence_survivor",
    "Disability": f"{ANSWERS} disability_type disability_response",
    "CaseNote": f"{STAMPS} client_id visibility date title text read_only enrollment_id",
    "Service": f"{STAMPS} client_id key service_type_id date units enrollment_id",
    "StoredFile": "id key thumbnail_key kind size pages sha256",
    "ClientFile": f"{STAMPS} client_id stored_id document_name category",
    "Event": f"id {STAMPS} client_id event_id enrollment_id event_date event",
    "Notification": (
        "public_id recipient_id client_id kind subject event_id created_at opened_at dismissed_at"
    ),
    "ClientAccess": "client_id user_id organization_id kind page at request_id",
    "Alert": f"{STAMPS} client_id text begins_on",
    "InterestedOther": f"{STAMPS} client_id type_description first_name last_name",
}


def client_columns(pk: int, agency: int, by: int, record: Record, key: str) -> dict:
    """The columns of a client that are no key and no hash of another one."""
    quality = (2 if (record.dob.month, record.dob.day) == (1, 1) else 1) if record.dob else 99
    is_known = bool(record.first_name or record.last_name)
    return {
        "id": pk,
        "organization_id": agency,
        "created_by_id": by,
        "updated_by_id": by,
        "visibility": "own" if pk % 25 == 0 else "all",
        "personal_id": key,
        "name_data_quality": 1 if is_known else 99,
        "ssn_data_quality": (2 if record.ssn.startswith("x") else 1) if record.ssn else 99,
        "dob_data_quality": quality,
        "white": pk % 3 == 0,
        "black_af_american": pk % 3 == 1,
        "hispanic_latinao": pk % 7 == 0,
        "veteran_status": 1 if pk % 12 == 0 else 0,
    } | {
        name: getattr(record, name)
        for name in (
            *("first_name", "middle_name", "last_name", "name_suffix", "dob", "sex", "phone"),
            *("email", "address1", "address2", "city", "zip"),
        )
    }
