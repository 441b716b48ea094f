"""What `hud.rules` says of each record: one judge for each data quality rule."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils import timezone

from cas.models import Event
from casenotes.models import Service
from clients.models import Client
from enrollments.models import (
    CaseAssignment,
    CurrentLivingSituation,
    Disability,
    Enrollment,
    HealthAndDV,
    IncomeBenefits,
)
from enrollments.quality.stay_rules import LODGINGS
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
from hud.rules.findings import Finding, Level
from hud.rules.sources import BENEFITS, INCOME, INSURANCE, Topic

STAGE = DataCollectionStage
REFUSED = (8, 9)
TOPICS = {"income": INCOME, "benefits": BENEFITS, "insurance": INSURANCE}
Judge = Callable[[Any, "Shelf"], Any]


class Shelf:
    """Everything on file, to be looked up by stay."""

    def __init__(self, today: date):
        self.today = today
        self.stays = list(Enrollment.objects.select_related("client", "project"))
        self.people = list(Client.objects.all())
        self.incomes = list(IncomeBenefits.objects.all())
        self.by_pk = {one.pk: one for one in self.stays}
        self.members, self.of_client = defaultdict(list), defaultdict(list)
        for one in self.stays:
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
        """What has a date in each stay, by rule: what it is, and its date."""
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

    def head(self, stay) -> Enrollment | None:
        return next((one for one in self.members[stay.household_id] if one.is_head), None)

    def since(self, stay) -> date:
        head = self.head(stay)
        return head.entry_date if head else stay.entry_date


def is_missing(code) -> bool:
    return code is None or code == 99


def blocks(findings: list[Finding]) -> bool:
    return any(one.level is Level.ERROR for one in findings)


def warns(findings: list[Finding]) -> bool:
    return any(one.level is Level.WARNING for one in findings)


def about(findings: list[Finding], field: str) -> list[Finding]:
    return [one for one in findings if one.field == field]


def is_asked(rule: str, stay, day: date, today: date) -> bool:
    return element(rule).is_asked_of(
        is_head=stay.is_head,
        dob=stay.client.dob,
        project_type=stay.project.project_type,
        answered_on=day,
        entry_date=stay.entry_date,
        exit_date=stay.exit_date,
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
    "name-blank": lambda one, shelf: names.findings(
        one.first_name, one.last_name, chosen=one.name_data_quality
    ),
    "ssn-impossible": lambda one, shelf: ssn.findings(one.ssn, quality=one.ssn_data_quality),
    "dob-impossible": lambda one, shelf: blocks(dob.findings(one.dob, today=shelf.today)),
    "race-missing": lambda one, shelf: race.race_none(vars(one)) == 99,
    "race-unanswered": lambda one, shelf: race.race_none(vars(one)) in REFUSED,
    "veteran-minor": lambda one, shelf: veteran.findings(
        VeteranStatus(one.veteran_status), is_adult=dob.is_adult(one.dob, shelf.today)
    ),
}


# stays


def _entry(stay, shelf, **more) -> list[Finding]:
    return entry.findings(stay.entry_date, today=shelf.today, **more)


def _entered_late(stay, shelf):
    created = timezone.localtime(stay.date_created).date()
    return warns(entry.findings(stay.entry_date, today=created))


def _before_head(stay, shelf):
    head = shelf.head(stay)
    by_itself = len(_entry(stay, shelf))
    return head and len(_entry(stay, shelf, head_entry_date=head.entry_date)) > by_itself


def _two_lodgings(stay, shelf):
    this = entry.Stay(stay.entry_date, stay.exit_date)
    others = [
        entry.Stay(one.entry_date, one.exit_date)
        for one in shelf.of_client[stay.client_id]
        if one.project_id != stay.project_id and one.project.project_type in LODGINGS
    ]
    return stay.project.project_type in LODGINGS and entry.overlap_findings(this, others)


def _twice_in_project(stay, shelf):
    this = entry.Stay(stay.entry_date, stay.exit_date)
    return any(
        one.household_id == stay.household_id
        or this.overlaps(entry.Stay(one.entry_date, one.exit_date))
        for one in shelf.of_client[stay.client_id]
        if one.pk != stay.pk and one.project_id == stay.project_id
    )


def _head_first(stay, shelf):
    others = [one.exit_date for one in shelf.members[stay.household_id] if one.pk != stay.pk]
    return stay.is_head and exits.head_findings(stay.exit_date, others)


def _incomplete_destination(stay, shelf):
    found = destination.findings(
        stay.destination,
        subsidy_type=stay.destination_subsidy_type,
        other=stay.other_destination,
    )
    return stay.exit_date and any(one.field != "destination" for one in found)


def _headless(stay, shelf):
    members = [
        household.Member(one.client_id, one.relationship_to_hoh)
        for one in shelf.members[stay.household_id]
    ]
    return about(household.findings(members), household.FIELD)


def _living_asked(stay, shelf):
    return is_asked("3.917", stay, stay.entry_date, shelf.today)


def _living_incomplete(stay, shelf):
    if not _living_asked(stay, shelf) or stay.living_situation is None:
        return False
    questions = living_situation.questions(
        stay.living_situation,
        length_of_stay=stay.length_of_stay,
        previous_street_essh=stay.previous_street_essh,
        project_type=stay.project.project_type,
    )
    return any(is_missing(getattr(stay, one)) for one in questions if one != "living_situation")


def _disabling(stay, shelf, answer):
    found = disability.findings(stay.disabling_condition, shelf.barriers[stay.pk])
    return found and stay.disabling_condition == answer


def _barriers_missing(stay, shelf):
    answered = {
        row.disability_type
        for row in shelf.barriers[stay.pk]
        if not is_missing(row.disability_response)
    }
    return answered != set(DisabilityType)


def _violence(stay, shelf):
    return shelf.violence.get((stay.pk, STAGE.ENTRY))


def _violence_asked(stay, shelf):
    return is_asked("4.11", stay, stay.entry_date, shelf.today)


def _violence_incomplete(stay, shelf):
    row = _violence(stay, shelf)
    if row is None or not _violence_asked(stay, shelf):
        return False
    from hud.rules import domestic_violence

    questions = domestic_violence.questions(row.domestic_violence_survivor)[1:]
    return any(is_missing(getattr(row, one)) for one in questions)


def _annual_missing(stay, shelf):
    since, today = shelf.since(stay), shelf.today
    if not stay.is_open_on(today):
        return False
    years = range(since.year + 1, today.year + 1)
    closed = [one for one in (annual.window(since, year) for year in years) if one.last < today]
    if not closed or stay.entry_date > closed[-1].last:
        return False
    made = [row for row in shelf.later[stay.pk] if row.data_collection_stage == STAGE.ANNUAL]
    return not any(row.information_date in closed[-1] for row in made)


def _grown_up(stay, shelf):
    birth = stay.client.dob
    was_minor = dob.is_adult(birth, stay.entry_date) is False
    is_grown = dob.is_adult(birth, shelf.today)
    asked_since = any(dob.is_adult(birth, row.information_date) for row in shelf.later[stay.pk])
    return stay.is_open_on(shelf.today) and was_minor and is_grown and not asked_since


def _move_in(stay, shelf):
    return move_in.findings(
        stay.move_in_date,
        entry_date=stay.entry_date,
        today=shelf.today,
        project_type=stay.project.project_type,
        exit_date=stay.exit_date,
    )


def _engagement(stay, shelf):
    return engagement.findings(
        stay.date_of_engagement,
        entry_date=stay.entry_date,
        today=shelf.today,
        project_type=stay.project.project_type,
        exit_date=stay.exit_date,
    )


def _outside(key: str) -> Judge:
    def judged(stay, shelf):
        start, end = stay.entry_date, stay.exit_date or date.max
        for kind, day in shelf.dated[key][stay.pk]:
            if kind == STAGE.ENTRY and day != start:
                return True
            if kind == STAGE.EXIT and stay.exit_date and day != end:
                return True
            if kind in (STAGE.ENTRY, STAGE.EXIT):
                continue
            is_huds = key != "event" or kind == "hud"
            if day < start or (day > end and is_huds):
                return True
        return False

    return judged


def _child_leads(stay, shelf):
    others = [one for one in shelf.members[stay.household_id] if one.pk != stay.pk]
    return stay.is_head and household.head_findings(
        head_is_adult=dob.is_adult(stay.client.dob, stay.entry_date),
        others_are_adult=[dob.is_adult(one.client.dob, one.entry_date) for one in others],
    )


def _after_death(stay, shelf):
    died = [one.exit_date for one in shelf.of_client[stay.client_id] if one.destination == 24]
    return any(day < (stay.exit_date or date.max) for day in died)


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
code("relationship", lambda stay, shelf: stay.relationship_to_hoh)
del JUDGES["relationship-unanswered"]  # not in HUD's list
code("disabling", lambda stay, shelf: stay.disabling_condition)
code("living", lambda stay, shelf: stay.living_situation, _living_asked)
code(
    "violence",
    lambda stay, shelf: getattr(_violence(stay, shelf), "domestic_violence_survivor", None),
    _violence_asked,
)
code("destination", lambda stay, shelf: stay.destination, lambda stay, shelf: stay.exit_date)
JUDGES |= {
    "dob-is-start": lambda stay, shelf: warns(
        dob.findings(stay.client.dob, today=shelf.today, entry_date=stay.entry_date)
    ),
    "start-impossible": lambda stay, shelf: blocks(_entry(stay, shelf, dob=stay.client.dob)),
    "start-outside-project": lambda stay, shelf: entry.project_findings(
        stay.entry_date,
        operating_start=stay.project.operating_start_date,
        operating_end=stay.project.operating_end_date,
    ),
    "start-before-head": _before_head,
    "start-entered-late": _entered_late,
    "two-lodgings": _two_lodgings,
    "enrolled-twice": _twice_in_project,
    "exit-in-future": lambda stay, shelf: blocks(
        exits.findings(stay.exit_date, entry_date=stay.entry_date, today=shelf.today)
    ),
    "head-leaves-first": _head_first,
    "destination-missing": lambda stay, shelf: (
        stay.exit_date and (is_missing(stay.destination) or stay.destination == 30)
    ),
    "destination-incomplete": _incomplete_destination,
    "household-without-head": _headless,
    "coc-missing": lambda stay, shelf: stay.is_head and not stay.enrollment_coc,
    "coc-impossible": lambda stay, shelf: coc.findings(stay.enrollment_coc),
    "move-in-impossible": _move_in,
    "engagement-impossible": _engagement,
    "head-is-child": _child_leads,
    "enrolled-after-death": _after_death,
    "living-incomplete": _living_incomplete,
    "homelessness-contradicts": lambda stay, shelf: living_situation.episode_findings(
        stay.date_to_street_essh,
        entry_date=stay.entry_date,
        times=stay.times_homeless_past_three_years,
        months=stay.months_homeless_past_three_years,
    ),
    "homelessness-impossible": lambda stay, shelf: living_situation.findings(
        stay.date_to_street_essh, entry_date=stay.entry_date, dob=stay.client.dob
    ),
    "disabling-no": lambda stay, shelf: _disabling(stay, shelf, 0),
    "disabling-yes": lambda stay, shelf: _disabling(stay, shelf, 1),
    "barriers-missing": _barriers_missing,
    "violence-incomplete": _violence_incomplete,
    "annual-missing": _annual_missing,
    "grown-up": _grown_up,
    "without-case-manager": lambda stay, shelf: (
        stay.is_open_on(shelf.today)
        and not any(one.is_active_on(shelf.today) for one in shelf.assigned[stay.pk])
    ),
}


# answers about income


def _topic(key: str, topic: Topic) -> None:
    def at(stage):
        return lambda stay, shelf: getattr(
            shelf.income.get((stay.pk, stage)), topic.any_field, None
        )

    code(
        f"{key}-start",
        at(STAGE.ENTRY),
        lambda stay, shelf: is_asked(topic.rule, stay, stay.entry_date, shelf.today),
    )
    code(
        f"{key}-exit",
        at(STAGE.EXIT),
        lambda stay, shelf: (
            stay.exit_date and is_asked(topic.rule, stay, stay.exit_date, shelf.today)
        ),
    )

    def found(row, words: str) -> bool:
        findings = about(income.findings(topic, vars(row)), topic.any_field)
        return any(words in one.message for one in findings)

    JUDGES[f"{key}-no-source"] = lambda row, shelf: found(row, "at least one source")
    JUDGES[f"{key}-not-yes"] = lambda row, shelf: found(row, "Change the answer to Yes")


for key, topic in TOPICS.items():
    _topic(key, topic)


def _others(row) -> list[Finding]:
    own = {INCOME.any_field, income.TOTAL}
    return [one for one in income.findings(INCOME, vars(row)) if one.field not in own]


def _annual(row, shelf) -> list[Finding]:
    if row.data_collection_stage != STAGE.ANNUAL:
        return []
    since = shelf.since(shelf.by_pk[row.enrollment_id])
    return annual.findings(row.information_date, head_entry_date=since, today=shelf.today)


JUDGES |= {
    "income-amount-impossible": lambda row, shelf: blocks(_others(row)),
    "income-amount-missing": lambda row, shelf: warns(_others(row)),
    "income-total": lambda row, shelf: about(income.findings(INCOME, vars(row)), income.TOTAL),
    "annual-date-impossible": lambda row, shelf: blocks(_annual(row, shelf)),
    "annual-outside-window": lambda row, shelf: warns(_annual(row, shelf)),
}
