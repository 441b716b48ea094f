"""Every element x (head or not, age, project type, stage): asked where HUD says, never erased."""

from datetime import date
from itertools import product

import pytest
from django.http import QueryDict
from django.utils import timezone

from agencies.models import Project
from clients.models import Client
from data_quality.rules.catalog import RULES
from enrollments.intake.draft.corrections import removals, to_write
from enrollments.intake.draft.household import Member
from enrollments.intake.draft.member_form import MemberForm
from enrollments.intake.draft.questions import Widget
from enrollments.intake.draft.sections import SECTIONS
from enrollments.intake.draft.steps import steps_for
from enrollments.models import Enrollment, IntakeDraft
from hud.choices import ProjectType
from hud.elements import ELEMENTS

Kind = IntakeDraft.Kind
START, TODAY = date(2025, 9, 1), date(2026, 3, 2)
BORN = {"adult": date(1980, 1, 1), "child": date(2015, 1, 1), "grown": date(2008, 1, 15)}
AT_START, LATER = (Kind.INTAKE, Kind.REOPEN, Kind.MEMBER), (Kind.UPDATE, Kind.ANNUAL, Kind.EXIT)
HOUSING = {3, 9, 10, 13}
OUTREACH = {1, 4}
ADULT_SINCE_START, ADULT_BY_NOW = {"adult"}, {"adult", "grown"}
HEALTH = ("4.05", "4.06", "4.07", "4.08", "4.09", "4.10")
ALL = (*AT_START, *LATER)


def hud_asks(number: str, *, head: bool, age: str, project_type: int, kind: Kind) -> bool:
    """The data dictionary, element by element: about whom, and when.

    The projects here have no funder, so that no program asks (tests/hud/test_programs.py).
    """
    if ELEMENTS[number].funded:
        return False
    adult_then = age in (ADULT_SINCE_START if kind in AT_START else ADULT_BY_NOW)
    at_start = kind in AT_START
    return {
        "3.07": at_start and age in ADULT_BY_NOW,
        "3.08": at_start,
        "3.16": at_start and head,
        "3.20": at_start and head and project_type in HOUSING,
        "3.917": at_start and (head or age in ADULT_BY_NOW),
        "4.02": head or adult_then,
        "4.03": head or adult_then,
        "4.04": True,
        **dict.fromkeys(HEALTH, kind != Kind.ANNUAL),
        "4.11": kind in (*AT_START, Kind.UPDATE) and (head or adult_then),
        "4.13": at_start and project_type in OUTREACH and (head or age in ADULT_BY_NOW),
    }[number]


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to("2026-03-02T18:00:00Z", tick=False)
    assert timezone.localdate() == TODAY


def member_of(*, head: bool, age: str, project_type: int, kind: Kind) -> Member:
    client = Client(pk=7, first_name="Eve", last_name="Lee", dob=BORN[age])
    project = Project(project_type=project_type)
    project.grants, project.coc_codes = [], []
    return Member(
        client=client,
        entry_date=START,
        day=START if kind in AT_START else TODAY,
        relationship=1 if head else 4,
        project=project,
        stage=kind.stage,
        enrollment=Enrollment(client=client, entry_date=START),
    )


def stored_for(section) -> dict[str, str]:
    """A stored answer to every question, as it would have been typed."""
    return {one.name: answer(one) for one in section.questions}


def answer(question) -> str:
    if question.choices:
        return str(question.choices[1][0])
    typed = {
        Widget.TICK: "1",
        Widget.AMOUNT: "100.00",
        Widget.DATE: "10/01/2025",
        Widget.NUMBER: "2",
    }
    return typed.get(question.widget, "MA-500")


CASES = list(product(ProjectType.values, Kind))


@pytest.mark.parametrize(("project_type", "kind"), CASES, ids=str)
def test_element_is_asked_where_hud_says_and_no_other_is_written(project_type, kind):
    fitting = set(steps_for(kind))
    for head, age in product((True, False), BORN):
        who = {"head": head, "age": age, "project_type": project_type, "kind": kind}
        member = member_of(**who)
        for slug, section in SECTIONS.items():
            expected = {one.name for one in section.questions if hud_asks(one.rule, **who)}
            asked = {one.name for one in section.asked_of(member)}
            assert asked == expected, who
            assert slug in fitting or not asked, who
            form = MemberForm(QueryDict(mutable=True), section=section, member=member)
            form.is_valid()
            written = to_write(form, stored_for(section))
            assert written.keys() <= expected, who
            # Nothing was typed: whatever is written removes an answer, and is confirmed before.
            named = {one.key.split(":")[3] for one in removals(form, stored_for(section))}
            assert named == written.keys(), who


@pytest.mark.parametrize("kind", [Kind.REOPEN, Kind.EXIT])
@pytest.mark.parametrize("slug", ["income", "benefits", "domestic-violence", "universal"])
def test_stored_answer_of_somebody_not_asked_any_more_is_shown_to_be_corrected(kind, slug):
    section = SECTIONS[slug]
    who = {"head": False, "age": "child", "project_type": 2, "kind": kind}
    rules = {one.rule for one in section.questions} & {"3.917", "4.02", "4.03", "4.11"}
    member = member_of(**who)
    assert not {one.rule for one in section.asked_of(member)}
    member.answered = frozenset(rules)
    collected = {one for one in rules if ELEMENTS[one].is_collected_at(kind.stage)}
    assert {one.rule for one in section.asked_of(member)} == collected


def test_data_quality_rules_name_huds_elements():
    for rule in RULES:
        if rule.number and "-" not in rule.number:
            assert rule.section == f"{rule.number} {ELEMENTS[rule.number].name}", rule.key
