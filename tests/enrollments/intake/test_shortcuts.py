"""One button for many answers: No to all the rest, and the head's for the other adults."""

import pytest

from enrollments.intake.draft.sections import Step
from enrollments.models import Disability, Enrollment, IncomeBenefits
from tests.enrollments.intake.conftest import Walk

pytestmark = pytest.mark.django_db
KINDS = (5, 6, 7, 8, 9, 10)


def typed(walk, step) -> dict[str, str]:
    return {name: values[-1] for name, values in walk.fresh().answers.steps[step].items()}


def responses(walk, client) -> list[str]:
    kept = typed(walk, Step.BARRIERS)
    return [kept.get(f"c{client.pk}-response_{kind}", "") for kind in KINDS]


@pytest.fixture
def draft(lees_enrolling):
    return lees_enrolling.fresh()


@pytest.fixture
def household(walk):
    return walk


def test_button_says_no_where_one_person_has_not_answered(household, ann, ben):
    walk = household
    answers = {f"c{ann.pk}-response_5": "1", f"c{ann.pk}-response_7": "8"}
    answers |= {f"c{ann.pk}-response_9": "99"}
    answer = walk.save(Step.BARRIERS, answers, button="rest", rest=f"c{ann.pk}")
    assert answer["Location"] == f"{walk.url(Step.BARRIERS)}#c{ann.pk}"
    assert responses(walk, ann) == ["1", "0", "8", "0", "0", "0"]
    assert responses(walk, ben) == [""] * 6
    page = walk.see(Step.BARRIERS).content.decode()
    assert f'id="id_c{ann.pk}-response_6_0" checked' in page
    assert walk.fresh().step == Step.BARRIERS


def test_what_follows_a_yes_and_the_disabling_condition_are_left_to_the_user(household, ann):
    walk = household
    walk.save(Step.BARRIERS, {f"c{ann.pk}-response_5": "1"}, button="rest", rest=f"c{ann.pk}")
    kept = typed(walk, Step.BARRIERS)
    assert not kept.get(f"c{ann.pk}-indefinite_5")
    assert not kept.get(f"c{ann.pk}-disabling_condition")


def test_one_button_for_everybody(household, ann, ben, cal):
    walk = household
    walk.save(Step.BARRIERS, {f"c{ben.pk}-response_6": "1"}, button="rest", rest="all")
    assert responses(walk, ann) == ["0"] * 6
    assert responses(walk, ben) == ["0", "1", "0", "0", "0", "0"]
    walk.finish()
    assert Disability.objects.filter(disability_response=0).count() == 17
    assert Enrollment.objects.get(client=ben).disabling_condition == 1
    assert Enrollment.objects.get(client=cal).disabling_condition == 0


def test_no_to_all_the_rest_and_next_saves_and_goes_on(household, ann, ben):
    walk = household
    answers = {f"c{ben.pk}-response_6": "1", f"c{ben.pk}-indefinite_6": "1"}
    answer = walk.save(Step.BARRIERS, answers, button="rest_and_next")
    assert answer["Location"] == walk.url(Step.VIOLENCE)
    assert responses(walk, ann) == ["0"] * 6
    assert responses(walk, ben) == ["0", "1", "0", "0", "0", "0"]
    assert "rest_and_next" not in typed(walk, Step.BARRIERS)
    assert Step.BARRIERS in walk.fresh().answers.done


def test_no_to_all_the_rest_and_next_stays_where_an_answer_is_wrong(household, ann):
    walk = household
    said = {"income_from_any_source": "1", "ssi": "1", "ssi_amount": "much"}
    answers = {f"c{ann.pk}-{name}": text for name, text in said.items()}
    answer = walk.save(Step.INCOME, answers, button="rest_and_next")
    assert answer.status_code == 200
    assert "Please check these answers" in answer.content.decode()
    assert walk.fresh().step == Step.INCOME


@pytest.mark.parametrize(
    ("step", "name"),
    [
        (Step.INCOME, "income_from_any_source"),
        (Step.BENEFITS, "benefits_from_any_source"),
        (Step.INSURANCE, "insurance_from_any_source"),
    ],
)
def test_income_benefits_and_insurance_have_it_too(household, ann, ben, step, name):
    walk = household
    walk.save(step, {f"c{ann.pk}-{name}": "9"}, button="rest", rest="all")
    walk.finish()
    assert getattr(IncomeBenefits.objects.get(client=ann), name) == 9
    assert getattr(IncomeBenefits.objects.get(client=ben), name) == 0


def test_domestic_violence_is_never_answered_by_a_button(household, ann):
    walk = household
    page = walk.see(Step.VIOLENCE).content.decode()
    assert "data-rest" not in page
    assert "data-no" not in page
    walk.save(Step.VIOLENCE, {}, button="rest", rest="all")
    assert not typed(walk, Step.VIOLENCE).get(f"c{ann.pk}-domestic_violence_survivor")


@pytest.mark.parametrize("whose", ["c0", "zzz", "c99999999999999999999", "ALL"])
def test_nobody_is_answered_for_whom_the_page_does_not_ask(household, ann, whose):
    walk = household
    assert walk.save(Step.BARRIERS, {}, button="rest", rest=whose).status_code == 302
    assert responses(walk, ann) == [""] * 6


def test_button_of_somebody_elses_draft_is_not_found(household, portal, bob, ann):
    other = Walk(portal(bob), household.draft)
    answer = other.browser.post(other.url(Step.BARRIERS), {"rest": "all", "tab": "b", "seen": 0})
    assert answer.status_code == 404
    assert Step.BARRIERS not in household.fresh().answers.steps


def test_two_pages_at_once_the_second_button_asks_first(household, ann):
    walk = household
    walk.save(Step.BARRIERS, {f"c{ann.pk}-response_5": "1"}, tab="a")
    data = {f"c{ann.pk}-response_5": "0", "rest": "all", "tab": "b", "seen": "0"}
    page = walk.browser.post(walk.url(Step.BARRIERS), data)
    assert "saved on another page in the meantime" in page.content.decode()
    assert responses(walk, ann) == ["1", "", "", "", "", ""]


# the head's answers for the other adults


def situation(client) -> dict[str, str]:
    return {
        f"c{client.pk}-living_situation": "116",
        f"c{client.pk}-length_of_stay": "5",
        f"c{client.pk}-date_to_street_essh": "01/02/2025",
        f"c{client.pk}-times_homeless_past_three_years": "1",
        f"c{client.pk}-months_homeless_past_three_years": "113",
        f"c{client.pk}-enrollment_coc": "MA-500",
    }


def test_other_adults_get_the_heads_prior_living_situation(household, ann, ben, cal):
    walk = household
    answers = situation(ann) | {f"c{ben.pk}-living_situation": "410"}
    answer = walk.save(Step.UNIVERSAL, answers, button="same")
    assert answer["Location"] == f"{walk.url(Step.UNIVERSAL)}#c{ben.pk}"
    walk.finish()
    head, other, child = (Enrollment.objects.get(client=one) for one in (ann, ben, cal))
    names = ("living_situation", "length_of_stay", "date_to_street_essh")
    names += ("times_homeless_past_three_years", "months_homeless_past_three_years")
    for name in names:
        assert getattr(other, name) == getattr(head, name) is not None
        assert getattr(child, name) is None


def test_coc_is_copied_where_it_is_asked_alone(household, ann, ben):
    """3.16 is asked of the head; what another member never had is not invented."""
    walk = household
    walk.save(Step.UNIVERSAL, situation(ann), button="same")
    walk.finish()
    assert Enrollment.objects.get(client=ann).enrollment_coc == "MA-500"
    assert Enrollment.objects.get(client=ben).enrollment_coc == ""


def test_without_another_adult_there_is_no_button(walk, project, ann, cal):
    walk.enroll(project, ann, cal, relationships={0: "1", 1: "2"})
    assert "data-same" not in walk.see(Step.UNIVERSAL).content.decode()
    walk.save(Step.UNIVERSAL, situation(ann), button="same")
    assert f"c{cal.pk}-living_situation" not in typed(walk, Step.UNIVERSAL)


# how the steps say it


def test_program_enrollment_says_save_as_the_cheat_sheet_does(household):
    page = household.see(Step.PROGRAM).content.decode()
    assert 'name="next" value="1" class="btn btn-primary">Save</button>' in page
    assert "Save &amp; Next" not in page
    assert "Save &amp; Next</button>" in household.see(Step.BARRIERS).content.decode()


def test_steps_say_how_far_one_is(household):
    page = " ".join(household.see(Step.PROGRAM).content.decode().split())
    assert 'Step <span class="num">3</span> of <span class="num">10</span>' in page


def test_no_answer_stands_apart_from_yes_and_no(household, ann):
    page = household.see(Step.BARRIERS).content.decode()
    start = page.index(f'id="id_c{ann.pk}-response_5"')
    question = page[start : page.index("</fieldset>", start)]
    answers, _, without = question.partition('<div class="no-answers">')
    assert [code in answers for code in ("_0", "_1", "_8", "_9", "_99")] == [True] * 2 + [False] * 3
    assert all(f'value="{code}"' in without for code in (8, 9, 99))
