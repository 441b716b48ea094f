"""Random records, as wild as the database lets them be: what an import may bring."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.db.models import Model

from agencies.models import Organization, Sharing, User
from cas.models import Assessment, Event
from casenotes.models import Service
from clients.models import Client, Release
from data_quality.rules.enrollment import LODGINGS
from enrollments.models import (
    CaseAssignment,
    CurrentLivingSituation,
    Disability,
    EmploymentEducation,
    Enrollment,
    HealthAndDV,
    Household,
    IncomeBenefits,
    YouthEducationStatus,
)
from hud.anniversaries import anniversary
from hud.choices import (
    RACES,
    DataCollectionStage,
    Destination,
    DisabilityResponse,
    DisabilityType,
    LengthOfStay,
    MonthsHomeless,
    NoYesMissing,
    NoYesReasons,
    PriorLivingSituation,
    ProjectType,
    RentalSubsidyType,
    TimesHomeless,
    VeteranStatus,
    WhenOccurred,
)
from hud.rules.sources import BENEFITS, INCOME, INSURANCE
from tests.agencies.factories import ProjectCoCFactory
from tests.casenotes.factories import ServiceTypeFactory
from tests.factories import ProjectFactory

SSNS = [
    *("123121234", "219099871", "xxxxx1234", "123xx1234", "xxxxx0000", "078051120", "219099999"),
    *("000121234", "666121234", "900121234", "123001234", "123120000", "111111111", "345678901"),
    "987654321",
]
COCS = ["", "", "MA-500", "ma-501", "MA500", "M-500", "MA-50x"]
STAGE = DataCollectionStage


class Wild:
    def __init__(self, seed: int, organization: Organization, by: User, today: date):
        self.rng, self.organization, self.by, self.today = Random(seed), organization, by, today
        self.shared = 0  # households of several
        self.rows: dict[type[Model], list[Any]] = defaultdict(list)  # not written yet
        self.stamp = {"organization": organization, "created_by": by, "updated_by": by}
        self.service_type = ServiceTypeFactory(organization=organization)
        organization.sharing = Sharing.PARTS
        organization.save(update_fields=["sharing"])  # the database derives what is in force
        self.projects = [
            ProjectFactory(
                organization=organization,
                project_type=kind,
                operating_start_date=today - timedelta(days=self.rng.choice([4000, 500, 100])),
                operating_end_date=self.rng.choice([None, None, today - timedelta(days=60)]),
            )
            for kind in ProjectType
        ]
        for project in self.projects[::2]:
            ProjectCoCFactory(project=project, coc_code="MA-500")

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def pick(self, options: Any) -> Any:
        return self.rng.choice(list(options))

    def maybe(self, options: Any, share: float = 0.8) -> Any:
        return self.pick(options) if self.chance(share) else None

    def write(self, households: int) -> None:
        """Write more households, all rows of a table at once."""
        for _ in range(households):
            self.household()
        for client in self.rows[Client]:
            self.releases(client)
        for model, rows in self.rows.items():  # clients, households, enrollments, what is on them
            model._default_manager.bulk_create(rows)
        self.rows.clear()

    def add(self, *rows: Model) -> None:
        for row in rows:
            self.rows[type(row)].append(row)

    def client(self) -> Client:
        quality = self.pick([1, 1, 1, 2, 8, 9, 99])
        names = [("John", "Smith"), ("", "Smith"), ("-", "?"), ("…", "")]
        if quality in (8, 9, 99):
            names.append(("", ""))
        first, last = self.pick(names)
        ssn = self.pick(["", *SSNS])
        dob = self.maybe(
            [
                self.today - timedelta(days=self.rng.randint(-400, 44000)),
                self.today - timedelta(days=self.rng.randint(0, 9000)),
                anniversary(self.today, self.today.year - 18),
                date(2008, 2, 29),
                anniversary(self.today, self.today.year - 120),
                anniversary(self.today, self.today.year - 120) - timedelta(days=1),
            ],
            0.9,
        )
        ticked = {name: self.chance(0.1) for name, _ in RACES}
        client = Client(
            first_name=first,
            last_name=last,
            name_data_quality=quality,
            ssn=ssn,
            ssn_data_quality=self.pick([1, 2] if ssn else [8, 9, 99]),
            dob=dob,
            dob_data_quality=self.pick([1, 2] if dob else [8, 9, 99]),
            sex=self.pick([0, 1, 8, 9, 99]),
            veteran_status=self.pick(VeteranStatus.values),
            race_none=None if any(ticked.values()) else self.pick([None, 8, 9, 99]),
            **ticked,
            **self.stamp,
        )
        return self.contradictory(client) if self.chance(0.1) else client

    @staticmethod
    def contradictory(client: Client) -> Client:
        """As an import brings some in."""
        client.ssn_data_quality = 99 if client.ssn else 1
        client.dob_data_quality = 99 if client.dob else 1
        client.race_none = 99 if client.races else client.race_none
        client.breaks = [
            *("client_ssn_quality_fits", "client_dob_quality_fits"),
            *(["client_race_or_reason"] if client.races else []),
        ]
        return client

    def household(self) -> None:
        clients = [self.client() for _ in range(self.pick([1, 1, 1, 2, 3]))]
        self.add(*clients)
        projects = self.rng.sample(self.projects, self.pick([1, 1, 2]))
        if self.chance(0.2):
            beds = [one for one in self.projects if one.project_type in LODGINGS]
            projects = self.rng.sample(beds, 2)
        if self.chance(0.1):
            projects = [*projects, projects[0]]
        start = self.day(-1200, 5)
        for project in projects:
            household = Household()
            self.add(household)
            start = self.pick([start, self.day(-1200, 5)])
            enrollments = [
                self.enrollment(client, household, project, start, is_first=number == 0)
                for number, client in enumerate(clients)
            ]
            if len(set(projects)) < len(projects) or not any(one.is_head for one in enrollments):
                for one in enrollments:  # as an import brings some in
                    one.is_exempt = True
            self.break_household(enrollments)
            self.add(*enrollments)
            for enrollment in enrollments:
                self.answers(enrollment)

    def break_household(self, enrollments: list[Enrollment]) -> None:
        """Two heads, or two projects, as an import brings some in."""
        if len(enrollments) < 2:
            return
        self.shared += 1
        *_, last = enrollments
        if self.shared % 7 == 0:
            last.relationship_to_hoh, last.is_exempt = 1, True
        if self.shared % 8 == 0:
            last.project, last.is_exempt = self.projects[self.shared % len(self.projects)], True

    def day(self, first: int, last: int) -> date:
        return self.today + timedelta(days=self.rng.randint(first, last))

    def enrollment(self, client, household, project, start, *, is_first) -> Enrollment:
        entry = start if self.chance(0.6) else start + timedelta(days=self.rng.randint(-40, 40))
        if client.dob and self.chance(0.05):
            entry = client.dob
        if client.dob and client.dob.year < self.today.year - 17 and self.chance(0.1):
            entry = self.today - timedelta(days=self.rng.randint(300, 800))
        exit_date = None
        if self.chance(0.5):
            exit_date = max(entry, entry + timedelta(days=self.rng.randint(0, 900)))
        is_backwards = self.chance(0.03)  # as an import brings some in
        if is_backwards:
            exit_date = entry - timedelta(days=1)
        destination = self.maybe(Destination.values) if exit_date else None
        relationship = self.pick([2, 3, 4, 5, 99])
        if is_first and self.chance(0.9):
            relationship = 1
        other = destination is not None and self.chance(0.5)
        return Enrollment(
            client=client,
            household=household,
            project=project,
            entry_date=entry,
            exit_date=exit_date,
            destination=self.pick([destination, destination, 17, 435, 24]) if destination else None,
            destination_subsidy_type=self.maybe(RentalSubsidyType.values, 0.5),
            other_destination=self.pick(["", "  ", "Moved"]) if other else "",
            relationship_to_hoh=relationship,
            enrollment_coc=self.pick(COCS),
            living_situation=self.maybe([*PriorLivingSituation.values, 435, 435]),
            rental_subsidy_type=self.maybe(RentalSubsidyType.values, 0.5),
            length_of_stay=self.maybe(LengthOfStay.values, 0.9),
            previous_street_essh=self.maybe([*NoYesMissing.values, 1, 1], 0.9),
            date_to_street_essh=self.maybe(
                [entry + timedelta(days=n) for n in (-9000, -1097, -1095, -400, -61, -50, 9)]
            ),
            times_homeless_past_three_years=self.maybe(TimesHomeless.values, 0.9),
            months_homeless_past_three_years=self.maybe(
                [*MonthsHomeless.values[2:], 101, 101, 112, 113], 0.9
            ),
            disabling_condition=self.maybe(NoYesReasons.values),
            date_of_engagement=self.maybe([entry + timedelta(days=n) for n in (-9, 0, 500)], 0.3),
            move_in_date=self.maybe([entry + timedelta(days=n) for n in (-9, 0, 40, 500)], 0.3),
            date_created=self.moment(entry),
            is_exempt=is_backwards,
            breaks=["exit_not_before_entry"] if is_backwards else [],
            **self.stamp,
        )

    def moment(self, entry: date):
        from datetime import datetime
        from zoneinfo import ZoneInfo

        late = entry + timedelta(days=self.pick([0, 29, 30, 31, 90]))
        hour = self.pick([0, 12, 23])
        return datetime(
            late.year, late.month, late.day, hour, 30, tzinfo=ZoneInfo("America/New_York")
        )

    def answers(self, enrollment: Enrollment) -> None:
        stages = [stage for stage in (STAGE.ENTRY, STAGE.EXIT) if self.chance(0.8)]
        stages += [STAGE.UPDATE] * self.pick([0, 0, 1]) + [STAGE.ANNUAL] * self.pick([0, 1, 2])
        self.add(*(self.income(enrollment, stage) for stage in stages))
        rows = []
        if self.chance(0.8):
            tidy = self.pick(["no", "no", "yes", "wild"])
            kinds = [kind for kind in DisabilityType if tidy != "wild" or self.chance(0.9)]
            day = self.near_start(enrollment)
            rows = [self.disability(enrollment, kind, tidy, day) for kind in kinds]
        self.add(*rows)
        if self.chance(0.8):
            self.add(
                HealthAndDV(
                    domestic_violence_survivor=self.maybe([*NoYesReasons.values, 1, 1]),
                    when_occurred=self.maybe(WhenOccurred.values),
                    currently_fleeing=self.maybe(NoYesReasons.values),
                    **self.about(enrollment, STAGE.ENTRY, self.near_start(enrollment)),
                )
            )
        self.dated(enrollment)
        if self.chance(0.6) and not enrollment.breaks:
            ends_on = self.pick([None, enrollment.entry_date, enrollment.exit_date])
            self.add(
                CaseAssignment(
                    client=enrollment.client,
                    enrollment=enrollment,
                    case_manager=self.by,
                    begins_on=enrollment.entry_date,
                    ends_on=ends_on,
                    **self.stamp,
                )
            )

    def dated(self, enrollment: Enrollment) -> None:
        """Services, contacts and events around the dates of the enrollment."""
        about = {"client": enrollment.client, "enrollment": enrollment} | self.stamp
        last = enrollment.exit_date or self.today
        days = [enrollment.entry_date, last, *(last + timedelta(days=n) for n in (-1, 1))]
        days += [enrollment.entry_date + timedelta(days=n) for n in (-1, 1)]
        if self.chance(0.4):
            units = {"service_type": self.service_type, "units": 1}
            self.add(Service(date=self.pick(days), **units, **about))
        for table in (EmploymentEducation, YouthEducationStatus):
            if self.chance(0.4):
                stage = {"data_collection_stage": STAGE.UPDATE}
                self.add(table(information_date=self.pick(days), **stage, **about))
        if self.chance(0.4):
            self.add(
                CurrentLivingSituation(
                    information_date=self.pick(days), current_living_situation=116, **about
                )
            )
        if self.chance(0.4):
            kind = self.pick(["hud", "matched"])
            code = 13 if kind == "hud" else None
            self.add(Event(event_date=self.pick(days), kind=kind, event=code, **about))
        if self.chance(0.4):
            codes = {"assessment_type": 1, "assessment_level": 1, "prioritization_status": 1}
            self.add(
                Assessment(
                    assessment_date=self.pick(days), assessment_location="A", **codes, **about
                )
            )

    def releases(self, client: Client) -> None:
        """What a client answered, once or several times, and what became of it."""
        for _ in range(self.pick([0, 0, 1, 1, 2, 3])):
            answered = self.today - timedelta(days=self.pick([0, 1, 30, 364, 400, 900]))
            kind = self.pick(["verbal", "verbal", "uploaded", "refused"])
            is_refusal = kind == "refused"
            begins = answered if is_refusal else answered + timedelta(days=self.pick([0, 0, 40]))
            term = None if is_refusal else self.maybe([1, 30, 365, 400])
            revoked = self.pick(["", "", "client", "guardian", "mistake"])
            signed_by = self.pick(["client", "client", "guardian"])
            self.add(
                Release(
                    client=client,
                    organization=self.organization,
                    covers=self.maybe([self.organization], 0.2),
                    kind=kind,
                    signed_by=signed_by,
                    undecided=not is_refusal and self.chance(0.2),
                    answered_on=answered,
                    begins_on=begins,
                    ends_on=term and begins + timedelta(days=term),
                    witness=self.by,
                    created_by=self.by,
                    revoked_at=self.moment(self.today) if revoked else None,
                    revoked_by=self.by if revoked else None,
                    revoked_reason=revoked,
                )
            )

    def about(self, enrollment: Enrollment, stage: int, day: date) -> dict[str, Any]:
        about = {"client": enrollment.client, "enrollment": enrollment, "information_date": day}
        return about | {"data_collection_stage": stage} | self.stamp

    def income(self, enrollment: Enrollment, stage: int) -> IncomeBenefits:
        day = enrollment.entry_date
        if stage in (STAGE.UPDATE, STAGE.ANNUAL):
            years = self.pick([1, 1, 2, 3])
            day += timedelta(
                days=365 * years + self.pick([-60, -31, -30, 0, 30, 31, 32, 60, -1000])
            )
        row = IncomeBenefits(**self.about(enrollment, stage, day))
        for topic in (INCOME, BENEFITS, INSURANCE):
            setattr(row, topic.any_field, self.maybe([*NoYesReasons.values, 1, 1, 1]))
            for source in topic.sources:
                setattr(row, source.field, self.pick([None, 0, 0, 0, 0, 0, 0, 0, 1]))
                ticked = getattr(row, source.field) == 1
                if source.amount and self.chance(0.9 if ticked else 0.02):
                    setattr(
                        row, source.amount, self.pick([None, Decimal("1.10"), Decimal(0), -3, 900])
                    )
        amounts = [getattr(row, name) or 0 for name in INCOME.amounts]
        row.total_monthly_income = self.pick([None, sum(amounts), sum(amounts), Decimal("0.01")])
        return row

    def near_start(self, enrollment: Enrollment) -> date:
        return enrollment.entry_date + timedelta(days=self.pick([0, 0, 0, 0, -1, 1]))

    def disability(
        self, enrollment: Enrollment, kind: DisabilityType, tidy: str, day: date
    ) -> Disability:
        substances = kind is DisabilityType.SUBSTANCE_USE
        options = DisabilityResponse.values if substances else NoYesReasons.values
        response = {"no": 0, "yes": self.pick([0, 1])}.get(tidy, self.maybe(options))
        return Disability(
            disability_type=kind,
            disability_response=response,
            indefinite_and_impairs=self.maybe([0, 1, 99], 0.8),
            **self.about(enrollment, STAGE.ENTRY, day),
        )
