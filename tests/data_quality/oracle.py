"""What `hud.rules` says of each record: one oracle for each data quality rule."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils import timezone

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
    IncomeBenefits,
    YouthEducationStatus,
)
from hud.choices import RACES, DataCollectionStage, DisabilityType, VeteranStatus
from hud.elements import element
from hud.occurrence import ENGAGEMENT, MOVE_IN
from hud.rules import (
    annual,
    coc,
    destination,
    disability,
    dob,
    entry,
    household,
    income,
    living_situation,
    names,
    ssn,
    veteran,
)
from hud.rules import exit as exits
from hud.rules.issues import Issue, Level
from hud.rules.sources import BENEFITS, INCOME, INSURANCE, Topic

STAGE = DataCollectionStage
REFUSED = (8, 9)


def race_none(client: Client) -> int | None:
    """3.04: blank beside a race, else 8, 9 or 99."""
    if any(getattr(client, name) for name, _ in RACES):
        return None
    return client.race_none or 99


TOPICS = {"income": INCOME, "benefits": BENEFITS, "insurance": INSURANCE}
Oracle = Callable[[Any, "Records"], Any]


class Records:
    """Everything in the database, to be looked up by enrollment."""

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
        self.releases = defaultdict(list)
        for row in (
            Release.objects.exclude(revoked_reason="mistake")
            .select_related("client")
            .order_by("answered_on", "pk")
        ):
            self.releases[row.client_id].append(row)
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
            "assessment": [(row, "", row.assessment_date) for row in Assessment.objects.all()],
            "event": [(row, row.kind, row.event_date) for row in Event.objects.all()],
        }
        for key, table in {
            "currentlivingsituation": CurrentLivingSituation,
            "incomebenefits": IncomeBenefits,
            "healthanddv": HealthAndDV,
            "disability": Disability,
            "employmenteducation": EmploymentEducation,
            "youtheducationstatus": YouthEducationStatus,
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
        """The one from whose start others count; not one whom an import brought in exempt."""
        heads = [one for one in self.members[enrollment.household_id] if one.is_head]
        return next((one for one in heads if not one.is_exempt), None)

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


def _asks_for_release(enrollment, records) -> bool:
    client, organization = enrollment.client, enrollment.organization
    return (
        enrollment.is_open_on(records.today)
        and organization.sharing_in_force != "open"
        and not organization.victim_service_provider
        and not client.is_restricted
    )


def _still_says_something(row, later: list, today: date) -> bool:
    """Whether nobody need ask again: it lasts, or the client refused or took it back."""
    if row.revoked_at and row.revoked_reason not in ("client", "guardian"):
        return False
    if not row.revoked_at and row.ends_on and row.ends_on < today:
        return False
    if row.signed_by == "guardian" and row.kind != "refused" and _has_outgrown(row, today):
        return False
    takes_over = (
        one.begins_on <= today
        for one in later
        if not one.undecided
        and (one.covers_id == row.covers_id or (one.kind == "refused" and one.covers_id is None))
    )
    return not any(takes_over)


def _has_outgrown(row, today: date) -> bool:
    """Whether the client turned 18 while it would last."""
    born = row.client.dob
    lasts = row.ends_on is None or dob.is_adult(born, row.ends_on)
    return bool(lasts and dob.is_adult(born, today))


def _release_ended(enrollment, records) -> bool:
    rows = records.releases[enrollment.client_id]
    return bool(rows) and not any(
        _still_says_something(row, rows[place + 1 :], records.today)
        for place, row in enumerate(rows)
    )


ORACLES: dict[str, Oracle] = {}


def oracle(key: str) -> Callable[[Oracle], Oracle]:
    def keep(one: Oracle) -> Oracle:
        ORACLES[key] = one
        return one

    return keep


def code(key: str, get: Oracle, when: Oracle = lambda row, records: True) -> None:
    def asked(is_found: Callable[[Any], bool]) -> Oracle:
        return lambda row, records: when(row, records) and is_found(get(row, records))

    ORACLES[f"{key}-missing"] = asked(is_missing)
    ORACLES[f"{key}-unanswered"] = asked(lambda value: value in REFUSED)


# persons

for key in ("name", "ssn", "dob"):
    column = f"{key}_data_quality"
    code(key, lambda one, records, column=column: getattr(one, column))
    ORACLES[f"{key}-partial"] = lambda one, records, column=column: getattr(one, column) == 2
code("sex", lambda one, records: one.sex)
code(
    "veteran",
    lambda one, records: one.veteran_status,
    lambda one, records: dob.is_adult(one.dob, records.today) is not False,
)
ORACLES |= {
    "name-blank": lambda one, records: names.issues(
        one.first_name, one.last_name, chosen=one.name_data_quality
    ),
    "ssn-impossible": lambda one, records: ssn.issues(one.ssn, quality=one.ssn_data_quality),
    "ssn-contradicts": lambda one, records: bool(one.ssn) != (one.ssn_data_quality in (1, 2)),
    "dob-contradicts": lambda one, records: bool(one.dob) != (one.dob_data_quality in (1, 2)),
    "race-contradicts": lambda one, records: (
        one.race_none is not None and any(getattr(one, name) for name, _ in RACES)
    ),
    "dob-impossible": lambda one, records: blocks(dob.issues(one.dob, today=records.today)),
    "race-missing": lambda one, records: race_none(one) == 99,
    "race-unanswered": lambda one, records: race_none(one) in REFUSED,
    "veteran-minor": lambda one, records: veteran.issues(
        VeteranStatus(one.veteran_status), is_adult=dob.is_adult(one.dob, records.today)
    ),
}


# enrollments


def _entry(enrollment, records, **more) -> list[Issue]:
    return entry.issues(enrollment.entry_date, today=records.today, **more)


def _entered_late(enrollment, records):
    created = timezone.localtime(enrollment.date_created).date()
    return warns(entry.issues(enrollment.entry_date, today=created))


def _before_head(enrollment, records):
    head = records.head(enrollment)
    by_itself = len(_entry(enrollment, records))
    return head and len(_entry(enrollment, records, head_entry_date=head.entry_date)) > by_itself


def _two_lodgings(enrollment, records):
    this = entry.EnrollmentDates(enrollment.entry_date, enrollment.exit_date)
    others = [
        entry.EnrollmentDates(one.entry_date, one.exit_date)
        for one in records.of_client[enrollment.client_id]
        if one.project_id != enrollment.project_id and one.project.project_type in LODGINGS
    ]
    return enrollment.project.project_type in LODGINGS and entry.overlap_issues(this, others)


def _twice_in_project(enrollment, records):
    this = entry.EnrollmentDates(enrollment.entry_date, enrollment.exit_date)
    return any(
        one.household_id == enrollment.household_id
        or this.overlaps(entry.EnrollmentDates(one.entry_date, one.exit_date))
        for one in records.of_client[enrollment.client_id]
        if one.pk != enrollment.pk and one.project_id == enrollment.project_id
    )


def _head_first(enrollment, records):
    others = [
        one.exit_date for one in records.members[enrollment.household_id] if one.pk != enrollment.pk
    ]
    return enrollment.is_head and exits.head_issues(enrollment.exit_date, others)


def _incomplete_destination(enrollment, records):
    found = destination.issues(
        enrollment.destination,
        subsidy_type=enrollment.destination_subsidy_type,
        other=enrollment.other_destination,
    )
    return enrollment.exit_date and any(one.field != "destination" for one in found)


def _heads(enrollment, records):
    members = [
        household.Member(one.client_id, one.relationship_to_hoh)
        for one in records.members[enrollment.household_id]
    ]
    return [one.message for one in about(household.issues(members), household.FIELD)]


def _several_projects(enrollment, records):
    return len({one.project_id for one in records.members[enrollment.household_id]}) > 1


def _living_asked(enrollment, records):
    return is_asked("3.917", enrollment, enrollment.entry_date, records.today)


def _living_incomplete(enrollment, records):
    if not _living_asked(enrollment, records) or enrollment.living_situation is None:
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


def _disabling(enrollment, records, answer):
    found = disability.issues(enrollment.disabling_condition, records.barriers[enrollment.pk])
    return found and enrollment.disabling_condition == answer


def _barriers_missing(enrollment, records):
    answered = {
        row.disability_type
        for row in records.barriers[enrollment.pk]
        if not is_missing(row.disability_response)
    }
    return answered != set(DisabilityType)


def _violence(enrollment, records):
    return records.violence.get((enrollment.pk, STAGE.ENTRY))


def _violence_asked(enrollment, records):
    return is_asked("4.11", enrollment, enrollment.entry_date, records.today)


def _violence_incomplete(enrollment, records):
    row = _violence(enrollment, records)
    if row is None or not _violence_asked(enrollment, records):
        return False
    from hud.rules import domestic_violence

    questions = domestic_violence.questions(row.domestic_violence_survivor)[1:]
    return any(is_missing(getattr(row, one)) for one in questions)


def _annual_missing(enrollment, records):
    since, today = records.since(enrollment), records.today
    if not enrollment.is_open_on(today):
        return False
    years = range(since.year + 1, today.year + 1)
    closed = [one for one in (annual.window(since, year) for year in years) if one.last < today]
    if not closed or enrollment.entry_date > closed[-1].last:
        return False
    made = [
        row for row in records.later[enrollment.pk] if row.data_collection_stage == STAGE.ANNUAL
    ]
    return not any(row.information_date in closed[-1] for row in made)


def _grown_up(enrollment, records):
    birth = enrollment.client.dob
    was_minor = dob.is_adult(birth, enrollment.entry_date) is False
    is_grown = dob.is_adult(birth, records.today)
    asked_since = any(
        dob.is_adult(birth, row.information_date) for row in records.later[enrollment.pk]
    )
    return enrollment.is_open_on(records.today) and was_minor and is_grown and not asked_since


def _move_in(enrollment, records):
    return MOVE_IN.issues(
        enrollment.move_in_date,
        entry_date=enrollment.entry_date,
        today=records.today,
        project_type=enrollment.project.project_type,
        exit_date=enrollment.exit_date,
    )


def _engagement(enrollment, records):
    return ENGAGEMENT.issues(
        enrollment.date_of_engagement,
        entry_date=enrollment.entry_date,
        today=records.today,
        project_type=enrollment.project.project_type,
        exit_date=enrollment.exit_date,
    )


def _outside(key: str) -> Oracle:
    def answer(enrollment, records):
        start, end = enrollment.entry_date, enrollment.exit_date or date.max
        for kind, day in records.dated[key][enrollment.pk]:
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

    return answer


def _child_leads(enrollment, records):
    others = [one for one in records.members[enrollment.household_id] if one.pk != enrollment.pk]
    return enrollment.is_head and household.head_issues(
        head_is_adult=dob.is_adult(enrollment.client.dob, enrollment.entry_date),
        others_are_adult=[dob.is_adult(one.client.dob, one.entry_date) for one in others],
    )


def _after_death(enrollment, records):
    died = [
        one.exit_date for one in records.of_client[enrollment.client_id] if one.destination == 24
    ]
    return any(day < (enrollment.exit_date or date.max) for day in died)


ORACLES |= {
    f"{key}-outside": _outside(key)
    for key in (
        "service",
        "assessment",
        "event",
        "currentlivingsituation",
        "incomebenefits",
        "healthanddv",
        "disability",
        "employmenteducation",
        "youtheducationstatus",
    )
}
code("relationship", lambda enrollment, records: enrollment.relationship_to_hoh)
del ORACLES["relationship-unanswered"]  # not in HUD's list
code("disabling", lambda enrollment, records: enrollment.disabling_condition)
code("living", lambda enrollment, records: enrollment.living_situation, _living_asked)
code(
    "violence",
    lambda enrollment, records: getattr(
        _violence(enrollment, records), "domestic_violence_survivor", None
    ),
    _violence_asked,
)
code(
    "destination",
    lambda enrollment, records: enrollment.destination,
    lambda enrollment, records: enrollment.exit_date,
)
ORACLES |= {
    "dob-is-start": lambda enrollment, records: warns(
        dob.issues(enrollment.client.dob, today=records.today, entry_date=enrollment.entry_date)
    ),
    "start-impossible": lambda enrollment, records: blocks(
        _entry(enrollment, records, dob=enrollment.client.dob)
    ),
    "start-outside-project": lambda enrollment, records: entry.project_issues(
        enrollment.entry_date,
        operating_start=enrollment.project.operating_start_date,
        operating_end=enrollment.project.operating_end_date,
    ),
    "start-before-head": _before_head,
    "start-entered-late": _entered_late,
    "two-lodgings": _two_lodgings,
    "enrolled-twice": _twice_in_project,
    "exit-in-future": lambda enrollment, records: blocks(
        exits.issues(
            enrollment.exit_date,
            entry_date=min(enrollment.entry_date, enrollment.exit_date or enrollment.entry_date),
            today=records.today,
        )
    ),
    "exit-before-start": lambda enrollment, records: (
        enrollment.exit_date and enrollment.exit_date < enrollment.entry_date
    ),
    "head-leaves-first": _head_first,
    "destination-missing": lambda enrollment, records: (
        enrollment.exit_date
        and (is_missing(enrollment.destination) or enrollment.destination == 30)
    ),
    "destination-incomplete": _incomplete_destination,
    "household-without-head": lambda enrollment, records: (
        "Choose one member as Self (head of household)." in _heads(enrollment, records)
    ),
    "household-with-two-heads": lambda enrollment, records: (
        enrollment.is_head
        and "Choose only one member as Self (head of household)." in _heads(enrollment, records)
    ),
    "household-in-two-projects": _several_projects,
    "coc-missing": lambda enrollment, records: enrollment.is_head and not enrollment.enrollment_coc,
    "coc-impossible": lambda enrollment, records: coc.issues(enrollment.enrollment_coc),
    "coc-not-of-project": lambda enrollment, records: [
        one
        for one in coc.issues(enrollment.enrollment_coc, of_project=enrollment.project.coc_codes)
        if not one.blocks
    ],
    "move-in-impossible": _move_in,
    "engagement-impossible": _engagement,
    "head-is-child": _child_leads,
    "enrolled-after-death": _after_death,
    "living-incomplete": _living_incomplete,
    "homelessness-contradicts": lambda enrollment, records: living_situation.episode_issues(
        enrollment.date_to_street_essh,
        entry_date=enrollment.entry_date,
        times=enrollment.times_homeless_past_three_years,
        months=enrollment.months_homeless_past_three_years,
    ),
    "homelessness-impossible": lambda enrollment, records: living_situation.issues(
        enrollment.date_to_street_essh, entry_date=enrollment.entry_date, dob=enrollment.client.dob
    ),
    "disabling-no": lambda enrollment, records: _disabling(enrollment, records, 0),
    "disabling-yes": lambda enrollment, records: _disabling(enrollment, records, 1),
    "barriers-missing": _barriers_missing,
    "violence-incomplete": _violence_incomplete,
    "annual-missing": _annual_missing,
    "grown-up": _grown_up,
    "release-missing": lambda enrollment, records: (
        _asks_for_release(enrollment, records) and not records.releases[enrollment.client_id]
    ),
    "release-ended": lambda enrollment, records: (
        _asks_for_release(enrollment, records) and _release_ended(enrollment, records)
    ),
    "without-case-manager": lambda enrollment, records: (
        enrollment.is_open_on(records.today)
        and not any(one.is_active_on(records.today) for one in records.assigned[enrollment.pk])
    ),
}


# answers about income


def _topic(key: str, topic: Topic) -> None:
    def at(stage):
        return lambda enrollment, records: getattr(
            records.income.get((enrollment.pk, stage)), topic.any_field, None
        )

    code(
        f"{key}-start",
        at(STAGE.ENTRY),
        lambda enrollment, records: is_asked(
            topic.rule, enrollment, enrollment.entry_date, records.today
        ),
    )
    code(
        f"{key}-exit",
        at(STAGE.EXIT),
        lambda enrollment, records: (
            enrollment.exit_date
            and is_asked(topic.rule, enrollment, enrollment.exit_date, records.today)
        ),
    )

    def found(row, words: str) -> bool:
        issues = about(income.issues(topic, vars(row)), topic.any_field)
        return any(words in one.message for one in issues)

    ORACLES[f"{key}-no-source"] = lambda row, records: found(row, "at least one source")
    ORACLES[f"{key}-not-yes"] = lambda row, records: found(row, "Change the answer to Yes")


for key, topic in TOPICS.items():
    _topic(key, topic)


def _others(row) -> list[Issue]:
    own = {INCOME.any_field, income.TOTAL}
    return [one for one in income.issues(INCOME, vars(row)) if one.field not in own]


def _annual(row, records) -> list[Issue]:
    if row.data_collection_stage != STAGE.ANNUAL:
        return []
    since = records.since(records.by_pk[row.enrollment_id])
    return annual.issues(row.information_date, head_entry_date=since, today=records.today)


ORACLES |= {
    "income-amount-impossible": lambda row, records: blocks(_others(row)),
    "income-amount-missing": lambda row, records: warns(_others(row)),
    "income-total": lambda row, records: about(income.issues(INCOME, vars(row)), income.TOTAL),
    "annual-date-impossible": lambda row, records: blocks(_annual(row, records)),
    "annual-outside-window": lambda row, records: warns(_annual(row, records)),
}
