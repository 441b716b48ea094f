"""Every rule's button leads to a page with the field; a right answer there ends the issue."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils.html import escape

from agencies.models import Sharing
from data_quality import lists
from data_quality.rules.catalog import BY_KEY, RULES
from data_quality.rules.fixes import CHANGE_HEAD
from data_quality.rules.scope import Scope
from enrollments.intake.draft.sections import Step
from enrollments.models import Enrollment, IntakeDraft
from hud.choices import DataCollectionStage as Stage
from hud.choices import DisabilityType, ProjectType
from tests.agencies.factories import ProjectCoCFactory
from tests.cas.factories import AssessmentFactory, EventFactory
from tests.casenotes.factories import ServiceFactory
from tests.consent.factories import ReleaseFactory
from tests.enrollments.factories import (
    CaseAssignmentFactory,
    CurrentLivingSituationFactory,
    DisabilityFactory,
    EmploymentEducationFactory,
    EnrollmentFactory,
    HealthAndDVFactory,
    IncomeBenefitsFactory,
    YouthEducationStatusFactory,
)
from tests.factories import ClientFactory, ProjectFactory
from tests.html_forms import form_with

START = date(2026, 1, 5)
LONG_AGO = date(2024, 2, 1)
LEFT = date(2026, 2, 10)
GONE = {"exit_date": LEFT, "destination": 410}
SOUND_CLIENT: dict[str, Any] = {
    "first_name": "Eve",
    "last_name": "Stone",
    "name_data_quality": 1,
    "ssn": "219099871",
    "ssn_data_quality": 1,
    "dob": date(1985, 5, 6),
    "dob_data_quality": 1,
    "white": True,
    "sex": 0,
    "veteran_status": 0,
}
SOUND_ENROLLMENT: dict[str, Any] = {
    "entry_date": START,
    "enrollment_coc": "MA-500",
    "living_situation": 410,
    "length_of_stay": 5,
    "disabling_condition": 0,
}
SOUND_INCOME: dict[str, Any] = {
    "income_from_any_source": 0,
    "total_monthly_income": 0,
    "benefits_from_any_source": 0,
    "insurance_from_any_source": 0,
}
NAMELESS = {"first_name": "", "last_name": ""}
NAME = {"first_name": "Eve", "last_name": "Stone"}


@dataclass
class Case:
    """What is wrong with an otherwise sound record, and what is typed to put it right."""

    typed: dict[str, Any]
    client: dict[str, Any] = field(default_factory=dict)
    enrollment: dict[str, Any] = field(default_factory=dict)
    income: dict[str, Any] = field(default_factory=dict)
    at_exit: dict[str, Any] = field(default_factory=dict)
    violence: dict[str, Any] = field(default_factory=dict)
    barriers: dict[int, int | None] = field(default_factory=dict)
    project: dict[str, Any] = field(default_factory=dict)
    later: dict[str, Any] = field(default_factory=dict)
    head: dict[str, Any] = field(default_factory=dict)
    elsewhere: dict[str, Any] = field(default_factory=dict)
    extra: Callable[[Enrollment], Any] | None = None
    way: str = ""  # the page that is chosen where the link leads to a choice, and a field of it
    ways_field: str = ""
    is_assigned: bool = True


def _identifier(key: str, unknown: dict, typed: dict) -> dict[str, Case]:
    column = f"{key}_data_quality"
    return {
        f"{key}-missing": Case(typed, client=unknown | {column: 99}),
        f"{key}-unanswered": Case(typed, client=unknown | {column: 8}),
        f"{key}-partial": Case({column: ""}, client={column: 2}),
    }


def _topic(key: str, any_field: str, source: str) -> dict[str, Case]:
    def of(value: Any) -> dict[str, Any]:
        return {any_field: value}

    return {
        f"{key}-start-missing": Case(of("0"), income=of(99)),
        f"{key}-start-unanswered": Case(of("0"), income=of(8)),
        f"{key}-exit-missing": Case(of("0"), enrollment=GONE, at_exit=of(99)),
        f"{key}-exit-unanswered": Case(of("0"), enrollment=GONE, at_exit=of(9)),
        f"{key}-no-source": Case(of("0"), income=of(1)),
        f"{key}-not-yes": Case(of("1"), income=of(0) | {source: 1}),
    }


def _assessed(stage: Stage, day: date, **answers: Any) -> dict[str, Any]:
    return {"data_collection_stage": stage, "information_date": day, **answers}


REFUSAL = {"way": "consent:add_refusal", "ways_field": "members"}


def _asks_for_release(row: Enrollment) -> None:
    row.organization.sharing = Sharing.PARTS
    row.organization.save(update_fields=["sharing"])  # the database derives what is in force


def _release_ended(row: Enrollment) -> None:
    _asks_for_release(row)
    ReleaseFactory(client=row.client, answered_on=BEFORE, begins_on=BEFORE, ends_on=START)


BEFORE = date(2025, 12, 1)
INSIDE = "02/01/2026"


def _outside(factory: type, **options: Any) -> Callable[[Enrollment], Any]:
    """A record dated before the enrollment began."""
    return lambda row: factory(
        enrollment=row, organization=row.organization, created_by=row.created_by, **options
    )


def _update_outside(factory: type, **options: Any) -> Case:
    return Case(
        {"information_date": INSIDE},
        extra=_outside(factory, **_assessed(Stage.UPDATE, BEFORE), **options),
    )


def _in_another_project(row: Enrollment) -> None:
    """A member of the same household, as an import brought one in."""
    by = {"organization": row.organization, "created_by": row.created_by}
    project = ProjectFactory(organization=row.organization, operating_start_date=date(2020, 1, 1))
    EnrollmentFactory(
        client=ClientFactory(**by, **(SOUND_CLIENT | {"first_name": "Hal"})),
        household=row.household,
        project=project,
        is_exempt=True,
        **by,
        **(SOUND_ENROLLMENT | {"relationship_to_hoh": 3}),
    )


def _died_before(row: Enrollment) -> None:
    other = ProjectFactory(organization=row.organization, operating_start_date=date(2020, 1, 1))
    EnrollmentFactory(
        client=row.client,
        project=other,
        organization=row.organization,
        created_by=row.created_by,
        entry_date=LONG_AGO,
        exit_date=date(2026, 2, 20),
        destination=24,
    )


PAID = {"income_from_any_source": 1, "earned": 1, "total_monthly_income": 0}
CHILD = {"dob": date(2012, 5, 6)}
CASES = {
    **_identifier("name", NAMELESS, NAME),
    **_identifier("ssn", {"ssn": ""}, {"ssn": "219-09-9871"}),
    **_identifier("dob", {"dob": None}, {"dob": "05/06/1985"}),
    **_topic("income", "income_from_any_source", "earned"),
    **_topic("benefits", "benefits_from_any_source", "snap"),
    **_topic("insurance", "insurance_from_any_source", "medicaid"),
    "name-blank": Case(NAME, client={"first_name": "?", "last_name": "?", "name_data_quality": 2}),
    "ssn-impossible": Case({"ssn": "219-09-9871"}, client={"ssn": "666121234"}),
    "ssn-contradicts": Case(
        {"ssn": "219-09-9871", "ssn_data_quality": ""},
        client={"ssn": "", "ssn_data_quality": 1, "breaks": ["client_ssn_quality_fits"]},
    ),
    "dob-contradicts": Case(
        {"dob": "05/06/1985"},
        client={"dob": None, "dob_data_quality": 1, "breaks": ["client_dob_quality_fits"]},
    ),
    "race-contradicts": Case(
        {"race_ethnicity": ["white"]},
        client={"white": True, "race_none": 99, "breaks": ["client_race_or_reason"]},
    ),
    "dob-impossible": Case({"dob": "05/06/1985"}, client={"dob": date(1850, 1, 1)}),
    "ssn-partial": Case(
        {"ssn": "219-09-9871", "ssn_data_quality": ""}, client={"ssn_data_quality": 2}
    ),
    "race-missing": Case({"race_ethnicity": ["white"]}, client={"white": False}),
    "race-unanswered": Case({"race_ethnicity": ["white"]}, client={"white": False, "race_none": 9}),
    "sex-missing": Case({"sex": "0"}, client={"sex": 99}),
    "sex-unanswered": Case({"sex": "0"}, client={"sex": 8}),
    "veteran-missing": Case({"veteran_status": "0"}, client={"veteran_status": 99}),
    "veteran-unanswered": Case({"veteran_status": "1"}, client={"veteran_status": 9}),
    "veteran-minor": Case({"veteran_status": "0"}, client=CHILD | {"veteran_status": 1}),
    "dob-is-start": Case({"dob": "05/06/1985"}, client={"dob": START}),
    "start-impossible": Case(
        {"entry_date": "02/20/2026"}, enrollment={"entry_date": date(2026, 3, 9)}
    ),
    "start-outside-project": Case(
        {"entry_date": "02/20/2026"}, project={"operating_start_date": date(2026, 2, 1)}
    ),
    "start-before-head": Case(
        {"entry_date": "02/01/2026"},
        enrollment={"relationship_to_hoh": 3},
        head={"entry_date": date(2026, 2, 1)},
    ),
    "start-entered-late": Case({"entry_date": "02/20/2026"}),
    "two-lodgings": Case(
        {"exit_date": "02/01/2026", "destination": "101"},
        project={"project_type": ProjectType.ES_ENTRY_EXIT},
        elsewhere={"entry_date": date(2026, 2, 10)},
    ),
    "enrolled-twice": Case(
        {"exit_date": "02/01/2026", "destination": "101"},
        extra=lambda row: EnrollmentFactory(  # as an import brought it in
            client=row.client,
            project=row.project,
            created_by=row.created_by,
            is_exempt=True,
            **(SOUND_ENROLLMENT | {"entry_date": date(2026, 2, 10)}),
        ),
    ),
    "exit-in-future": Case(
        {"exit_date": "02/20/2026"}, enrollment=GONE | {"exit_date": date(2026, 3, 9)}
    ),
    "exit-before-start": Case(
        {"exit_date": "02/20/2026"},
        enrollment=GONE
        | {
            "exit_date": SOUND_ENROLLMENT["entry_date"] - timedelta(days=1),
            "is_exempt": True,
            "breaks": ["exit_not_before_entry"],
        },
    ),
    "head-leaves-first": Case({}, enrollment=GONE, head={"relationship_to_hoh": 3}),
    "destination-missing": Case({"destination": "410"}, enrollment=GONE | {"destination": 30}),
    "destination-unanswered": Case({"destination": "410"}, enrollment=GONE | {"destination": 8}),
    "destination-incomplete": Case({"destination": "410"}, enrollment=GONE | {"destination": 435}),
    "relationship-missing": Case(
        {"relationship_to_hoh": "3"}, enrollment={"relationship_to_hoh": 99}, head={}
    ),
    "household-without-head": Case({}, enrollment={"relationship_to_hoh": 3}),
    "household-with-two-heads": Case({}, head={"relationship_to_hoh": 1, "is_exempt": True}),
    "household-in-two-projects": Case({}, extra=_in_another_project),
    "coc-missing": Case({"enrollment_coc": "MA-500"}, enrollment={"enrollment_coc": ""}),
    "coc-not-of-project": Case(
        {"enrollment_coc": "MA-500"},
        enrollment={"enrollment_coc": "MA-509"},
        extra=lambda row: ProjectCoCFactory(project=row.project, coc_code="MA-500"),
    ),
    "coc-impossible": Case({"enrollment_coc": "MA-500"}, enrollment={"enrollment_coc": "Boston"}),
    "move-in-impossible": Case(
        {"move_in_date": ""},
        enrollment={"move_in_date": date(2026, 1, 8)},
        project={"project_type": ProjectType.TRANSITIONAL_HOUSING},
    ),
    "living-missing": Case({"living_situation": "410"}, enrollment={"living_situation": None}),
    "living-unanswered": Case({"living_situation": "410"}, enrollment={"living_situation": 8}),
    "living-incomplete": Case({"length_of_stay": "5"}, enrollment={"length_of_stay": None}),
    "homelessness-impossible": Case(
        {"date_to_street_essh": ""}, enrollment={"date_to_street_essh": date(2026, 2, 1)}
    ),
    "disabling-missing": Case({"disabling_condition": "0"}, enrollment={"disabling_condition": 99}),
    "disabling-unanswered": Case(
        {"disabling_condition": "0"}, enrollment={"disabling_condition": 9}
    ),
    "disabling-no": Case({"disabling_condition": "1"}, barriers={6: 1}),
    "disabling-yes": Case({"disabling_condition": "0"}, enrollment={"disabling_condition": 1}),
    "barriers-missing": Case({"response_5": "0"}, barriers={5: None}),
    "violence-missing": Case(
        {"domestic_violence_survivor": "0"}, violence={"domestic_violence_survivor": 99}
    ),
    "violence-unanswered": Case(
        {"domestic_violence_survivor": "0"}, violence={"domestic_violence_survivor": 8}
    ),
    "violence-incomplete": Case(
        {"domestic_violence_survivor": "0"}, violence={"domestic_violence_survivor": 1}
    ),
    "income-amount-impossible": Case(
        {"ssi": "1"}, income=PAID | {"ssi_amount": 5, "total_monthly_income": 5}
    ),
    "income-amount-missing": Case({"earned_amount": "500.00"}, income=PAID),
    "income-total": Case(
        {"income_from_any_source": "1"},
        income=PAID | {"earned_amount": 500, "total_monthly_income": 7},
    ),
    "incomebenefits-outside": _update_outside(IncomeBenefitsFactory),
    "healthanddv-outside": _update_outside(HealthAndDVFactory),
    "disability-outside": _update_outside(DisabilityFactory, disability_type=5),
    "employmenteducation-outside": _update_outside(EmploymentEducationFactory),
    "youtheducationstatus-outside": _update_outside(YouthEducationStatusFactory),
    "currentlivingsituation-outside": Case(
        {"information_date": INSIDE},
        project={"project_type": ProjectType.STREET_OUTREACH},
        extra=_outside(CurrentLivingSituationFactory, information_date=BEFORE),
    ),
    "service-outside": Case({"date": INSIDE}, extra=_outside(ServiceFactory, date=BEFORE)),
    "assessment-outside": Case(
        {"assessment_date": INSIDE}, extra=_outside(AssessmentFactory, assessment_date=BEFORE)
    ),
    "event-outside": Case({"event_date": INSIDE}, extra=_outside(EventFactory, event_date=BEFORE)),
    "enrolled-after-death": Case(
        {"exit_date": "02/10/2026", "destination": "410"}, extra=_died_before
    ),
    "head-is-child": Case({}, client=CHILD, head={"relationship_to_hoh": 4}),
    "engagement-impossible": Case(
        {"date_of_engagement": ""}, enrollment={"date_of_engagement": date(2026, 1, 8)}
    ),
    "homelessness-contradicts": Case(
        {"months_homeless_past_three_years": "112"},
        enrollment={
            "living_situation": 116,
            "date_to_street_essh": date(2025, 6, 1),
            "times_homeless_past_three_years": 1,
            "months_homeless_past_three_years": 101,
        },
    ),
    "annual-date-impossible": Case(
        {"information_date": "02/01/2026"},
        enrollment={"entry_date": LONG_AGO},
        later=_assessed(Stage.ANNUAL, date(2026, 3, 9), **SOUND_INCOME),
    ),
    "annual-outside-window": Case(
        {"information_date": "02/01/2026"},
        enrollment={"entry_date": LONG_AGO},
        later=_assessed(Stage.ANNUAL, date(2025, 9, 1), **SOUND_INCOME),
    ),
    "annual-missing": Case({"information_date": "02/01/2025"}, enrollment={"entry_date": LONG_AGO}),
    "grown-up": Case({"information_date": "03/01/2026"}, client={"dob": date(2008, 1, 20)}),
    "without-case-manager": Case({}, is_assigned=False),
    "release-missing": Case({}, extra=_asks_for_release, **REFUSAL),
    "release-ended": Case({}, extra=_release_ended, **REFUSAL),
}


def test_every_rule_has_a_case():
    assert CASES.keys() == {rule.key for rule in RULES}


def record(case: Case, harbor, alice) -> Enrollment:
    """A sound enrollment, but for what is wrong."""
    by = {"organization": harbor, "created_by": alice}
    options = {"project_type": ProjectType.PSH, "operating_start_date": date(2020, 1, 1)}
    project = ProjectFactory(organization=harbor, **(options | case.project))
    client = ClientFactory(**by, **(SOUND_CLIENT | case.client))
    row = EnrollmentFactory(
        client=client, project=project, **by, **(SOUND_ENROLLMENT | case.enrollment)
    )
    if case.head or row.relationship_to_hoh == 99:
        other = {"relationship_to_hoh": 1, "entry_date": row.entry_date} | case.head
        EnrollmentFactory(
            client=ClientFactory(**by, **(SOUND_CLIENT | {"first_name": "Hal"})),
            household=row.household,
            project=project,
            **by,
            **(SOUND_ENROLLMENT | other),
        )
    if case.elsewhere:
        other = ProjectFactory(organization=harbor, project_type=ProjectType.SAFE_HAVEN)
        EnrollmentFactory(client=client, project=other, **by, **(SOUND_ENROLLMENT | case.elsewhere))
    start = _assessed(Stage.ENTRY, row.entry_date)
    IncomeBenefitsFactory(enrollment=row, **start, **(SOUND_INCOME | case.income))
    HealthAndDVFactory(
        enrollment=row, **start, **({"domestic_violence_survivor": 0} | case.violence)
    )
    for kind in DisabilityType:
        response = case.barriers.get(kind.value, 0)
        DisabilityFactory(
            enrollment=row, **start, disability_type=kind, disability_response=response
        )
    if case.at_exit:
        answers = _assessed(Stage.EXIT, row.exit_date, **(SOUND_INCOME | case.at_exit))
        IncomeBenefitsFactory(enrollment=row, **answers)
    if case.later:
        IncomeBenefitsFactory(enrollment=row, **case.later)
    if case.extra:
        case.extra(row)
    if case.is_assigned:
        CaseAssignmentFactory(enrollment=row, case_manager=alice, begins_on=row.entry_date)
    return row


def broken(rule, scope) -> list[lists.Item]:
    return lists.page_of(rule, scope).items


@pytest.mark.parametrize("key", CASES)
def test_link_leads_to_the_field_and_a_right_answer_ends_the_issue(
    portal, dana, alice, harbor, today, key
):
    rule, case, scope = BY_KEY[key], CASES[key], Scope(user=dana, today=today)
    row = record(case, harbor, alice)
    found = [one for one in broken(rule, scope) if one.enrollment.client_id == row.client_id]
    assert found, "the record does not break the rule"
    item = next((one for one in found if one.enrollment == row), found[0])
    browser = portal(dana)
    answer = browser.post(reverse("admin:quality_fix", args=[key, item.pk]))
    address, _, anchor = answer["Location"].partition("#")
    page = browser.get(address)
    assert page.status_code == 200, address
    assert not IntakeDraft.objects.exists(), "opening the page began a draft"
    assert escape(rule.title) in page.text
    assert reverse("admin:quality_list", args=[key]) in page.text
    name = rule.fix.name_of(item.enrollment, rule.field) if rule.field else case.ways_field
    assert anchor == (f"id_{name}" if rule.field else "")
    if case.way:
        address = reverse(case.way, args=[row.client_id])
        assert address in page.text
        page = browser.get(address)
    form = form_with(page.text, name)
    assert form is not None, f"{name} is not on {address}"
    put_right(browser, page, form, case, item.enrollment, rule)
    left = [one.pk for one in broken(rule, scope)]
    assert item.pk not in left


def put_right(browser, page, form, case: Case, row, rule) -> None:
    typed = {rule.fix.name_of(row, name): value for name, value in case.typed.items()}
    if rule.fix is CHANGE_HEAD:
        typed |= {field.html_name: "2" for _, field in page.context["form"].rows}
    url = form.action or page.request["PATH_INFO"]
    button = {"next": "1"} if "/enrollments/" in url and "/begin/" in url else {"finish": "1"}
    data = form.filled(**typed) | button
    answer = browser.post(url, data)
    draft = IntakeDraft.objects.first()
    if draft is None:
        if answer.status_code == 200:  # an unlikely answer is confirmed
            again = form_with(answer.text, rule.fix.name_of(row, rule.field))
            token = getattr(answer.context["form"], "warnings_token", "")
            ticked = {"confirmed": token} if token else {}
            answer = browser.post(url, again.filled(**ticked) | button)
        assert answer.status_code == 302, errors_of(answer)
        return
    if answer.status_code == 200:
        again = form_with(answer.text, "tab")
        answer = browser.post(draft.url_of(draft.step), again.filled(confirm="1") | button)
    assert answer.status_code == 302, errors_of(answer)
    review = browser.get(draft.url_of(Step.REVIEW))
    asked = [one.key for part in ("warnings", "removals") for one in review.context[part]]
    assert not review.context["errors"], errors_of(review)
    data = {"confirm": "1", "asked": asked}
    browser.post(reverse("enrollments:finish_intake", args=[draft.pk]), data)
    draft.refresh_from_db()
    assert draft.finished_at, [str(one) for one in browser.get("/intake/").context["messages"]]


def errors_of(answer) -> Any:
    context = answer.context or {}
    return context.get("errors") or getattr(context.get("form"), "errors", None)
