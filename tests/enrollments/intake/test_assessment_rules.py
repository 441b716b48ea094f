"""Each of HUD's rules on the pages of the assessments: what is an error, a warning, what passes."""

from datetime import timedelta

import pytest

from enrollments.intake.draft.sections import Step
from enrollments.intake.draft.steps import steps_for
from enrollments.models import Enrollment
from hud.choices import ProjectType
from tests.enrollments.intake.test_rules import blocked, in_words, passed, warned

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(lees_enrolling):
    return lees_enrolling.fresh()


class TestLivingSituation:
    """3.917"""

    HOSPITAL, YEAR = "206", "5"

    def save(self, walk, ann, shown=(), **answers):
        data = {f"c{ann.pk}-{name}": value for name, value in answers.items()}
        return walk.save(Step.UNIVERSAL, data | {f"c{ann.pk}-shown": list(shown)})

    def test_length_of_stay_follows_and_the_page_comes_back_for_it(self, walk, ann):
        answer = self.save(walk, ann, living_situation=self.HOSPITAL)
        assert answer.status_code == 200
        assert answer.context["errors"] == []
        assert answer.context["unseen"]
        rows = {row.question.name: row for row in answer.context["page"].forms[0].rows}
        assert not rows["length_of_stay"].hidden
        assert rows["previous_street_essh"].hidden

    def test_shown_and_left_blank_passes(self, walk, ann):
        assert passed(self.save(walk, ann, ["length_of_stay"], living_situation=self.HOSPITAL))

    @pytest.mark.parametrize(("length", "asks"), [("2", True), ("3", True), ("4", False)])
    def test_institution_of_90_days_stops(self, walk, ann, length, asks):
        answer = self.save(
            walk, ann, ["length_of_stay"], living_situation=self.HOSPITAL, length_of_stay=length
        )
        assert passed(answer) is not asks

    @pytest.mark.parametrize(("length", "asks"), [("11", True), ("2", False)])
    def test_other_situation_of_7_nights_stops(self, walk, ann, length, asks):
        answer = self.save(
            walk, ann, ["length_of_stay"], living_situation="336", length_of_stay=length
        )
        assert passed(answer) is not asks

    def test_answers_that_do_not_apply_are_not_stored(self, walk, ann):
        self.save(
            walk,
            ann,
            ["length_of_stay", "previous_street_essh", "times_homeless_past_three_years"],
            living_situation=self.HOSPITAL,
            length_of_stay=self.YEAR,
            previous_street_essh="1",
            times_homeless_past_three_years="4",
            date_to_street_essh="not a date",
        )
        walk.finish()
        row = Enrollment.objects.get(client=ann)
        assert (row.living_situation, row.length_of_stay, row.los_under_threshold) == (206, 5, 0)
        assert row.previous_street_essh is None
        assert row.times_homeless_past_three_years is None
        assert row.date_to_street_essh is None

    def test_from_the_street_everything_is_asked(self, walk, ann):
        history = ["date_to_street_essh", "times_homeless_past_three_years"]
        asked = ["length_of_stay", *history, "months_homeless_past_three_years"]
        assert passed(self.save(walk, ann, asked, living_situation="116"))

    def test_homelessness_after_the_start_is_an_error(self, walk, ann, today):
        later = in_words(today + timedelta(days=1))
        answer = self.save(walk, ann, living_situation="116", date_to_street_essh=later)
        assert "on or before the project start date" in blocked(answer)

    def test_homelessness_before_the_birth_is_an_error(self, walk, ann):
        answer = self.save(walk, ann, living_situation="116", date_to_street_essh="01/01/1960")
        assert "not before the date of birth" in blocked(answer)

    def test_child_is_not_asked(self, walk, cal):
        page = walk.see(Step.UNIVERSAL)
        assert f"c{cal.pk}-living_situation" not in page.content.decode()
        assert [one.client for one in page.context["page"].left_out] == [cal]


class TestCoC:
    """3.16"""

    def test_is_asked_of_the_head_alone(self, walk, ann, ben):
        page = walk.see(Step.UNIVERSAL).content.decode()
        assert f"c{ann.pk}-enrollment_coc" in page
        assert f"c{ben.pk}-enrollment_coc" not in page

    @pytest.mark.parametrize("code", ["MA500", "M-5000", "12-500", "MA-5X0"])
    def test_other_than_two_letters_and_three_digits_is_an_error(self, walk, ann, code):
        answer = walk.save(Step.UNIVERSAL, {f"c{ann.pk}-enrollment_coc": code})
        assert "two letters and three digits" in blocked(answer)

    def test_is_kept_in_capitals_and_offered_next_time(self, walk, ann):
        assert passed(walk.save(Step.UNIVERSAL, {f"c{ann.pk}-enrollment_coc": "ma-500"}))
        walk.finish()
        row = Enrollment.objects.get(client=ann)
        assert row.enrollment_coc == "MA-500"
        assert Enrollment.objects.latest_coc(row.project) == "MA-500"


class TestMoveInDate:
    """3.20"""

    @pytest.fixture
    def housing(self, project):
        type(project).objects.filter(pk=project.pk).update(project_type=ProjectType.PSH)

    def test_is_not_asked_outside_permanent_housing(self, walk):
        assert "move_in_date" not in walk.see(Step.UNIVERSAL).content.decode()

    def test_before_the_start_is_an_error(self, walk, housing, ann, today):
        early = {f"c{ann.pk}-move_in_date": in_words(today - timedelta(days=1))}
        assert "not before the start date" in blocked(walk.save(Step.UNIVERSAL, early))

    def test_start_passes(self, walk, housing, ann, today):
        start = {f"c{ann.pk}-move_in_date": in_words(today)}
        assert passed(walk.save(Step.UNIVERSAL, start))


class TestDateOfEngagement:
    """4.13"""

    @pytest.fixture(params=[ProjectType.STREET_OUTREACH, ProjectType.ES_NIGHT_BY_NIGHT])
    def outreach(self, project, request):
        type(project).objects.filter(pk=project.pk).update(project_type=request.param)

    def test_is_not_asked_elsewhere(self, walk):
        assert "date_of_engagement" not in walk.see(Step.UNIVERSAL).content.decode()

    def test_is_asked_of_head_and_adults(self, walk, outreach, ann, ben, cal):
        html = walk.see(Step.UNIVERSAL).content.decode()
        assert "Date of Engagement" in html
        asked = [one for one in (ann, ben, cal) if f"c{one.pk}-date_of_engagement" in html]
        assert asked == [ann, ben]

    def test_before_the_start_is_an_error(self, walk, outreach, ann, today):
        early = {f"c{ann.pk}-date_of_engagement": in_words(today - timedelta(days=1))}
        assert "not before the start date" in blocked(walk.save(Step.UNIVERSAL, early))

    def test_future_is_an_error(self, walk, outreach, ann, today):
        late = {f"c{ann.pk}-date_of_engagement": in_words(today + timedelta(days=1))}
        assert "not in the future" in blocked(walk.save(Step.UNIVERSAL, late))

    def test_start_passes_and_is_stored(self, walk, outreach, ann, today):
        start = {f"c{ann.pk}-date_of_engagement": in_words(today)}
        shown = [one.name for one in walk.see(Step.UNIVERSAL).context["page"].section.questions]
        assert passed(walk.save(Step.UNIVERSAL, start | {f"c{ann.pk}-shown": shown}))
        walk.finish()
        assert ann.enrollments.get().date_of_engagement == today

    def test_blank_passes(self, walk, outreach, ann):
        walk.finish()
        assert ann.enrollments.get().date_of_engagement is None


class TestDisablingCondition:
    """3.08, 4.05-4.10"""

    def rows(self, client, **answers):
        return {f"c{client.pk}-{name}": value for name, value in answers.items()}

    def test_is_derived_from_an_indefinite_disability(self, walk, ann):
        shown = {f"c{ann.pk}-shown": ["indefinite_5"]}
        data = self.rows(ann, response_5="1", indefinite_5="1") | shown
        assert passed(walk.save(Step.BARRIERS, data))
        walk.finish()
        assert Enrollment.objects.get(client=ann).disabling_condition == 1

    @pytest.mark.parametrize("kind", ["6", "8"])
    def test_developmental_and_hiv_are_always_disabling(self, walk, ann, kind):
        assert passed(walk.save(Step.BARRIERS, self.rows(ann, **{f"response_{kind}": "1"})))
        walk.finish()
        assert Enrollment.objects.get(client=ann).disabling_condition == 1

    def test_no_to_all_six_is_no(self, walk, ann):
        no = {f"response_{kind}": "0" for kind in range(5, 11)}
        assert passed(walk.save(Step.BARRIERS, self.rows(ann, **no)))
        walk.finish()
        assert Enrollment.objects.get(client=ann).disabling_condition == 0

    def test_contradicting_no_is_an_error(self, walk, ann):
        data = self.rows(ann, response_6="1", disabling_condition="0")
        assert "one of the disabilities is disabling" in blocked(walk.save(Step.BARRIERS, data))

    def test_contradicting_yes_is_an_error(self, walk, ann):
        no = {f"response_{kind}": "0" for kind in range(5, 11)}
        data = self.rows(ann, disabling_condition="1", **no)
        assert "Change disabling condition to No" in blocked(walk.save(Step.BARRIERS, data))

    def test_answer_stands_where_the_disabilities_leave_it_open(self, walk, ann):
        data = self.rows(ann, disabling_condition="1", response_5="0")
        assert passed(walk.save(Step.BARRIERS, data))
        walk.finish()
        assert Enrollment.objects.get(client=ann).disabling_condition == 1

    def test_indefinite_is_asked_after_a_yes_only(self, walk, ann):
        assert walk.save(Step.BARRIERS, self.rows(ann, response_5="1")).context["unseen"]
        assert passed(walk.save(Step.BARRIERS, self.rows(ann, response_5="0", indefinite_5="1")))
        walk.finish()
        row = ann.disability_rows.get(disability_type=5)
        assert (row.disability_response, row.indefinite_and_impairs) == (0, None)

    def test_substance_is_an_answer_to_substance_use_alone(self, walk, ann):
        answer = walk.save(Step.BARRIERS, self.rows(ann, response_5="3"))
        assert "not one of the available choices" in blocked(answer)


class TestDomesticViolence:
    """4.11"""

    def test_questions_follow_a_yes(self, walk, ann):
        yes = {f"c{ann.pk}-domestic_violence_survivor": "1"}
        assert walk.save(Step.VIOLENCE, yes).context["unseen"]

    def test_after_a_no_nothing_of_them_is_stored(self, walk, ann):
        data = {
            f"c{ann.pk}-domestic_violence_survivor": "0",
            f"c{ann.pk}-when_occurred": "1",
            f"c{ann.pk}-currently_fleeing": "1",
        }
        assert passed(walk.save(Step.VIOLENCE, data))
        walk.finish()
        row = ann.healthanddv_rows.get()
        assert row.domestic_violence_survivor == 0
        assert (row.when_occurred, row.currently_fleeing) == (None, None)

    def test_child_is_not_asked(self, walk, cal):
        assert f"c{cal.pk}-" not in walk.see(Step.VIOLENCE).content.decode()


class TestIncomeBenefitsInsurance:
    """4.02-4.04"""

    CASES = [
        (Step.INCOME, "income_from_any_source", "earned"),
        (Step.BENEFITS, "benefits_from_any_source", "snap"),
        (Step.INSURANCE, "insurance_from_any_source", "medicaid"),
    ]

    @pytest.mark.parametrize(("step", "any_field", "source"), CASES)
    def test_yes_without_a_source_is_an_error(self, walk, ann, step, any_field, source):
        answer = walk.save(step, {f"c{ann.pk}-{any_field}": "1"})
        assert "Choose at least one source" in blocked(answer)

    @pytest.mark.parametrize(("step", "any_field", "source"), CASES)
    @pytest.mark.parametrize("code", ["0", "8", "9", "99", ""])
    def test_source_without_a_yes_is_an_error(self, walk, ann, step, any_field, source, code):
        data = {f"c{ann.pk}-{any_field}": code, f"c{ann.pk}-{source}": "1"}
        answer = walk.save(step, data)
        assert "Change the answer to Yes, or take out" in blocked(answer)
        rows = {row.question.name: row for row in answer.context["page"].forms[0].rows}
        assert not rows[source].hidden

    @pytest.mark.parametrize(("step", "any_field", "source"), CASES)
    def test_yes_with_a_source_passes(self, walk, ann, step, any_field, source):
        prefix = f"c{ann.pk}"
        data = {f"{prefix}-{any_field}": "1", f"{prefix}-{source}": "1"}
        section = walk.see(step).context["page"].section
        shown = [one.name for one in section.questions if one.name != any_field]
        data |= {f"{prefix}-shown": shown, f"{prefix}-earned_amount": "850"}
        assert passed(walk.save(step, data))

    def test_amount_without_its_source_is_an_error(self, walk, ann):
        data = {"income_from_any_source": "1", "ssi": "1", "ssi_amount": "5", "ga_amount": "9"}
        answer = walk.save(Step.INCOME, {f"c{ann.pk}-{name}": v for name, v in data.items()})
        assert "Choose this source, or take out its amount." in blocked(answer)

    def test_negative_amount_is_an_error(self, walk, ann):
        data = {"income_from_any_source": "1", "ssi": "1", "ssi_amount": "-5"}
        answer = walk.save(Step.INCOME, {f"c{ann.pk}-{name}": v for name, v in data.items()})
        assert "not negative" in blocked(answer)

    def test_source_without_an_amount_is_a_warning(self, walk, ann):
        data = {"income_from_any_source": "1", "ssi": "1"}
        answer = walk.save(Step.INCOME, {f"c{ann.pk}-{name}": v for name, v in data.items()})
        assert "Enter the monthly amount" in warned(answer)

    def test_total_is_the_sum(self, walk, ann):
        section = walk.see(Step.INCOME).context["page"].section
        data = {
            "income_from_any_source": "1",
            "earned": "1",
            "earned_amount": "$1,200.50",
            "ssi": "1",
            "ssi_amount": "99.50",
            "total_monthly_income": "5",
        }
        data = {f"c{ann.pk}-{name}": value for name, value in data.items()}
        shown = [one.name for one in section.questions]
        assert passed(walk.save(Step.INCOME, data | {f"c{ann.pk}-shown": shown}))
        walk.finish()
        row = ann.incomebenefits_rows.get()
        assert row.total_monthly_income == 1300
        assert (row.earned, row.unemployment) == (1, 0)

    def test_no_income_has_no_sources_and_a_total_of_zero(self, walk, ann):
        assert passed(walk.save(Step.INCOME, {f"c{ann.pk}-income_from_any_source": "0"}))
        walk.finish()
        row = ann.incomebenefits_rows.get()
        assert (row.income_from_any_source, row.earned, row.total_monthly_income) == (0, None, 0)

    def test_other_source_is_named_only_where_it_is_ticked(self, walk, ann):
        data = {
            "benefits_from_any_source": "1",
            "snap": "1",
            "other_benefits_source_identify": "left over",
        }
        data = {f"c{ann.pk}-{name}": value for name, value in data.items()}
        section = walk.see(Step.BENEFITS).context["page"].section
        shown = [one.name for one in section.questions]
        assert passed(walk.save(Step.BENEFITS, data | {f"c{ann.pk}-shown": shown}))
        walk.finish()
        row = ann.incomebenefits_rows.get()
        assert (row.other_benefits_source, row.other_benefits_source_identify) == (0, "")


UNANSWERED = ["8", "9", "99"]


@pytest.mark.parametrize("code", UNANSWERED)
def test_8_9_and_99_are_always_savable(walk, ann, code):
    for step in steps_for("intake")[3:-1]:
        page = walk.see(step).context["page"]
        questions = [one for one in page.section.questions if int(code) in one.codes]
        data = {f"c{ann.pk}-{one.name}": code for one in questions}
        data |= {f"c{ann.pk}-shown": [one.name for one in page.section.questions]}
        assert passed(walk.save(step, data)), step
    assert walk.finish()["Location"] == walk.ends_at
