"""Add Household Member: who joins a household that is enrolled, and what is asked (12.1)."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from clients.models import Client
from enrollments.intake.draft.sections import Step
from enrollments.intake.steps.program_checks import EVERYBODY_LEFT
from enrollments.intake.steps.review import ASKED_MORE
from enrollments.models import CaseAssignment, Enrollment, IncomeBenefits, IntakeDraft
from tests.enrollments.factories import CaseAssignmentFactory, EnrollmentFactory
from tests.enrollments.intake.conftest import MY_DAY, Walk
from tests.pages import messages


@pytest.fixture
def enrolled(ann, project, alice, today):
    """Ann's household of one, for sixty days."""
    return EnrollmentFactory(
        client=ann,
        project=project,
        organization=project.organization,
        created_by=alice,
        entry_date=today - timedelta(days=60),
    )


@pytest.fixture
def known(ann, ben, cal, alice, project, today):
    """Ben and Cal, who were in a household with Ann long ago."""
    start = {"entry_date": today - timedelta(days=900), "exit_date": today - timedelta(days=800)}
    own = {"project": project, "created_by": alice, "destination": 410}
    head = EnrollmentFactory(client=ann, **own, **start)
    for client, relationship in ((ben, 3), (cal, 2)):
        EnrollmentFactory(
            client=client,
            household=head.household,
            relationship_to_hoh=relationship,
            **own,
            **start,
        )
    return head


@pytest.fixture
def browser(portal, alice):
    return portal(alice)


def first_page(browser, enrollment):
    place = [enrollment.client_id, enrollment.pk]
    return browser.get(reverse("enrollments:add_member", args=place), follow=True)


def test_step_names_nobody_of_earlier_households_beside_the_members(browser, enrolled):
    page = first_page(browser, enrolled)
    people = page.text.partition('<ul class="list">')[2].partition("</ul>")
    assert people[0].count("<li>") == 1
    assert "There is nobody from an earlier household." not in people[0]
    assert "There is nobody from an earlier household." in people[2]


def chosen(browser, enrollment, *people) -> Walk:
    """Past the first step, with these people."""
    page = first_page(browser, enrollment)
    data = {"tab": "a", "seen": "0", "member": [one.pk for one in people]}
    answer = browser.post(page.context["form_url"], data)
    draft = IntakeDraft.objects.get(kind="member", finished_at=None)
    assert answer["Location"] == draft.url_of(Step.PROGRAM)
    return Walk(browser, draft)


def joins(client, relationship, day, manager=""):
    prefix = f"c{client.pk}"
    return {
        f"{prefix}-known": "1",
        f"{prefix}-enroll": "on",
        f"{prefix}-entry_date": day.strftime(MY_DAY),
        f"{prefix}-relationship_to_hoh": relationship,
        f"{prefix}-case_manager": manager,
    }


def walk_on(walk, answer):
    """Save each step that is left without an answer, up to Review; return the steps."""
    steps = []
    while not answer["Location"].endswith("/review/"):
        steps.append(answer["Location"].rstrip("/").rpartition("/")[2])
        answer = walk.save(steps[-1])
    return steps


def test_opening_it_writes_nothing_and_lists_who_was_in_earlier_households(
    browser, enrolled, known, ben, cal
):
    page = first_page(browser, enrolled)
    assert {one.client for one in page.context["candidates"]} == {ben, cal}
    assert not any(one.ticked for one in page.context["candidates"])
    assert "Who joins the household" in page.text
    assert not IntakeDraft.objects.exists()


def test_child_is_asked_what_children_are_asked_and_joins_from_the_own_start(
    browser, enrolled, known, ann, cal, project, alice, today
):
    walk = chosen(browser, enrolled, cal)
    start = today - timedelta(days=3)
    answer = walk.save(Step.PROGRAM, {"project": project.pk, **joins(cal, "2", start)})
    steps = walk_on(walk, answer)
    assert "income" not in steps
    assert "domestic-violence" not in steps
    assert {"barriers", "insurance"} <= set(steps)
    before = Enrollment.objects.get(pk=enrolled.pk).date_updated
    done = walk.browser.post(f"/intake/{walk.draft.pk}/finish/", follow=True)
    assert messages(done) == [f"Added 1 member to the household in {project}."]
    assert done.redirect_chain[-1][0] == reverse("enrollments:family_members", args=[ann.pk])
    row = Enrollment.objects.get(client=cal, household=enrolled.household)
    assert (row.entry_date, row.relationship_to_hoh, row.project) == (start, 2, project)
    assert Enrollment.objects.get(pk=enrolled.pk).date_updated == before, "Ann is left alone"
    assignment = CaseAssignment.objects.get(enrollment=row)
    assert (assignment.case_manager, assignment.begins_on) == (alice, start)


def test_adult_is_asked_everything_that_adults_are_asked(
    browser, enrolled, known, ben, project, today
):
    walk = chosen(browser, enrolled, ben)
    answer = walk.save(Step.PROGRAM, {"project": project.pk, **joins(ben, "3", today)})
    steps = walk_on(walk, answer)
    assert steps == [
        *("universal", "barriers", "domestic-violence", "income", "benefits", "insurance")
    ]
    assert walk.see(Step.REVIEW).status_code == 200
    walk.finish()
    assert IncomeBenefits.objects.get().client == ben


def test_relationship_is_known_and_there_is_no_second_self(browser, enrolled, known, ben):
    walk = chosen(browser, enrolled, ben)
    form = walk.see(Step.PROGRAM).context["form"]
    field = form[f"c{ben.pk}-relationship_to_hoh"]
    assert field.value() == "3"
    assert "Self (head of household)" not in str(field)
    assert list(form.fields["project"].choices) == [(enrolled.project_id, str(enrolled.project))]


def test_case_manager_of_the_household_is_suggested(browser, enrolled, known, ben, bob):
    CaseAssignmentFactory(enrollment=enrolled, case_manager=bob, begins_on=enrolled.entry_date)
    form = chosen(browser, enrolled, ben).see(Step.PROGRAM).context["form"]
    assert form[f"c{ben.pk}-case_manager"].value() == str(bob.pk)


def test_somebody_has_to_be_chosen(browser, enrolled):
    page = first_page(browser, enrolled)
    answer = browser.post(page.context["form_url"], {"tab": "a", "seen": "0"})
    assert "Add somebody who is listed, or find or add someone else." in answer.text
    draft = IntakeDraft.objects.get()
    moved = browser.get(draft.url_of(Step.PROGRAM), follow=True)
    assert moved.redirect_chain[-1][0] == draft.url_of(Step.FAMILY)


def test_who_is_in_the_household_already_does_not_join_it_twice(browser, enrolled, ann):
    url = first_page(browser, enrolled).context["form_url"]
    page = browser.get(f"{url}?client={ann.pk}")
    assert "This person is in the household already." in page.text


def test_colleague_who_was_quicker_is_noticed_at_finish(
    browser, enrolled, known, ben, project, alice, today
):
    walk = chosen(browser, enrolled, ben)
    answer = walk.save(Step.PROGRAM, {"project": project.pk, **joins(ben, "3", today)})
    walk_on(walk, answer)
    own = {"household": enrolled.household, "project": project, "created_by": alice}
    EnrollmentFactory(client=ben, relationship_to_hoh=3, entry_date=today, **own)
    done = walk.browser.post(f"/intake/{walk.draft.pk}/finish/", follow=True)
    assert messages(done)
    assert Enrollment.objects.filter(household=enrolled.household, client=ben).count() == 1
    assert walk.fresh().finished_at is None


def test_household_that_was_deleted_meanwhile_gets_nobody(
    browser, enrolled, known, ben, project, today, alice
):
    walk = chosen(browser, enrolled, ben)
    answer = walk.save(Step.PROGRAM, {"project": project.pk, **joins(ben, "3", today)})
    walk_on(walk, answer)
    Enrollment.objects.get(pk=enrolled.pk).mark_deleted(by=alice)
    walk.finish()
    assert not Enrollment.objects.filter(household=enrolled.household).exists()


def test_household_that_everybody_left_meanwhile_gets_nobody(
    browser, enrolled, known, ben, project, today
):
    walk = chosen(browser, enrolled, ben)
    answer = walk.save(Step.PROGRAM, {"project": project.pk, **joins(ben, "3", today)})
    walk_on(walk, answer)
    Enrollment.objects.filter(pk=enrolled.pk).update(exit_date=today)
    done = walk.browser.post(f"/intake/{walk.draft.pk}/finish/", follow=True)
    assert EVERYBODY_LEFT in messages(done)[0]
    assert not Enrollment.objects.filter(household=enrolled.household, client=ben).exists()


def test_corrected_date_of_birth_asks_what_adults_are_asked(
    browser, enrolled, known, cal, project, today
):
    walk = chosen(browser, enrolled, cal)
    data = {"project": project.pk, **joins(cal, "2", today)}
    walk_on(walk, walk.save(Step.PROGRAM, data))
    Client.objects.filter(pk=cal.pk).update(dob=date(1980, 1, 1))
    done = walk.browser.post(f"/intake/{walk.draft.pk}/finish/", follow=True)
    assert ASKED_MORE in messages(done)[0]
    assert "income" in walk_on(walk, walk.save(Step.PROGRAM, data))
    walk.finish()
    assert IncomeBenefits.objects.filter(client=cal).exists()


def test_household_that_has_left_gets_nobody(browser, enrolled, today):
    Enrollment.objects.filter(pk=enrolled.pk).update(exit_date=today)
    page = first_page(browser, enrolled)
    assert "Where everybody has left, begin an intake." in messages(page)[0]


def test_who_joins_a_restricted_household_is_restricted(
    browser, enrolled, known, ben, project, today
):
    Enrollment.objects.filter(pk=enrolled.pk).update(visibility="own")
    walk = chosen(browser, enrolled, ben)
    answer = walk.save(Step.PROGRAM, {"project": project.pk, **joins(ben, "3", today)})
    walk_on(walk, answer)
    walk.finish()
    row = Enrollment.objects.get(client=ben, household=enrolled.household)
    assert row.visibility == "own"
    assert IncomeBenefits.objects.get(enrollment=row).visibility == "own"


def test_overlapping_enrollment_is_in_the_way(browser, enrolled, known, ben, project, today, alice):
    EnrollmentFactory(
        client=ben, project=project, entry_date=today - timedelta(days=9), created_by=alice
    )
    walk = chosen(browser, enrolled, ben)
    answer = walk.save(Step.PROGRAM, {"project": project.pk, **joins(ben, "3", today)})
    assert "exit that enrollment first" in answer.text


def test_steps_that_ask_nothing_have_no_page(browser, enrolled, known, cal, project, today):
    walk = chosen(browser, enrolled, cal)
    walk.save(Step.PROGRAM, {"project": project.pk, **joins(cal, "2", today)})
    assert walk.see(Step.INCOME).status_code == 404
    # Another start, another answer: the steps are found again.
    assert Step.INCOME in walk.fresh().answers.left_out
