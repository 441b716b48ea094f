"""A change of audience removes nothing; what Finish would remove is confirmed first (R12.2)."""

from datetime import date, timedelta

import pytest

from enrollments.intake.draft.sections import Step
from enrollments.intake.draft.start import start_again
from enrollments.models import Enrollment, HealthAndDV, IncomeBenefits, IntakeDraft
from hud.choices import DataCollectionStage, ProjectType
from tests.enrollments.factories import (
    EnrollmentFactory,
    HealthAndDVFactory,
    IncomeBenefitsFactory,
)
from tests.enrollments.intake.conftest import MY_DAY, Walk
from tests.factories import ProjectFactory

pytestmark = pytest.mark.django_db
ENTRY = DataCollectionStage.ENTRY
HEAD, CHILD, SPOUSE = "1", "2", "3"


@pytest.fixture
def start_day(today):
    return today - timedelta(days=20)


@pytest.fixture
def housing(harbor):
    return ProjectFactory(
        organization=harbor,
        project_name="Harbor Rapid Re-Housing",
        project_type=ProjectType.RAPID_REHOUSING,
        operating_start_date=date(2020, 1, 1),
    )


@pytest.fixture
def family(housing, alice, ann, ben, cal, start_day):
    """Ann heads a household in Rapid Re-Housing and moved in; Ben has no date of his own."""
    first = EnrollmentFactory(
        client=ann,
        project=housing,
        created_by=alice,
        entry_date=start_day,
        enrollment_coc="TX-600",
        move_in_date=start_day + timedelta(days=5),
        living_situation=116,
        length_of_stay=4,
        date_to_street_essh=date(2025, 1, 2),
        times_homeless_past_three_years=1,
        months_homeless_past_three_years=113,
        disabling_condition=0,
    )
    others = [
        EnrollmentFactory(
            client=client,
            project=housing,
            household=first.household,
            created_by=alice,
            entry_date=start_day,
            relationship_to_hoh=code,
            disabling_condition=0,
        )
        for client, code in ((ben, 3), (cal, 2))
    ]
    return [first, *others]


@pytest.fixture
def reopened(portal, alice, family):
    draft = start_again(kind=IntakeDraft.Kind.REOPEN, enrollment=family[0], by=alice)
    return Walk(portal(alice), draft)


def relate(walk, family, **codes):
    """Save HUD Program Enrollment with other relationships."""
    project, clients = family[0].project, [row.client for row in family]
    day = family[0].entry_date
    related = {place: codes.get(row.client.first_name, "2") for place, row in enumerate(family)}
    data = walk.program(project, *clients, day=day, relationships=related)
    answer = walk.save(Step.PROGRAM, data)
    assert answer.status_code == 302, answer.context["errors"]


def finish(walk, **data):
    answer = walk.finish(**data)
    assert answer["Location"] == walk.ends_at, refusal(walk)


def refusal(walk) -> list[str]:
    page = walk.see(Step.REVIEW)
    return [str(one) for one in page.context["messages"]] + [
        one.text for name in ("errors", "warnings", "removals") for one in page.context[name]
    ]


def confirmations(walk) -> dict:
    page = walk.see(Step.REVIEW).context
    keys = [one.key for name in ("warnings", "removals") for one in page[name]]
    return {"confirm": "1", "asked": keys}


def test_move_in_date_and_coc_follow_the_head(reopened, family, ann, ben, start_day):
    relate(reopened, family, Ann=SPOUSE, Ben=HEAD)
    assert refusal(reopened) == []
    finish(reopened)
    row = Enrollment.objects.get(client=ben)
    moved_in = start_day + timedelta(days=5)
    assert (row.is_head, row.move_in_date, row.enrollment_coc) == (True, moved_in, "TX-600")
    former = Enrollment.objects.get(client=ann)
    assert (former.is_head, former.move_in_date, former.living_situation) == (False, moved_in, 116)


def test_they_follow_back_and_with_their_correction(reopened, family, ann, ben, start_day):
    relate(reopened, family, Ann=SPOUSE, Ben=HEAD)
    later = start_day + timedelta(days=7)
    page = reopened.see(Step.UNIVERSAL).context["page"]
    values = {
        row.bound.html_name: row.bound.value() or "" for one in page.forms for row in one.rows
    }
    for one in page.forms:
        values[f"{one.prefix}-shown"] = [row.question.name for row in one.rows]
    assert values[f"c{ben.pk}-enrollment_coc"] == "TX-600"
    values[f"c{ben.pk}-move_in_date"] = later.strftime(MY_DAY)
    assert reopened.save(Step.UNIVERSAL, values).status_code == 302
    relate(reopened, family, Ann=HEAD, Ben=SPOUSE)
    finish(reopened, **confirmations(reopened))
    row = Enrollment.objects.get(client=ann)
    assert (row.move_in_date, row.enrollment_coc) == (later, "TX-600")
    assert (row.living_situation, row.months_homeless_past_three_years) == (116, 113)


def test_head_who_came_after_the_move_in_moved_in_at_the_start(reopened, family, ben, start_day):
    late = start_day + timedelta(days=9)
    Enrollment.objects.filter(client=ben).update(entry_date=late)
    walk = Walk(reopened.browser, reopened.draft)
    data = walk.program(
        family[0].project,
        *[row.client for row in family],
        day=start_day,
        relationships={0: SPOUSE, 1: HEAD, 2: CHILD},
    )
    data[f"c{ben.pk}-entry_date"] = late.strftime(MY_DAY)
    answer = walk.save(Step.PROGRAM, data)
    if answer.status_code == 200:  # Ann's start before the head's is unlikely
        keys = [one.key for one in answer.context["warnings"]]
        answer = walk.save(Step.PROGRAM, {**data, "asked": keys, "confirm": "1"})
    assert answer.status_code == 302, answer.context["errors"]
    finish(walk)
    assert Enrollment.objects.get(client=ben).move_in_date == late


def test_new_head_after_the_old_one_left_has_both(reopened, family, ann, ben, start_day):
    left = start_day + timedelta(days=10)
    Enrollment.objects.filter(client=ann).update(exit_date=left, destination=410)
    relate(reopened, family, Ann=SPOUSE, Ben=HEAD)
    finish(reopened)
    row = Enrollment.objects.get(client=ben)
    assert (row.enrollment_coc, row.move_in_date) == ("TX-600", start_day + timedelta(days=5))
    assert Enrollment.objects.get(client=ann).exit_date == left


def test_adult_who_was_a_child_by_a_corrected_date_of_birth_keeps_the_answers(
    portal, alice, family, ben, start_day
):
    row = family[1]
    Enrollment.objects.filter(pk=row.pk).update(living_situation=410, length_of_stay=5)
    HealthAndDVFactory(
        enrollment=row,
        information_date=start_day,
        data_collection_stage=ENTRY,
        domestic_violence_survivor=1,
        when_occurred=2,
        currently_fleeing=0,
    )
    IncomeBenefitsFactory(
        enrollment=row,
        information_date=start_day,
        data_collection_stage=ENTRY,
        income_from_any_source=1,
        earned=1,
        earned_amount=500,
        total_monthly_income=500,
    )
    adult, child = ben.dob, start_day - timedelta(days=365 * 9)
    for dob in (child, adult):
        ben.dob = dob
        ben.save()
        draft = start_again(kind=IntakeDraft.Kind.REOPEN, enrollment=family[0], by=alice)
        walk = Walk(portal(alice), draft)
        for step in (Step.UNIVERSAL, Step.VIOLENCE, Step.INCOME):
            walk.save(step, button="close")
        assert [text for text in refusal(walk) if "Ben" in text] == []
        finish(walk, **confirmations(walk))
        enrollment = Enrollment.objects.get(pk=row.pk)
        assert (enrollment.living_situation, enrollment.length_of_stay) == (410, 5)
        violence = HealthAndDV.objects.get(enrollment=row)
        assert (violence.domestic_violence_survivor, violence.when_occurred) == (1, 2)
        money = IncomeBenefits.objects.get(enrollment=row)
        assert (money.earned, money.earned_amount, money.total_monthly_income) == (1, 500, 500)


def test_project_of_another_type_removes_no_date(reopened, family, ann, housing, start_day):
    housing.project_type = ProjectType.TRANSITIONAL_HOUSING
    housing.save()
    finish(reopened, **confirmations(reopened))
    assert Enrollment.objects.get(client=ann).move_in_date == start_day + timedelta(days=5)


@pytest.fixture
def paid(family, start_day):
    return IncomeBenefitsFactory(
        enrollment=family[0],
        information_date=start_day,
        data_collection_stage=ENTRY,
        income_from_any_source=1,
        earned=1,
        earned_amount=500,
        total_monthly_income=500,
    )


def test_answer_that_contradicts_what_depends_on_it_is_confirmed_on_review(paid, reopened, ann):
    reopened.save(Step.INCOME, {f"c{ann.pk}-income_from_any_source": "0"})
    assert reopened.finish()["Location"] == reopened.url(Step.REVIEW)
    paid.refresh_from_db()
    assert (paid.income_from_any_source, paid.earned_amount) == (1, 500)
    page = reopened.see(Step.REVIEW)
    assert [one.text for one in page.context["removals"]] == [
        "Earned income (i.e., employment income): “Yes” is stored and would be removed.",
        "Earned income (i.e., employment income): monthly: “$500.00 a month” is stored and "
        "would be removed.",
    ]
    assert "Finish would remove these answers" in page.content.decode()
    finish(reopened, **confirmations(reopened))
    paid.refresh_from_db()
    assert (paid.income_from_any_source, paid.earned, paid.earned_amount) == (0, None, None)
    assert paid.total_monthly_income == 0


def test_answer_that_is_left_blank_is_confirmed_on_review(reopened, family, ann):
    page = reopened.see(Step.UNIVERSAL).context["page"]
    values = {row.bound.html_name: row.bound.value() or "" for row in page.forms[0].rows}
    values |= {f"c{ann.pk}-enrollment_coc": "", f"c{ann.pk}-shown": list(values)}
    reopened.save(Step.UNIVERSAL, values)
    assert [text for text in refusal(reopened) if "TX-600" in text]
    assert reopened.finish()["Location"] == reopened.url(Step.REVIEW)
    assert Enrollment.objects.get(client=ann).enrollment_coc == "TX-600"
    finish(reopened, **confirmations(reopened))
    assert Enrollment.objects.get(client=ann).enrollment_coc == ""


def test_autosave_of_a_page_keeps_what_it_does_not_ask(reopened, family, ann, ben, start_day):
    relate(reopened, family, Ann=SPOUSE, Ben=HEAD)
    data = {"tab": "a", "seen": "0", f"c{ben.pk}-enrollment_coc": "TX-601"}
    assert reopened.browser.post(reopened.url(Step.UNIVERSAL, "autosave/"), data).status_code == 200
    relate(reopened, family, Ann=HEAD, Ben=SPOUSE)
    finish(reopened, **confirmations(reopened))
    row = Enrollment.objects.get(client=ann)
    assert (row.enrollment_coc, row.living_situation) == ("TX-601", 116)


def test_corrected_exit_assessment_of_somebody_too_young_keeps_the_income(
    portal, alice, family, ben, today
):
    Enrollment.objects.update(exit_date=today, destination=410)
    family[1].refresh_from_db()
    row = IncomeBenefitsFactory(
        enrollment=family[1],
        information_date=today,
        data_collection_stage=DataCollectionStage.EXIT,
        income_from_any_source=1,
        ssi=1,
        ssi_amount=300,
        total_monthly_income=300,
    )
    ben.dob = today - timedelta(days=365 * 12)
    ben.save()
    draft = start_again(kind=IntakeDraft.Kind.EXIT, enrollment=family[1], by=alice)
    walk = Walk(portal(alice), draft)
    walk.save(Step.INCOME, button="close")
    finish(walk)
    row.refresh_from_db()
    assert (row.income_from_any_source, row.ssi_amount, row.total_monthly_income) == (1, 300, 300)
