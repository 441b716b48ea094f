"""The answers of an enrollment and of its assessments, in words, for a page that shows them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db.models import QuerySet, Value

from agencies.models import User
from enrollments.actions.exits import Departure
from enrollments.intake.draft.sections import TOPICS
from enrollments.intake.draft.steps import steps_for
from enrollments.models import (
    Assessment,
    Disability,
    EmploymentEducation,
    Enrollment,
    HealthAndDV,
    IncomeBenefits,
    IntakeDraft,
    YouthEducationStatus,
)
from enrollments.models.assessment import LATER
from hud.choices import (
    DataCollectionStage,
    Destination,
    DisabilityResponse,
    DisabilityType,
    NoYesReasons,
    RentalSubsidyType,
)
from hud.elements import FIELDS, element, of_programs
from hud.elements.assessments import HIV
from hud.rules import living_situation
from hud.rules.sources import INCOME, INSURANCE, Topic
from records.statements import compiled

Answer = tuple[str, str]
ENROLLMENT = (
    "enrollment_coc",
    *living_situation.FIELDS,
    "disabling_condition",
    "date_of_engagement",
    "move_in_date",
)
EXIT = ("destination", "destination_subsidy_type", "other_destination")
VIOLENCE = ("domestic_violence_survivor", "when_occurred", "currently_fleeing")
OF_PROGRAMS: dict[type[Assessment], list[tuple[str, bool]]] = {
    table: [(one.name, element(one.number).is_sensitive) for one in of_programs(table.__name__)]
    for table in (IncomeBenefits, HealthAndDV, EmploymentEducation, YouthEducationStatus)
}
PROGRAM_TABLES = (EmploymentEducation, YouthEducationStatus)
SENSITIVE = ("Disabilities", "Domestic Violence")  # 4.05-4.10, 4.11
YES = NoYesReasons.YES
WHEN = attrgetter("information_date", "data_collection_stage")


@dataclass
class AssessedOn:
    """What was asked of the client on one day at one stage."""

    enrollment: Enrollment
    day: date
    stage: DataCollectionStage
    answers: list[Answer] = field(default_factory=list)

    @property
    def can_be_corrected(self) -> bool:
        """By itself; those at start and exit are re-opened with the enrollment and the exit."""
        return self.stage in LATER

    @property
    def correct_url(self) -> str:
        """The first step of its correction."""
        kind = IntakeDraft.Kind.of_stage(self.stage)
        return IntakeDraft.begin_url(
            client_id=self.enrollment.client_id,
            enrollment_id=self.enrollment.pk,
            kind=kind,
            slug=steps_for(kind)[0],
            corrects=self.day,
        )


def enrollment_answers(enrollment: Enrollment) -> list[Answer]:
    """HUD's questions about the enrollment that were answered."""
    return list(_said(enrollment, ENROLLMENT))


def exit_answers(enrollment: Enrollment) -> list[Answer]:
    return list(_said(enrollment, EXIT))


def program_answers(
    enrollment: Enrollment, user: User, *files: str
) -> list[tuple[str, list[Answer]]]:
    """What programs asked, under their headings.

    Of sensitive elements nothing is said to who may not read them, not even that they were asked.

    Args:
        files: whose columns: "Client", "Enrollment", "Exit".
    """
    found = []
    may_read: bool | None = None
    for file in files:
        row = enrollment.client if file == "Client" else enrollment
        for heading, ones in groupby(of_programs(file), lambda one: element(one.number).heading):
            answers: list[Answer] = []
            for one in ones:
                said = list(_said(row, [one.name]))
                if said and element(one.number).is_sensitive:
                    may_read = enrollment.sensitive_for(user) if may_read is None else may_read
                    said = said if may_read else []
                answers += said
            if answers:
                found.append((heading, answers))
    return found


def destination_in_words(departure: Departure) -> str:
    """Where somebody goes, with what follows from the answer."""
    codes: list[tuple[Any, int | None]] = [(Destination, departure.destination)]
    codes += [(RentalSubsidyType, departure.destination_subsidy_type)]
    texts = [str(choices(code).label) for choices, code in codes if code is not None]
    return ": ".join([*texts, *filter(None, [departure.other_destination])])


def _said(row: Any, names: Iterable[str]) -> Iterator[Answer]:
    for name in names:
        label, value = FIELDS[name].short, getattr(row, name)
        if value is None or value == "":
            continue
        if isinstance(value, date):
            yield label, f"{value:%m/%d/%Y}"
        elif row._meta.get_field(name).choices:
            yield label, getattr(row, f"get_{name}_display")()
        else:
            yield label, str(value)


def assessments_of(enrollment: Enrollment, user: User) -> list[AssessedOn]:
    """The enrollment's assessments, the newest first.

    Who may not read the answers to 4.05-4.11 reads who keeps them, whatever was answered and
    whether anything was (`Enrollment.sensitive_for`).
    """
    rows: list[Assessment] = [
        *_stored(user, enrollment.pk, table=IncomeBenefits),
        *_of_programs(enrollment, user),
    ]
    kept: list[Answer] = []
    may_read = enrollment.sensitive_for(user)
    if may_read:
        rows += [
            *_stored(user, enrollment.pk, table=Disability),
            *_stored(user, enrollment.pk, table=HealthAndDV),
        ]
    else:
        kept = [(label, f"Kept by {enrollment.organization}") for label in SENSITIVE]
    rows.sort(key=WHEN, reverse=True)
    return [
        AssessedOn(
            enrollment,
            day,
            DataCollectionStage(stage),
            [answer for row in of_day for answer in _answers(row, may_read)] + kept,
        )
        for (day, stage), of_day in groupby(rows, WHEN)
    ]


def _of_programs(enrollment: Enrollment, user: User) -> Iterator[Assessment]:
    """The rows of tables that only programs fill; one query where there are none."""
    for place in sorted(_programs_with_rows(user, enrollment.pk)):
        yield from _stored(user, enrollment.pk, table=PROGRAM_TABLES[place])


@compiled
def _programs_with_rows(user: User, enrollment_id: int) -> QuerySet[Any, int]:
    """The places in PROGRAM_TABLES of those that have rows."""
    arms = [
        _stored.queryset(user, enrollment_id, table=table)
        .order_by()
        .annotate(place=Value(place))
        .values_list("place", flat=True)
        for place, table in enumerate(PROGRAM_TABLES)
    ]
    return arms[0].union(*arms[1:])


@compiled
def _stored(user: User, enrollment_id: int, *, table: type[Any]) -> QuerySet[Assessment]:
    return table.objects.visible_to(user).filter(enrollment=enrollment_id)


def _answers(row: Assessment, may_read: bool) -> Iterator[Answer]:
    if isinstance(row, IncomeBenefits):
        for topic in TOPICS.values():
            yield from _of_topic(row, element(topic.rule).name, topic)
        for source in INSURANCE.sources:
            if source.reason and getattr(row, source.reason) is not None:
                yield f"No {source.label}", getattr(row, f"get_{source.reason}_display")()
    elif isinstance(row, Disability):
        yield from _of_disability(row)
    elif isinstance(row, HealthAndDV):
        yield from _said(row, VIOLENCE)
    kind: Any = type(row)
    of_programs = OF_PROGRAMS.get(kind, ())
    yield from _said(
        row, [name for name, is_sensitive in of_programs if may_read or not is_sensitive]
    )


def _of_topic(row: IncomeBenefits, label: str, topic: Topic) -> Iterator[Answer]:
    any_source = getattr(row, topic.any_field)
    if any_source == YES:
        total, sources = row.total_monthly_income, ", ".join(_sources(row, topic))
        is_paid = topic is INCOME and total is not None
        yield label, f"${total:,.2f} a month: {sources}" if is_paid else sources or "Yes"
    elif any_source is not None:
        yield label, getattr(row, f"get_{topic.any_field}_display")()


def _sources(row: IncomeBenefits, topic: Topic) -> Iterator[str]:
    for source in topic.sources:
        if getattr(row, source.field) == YES:
            amount = getattr(row, source.amount) if source.amount else None
            named = getattr(row, topic.identify_field) if source is topic.other else ""
            text = named or source.label
            yield text if amount is None else f"{text} ${amount:,.2f}"


def _of_disability(row: Disability) -> Iterator[Answer]:
    if row.disability_response is not None:
        of_substances = row.disability_type == DisabilityType.SUBSTANCE_USE
        codes = DisabilityResponse if of_substances else NoYesReasons
        more = ", long-continued and indefinite" if row.indefinite_and_impairs == YES else ""
        yield row.get_disability_type_display(), f"{codes(row.disability_response).label}{more}"
    yield from _said(row, HIV)
