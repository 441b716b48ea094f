"""What `hud.rules` says of each record: one judge for each data quality rule."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils import timezone

from cas.models import Event
from casenotes.models import Service
from clients.models import Client
from data_quality.rules.enrollment import LODGINGS
from enrollments.models import (
    CaseAssignment,
    CurrentLivingSituation,
    Disability,
    Enrollment,
    HealthAndDV,
    IncomeBenefits,
)
from hud.choices import DataCollectionStage, DisabilityType, VeteranStatus
from hud.elements import element
from hud.rules import (
    annual,
    coc,
    destination,
    disability,
    dob,
    engagement,
    entry,
    household,
    income,
    living_situation,
    move_in,
    names,
    race,
    ssn,
    veteran,
)
from hud.rules import exit as exits
from hud.rules.issues import Issue, Level
from hud.rules.sources import BENEFITS, INCOME, INSURANCE, Topic

STAGE = DataCollectionStage
REFUSED = (8, 9)
TOPICS = {"income": INCOME, "benefits": BENEFITS, "insurance": INSURANCE}
Judge = Callable[[Any, "Shelf"], Any]


class Shelf:
    """Everything on file, to be looked up by enrollment."""

    def __init__(self, today: date):
        self.today = today
        self.enrollments = list(Enrollment.objects.select_related("client", "project"))
        self.people = list(Client.objects.all())
        self.incomes = list(IncomeBenefits.objects.all())
        self.by_pk = {one.pk: one for one in self.enrollments}
        self.members, self.of_client = defaultdict(list), defaultdict(list)
        for one in self.enrollments:
            self.members[one.household_id].append(one)
            self.of_client[one.client_id].append(one)
        self.income = self._once(self.incomes)
        self.violence = self._once(HealthAndDV.objects.all())
        self.barriers, self.assigned = defaultdict(list), defaultdict(list)
        for row in Disability.objects.all():
            if row.data_collection_stage == STAGE.ENTRY:
                self.barriers[row.enrollment_id].append(
                    disability.Disability(
                        row.disability_type, row.disability_response, row.indefinite_and_impairs
                    )
                )
        for row in CaseAssignment.objects.with_access().select_related("case_manager"):
            self.assigned[row.enrollment_id].append(row)
        self.dated = self._dated()
        self.later = defaultdict(list)
        for row in self.incomes:
            if row.data_collection_stage in (STAGE.UPDATE, STAGE.ANNUAL):
                self.later[row.enrollment_id].append(row)

    @staticmethod
    def _once(rows) -> dict:
        return {(row.enrollment_id, row.data_collection_stage): row for row in rows}

    def _dated(self) -> dict[str, dict[int, list[tuple[str, date]]]]:
        """What has a date in each enrollment, by rule: what it is, and its date."""
        kept = {
            "service": [(row, "", row.date) for row in Service.objects.all()],
            "event": [(row, row.kind, row.event_date) for row in Event.objects.all()],
        }
        for key, table in {
            "currentlivingsituation": CurrentLivingSituation,
            "incomebenefits": IncomeBenefits,
            "healthanddv": HealthAndDV,
            "disability": Disability,
        }.items():
            kept[key] = [
                (row, getattr(row, "data_collection_stage", ""), row.information_date)
                for row in table.objects.all()
            ]
        found: dict = {key: defaultdict(list) for key in kept}
        for key, rows in kept.items():
            for row, kind, day in rows:
                found[key][row.enrollment_id].append((kind, day))
        return found

    def head(self, enrollment) -> Enrollment | None:
        return next((one for one in self.members[enrollment.household_id] if one.is_head), None)

    def since(self, enrollment) -> date:
        head = self.head(enrollment)
        return head.entry_date if head else enrollment.entry_date


def is_missing(code) -> bool:
    return code is None or code == 99


def blocks(issues: list[Issue]) -> bool:
    return any(one.level is Level.ERROR for one in issues)


def warns(issues: list[Issue]) -> bool:
    return any(one.level is Level.WARNING for one in issues)


def about(issues: list[Issue], field: str) -> list[Issue]:
    return [one for one in issues if one.field == field]


def is_asked(rule: str, enrollment, day: date, today: date) -> bool:
    return element(rule).is_asked_of(
        is_head=enrollment.is_head,
        dob=enrollment.client.dob,
        project_type=enrollment.project.project_type,
        answered_on=day,
        entry_date=enrollment.entry_date,
        exit_date=enrollment.exit_date,
        today=today,
    )


JUDGES: dict[str, Judge] = {}


def judge(key: str) -> Callable[[Judge], Judge]:
    def keep(one: Judge) -> Judge:
        JUDGES[key] = one
        return one

    return keep


def code(key: str, get: Judge, when: Judge = lambda row, shelf: True) -> None:
    JUDGES[f"{key}-missing"] = lambda row, shelf: when(row, shelf) and is_missing(get(row, shelf))
    JUDGES[f"{key}-unanswered"] = lambda row, shelf: when(row, shelf) and get(row, shelf) in REFUSED


# persons

for key in ("name", "ssn", "dob"):
    column = f"{key}_data_quality"
    code(key, lambda one, shelf, column=column: getattr(one, column))
    JUDGES[f"{key}-partial"] = lambda one, shelf, column=column: getattr(one, column) == 2
code("sex", lambda one, shelf: one.sex)
code(
    "veteran",
    lambda one, shelf: one.veteran_status,
    lambda one, shelf: dob.is_adult(one.dob, shelf.today) is not False,
)
JUDGES |= {
    "name-blank": lambda one, shelf: names.issues(
        one.first_name, one.last_name, chosen=one.name_data_quality
    ),
    "ssn-impossible": lambda one, shelf: ssn.issues(one.ssn, quality=one.ssn_data_quality),
    "dob-impossible": lambda one, shelf: blocks(dob.issues(one.dob, today=shelf.today)),
    "race-missing": lambda one, shelf: race.race_none(vars(one)) == 99,
    "race-unanswered": lambda one, shelf: race.race_none(vars(one)) in REFUSED,
    "veteran-minor": lambda one, shelf: veteran.issues(
        VeteranStatus(one.veteran_status), is_adult=dob.is_adult(one.dob, shelf.today)
    ),
}


# enrollments


def _entry(enrollment, shelf, **more) -> list[Issue]:
    return entry.issues(enrollment.entry_date, today=shelf.today, **more)


def _entered_late(enrollment, shelf):
    created = timezone.localtime(enrollment.date_created).date()
    return warns(entry.issues(enrollment.entry_date, today=created))


def _before_head(enrollment, shelf):
    head = shelf.head(enrollment)
    by_itself = len(_entry(enrollment, shelf))
    return head and len(_entry(enrollment, shelf, head_entry_date=head.entry_date)) > by_itself


def _two_lodgings(enrollment, shelf):
    this = entry.EnrollmentDates(enrollment.entry_date, enrollment.exit_date)
    others = [
        entry.EnrollmentDates(one.entry_date, one.exit_date)
        for one in shelf.of_client[enrollment.client_id]
        if one.project_id != enrollment.project_id and one.project.project_type in LODGINGS
    ]
    return enrollment.project.project_type in LODGINGS and entry.overlap_issues(this, others)


def _twice_in_project(enrollment, shelf):
    this = entry.EnrollmentDates(enrollment.entry_date, enrollment.exit_date)
    return any(
        one.household_id == enrollment.household_id
        or this.overlaps(entry.EnrollmentDates(one.entry_date, one.exit_date))
        for one in shelf.of_client[enrollment.client_id]
        if one.pk != enrollment.pk and one.project_id == enrollment.project_id
    )


def _head_first(enrollment, shelf):
    others = [
        one.exit_date for one in shelf.members[enrollment.household_id] if one.pk != enrollment.pk
    ]
    return enrollment.is_head and exits.head_issues(enrollment.exit_date, others)


def _incomplete_destination(enrollment, shelf):
    found = destination.issues(
        enrollment.destination,
        subsidy_type=enrollment.destination_subsidy_type,
        other=enrollment.other_destination,
    )
    return enrollment.exit_date and any(one.field != "destination" for one in found)


def _headless(enrollment, shelf):
    members = [
        household.Member(one.client_id, one.relationship_to_hoh)
        for one in shelf.members[enrollment.household_id]
    ]
    return about(household.issues(members), household.FIELD)


def _living_asked(enrollment, shelf):
    return is_asked("3.917", enrollment, enrollment.entry_date, shelf.today)


def _living_incomplete(enrollment, shelf):
    if not _living_asked(enrollment, shelf) or enrollment.living_situation is None:
        return False
    questions = living_situation.questions(
        enrollment.living_situation,
        length_of_stay=enrollment.length_of_stay,
        previous_street_essh=enrollment.previous_street_essh,
        project_type=enrollment.project.project_type,
    )
    return any(
        is_missing(getattr(enrollment, one)) for one in questions if one != "living_situation"
    )


def _disabling(enrollment, shelf, answer):
    found = disability.issues(enrollment.disabling_condition, shelf.barriers[enrollment.pk])
    return found and enrollment.disabling_condition == answer


def _barriers_missing(enrollment, shelf):
    answered = {
        row.disability_type
        for row in shelf.barriers[enrollment.pk]
        if not is_missing(row.disability_response)
    }
    return answered != set(DisabilityType)


def _violence(enrollment, shelf):
    return shelf.violence.get((enrollment.pk, STAGE.ENTRY))


def _violence_asked(enrollment, shelf):
    return is_asked("4.11", enrollment, enrollment.entry_date, shelf.today)


def _violence_incomplete(enrollment, shelf):
    row = _violence(enrollment, shelf)
    if row is None or not _violence_asked(enrollment, shelf):
        return False
    from hud.rules import domestic_violence

    questions = domestic_violence.questions(row.domestic_violence_survivor)[1:]
    return any(is_missing(getattr(row, one)) for one in questions)


def _annual_missing(enrollment, shelf):
    since, today = shelf.since(enrollment), shelf.today
    if not enrollment.is_open_on(today):
        return False
    years = range(since.year + 1, today.year + 1)
    closed = [one for one in (annual.window(since, year) for year in years) if one.last < today]
    if not closed or enrollment.entry_date > closed[-1].last:
        return False
    made = [row for row in shelf.later[enrollment.pk] if row.data_collection_stage == STAGE.ANNUAL]
    return not any(row.information_date in closed[-1] for row in made)


def _grown_up(enrollment, shelf):
    birth = enrollment.client.dob
    was_minor = dob.is_adult(birth, enrollment.entry_date) is False
    is_grown = dob.is_adult(birth, shelf.today)
    asked_since = any(
        dob.is_adult(birth, row.information_date) for row in shelf.later[enrollment.pk]
    )
    return enrollment.is_open_on(shelf.today) and was_minor and is_grown and not asked_since


def _move_in(enrollment, shelf):
    return move_in.issues(
        enrollment.move_in_date,
        entry_date=enrollment.entry_date,
        today=shelf.today,
        project_type=enrollment.project.project_type,
        exit_date=enrollment.exit_date,
    )


def _engagement(enrollment, shelf):
    return engagement.issues(
        enrollment.date_of_engagement,
        entry_date=enrollment.entry_date,
        today=shelf.today,
        project_type=enrollment.project.project_type,
        exit_date=enrollment.exit_date,
    )


def _outside(key: str) -> Judge:
    def judged(enrollment, shelf):
        start, end = enrollment.entry_date, enrollment.exit_date or date.max
        for kind, day in shelf.dated[key][enrollment.pk]:
            if kind == STAGE.ENTRY and day != start:
                return True
            if kind == STAGE.EXIT and enrollment.exit_date and day != end:
                return True
            if kind in (STAGE.ENTRY, STAGE.EXIT):
                continue
            is_huds = key != "event" or kind == "hud"
            if day < start or (day > end and is_huds):
                return True
        return False

    return judged


def _child_leads(enrollment, shelf):
    others = [one for one in shelf.members[enrollment.household_id] if one.pk != enrollment.pk]
    return enrollment.is_head and household.head_issues(
        head_is_adult=dob.is_adult(enrollment.client.dob, enrollment.entry_date),
        others_are_adult=[dob.is_adult(one.client.dob, one.entry_date) for one in others],
    )


def _after_death(enrollment, shelf):
    died = [one.exit_date for one in shelf.of_client[enrollment.client_id] if one.destination == 24]
    return any(day < (enrollment.exit_date or date.max) for day in died)


JUDGES |= {
    f"{key}-outside": _outside(key)
    for key in (
        "service",
        "event",
        "currentlivingsituation",
        "incomebenefits",
        "healthanddv",
        "disability",
    )
}
code("relationship", lambda enrollment, shelf: enrollment.relationship_to_hoh)
del JUDGES["relationship-unanswered"]  # not in HUD's list
code("disabling", lambda enrollment, shelf: enrollment.disabling_condition)
code("living", lambda enrollment, shelf: enrollment.living_situation, _living_asked)
code(
    "violence",
    lambda enrollment, shelf: getattr(
        _violence(enrollment, shelf), "domestic_violence_survivor", None
    ),
    _violence_asked,
)
code(
    "destination",
    lambda enrollment, shelf: enrollment.destination,
    lambda enrollment, shelf: enrollment.exit_date,
)
JUDGES |= {
    "dob-is-start": lambda enrollment, shelf: warns(
        dob.issues(enrollment.client.dob, today=shelf.today, entry_date=enrollment.entry_date)
    ),
    "start-impossible": lambda enrollment, shelf: blocks(
        _entry(enrollment, shelf, dob=enrollment.client.dob)
    ),
    "start-outside-project": lambda enrollment, shelf: entry.project_issues(
        enrollment.entry_date,
        operating_start=enrollment.project.operating_start_date,
        operating_end=enrollment.project.operating_end_date,
    ),
    "start-before-head": _before_head,
    "start-entered-late": _entered_late,
    "two-lodgings": _two_lodgings,
    "enrolled-twice": _twice_in_project,
    "exit-in-future": lambda enrollment, shelf: blocks(
        exits.issues(enrollment.exit_date, entry_date=enrollment.entry_date, today=shelf.today)
    ),
    "head-leaves-first": _head_first,
    "destination-missing": lambda enrollment, shelf: (
        enrollment.exit_date
        and (is_missing(enrollment.destination) or enrollment.destination == 30)
    ),
    "destination-incomplete": _incomplete_destination,
    "household-without-head": _headless,
    "coc-missing": lambda enrollment, shelf: enrollment.is_head and not enrollment.enrollment_coc,
    "coc-impossible": lambda enrollment, shelf: coc.issues(enrollment.enrollment_coc),
    "move-in-impossible": _move_in,
    "engagement-impossible": _engagement,
    "head-is-child": _child_leads,
    "enrolled-after-death": _after_death,
    "living-incomplete": _living_incomplete,
    "homelessness-contradicts": lambda enrollment, shelf: living_situation.episode_issues(
        enrollment.date_to_street_essh,
        entry_date=enrollment.entry_date,
        times=enrollment.times_homeless_past_three_years,
        months=enrollment.months_homeless_past_three_years,
    ),
    "homelessness-impossible": lambda enrollment, shelf: living_situation.issues(
        enrollment.date_to_street_essh, entry_date=enrollment.entry_date, dob=enrollment.client.dob
    ),
    "disabling-no": lambda enrollment, shelf: _disabling(enrollment, shelf, 0),
    "disabling-yes": lambda enrollment, shelf: _disabling(enrollment, shelf, 1),
    "barriers-missing": _barriers_missing,
    "violence-incomplete": _violence_incomplete,
    "annual-missing": _annual_missing,
    "grown-up": _grown_up,
    "without-case-manager": lambda enrollment, shelf: (
        enrollment.is_open_on(shelf.today)
        and not any(one.is_active_on(shelf.today) for one in shelf.assigned[enrollment.pk])
    ),
}


# answers about income


def _topic(key: str, topic: Topic) -> None:
    def at(stage):
        return lambda enrollment, shelf: getattr(
            shelf.income.get((enrollment.pk, stage)), topic.any_field, None
        )

    code(
        f"{key}-start",
        at(STAGE.ENTRY),
        lambda enrollment, shelf: is_asked(
            topic.rule, enrollment, enrollment.entry_date, shelf.today
        ),
    )
    code(
        f"{key}-exit",
        at(STAGE.EXIT),
        lambda enrollment, shelf: (
            enrollment.exit_date
            and is_asked(topic.rule, enrollment, enrollment.exit_date, shelf.today)
        ),
    )

    def found(row, words: str) -> bool:
        issues = about(income.issues(topic, vars(row)), topic.any_field)
        return any(words in one.message for one in issues)

    JUDGES[f"{key}-no-source"] = lambda row, shelf: found(row, "at least one source")
    JUDGES[f"{key}-not-yes"] = lambda row, shelf: found(row, "Change the answer to Yes")


for key, topic in TOPICS.items():
    _topic(key, topic)


def _others(row) -> list[Issue]:
    own = {INCOME.any_field, income.TOTAL}
    return [one for one in income.issues(INCOME, vars(row)) if one.field not in own]


def _annual(row, shelf) -> list[Issue]:
    if row.data_collection_stage != STAGE.ANNUAL:
        return []
    since = shelf.since(shelf.by_pk[row.enrollment_id])
    return annual.issues(row.information_date, head_entry_date=since, today=shelf.today)


JUDGES |= {
    "income-amount-impossible": lambda row, shelf: blocks(_others(row)),
    "income-amount-missing": lambda row, shelf: warns(_others(row)),
    "income-total": lambda row, shelf: about(income.issues(INCOME, vars(row)), income.TOTAL),
    "annual-date-impossible": lambda row, shelf: blocks(_annual(row, shelf)),
    "annual-outside-window": lambda row, shelf: warns(_annual(row, shelf)),
}
