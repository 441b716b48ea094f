"""The steps in their order, and what becomes of them (4.1, 4.6, 4.7)."""

import pytest

from enrollments.intake.draft.sections import Step
from enrollments.intake.draft.steps import next_of, steps_for
from enrollments.models import (
    CaseAssignment,
    Disability,
    Enrollment,
    HealthAndDV,
    Household,
    IncomeBenefits,
)

pytestmark = pytest.mark.django_db


def test_steps_are_those_of_the_cheat_sheet():
    assert [step.label for step in steps_for("intake")] == [
        "Basic Client Information",
        "Family Members",
        "HUD Program Enrollment",
        "Universal Data Assessment",
        "Barriers",
        "Domestic Violence",
        "Income and Sources",
        "Non-Cash Benefits",
        "Health Insurance",
        "Review",
    ]


def test_each_step_leads_to_the_next_and_finish_to_the_closing_page(walk, project, ann, ben, cal):
    walk.enroll(project, ann, ben, cal)
    for step in steps_for("intake")[:3]:
        assert f"<h1>{step.label}</h1>" in walk.see(step).content.decode()
    for step in steps_for("intake")[3:-1]:
        page = walk.see(step)
        assert page.status_code == 200
        assert f"<h1>{step.label}</h1>" in page.content.decode()
        answer = walk.save(step)
        assert answer.status_code == 302, answer.context["errors"]
        assert answer["Location"] == walk.url(next_of(walk.fresh(), step))
    assert walk.see(Step.REVIEW).context["errors"] == []
    assert not Enrollment.objects.exists()
    answer = walk.finish()
    assert answer["Location"] == walk.ends_at
    assert Household.objects.count() == 1
    assert Enrollment.objects.count() == 3
    page = walk.browser.get(ann.get_absolute_url()).content.decode()
    assert "Enrolled 3 people in Harbor Transitional Housing." in page


def test_unanswered_questions_are_stored_as_not_collected(walk, project, ann, ben, cal, today):
    walk.enroll(project, ann, ben, cal)
    walk.finish()
    head = Enrollment.objects.get(client=ann)
    assert (head.relationship_to_hoh, head.entry_date) == (1, today)
    assert head.living_situation == 99
    assert head.length_of_stay is None
    assert head.disabling_condition == 99
    assert Enrollment.objects.get(client=cal).living_situation is None
    assert set(Disability.objects.values_list("disability_response", flat=True)) == {99}
    assert Disability.objects.count() == 18
    assert HealthAndDV.objects.count() == 2
    income = IncomeBenefits.objects.get(client=ann)
    assert (income.income_from_any_source, income.insurance_from_any_source) == (99, 99)
    assert (income.information_date, income.data_collection_stage) == (today, 1)
    child = IncomeBenefits.objects.get(client=cal)
    assert (child.income_from_any_source, child.insurance_from_any_source) == (None, 99)


def test_every_member_is_assigned_to_whoever_completes_the_intake(
    walk, project, ann, ben, cal, alice, today
):
    walk.enroll(project, ann, ben, cal)
    walk.finish()
    rows = CaseAssignment.objects.all()
    assert {row.client_id for row in rows} == {ann.pk, ben.pk, cal.pk}
    assert {row.case_manager for row in rows} == {alice}
    assert {(row.begins_on, row.ends_on) for row in rows} == {(today, None)}


def test_a_chosen_case_manager_is_assigned(walk, project, ann, ben, bob, alice):
    chosen = {ann.pk: bob.pk, ben.pk: bob.pk}
    answer = walk.enroll(project, ann, ben, case_managers=chosen)
    assert answer.status_code == 302
    walk.finish()
    assert {row.case_manager for row in CaseAssignment.objects.all()} == {bob}
    assert {row.created_by for row in CaseAssignment.objects.all()} == {alice}


def test_finished_draft_keeps_no_answers(walk, project, ann):
    walk.enroll(project, ann)
    walk.finish()
    draft = walk.fresh()
    assert (draft.answers_json, draft.household) == ("", Household.objects.get())
    assert walk.see(Step.BARRIERS)["Location"] == ann.get_absolute_url()
    assert walk.finish()["Location"] == walk.ends_at
    assert Household.objects.count() == 1
