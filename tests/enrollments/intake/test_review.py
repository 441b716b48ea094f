"""Review: what is not answered, what HUD computes, and the way back to each section."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest

from enrollments.intake.draft.sections import Step
from enrollments.intake.draft.steps import steps_of
from enrollments.models import Enrollment, IncomeBenefits

pytestmark = pytest.mark.django_db
MY_DAY = "%m/%d/%Y"


@pytest.fixture
def household(walk, project, ann, ben, cal):
    assert walk.enroll(project, ann, ben, cal).status_code == 302
    return walk


def review(walk):
    answer = walk.see(Step.REVIEW)
    assert answer.status_code == 200
    return answer


def calculated(walk) -> dict:
    return {one.member.client.pk: one for one in review(walk).context["calculated"]}


def unanswered(walk, step) -> dict[str, list[str]]:
    shown = {one: people for one, people, _ in review(walk).context["unanswered"]}
    return {who: [one.text for one in issues] for who, issues in shown.get(step, {}).items()}


def homeless(client, today, *, days: int) -> dict[str, str]:
    prefix = f"c{client.pk}"
    return {
        f"{prefix}-living_situation": "116",
        f"{prefix}-length_of_stay": "5",
        f"{prefix}-date_to_street_essh": (today - timedelta(days=days)).strftime(MY_DAY),
        f"{prefix}-times_homeless_past_three_years": "1",
        f"{prefix}-months_homeless_past_three_years": "101" if days < 31 else "113",
    }


def disabled(client) -> dict[str, str]:
    return {f"c{client.pk}-response_5": "1", f"c{client.pk}-indefinite_5": "1"}


def test_disabling_condition_and_income_are_those_that_finish_writes(household, ann, ben, cal):
    walk = household
    walk.save(Step.BARRIERS, disabled(ann) | {f"c{ben.pk}-disabling_condition": "8"})
    walk.save(
        Step.INCOME,
        {
            f"c{ann.pk}-income_from_any_source": "1",
            f"c{ann.pk}-earned": "1",
            f"c{ann.pk}-earned_amount": "850.50",
            f"c{ben.pk}-income_from_any_source": "0",
        },
    )
    rows = calculated(walk)
    assert [rows[one.pk].disabling for one in (ann, ben)] == ["Yes", "Client doesn't know"]
    assert [rows[one.pk].is_derived for one in (ann, ben)] == [True, False]
    assert rows[cal.pk].disabling == "Data not collected"
    assert [rows[one.pk].total_income for one in (ann, ben)] == [Decimal("850.50"), 0]
    assert not rows[cal.pk].asks_income
    page = review(walk).content.decode()
    assert "$850.50" in page
    assert "by the answers to Barriers" in page
    walk.finish()
    assert [Enrollment.objects.get(client=one).disabling_condition for one in (ann, ben)] == [1, 8]
    assert IncomeBenefits.objects.get(client=ann).total_monthly_income == Decimal("850.50")


def test_income_nobody_told_of_is_no_zero(household, ann):
    answer = review(household)
    assert {one.total_income for one in answer.context["calculated"]} == {None}
    assert answer.context["household_income"] is None


def test_chronic_homelessness_has_its_reason_and_is_the_households(household, ann, ben, cal, today):
    walk = household
    walk.save(Step.UNIVERSAL, homeless(ann, today, days=400) | homeless(ben, today, days=20))
    walk.save(Step.BARRIERS, disabled(ann) | {f"c{ben.pk}-disabling_condition": "0"})
    rows = calculated(walk)
    assert {one.chronic.status.value for one in rows.values()} == {"Yes"}
    page = review(walk).content.decode()
    assert "this homelessness began a year or more before the project start" in page
    assert "Another member of the household is chronically homeless." in page


def test_chronic_homelessness_is_no_or_open_with_what_decided(household, ann, ben, today):
    walk = household
    walk.save(Step.UNIVERSAL, homeless(ann, today, days=400))
    walk.save(Step.BARRIERS, {f"c{ann.pk}-disabling_condition": "0"})
    rows = calculated(walk)
    assert rows[ann.pk].chronic.status.value == "No"
    assert rows[ann.pk].chronic.reason == "There is no disabling condition."
    assert rows[ben.pk].chronic.status.value == "Data not collected"
    assert rows[ben.pk].chronic.reason == "Disabling condition: data not collected."


def test_one_disability_counts_whatever_is_answered_to_3_08(household, ann, today):
    walk = household
    walk.save(Step.UNIVERSAL, homeless(ann, today, days=400))
    walk.save(Step.BARRIERS, disabled(ann) | {f"c{ann.pk}-disabling_condition": "8"})
    row = calculated(walk)[ann.pk]
    assert (row.disabling, row.chronic.status.value) == ("Client doesn't know", "Yes")


def test_unanswered_questions_are_listed_by_step_and_person_with_a_link(household, ann, ben, cal):
    walk = household
    walk.save(Step.BARRIERS, {f"c{ann.pk}-response_{kind}": "0" for kind in (5, 6, 7, 8, 9)})
    found = unanswered(walk, Step.BARRIERS)
    assert found["Ann Lee"] == ["Substance use disorder", "Disabling Condition"]
    assert len(found["Cal Lee"]) == 7
    page = review(walk).content.decode()
    assert f'href="{walk.url(Step.BARRIERS)}#id_c{ann.pk}-response_10"' in page
    assert "Veteran Status" in unanswered(walk, Step.UNIVERSAL)["Ben Lee"]


def test_answers_that_the_disabilities_tell_are_not_missed(household, ann):
    walk = household
    walk.save(Step.BARRIERS, {f"c{ann.pk}-response_{kind}": "0" for kind in range(5, 11)})
    assert "Ann Lee" not in unanswered(walk, Step.BARRIERS)


def test_data_not_collected_counts_as_unanswered_and_refused_does_not(household, ann, ben):
    walk = household
    name = "income_from_any_source"
    walk.save(Step.INCOME, {f"c{ann.pk}-{name}": "99", f"c{ben.pk}-{name}": "9"})
    assert list(unanswered(walk, Step.INCOME)) == ["Ann Lee"]


def test_what_is_not_asked_and_dates_that_come_later_are_not_listed(household, ann):
    walk = household
    walk.save(Step.UNIVERSAL, {f"c{ann.pk}-living_situation": "410"})
    texts = unanswered(walk, Step.UNIVERSAL)["Ann Lee"]
    assert texts == ["Enrollment CoC", "Length of Stay in Prior Living Situation"]


def strip_spans(page: str) -> str:
    return re.sub(r"</?span[^>]*>", "", page)


def test_every_section_has_its_change_link(household):
    walk = household
    page = " ".join(review(walk).content.decode().split())
    for step in steps_of(walk.fresh())[:-1]:
        assert f"Change {step.label}</a>" in strip_spans(page), step
