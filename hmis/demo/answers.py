"""What the demonstration's households answered, and where they were met."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain

from enrollments.models import (
    CurrentLivingSituation,
    Disability,
    Enrollment,
    HealthAndDV,
    IncomeBenefits,
)
from hmis.demo.context import Context, create, filed_like
from hmis.demo.rng import Rng
from hmis.demo.set_up import COC
from hud.anniversaries import anniversary
from hud.choices import CurrentLivingSituation as Situation
from hud.choices import (
    DataCollectionStage,
    DisabilityType,
    LengthOfStay,
    MonthsHomeless,
    NoYesMissing,
    NoYesReasons,
    PriorLivingSituation,
    ProjectType,
    TimesHomeless,
    WhenOccurred,
)
from hud.rules import current_living
from hud.rules import dob as dob_rules

NO, YES = NoYesReasons.NO, NoYesReasons.YES
SITUATIONS = (
    PriorLivingSituation.PLACE_NOT_FOR_HABITATION,
    PriorLivingSituation.EMERGENCY_SHELTER,
    PriorLivingSituation.FRIENDS,
    PriorLivingSituation.FAMILY,
    PriorLivingSituation.JAIL,
    PriorLivingSituation.RENTAL,
)
INCOMES = (("ssi", 967), ("earned", 1450), ("ssdi", 1180), ("tanf", 593), ("unemployment", 820))
ANNUAL_DONE = 0.6
PAUSE = (20, 80)  # days from one contact to the next, at least and at most
PLACES = {
    Situation.PLACE_NOT_FOR_HABITATION: (
        "Behind the ferry terminal, before 7 a.m.",
        "In the van, at the end of Quarry Road.",
        "Under the bridge by the bus depot.",
        "",
    ),
    Situation.EMERGENCY_SHELTER: ("Winter shelter.", ""),
    Situation.FRIENDS: ("On a sofa, for some days.", ""),
    Situation.WORKER_UNABLE_TO_DETERMINE: ("",),
}


def answer_enrollment(rng: Rng, enrollment: Enrollment, today: date) -> None:
    """3.917 and 4.13 of head and adults, 3.16 of the head, 3.08 of everybody."""
    enrollment.disabling_condition = YES if rng.chance(0.35) else NO
    if enrollment.is_head:
        enrollment.enrollment_coc = COC
        project = ProjectType(enrollment.project.project_type)
        if project.is_permanent_housing and rng.chance(0.7):
            moved = enrollment.entry_date + timedelta(days=rng.between(10, 60))
            if moved <= (enrollment.exit_date or today):
                enrollment.move_in_date = moved
    if not enrollment.is_head and not _is_adult(enrollment):
        return
    _engage(enrollment, today)
    enrollment.living_situation = rng.early(SITUATIONS)
    enrollment.length_of_stay = rng.pick([LengthOfStay.WEEK_TO_MONTH, LengthOfStay.YEAR_OR_LONGER])
    situation = PriorLivingSituation(enrollment.living_situation)
    is_street = ProjectType(enrollment.project.project_type).serves_the_street
    if situation.is_homeless or is_street:
        since = enrollment.entry_date - timedelta(days=rng.between(5, 500))
        enrollment.date_to_street_essh = max(since, enrollment.client.dob or since)
        enrollment.times_homeless_past_three_years = rng.pick(TimesHomeless.values[:4])
        enrollment.months_homeless_past_three_years = rng.pick(MonthsHomeless.values[3:])
    if not situation.is_homeless:
        enrollment.los_under_threshold = NoYesMissing.NO
        if situation is PriorLivingSituation.JAIL:
            enrollment.length_of_stay = LengthOfStay.YEAR_OR_LONGER


def _engage(enrollment: Enrollment, today: date) -> None:
    """4.13, after a week on the street or in a night-by-night shelter."""
    day = enrollment.entry_date + timedelta(days=7)
    if ProjectType(enrollment.project.project_type).has_engagement and day <= (
        enrollment.exit_date or today
    ):
        enrollment.date_of_engagement = day


def _is_adult(enrollment: Enrollment) -> bool:
    return dob_rules.is_adult(enrollment.client.dob, enrollment.entry_date) is not False


def add_answers(context: Context, enrollments: list[Enrollment]) -> None:
    create(_incomes(context, enrollments))
    lasting = [
        enrollment for enrollment in enrollments if enrollment.exit_date is None
    ]  # six rows each: the rest is slow
    create(chain.from_iterable(_disabilities(context.rng, enrollment) for enrollment in lasting))
    create(
        _violence(context.rng, enrollment)
        for enrollment in enrollments
        if enrollment.is_head or _is_adult(enrollment)
    )


def _incomes(context: Context, enrollments: Iterable[Enrollment]) -> Iterator[IncomeBenefits]:
    for enrollment in enrollments:
        yield _income(context.rng, enrollment, DataCollectionStage.ENTRY, enrollment.entry_date)
        for year in range(enrollment.entry_date.year + 1, context.today.year + 1):
            day = anniversary(enrollment.entry_date, year)
            last = min(enrollment.exit_date or context.today, context.today - timedelta(days=14))
            if day < last and context.rng.chance(ANNUAL_DONE):
                yield _income(context.rng, enrollment, DataCollectionStage.ANNUAL, day)
        if enrollment.exit_date and enrollment.destination:
            yield _income(context.rng, enrollment, DataCollectionStage.EXIT, enrollment.exit_date)


def _income(
    rng: Rng, enrollment: Enrollment, stage: DataCollectionStage, day: date
) -> IncomeBenefits:
    row = IncomeBenefits(
        **_about(enrollment, stage, day), insurance_from_any_source=YES, medicaid=YES
    )
    if not enrollment.is_head and not _is_adult(enrollment):
        return row
    if rng.chance(0.6):
        source, amount = rng.early(INCOMES)
        paid = Decimal(amount + 25 * rng.below(9))
        row.income_from_any_source, row.total_monthly_income = YES, paid
        setattr(row, source, NoYesMissing.YES)
        setattr(row, f"{source}_amount", paid)
    else:
        row.income_from_any_source, row.total_monthly_income = NO, Decimal()
    row.benefits_from_any_source = YES if rng.chance(0.55) else NO
    if row.benefits_from_any_source == YES:
        row.snap = NoYesMissing.YES
    return row


def _disabilities(rng: Rng, enrollment: Enrollment) -> Iterator[Disability]:
    kinds = (DisabilityType.MENTAL_HEALTH, DisabilityType.PHYSICAL, DisabilityType.CHRONIC_HEALTH)
    has = rng.early(kinds) if enrollment.disabling_condition == YES else None
    for kind in DisabilityType:
        is_present = kind is has
        yield Disability(
            **_about(enrollment, DataCollectionStage.ENTRY, enrollment.entry_date),
            disability_type=kind,
            disability_response=YES if is_present else NO,
            indefinite_and_impairs=YES if is_present else None,
        )


def _violence(rng: Rng, enrollment: Enrollment) -> HealthAndDV:
    row = HealthAndDV(
        **_about(enrollment, DataCollectionStage.ENTRY, enrollment.entry_date),
        domestic_violence_survivor=YES if rng.chance(0.15) else NO,
    )
    if row.domestic_violence_survivor == YES:
        row.when_occurred, row.currently_fleeing = WhenOccurred.YEAR_OR_MORE, NO
    return row


def _about(enrollment: Enrollment, stage: DataCollectionStage, day: date) -> dict:
    return {
        "client": enrollment.client,
        "enrollment": enrollment,
        "information_date": day,
        "data_collection_stage": stage,
        **filed_like(enrollment),
    }


def contacts(context: Context) -> Iterator[CurrentLivingSituation]:
    """4.12, of the heads of the projects that record it, the first on the day of entry."""
    enrollments = Enrollment.objects.heads().select_related("project")
    enrollments = enrollments.order_by("created_by", "organization", "pk")
    for enrollment in enrollments:
        if not ProjectType(enrollment.project.project_type).has_contacts:
            continue
        day, last = enrollment.entry_date, enrollment.exit_date or context.day(1)
        while day <= last:
            yield _contact(context, enrollment, (context.today - day).days)
            day += timedelta(days=context.rng.between(*PAUSE))


def _contact(context: Context, enrollment: Enrollment, ago: int) -> CurrentLivingSituation:
    situation = context.rng.early(list(PLACES))
    written = max(context.moment(ago), enrollment.date_created)
    is_asked = current_living.LEAVES in current_living.questions(situation, None)
    return CurrentLivingSituation(
        client_id=enrollment.client_id,
        enrollment=enrollment,
        information_date=context.day(ago),
        current_living_situation=situation,
        leave_situation_14_days=NoYesReasons.NO if is_asked else None,
        location_details=context.rng.pick(PLACES[situation]),
        **filed_like(enrollment, at=written),
    )
