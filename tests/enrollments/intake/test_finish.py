"""Finish: all or nothing, once, and with few statements (4.6, 4.7)."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from enrollments.intake.draft.sections import Step
from enrollments.intake.draft.start import start
from enrollments.intake.draft.steps import steps_for
from enrollments.intake.finish import Refused, finish
from enrollments.models import (
    CaseAssignment,
    Disability,
    Enrollment,
    HealthAndDV,
    Household,
    IncomeBenefits,
    IntakeDraft,
)
from tests.enrollments.intake.conftest import Walk
from tests.factories import ClientFactory

TABLES = [Household, Enrollment, CaseAssignment, Disability, HealthAndDV, IncomeBenefits]
WRITTEN = [
    "enrollments_household",
    "enrollments_enrollment",
    "enrollments_caseassignment",
    "enrollments_healthanddv",
    "enrollments_disability",
    "enrollments_incomebenefits",
    "clients_client",
    "enrollments_intakedraft",
]


def answer_everything(walk, *clients):
    """Answer each question of each step with the first answer that brings more questions."""
    for step in steps_for("intake")[3:-1]:
        page = walk.see(step).context["page"]
        data = {}
        for form in page.forms:
            prefix = form.prefix
            for question in form.questions:
                data[f"{prefix}-{question.name}"] = usual(question)
            data[f"{prefix}-shown"] = [question.name for question in form.questions]
        answer = walk.save(step, data)
        assert answer.status_code == 302, (step, answer.context["errors"])


def usual(question) -> str:
    special = {
        "enrollment_coc": "MA-500",
        "living_situation": "116",
        "length_of_stay": "5",
        "date_to_street_essh": "01/02/2025",
        "months_homeless_past_three_years": "113",
        "disabling_condition": "1",
    }
    if question.name in special:
        return special[question.name]
    if question.widget.value == "amount":
        return "12.50"
    return "words" if question.widget.value == "line" else "1"


@pytest.fixture
def bulk(harbor, alice):
    return [
        ClientFactory(
            organization=harbor,
            created_by=alice,
            first_name=f"Member{number}",
            last_name="Big",
            dob=date(1990, 1, 1 + number),
        )
        for number in range(8)
    ]


@pytest.fixture
def big(portal, alice, harbor, project, bulk):
    """A draft of eight adults with every question answered."""
    walk = Walk(portal(alice), start(by=alice, organization=harbor, client=bulk[0]))
    assert walk.enroll(project, *bulk).status_code == 302
    answer_everything(walk, *bulk)
    return walk


@pytest.mark.django_db
def test_eight_with_every_question_answered_take_at_most_60_queries(big, record_property):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert big.finish().status_code == 302
    assert IncomeBenefits.objects.filter(other_insurance_identify="words").count() == 8
    assert Disability.objects.count() == 48
    assert len({row.months_homeless_past_three_years for row in Enrollment.objects.all()}) == 1
    record_property("queries of Finish", len(queries))
    assert len(queries) <= 60


@pytest.mark.django_db
def test_each_page_of_eight_takes_at_most_15_queries(big, record_property):
    for step in steps_for("intake"):
        with CaptureQueriesContext(connection) as queries:
            assert big.see(step).status_code == 200
        record_property(f"queries of {step.label}", len(queries))
        assert len(queries) <= 15, (step, [one["sql"][:90] for one in queries])


@pytest.mark.django_db
def test_a_failure_at_any_write_leaves_no_row(big):
    clients = ClientFactory._meta.model.objects
    before, by = big.fresh(), big.draft.created_by
    for table in WRITTEN:
        with connection.execute_wrapper(failing_at(table)), pytest.raises(DatabaseError):
            finish(draft=big.draft, by=by)
        assert not any(model.objects.exists() for model in TABLES), table
        assert (big.fresh().answers_json, big.fresh().version) == (
            before.answers_json,
            before.version,
        )
        assert not clients.filter(veteran_status=1).exists()
    assert finish(draft=big.draft, by=by) == Household.objects.get()


def failing_at(table: str):
    """A database whose disk is full whenever it writes into a table."""

    def execute_or_fail(execute, sql, params, many, context):
        verb = sql.lstrip().split()[0].upper()
        if verb in {"INSERT", "UPDATE"} and f'"{table}"' in sql[:120]:
            raise DatabaseError("the disk is full")
        return execute(sql, params, many, context)

    return execute_or_fail


@pytest.mark.django_db
def test_finishing_twice_returns_the_first_household(walk, project, ann, alice):
    walk.enroll(project, ann)
    first = finish(draft=walk.draft, by=alice)
    assert finish(draft=walk.draft, by=alice) == first
    assert Household.objects.count() == 1


@pytest.mark.django_db
def test_somebody_else_does_not_finish_it(walk, project, ann, bob):
    walk.enroll(project, ann)
    with pytest.raises(IntakeDraft.DoesNotExist):
        finish(draft=walk.draft, by=bob)


@pytest.mark.django_db
def test_discarded_is_not_finished(walk, project, ann, alice):
    walk.enroll(project, ann)
    walk.fresh().discard()
    with pytest.raises(Refused, match="discarded"):
        finish(draft=walk.draft, by=alice)


@pytest.mark.django_db
def test_without_a_project_nothing_is_finished(walk):
    assert walk.finish()["Location"] == walk.url(Step.REVIEW)
    assert "Choose the project and who enters it." in walk.see(Step.REVIEW).content.decode()


@pytest.mark.django_db
def test_rules_are_asked_again(walk, project, ann, today):
    walk.enroll(project, ann)
    type(project).objects.update(operating_end_date=today - timedelta(days=1))
    walk.finish()
    page = walk.see(Step.REVIEW).content.decode()
    assert "on or before the day the project closed" in page
    assert not Household.objects.exists()


@pytest.mark.django_db
def test_member_who_left_the_family_is_not_enrolled(walk, project, ann, ben):
    walk.enroll(project, ann, ben)
    walk.save(Step.FAMILY, {})
    walk.finish()
    assert [row.client for row in Enrollment.objects.all()] == [ann]


@pytest.mark.django_db
def test_victim_service_provider_keeps_the_enrollment_to_itself(walk, project, ann, harbor):
    harbor.victim_service_provider = True
    harbor.save()
    walk.enroll(project, ann)
    walk.finish()
    assert Enrollment.objects.get().visibility == "own"


@pytest.mark.django_db
def test_review_shows_a_no_as_any_other_answer(walk, project, ann):
    walk.enroll(project, ann)
    walk.save(Step.VIOLENCE, {f"c{ann.pk}-domestic_violence_survivor": "0"})
    walk.save(Step.INCOME, {f"c{ann.pk}-income_from_any_source": "8"})
    summaries = walk.see(Step.REVIEW).context["summaries"]
    ((_, violence),), ((_, income),) = summaries[Step.VIOLENCE], summaries[Step.INCOME]
    assert [text for _, text in violence] == ["No"]
    assert [text for _, text in income] == ["Client doesn't know"]


def test_confirming_on_review_finishes(walk, project, ann, today):
    walk.save(Step.BASIC, walk.basic())
    walk.save(Step.FAMILY)
    day = today - timedelta(days=40)
    late = walk.program(project, ann, day=day)
    walk.save(Step.PROGRAM, late)
    page = walk.see(Step.PROGRAM)
    keys = [one.key for one in page.context["warnings"]]
    walk.save(Step.PROGRAM, late, asked=keys, confirm="1")
    # Somebody corrects the birth in the meantime: a warning that nobody has seen yet.
    type(ann).objects.filter(pk=ann.pk).update(dob=day)
    assert walk.finish()["Location"] == walk.url(Step.REVIEW)
    keys = [one.key for one in walk.see(Step.REVIEW).context["warnings"]]
    assert len(keys) == 1
    assert walk.finish(asked=keys, confirm="1")["Location"] == walk.ends_at


@pytest.mark.django_db
def test_refusal_of_the_database_names_the_enrollment_in_the_way(
    walk, project, ann, alice, monkeypatch
):
    """As when the other one commits between the check and the write."""
    walk.enroll(project, ann)
    from enrollments.intake.steps.program import ProgramForm

    finish(draft=walk.draft, by=alice)
    second = start(by=alice, organization=project.organization, client=ann)
    again = Walk(walk.browser, second)
    monkeypatch.setattr(ProgramForm, "_overlaps", lambda *args: [])
    again.enroll(project, ann)
    with pytest.raises(Refused, match=r"Ann Lee is already enrolled in Harbor .* since"):
        finish(draft=second, by=alice)
    assert Household.objects.count() == 1


@pytest.mark.django_db
def test_closing_page_of_an_unfinished_intake_leads_back_to_where_it_was_left(walk):
    assert walk.browser.get(walk.ends_at)["Location"] == walk.fresh().get_absolute_url()


@pytest.mark.django_db
def test_closing_page_costs_the_same_for_a_large_household(
    walk, project, ann, ben, alice, harbor, django_assert_max_num_queries
):
    others = [ClientFactory(organization=harbor, created_by=alice) for _ in range(6)]
    walk.enroll(project, ann, ben, *others, relationships={0: "1", 1: "3"})
    walk.finish()
    walk.browser.get(walk.ends_at)
    with django_assert_max_num_queries(22):
        assert walk.browser.get(walk.ends_at).status_code == 200
