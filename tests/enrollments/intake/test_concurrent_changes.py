"""Two people correct one enrollment: nothing that one of them saved is lost to the other (4.9)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from enrollments.actions import delete_enrollments
from enrollments.intake.draft.sections import SECTIONS, Step
from enrollments.intake.draft.steps import steps_for
from enrollments.models import Enrollment, IncomeBenefits
from tests.enrollments.intake.conftest import MY_DAY, Lees, Walk, began

pytestmark = pytest.mark.django_db
DAYS_AGO = 10
ANY_INCOME = "income_from_any_source"
CHANGED = "This enrollment was changed after you opened it"


def enroll_two(lees: Lees) -> Walk:
    """Enroll Ann and Ben ten days ago, Ann without an income."""
    day = timezone.localdate() - timedelta(days=DAYS_AGO)
    walk = lees.enrolling(lees.ann, lees.ben, day=day)
    walk.save(Step.INCOME, {f"c{lees.ann.pk}-{ANY_INCOME}": "0"})
    assert walk.finish().status_code == 302
    return walk


@pytest.fixture(scope="module")
def enrolled_once(lees_once):
    return enroll_two(lees_once)


@pytest.fixture
def draft(enrolled_once):
    return enrolled_once.fresh()


@pytest.fixture
def enrollment(enrolled_once, ann):
    return Enrollment.objects.get(client=ann)


def opened(browser, enrollment, kind="reopen") -> Walk:
    """Begin a draft about the enrollment, by its link."""
    return began(browser, f"/clients/{enrollment.client_id}/enrollments/{enrollment.pk}/{kind}/")


@pytest.fixture
def begin(portal, enrollment):
    return lambda user, *kind: opened(portal(user), enrollment, *kind)


def income(client, stage=1):
    return IncomeBenefits.objects.get(client=client, data_collection_stage=stage)


def answer(walk, client, code):
    assert walk.save(Step.INCOME, {f"c{client.pk}-{ANY_INCOME}": code}).status_code == 302


def typed(walk, step, client, name):
    """What a step shows."""
    draft = walk.fresh()
    return draft.answers.content["typed"][step].get(f"c{client.pk}-{name}")


def shown(walk):
    page = walk.see(Step.REVIEW)
    changes = page.context["concurrent"].changes
    return [(one.label, one.before, one.now, one.typed) for one in changes]


def test_what_did_not_change_is_not_shown(begin, alice, ann):
    walk = begin(alice)
    answer(walk, ann, "8")
    page = walk.see(Step.REVIEW)
    assert CHANGED not in page.content.decode()
    assert walk.finish()["Location"] == walk.ends_at
    assert income(ann).income_from_any_source == 8


def test_answer_that_was_left_alone_is_taken_over(begin, alice, bob, ann, ben):
    mine, theirs = begin(alice), begin(bob)
    answer(theirs, ann, "8")
    theirs.finish()
    mine.save(Step.VIOLENCE, {f"c{ben.pk}-domestic_violence_survivor": "0"})
    page = mine.see(Step.REVIEW)
    assert CHANGED in page.content.decode()
    assert str(bob) in page.content.decode()
    assert "Finish</button>" in page.content.decode()
    assert mine.finish()["Location"] == mine.ends_at
    assert income(ann).income_from_any_source == 8
    assert ben.healthanddv_rows.get().domestic_violence_survivor == 0


def test_start_that_somebody_corrected_stays_corrected(begin, alice, bob, project, ann, ben, today):
    mine, theirs = begin(alice), begin(bob)
    day = today - timedelta(days=DAYS_AGO + 5)
    moved = theirs.program(project, ann, ben, day=day)
    assert theirs.save(Step.PROGRAM, moved).status_code == 302
    theirs.finish()
    starts = [(now, yours) for label, _, now, yours in shown(mine) if "Start Date" in label]
    before = (today - timedelta(days=DAYS_AGO)).strftime(MY_DAY)
    assert starts == [(day.strftime(MY_DAY), before)] * 2
    mine.finish()
    assert set(Enrollment.objects.values_list("entry_date", flat=True)) == {day}


@pytest.mark.parametrize("sent", ["77", "9" * 5000])
def test_relationship_that_there_is_not_is_shown_as_it_was_sent(
    begin, alice, bob, project, ann, ben, sent
):
    mine, theirs = begin(alice), begin(bob)
    mine.save(Step.PROGRAM, mine.program(project, ann, ben, relationships={0: "1", 1: sent}))
    theirs.save(Step.PROGRAM, theirs.program(project, ann, ben, relationships={0: "1", 1: "4"}))
    assert theirs.finish().status_code == 302
    assert [typed for label, _, _, typed in shown(mine) if "Relationship" in label] == [sent]


class TestBothChangedIt:
    @pytest.fixture
    def mine(self, begin, alice, bob, ann):
        mine, theirs = begin(alice), begin(bob)
        answer(mine, ann, "9")
        answer(theirs, ann, "8")
        theirs.finish()
        return mine

    def test_is_refused_until_the_owner_chooses(self, mine, ann):
        answer = mine.finish()
        assert answer["Location"] == mine.url(Step.REVIEW)
        assert income(ann).income_from_any_source == 8
        page = mine.browser.get(answer["Location"]).content.decode()
        assert "Choose below which answers count." in page
        assert "Finish</button>" not in page
        assert mine.fresh().finished_at is None

    def test_page_says_what_was_is_and_would_be(self, mine, ann):
        (change,) = shown(mine)
        assert change == (
            f"Income from Any Source of {ann.display_name}",
            "No",
            "Client doesn't know",
            "Client prefers not to answer",
        )

    @pytest.mark.parametrize(("choice", "code"), [("mine", 9), ("theirs", 8)])
    def test_choice_counts(self, mine, ann, choice, code):
        answer = mine.browser.post(mine.url(Step.REVIEW), {"resolve": choice})
        assert answer["Location"] == mine.url(Step.REVIEW)
        assert shown(mine) == []
        assert typed(mine, Step.INCOME, ann, ANY_INCOME) == [str(code)]
        assert mine.finish()["Location"] == mine.ends_at
        assert income(ann).income_from_any_source == code

    def test_choice_of_another_kind_is_none(self, mine):
        mine.browser.post(mine.url(Step.REVIEW), {"resolve": "nobody's"})
        assert len(shown(mine)) == 1

    def test_change_after_the_choice_is_asked_about_again(self, mine, begin, bob, ann):
        mine.browser.post(mine.url(Step.REVIEW), {"resolve": "mine"})
        theirs = begin(bob)
        answer(theirs, ann, "99")
        theirs.finish()
        assert mine.finish()["Location"] == mine.url(Step.REVIEW)
        assert income(ann).income_from_any_source == 99

    def test_nobody_elses_choice_resolves_it(self, mine, portal, bob):
        answer = portal(bob).post(mine.url(Step.REVIEW), {"resolve": "theirs"})
        assert answer.status_code == 404
        assert len(shown(mine)) == 1


def test_the_same_answer_of_both_is_no_conflict(begin, alice, bob, ann):
    mine, theirs = begin(alice), begin(bob)
    answer(mine, ann, "8")
    answer(theirs, ann, "8")
    theirs.finish()
    assert mine.finish()["Location"] == mine.ends_at


def test_amount_that_is_written_otherwise_is_the_same(begin, alice, bob, ann):
    section = SECTIONS[Step.INCOME]
    shown = {f"c{ann.pk}-shown": [question.name for question in section.questions]}

    def data(amount):
        fields = {ANY_INCOME: "1", "earned": "1", "earned_amount": amount}
        return {f"c{ann.pk}-{name}": value for name, value in fields.items()} | shown

    mine, theirs = begin(alice), begin(bob)
    assert theirs.save(Step.INCOME, data("1450")).status_code == 302
    theirs.finish()
    assert mine.save(Step.INCOME, data("$1,450.00")).status_code == 302
    assert mine.finish()["Location"] == mine.ends_at


def test_exit_answers_that_somebody_filed_first_are_not_replaced_unasked(
    begin, alice, bob, enrollment, ann, today
):
    Enrollment.objects.update(exit_date=today - timedelta(days=1))
    mine, theirs = begin(alice, "exit-answers"), begin(bob, "exit-answers")
    answer(mine, ann, "9")
    answer(theirs, ann, "8")
    theirs.finish()
    assert mine.finish()["Location"] == mine.url(Step.REVIEW)
    assert income(ann, stage=3).income_from_any_source == 8


def test_enrollment_that_is_gone_is_not_filed_again(begin, alice, dana):
    mine = begin(alice)
    for enrollment in Enrollment.objects.all():
        enrollment.mark_deleted(by=dana)
    answer = mine.browser.get(mine.finish()["Location"])
    assert "is not there any more" in answer.content.decode()
    assert not Enrollment.objects.exists()


def test_assessment_that_stands_beside_the_others_compares_nothing(begin, alice):
    assert begin(alice, "update").draft.answers.stored is None


@pytest.mark.parametrize("kind", ["reopen", "update", "annual"])
def test_draft_of_an_enrollment_that_was_deleted_says_so_at_every_step(
    begin, alice, dana, enrollment, ann, kind
):
    walk = begin(alice, kind)
    answer(walk, ann, "9")
    delete_enrollments(members=enrollment.household.enrollments.all(), by=dana)
    walk.browser.get("/intake/")
    pages = steps_for(walk.fresh().kind_of)
    for step in pages if kind != "reopen" else []:
        assert walk.browser.get(walk.url(step), follow=True).status_code == 200
        page = walk.browser.post(walk.url(step), {"next": "1"}, follow=True)
        assert page.status_code == 200
        assert step == Step.REVIEW or "is not there any more" in page.text
    page = walk.browser.get(walk.finish()["Location"])
    assert "is not there any more" in page.text
    assert walk.fresh().is_open
    assert not Enrollment.objects.exists()
    assert not IncomeBenefits.objects.exists()


def test_member_whose_enrollment_was_deleted_is_not_enrolled_again(
    begin, alice, dana, enrollment, ben
):
    walk = begin(alice)
    delete_enrollments(members=Enrollment.objects.filter(client=ben), by=dana)
    page = walk.browser.get(walk.finish()["Location"])
    assert "is not there any more" in page.text
    assert list(Enrollment.objects.all()) == [enrollment]


def test_member_who_is_left_is_assessed_alone(begin, alice, dana, ann, ben):
    walk = begin(alice, "update")
    answer(walk, ann, "9")
    delete_enrollments(members=Enrollment.objects.filter(client=ben), by=dana)
    assert walk.finish()["Location"] == walk.ends_at
    assert income(ann, stage=2).income_from_any_source == 9
