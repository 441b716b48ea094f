"""An enrollment is re-opened in the same steps, and assessed again later (4.9, 5.03)."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from enrollments.intake.draft.sections import SECTIONS, Step
from enrollments.intake.draft.start import start
from enrollments.intake.draft.steps import steps_for, steps_of
from enrollments.models import (
    CaseAssignment,
    Disability,
    Enrollment,
    HealthAndDV,
    Household,
    IncomeBenefits,
    IntakeDraft,
)
from hud.anniversaries import anniversary
from tests.enrollments.factories import HealthAndDVFactory, IncomeBenefitsFactory
from tests.enrollments.intake.conftest import MY_DAY, Walk, began
from tests.factories import ClientFactory
from tests.pages import messages

pytestmark = pytest.mark.django_db
Kind = IntakeDraft.Kind
DAYS_AGO = 10


@pytest.fixture(scope="module")
def enrolled_once(lees_once) -> Walk:
    """The three, enrolled ten days ago, with a few answers."""
    ann, ben, cal = lees_once.ann, lees_once.ben, lees_once.cal
    day = timezone.localdate() - timedelta(days=DAYS_AGO)
    walk = lees_once.enrolling(ann, ben, cal, day=day)
    walk.save(
        Step.UNIVERSAL,
        {f"c{ann.pk}-living_situation": "116", f"c{ann.pk}-enrollment_coc": "MA-500"}
        | {f"c{ann.pk}-shown": ["length_of_stay", *HISTORY]},
    )
    walk.save(Step.BARRIERS, {f"c{ann.pk}-response_6": "1"})
    walk.save(Step.VIOLENCE, {f"c{ben.pk}-domestic_violence_survivor": "0"})
    walk.save(Step.INCOME, {f"c{ann.pk}-income_from_any_source": "0"})
    assert walk.finish()["Location"] == walk.ends_at
    return walk


@pytest.fixture
def draft(enrolled_once):
    return enrolled_once.fresh()


@pytest.fixture
def enrollment(enrolled_once, ann):
    return Enrollment.objects.get(client=ann)


HISTORY = [
    "date_to_street_essh",
    "times_homeless_past_three_years",
    "months_homeless_past_three_years",
]


@pytest.fixture
def begin(portal, alice, enrollment):
    """Begin a draft of some kind from the enrollment, by its link."""

    def press(kind: str) -> Walk:
        return began(
            portal(alice), f"/clients/{enrollment.client_id}/enrollments/{enrollment.pk}/{kind}/"
        )

    return press


@pytest.mark.parametrize("kind", ["reopen", "update", "annual"])
def test_every_step_opens_and_says_what_it_is(begin, kind):
    walk = begin(kind)
    for step in steps_of(walk.draft):
        assert f"<h1>{step.label}</h1>" in walk.see(step).content.decode(), step


class TestReopening:
    def test_goes_through_the_same_steps_filled_in(self, begin, ann):
        walk = begin("reopen")
        assert steps_for(walk.draft.kind) == steps_for("intake")
        rows = walk.see(Step.UNIVERSAL).context["page"].forms[0].rows
        values = {row.question.name: row.bound.value() for row in rows}
        assert (values["living_situation"], values["enrollment_coc"]) == ("116", "MA-500")
        assert all(entry["url"] for entry in walk.see(Step.BASIC).context["steps"])

    def test_corrects_the_rows_in_place(self, begin, ann, ben, cal, enrollment):
        walk = begin("reopen")
        keys = sorted(Disability.objects.values_list("key", flat=True))
        walk.save(Step.BARRIERS, {f"c{ann.pk}-response_6": "0"})
        walk.save(Step.INCOME, {f"c{ann.pk}-income_from_any_source": "9"})
        assert walk.finish()["Location"] == walk.ends_at
        assert (Household.objects.count(), Enrollment.objects.count()) == (1, 3)
        assert sorted(Disability.objects.values_list("key", flat=True)) == keys
        assert ann.incomebenefits_rows.get().income_from_any_source == 9
        assert ann.disability_rows.get(disability_type=6).disability_response == 0
        assert CaseAssignment.objects.count() == 3
        assert walk.fresh().household == enrollment.household

    def test_keeps_the_history_of_what_was(self, begin, ann):
        begin("reopen").save(Step.INCOME, {f"c{ann.pk}-income_from_any_source": "9"})
        draft = IntakeDraft.objects.paused().get()
        from enrollments.intake.finish import finish

        finish(draft=draft, by=draft.created_by)
        events = IncomeBenefits.pgh_event_model.objects.filter(client=ann).order_by("pgh_id")
        assert [one.income_from_any_source for one in events] == [0, 9]

    def test_enrollment_itself_does_not_overlap_with_itself(
        self, begin, ann, project, ben, cal, today
    ):
        walk = begin("reopen")
        day = today - timedelta(days=DAYS_AGO - 2)
        answer = walk.save(Step.PROGRAM, walk.program(project, ann, ben, cal, day=day))
        assert answer.status_code == 302, answer.context["errors"]
        walk.finish()
        assert {row.entry_date for row in Enrollment.objects.all()} == {day}
        assert {row.begins_on for row in CaseAssignment.objects.all()} == {day}
        assert {row.information_date for row in IncomeBenefits.objects.all()} == {day}

    def test_start_that_was_late_by_no_day_when_it_was_filed_is_not_late_later(
        self, begin, portal, alice, ann, ben, cal, project, today
    ):
        later = datetime.combine(today, datetime.min.time(), UTC) + timedelta(days=90, hours=17)
        walk = begin("reopen")
        with time_machine.travel(later, tick=False):
            walk = Walk(portal(alice), walk.draft)
            assert walk.see(Step.REVIEW).context["warnings"] == []
            moved = today - timedelta(days=DAYS_AGO - 1)
            answer = walk.save(Step.PROGRAM, walk.program(project, ann, ben, cal, day=moved))
            assert "30 days ago" in answer.context["warnings"][0].text

    def test_start_of_long_ago_is_asked_about_where_it_was_changed(
        self, begin, ann, ben, cal, project, today
    ):
        start = today - timedelta(days=40)
        Enrollment.objects.update(entry_date=start)
        walk = begin("reopen")
        assert walk.see(Step.REVIEW).context["warnings"] == []
        answer = walk.save(Step.PROGRAM, walk.program(project, ann, ben, cal, day=start))
        assert answer.status_code == 302, answer.context["warnings"]
        data = walk.program(project, ann, ben, cal, day=start)
        data[f"c{ben.pk}-entry_date"] = (start - timedelta(days=1)).strftime(MY_DAY)
        warnings = walk.save(Step.PROGRAM, data).context["warnings"]
        assert {one.who for one in warnings} == {ben.display_name}
        assert [
            part
            for one in warnings
            for part in ("30 days ago", "before the head")
            if part in one.text
        ] == ["30 days ago", "before the head"]

    def test_child_who_heads_a_household_is_asked_about_once(
        self, begin, ann, ben, cal, project, enrollment
    ):
        Enrollment.objects.filter(client=ann).update(relationship_to_hoh=2)
        Enrollment.objects.filter(client=cal).update(relationship_to_hoh=1)
        walk, related = begin("reopen"), {0: "2", 1: "3", 2: "1"}
        day = enrollment.entry_date
        data = walk.program(project, ann, ben, cal, day=day, relationships=related)
        assert walk.save(Step.PROGRAM, data).status_code == 302
        data[f"c{ben.pk}-relationship_to_hoh"] = "4"
        (warning,) = walk.save(Step.PROGRAM, data).context["warnings"]
        assert "Check who is Self" in warning.text

    def test_answer_that_was_confirmed_is_asked_about_where_it_was_changed(
        self, begin, ann, ben, cal, enrollment
    ):
        since = enrollment.entry_date - timedelta(days=300)
        homeless = {"date_to_street_essh": since, "times_homeless_past_three_years": 1}
        homeless["months_homeless_past_three_years"] = 102
        Enrollment.objects.filter(client=ann).update(**homeless)
        walk = begin("reopen")
        assert walk.see(Step.REVIEW).context["warnings"] == []
        answers = walk.fresh().answers.typed(Step.UNIVERSAL)
        shown = [one.name for one in SECTIONS[Step.UNIVERSAL].questions]
        people = (ann, ben, cal)
        answers = dict(answers.lists()) | {f"c{one.pk}-shown": shown for one in people}
        answer = walk.save(Step.UNIVERSAL, answers)
        assert answer.status_code == 302, (answer.context["errors"], answer.context["warnings"])
        answers[f"c{ann.pk}-months_homeless_past_three_years"] = "103"
        (warning,) = walk.save(Step.UNIVERSAL, answers).context["warnings"]
        assert "began longer ago than that" in warning.text

    def test_member_cannot_be_unticked_and_the_project_stays(self, begin, ann, ben, cal, project):
        walk = begin("reopen")
        data = walk.program(project, ann, ben, cal)
        for client in (ben, cal):
            del data[f"c{client.pk}-enroll"]
        walk.save(Step.PROGRAM, data)
        walk.finish()
        assert Enrollment.objects.count() == 3

    def test_household_past_the_limit_of_ticks_goes_on(self, begin, harbor, alice, monkeypatch):
        monkeypatch.setattr("enrollments.intake.steps.family.MOST", 1)
        walk = begin("reopen")
        assert walk.save(Step.FAMILY).status_code == 302
        two = ClientFactory.create_batch(2, organization=harbor, created_by=alice)
        answer = walk.save(Step.FAMILY, {"member": [one.pk for one in two]})
        assert "Tick at most" in answer.content.decode()

    def test_somebody_joins_and_is_assigned(self, begin, ann, ben, cal, project, harbor, alice):
        dee = ClientFactory(organization=harbor, created_by=alice, first_name="Dee")
        walk = begin("reopen")
        walk.save(Step.FAMILY, {"member": [dee.pk]})
        data = walk.program(project, ann, ben, cal, dee)
        for client in (ann, ben, cal):
            row = Enrollment.objects.get(client=client)
            data[f"c{client.pk}-entry_date"] = row.entry_date.strftime(MY_DAY)
        assert walk.save(Step.PROGRAM, data).status_code == 302
        walk.finish()
        row = Enrollment.objects.get(client=dee)
        assert row.household == Household.objects.get()
        assert row.case_assignments.get().case_manager == alice
        assert CaseAssignment.objects.count() == 4

    def test_an_ended_enrollment_keeps_its_exit(self, begin, enrollment, today):
        Enrollment.objects.update(exit_date=today, destination=435)
        walk = begin("reopen")
        walk.finish()
        assert {row.exit_date for row in Enrollment.objects.all()} == {today}

    def test_is_for_the_organization_that_filed_it(self, portal, charlie, enrollment):
        answer = portal(charlie).get(
            f"/clients/{enrollment.client_id}/enrollments/{enrollment.pk}/reopen/"
        )
        assert answer.status_code == 403

    def test_eight_take_at_most_17_queries_a_page(self, begin, django_assert_max_num_queries):
        # Two of them are the project's CoCs and its grants.
        walk = begin("reopen")
        for step in steps_for("intake"):
            with django_assert_max_num_queries(17):
                assert walk.see(step).status_code == 200


class TestUpdate:
    def test_is_limited_to_the_fitting_steps(self, begin):
        walk = begin("update")
        labels = [entry["label"] for entry in walk.see(Step.BARRIERS).context["steps"]]
        assert labels == [step.label for step in steps_for("intake")[4:]]
        assert walk.see(Step.PROGRAM).status_code == 404

    def test_is_filed_as_another_stage_under_its_date(self, begin, ann, ben, cal, today):
        walk = begin("update")
        day = today - timedelta(days=2)
        data = {"information_date": day.strftime(MY_DAY), f"c{ann.pk}-response_5": "0"}
        answer = walk.save(Step.BARRIERS, data)
        assert answer.status_code == 302, answer.context["errors"]
        walk.save(Step.INCOME, {f"c{ann.pk}-income_from_any_source": "8"})
        assert walk.finish()["Location"] == walk.ends_at
        rows = IncomeBenefits.objects.filter(data_collection_stage=2)
        assert {row.client for row in rows} == {ann, ben, cal}
        assert {row.information_date for row in rows} == {day}
        assert ann.incomebenefits_rows.get(data_collection_stage=2).income_from_any_source == 8
        assert ann.incomebenefits_rows.get(data_collection_stage=1).income_from_any_source == 0
        assert HealthAndDV.objects.filter(data_collection_stage=2).count() == 2
        assert Disability.objects.filter(data_collection_stage=2).count() == 18
        assert Enrollment.objects.get(client=ann).disabling_condition == 1

    def test_begins_with_the_last_answers_and_says_so(self, begin):
        walk = begin("update")
        page = walk.see(Step.INCOME)
        assert page.context["page"].forms[0].rows[0].bound.value() == "0"
        assert "Filled in with the last answers." in page.content.decode()

    def test_disabling_condition_is_not_asked_again(self, begin):
        assert "disabling_condition" not in begin("update").see(Step.BARRIERS).content.decode()

    @pytest.mark.parametrize(("shift", "message"), [(1, "future"), (-DAYS_AGO - 1, "start date")])
    def test_outside_the_enrollment_is_an_error(self, begin, today, shift, message):
        day = (today + timedelta(days=shift)).strftime(MY_DAY)
        answer = begin("update").save(Step.BARRIERS, {"information_date": day})
        assert message in answer.context["errors"][0].text

    def test_of_an_ended_enrollment_is_dated_inside_it(self, portal, alice, enrollment, today):
        left = today - timedelta(days=2)
        Enrollment.objects.update(exit_date=left)
        url = f"/clients/{enrollment.client_id}/enrollments/{enrollment.pk}/update/"
        assert began(portal(alice), url).draft.answers.day == left

    def test_two_updates_stand_beside_each_other(self, begin, ann, today):
        for days in range(2):
            walk = begin("update")
            day = today - timedelta(days=days)
            walk.save(Step.BARRIERS, {"information_date": day.strftime(MY_DAY)})
            walk.finish()
        assert ann.incomebenefits_rows.filter(data_collection_stage=2).count() == 2


class TestAnnual:
    def test_is_income_benefits_and_insurance(self, begin):
        walk = begin("annual")
        labels = [entry["label"] for entry in walk.see(Step.INCOME).context["steps"]]
        assert labels == [step.label for step in steps_for("intake")[6:]]

    def test_outside_its_window_is_a_warning(self, begin, today):
        answer = begin("annual").save(Step.INCOME, {"information_date": today.strftime(MY_DAY)})
        assert "30 days from the anniversary" in answer.context["warnings"][0].text

    def test_within_its_window_passes_and_is_stage_5(self, portal, alice, enrollment, ann):
        due = anniversary(enrollment.entry_date, enrollment.entry_date.year + 1) + timedelta(
            days=30
        )
        noon = datetime(due.year, due.month, due.day, 12, tzinfo=UTC) + timedelta(hours=5)
        with time_machine.travel(noon, tick=False):
            draft = start(
                kind=Kind.ANNUAL,
                by=alice,
                organization=enrollment.organization,
                client=ann,
                household=enrollment.household,
            )
            walk = Walk(portal(alice), draft)
            answer = walk.save(Step.INCOME, {"information_date": due.strftime(MY_DAY)})
            assert answer.status_code == 302, answer.context["warnings"]
            assert walk.finish()["Location"] == walk.ends_at
        rows = IncomeBenefits.objects.filter(data_collection_stage=5)
        assert {row.information_date for row in rows} == {due}
        assert rows.count() == 3

    def test_second_one_within_a_window_is_confirmed(
        self, portal, alice, enrollment, ben, time_machine
    ):
        """Whichever member has one; it is said again where it is filed meanwhile."""
        due = anniversary(enrollment.entry_date, enrollment.entry_date.year + 1)
        time_machine.move_to(datetime(due.year, due.month, due.day, 17, tzinfo=UTC), tick=False)
        of_ben = Enrollment.objects.get(client=ben)
        options = {"enrollment": of_ben, "data_collection_stage": 5}
        IncomeBenefitsFactory(information_date=due - timedelta(days=31), **options)
        place = f"/clients/{enrollment.client_id}/enrollments/{enrollment.pk}/annual/"
        walk = began(portal(alice), place)
        typed = {"information_date": due.strftime(MY_DAY)}
        assert walk.save(Step.INCOME, typed).status_code == 302
        IncomeBenefitsFactory(information_date=due - timedelta(days=30), **options)
        (warning,) = walk.see(Step.REVIEW).context["warnings"]
        assert "HUD wants one a year" in warning.text
        asked = walk.save(Step.INCOME, typed)
        assert [one.text for one in asked.context["warnings"]] == [warning.text]
        shown = [one.key for one in asked.context["warnings"]]
        answer = walk.save(Step.INCOME, typed, asked=shown, confirm="1")
        assert answer.status_code == 302
        assert walk.finish()["Location"] == walk.ends_at

    def test_date_of_the_one_that_is_corrected_may_move_within_its_window(
        self, portal, alice, enrollment, time_machine
    ):
        due = anniversary(enrollment.entry_date, enrollment.entry_date.year + 1)
        time_machine.move_to(datetime(due.year, due.month, due.day, 17, tzinfo=UTC), tick=False)
        IncomeBenefitsFactory(
            enrollment=enrollment,
            data_collection_stage=5,
            information_date=due - timedelta(days=9),
        )
        place = f"/clients/{enrollment.client_id}/enrollments/{enrollment.pk}/begin/annual/of"
        walk = began(portal(alice), f"{place}/{due - timedelta(days=9)}/income/")
        answer = walk.save(Step.INCOME, {"information_date": due.strftime(MY_DAY)})
        assert answer.status_code == 302, answer.context["warnings"]


class TestExitAnswers:
    def test_are_stage_3_at_the_exit_date_and_are_corrected_in_place(
        self, begin, enrollment, ann, today
    ):
        enrollment.exit_date = today - timedelta(days=1)
        enrollment.save()
        walk = begin("exit-answers")
        walk.save(Step.INCOME, {f"c{ann.pk}-income_from_any_source": "8"})
        assert walk.finish()["Location"] == walk.ends_at
        row = IncomeBenefits.objects.get(data_collection_stage=3)
        assert (row.client, row.information_date) == (ann, enrollment.exit_date)
        again = begin("exit-answers")
        again.save(Step.INCOME, {f"c{ann.pk}-income_from_any_source": "9"})
        again.finish()
        row.refresh_from_db()
        assert row.income_from_any_source == 9
        assert Disability.objects.filter(data_collection_stage=3).count() == 6


class TestCorrecting:
    """A filed update or annual assessment is opened again from the enrollment's page."""

    @pytest.fixture
    def filed(self, begin, ann, today):
        """An update of two days ago, Ann without an answer about income."""
        walk, day = begin("update"), today - timedelta(days=2)
        walk.save(Step.BARRIERS, {"information_date": day.strftime(MY_DAY)})
        walk.save(Step.INCOME, {f"c{ann.pk}-income_from_any_source": "8"})
        assert walk.finish().status_code == 302
        return day

    @pytest.fixture
    def press(self, portal, enrollment):
        def press(user, day, stage=2):
            kinds = {1: ("reopen", "basic"), 2: ("update", "barriers"), 5: ("annual", "income")}
            kind, step = kinds[stage]
            place = f"/clients/{enrollment.client_id}/enrollments/{enrollment.pk}/begin/{kind}"
            browser = portal(user)
            page = browser.get(f"{place}/of/{day}/{step}/", follow=True)
            if page.context and "opened_with" in page.context and page.context["opened_with"]:
                given = page.context
                data = {"tab": "a", "seen": "0", "opened_with": given["opened_with"]}
                assert browser.post(given["autosave_url"], data).status_code == 200
            return page

        return press

    @pytest.fixture
    def correct(self, press, portal, alice):
        def correct(day, stage=2):
            assert press(alice, day, stage).status_code == 200
            return Walk(portal(alice), IntakeDraft.objects.paused().get())

        return correct

    def test_button_is_on_updates_and_annual_assessments(self, portal, alice, filed, enrollment):
        page = portal(alice).get(enrollment.get_absolute_url()).content.decode()
        assert page.count("Correct<span") == 1
        assert f"the Update of {filed.strftime(MY_DAY)}" in page

    def test_begins_with_what_was_filed_then_and_says_so(self, begin, correct, filed, ann, today):
        later = begin("update")
        later.save(Step.INCOME, {f"c{ann.pk}-income_from_any_source": "9"})
        later.finish()
        walk = correct(filed)
        page = walk.see(Step.INCOME)
        assert page.context["page"].forms[0].rows[0].bound.value() == "8"
        assert f"Update assessment of {filed.strftime(MY_DAY)}" in page.content.decode()
        assert "Filled in with the last answers." not in page.content.decode()

    def test_changes_the_rows_in_place(self, correct, filed, ann, ben):
        before = sorted(IncomeBenefits.objects.values_list("key", flat=True))
        disabilities = Disability.objects.count()
        walk = correct(filed)
        walk.save(Step.INCOME, {f"c{ann.pk}-income_from_any_source": "9"})
        assert walk.finish()["Location"] == walk.ends_at
        assert sorted(IncomeBenefits.objects.values_list("key", flat=True)) == before
        assert Disability.objects.count() == disabilities
        row = ann.incomebenefits_rows.get(data_collection_stage=2)
        assert (row.income_from_any_source, row.information_date) == (9, filed)
        assert ann.incomebenefits_rows.get(data_collection_stage=1).income_from_any_source == 0

    def test_date_is_corrected_too(self, correct, filed, ann):
        day = filed - timedelta(days=1)
        walk = correct(filed)
        walk.save(Step.BARRIERS, {"information_date": day.strftime(MY_DAY)})
        walk.finish()
        for rows in (ann.incomebenefits_rows, ann.disability_rows, ann.healthanddv_rows):
            assert {row.information_date for row in rows.filter(data_collection_stage=2)} == {day}

    def test_second_one_of_a_day_is_refused(self, begin, filed):
        """Two of a day would be shown, corrected and deleted as one."""
        second = begin("update")
        typed = {"information_date": filed.strftime(MY_DAY)}
        answer = second.save(Step.BARRIERS, typed)
        assert answer.status_code == 200
        assert "has been saved already" in answer.context["errors"][0].text
        day = filed - timedelta(days=1)
        assert second.save(Step.BARRIERS, {"information_date": day.strftime(MY_DAY)}).url

    def test_second_one_of_a_day_is_refused_where_nothing_of_income_was_asked(
        self, begin, enrollment, today
    ):
        """As of a child alone, or of an import that brings one file of the five."""
        HealthAndDVFactory(enrollment=enrollment, data_collection_stage=2, information_date=today)
        typed = {"information_date": today.strftime(MY_DAY)}
        answer = begin("update").save(Step.BARRIERS, typed)
        assert "has been saved already" in answer.context["errors"][0].text

    def test_one_that_was_filed_meanwhile_is_noticed_before_finish(self, begin, enrollment, today):
        second = begin("update")
        second.save(Step.BARRIERS, {"information_date": today.strftime(MY_DAY)})
        IncomeBenefitsFactory(
            enrollment=enrollment, data_collection_stage=2, information_date=today
        )
        done = second.browser.post(f"/intake/{second.draft.pk}/finish/", follow=True)
        whose = enrollment.client.display_name
        assert f"has been saved already for {whose}. To change" in messages(done)[0]
        assert IncomeBenefits.objects.filter(data_collection_stage=2).count() == 1

    def test_of_two_on_one_day_the_later_is_corrected(self, correct, filed, ann):
        """As an import may bring them."""
        first = ann.incomebenefits_rows.get(data_collection_stage=2)
        IncomeBenefitsFactory(
            enrollment=first.enrollment, data_collection_stage=2, information_date=filed
        )
        walk = correct(filed)
        walk.save(Step.INCOME, {f"c{ann.pk}-income_from_any_source": "9"})
        walk.finish()
        rows = ann.incomebenefits_rows.filter(data_collection_stage=2).order_by("pk")
        assert [row.income_from_any_source for row in rows] == [8, 9]

    def test_paused_correction_is_continued_and_no_other_draft(
        self, begin, correct, press, alice, filed
    ):
        fresh = begin("update").draft
        press(alice, filed)
        press(alice, filed)
        drafts = IntakeDraft.objects.paused()
        assert drafts.count() == 2
        assert fresh in drafts

    def test_colleague_who_corrects_it_first_is_not_overwritten(
        self, press, portal, alice, bob, filed, ann
    ):
        walks = {}
        for user, code in ((alice, "9"), (bob, "99")):
            press(user, filed)
            draft = IntakeDraft.objects.owned_by(user).paused().get()
            walks[user] = Walk(portal(user), draft)
            walks[user].save(Step.INCOME, {f"c{ann.pk}-income_from_any_source": code})
        walks[bob].finish()
        assert walks[alice].finish()["Location"] == walks[alice].url(Step.REVIEW)
        assert ann.incomebenefits_rows.get(data_collection_stage=2).income_from_any_source == 99

    def test_assessment_that_was_moved_to_another_day_is_not_filed_twice(self, correct, filed, ann):
        walk = correct(filed)
        walk.save(Step.INCOME, {f"c{ann.pk}-income_from_any_source": "9"})
        for rows in (ann.incomebenefits_rows, ann.disability_rows, ann.healthanddv_rows):
            filed_then = rows.model.objects.filter(data_collection_stage=2)
            filed_then.update(information_date=filed - timedelta(days=1))
        answer = walk.browser.get(walk.finish()["Location"]).content.decode()
        assert "is not there any more" in answer
        rows = ann.incomebenefits_rows.filter(data_collection_stage=2)
        assert [row.income_from_any_source for row in rows] == [8]

    def test_is_possible_after_the_exit(self, correct, filed, ann, today):
        Enrollment.objects.update(exit_date=today - timedelta(days=1))
        walk = correct(filed)
        walk.save(Step.INCOME, {f"c{ann.pk}-income_from_any_source": "9"})
        walk.finish()
        assert ann.incomebenefits_rows.get(data_collection_stage=2).income_from_any_source == 9

    @pytest.mark.parametrize(
        "wrong", [{"stage": 1}, {"stage": 5}, {"day": date(2020, 1, 1)}], ids=str
    )
    def test_what_was_not_filed_is_not_corrected(self, press, alice, filed, enrollment, wrong):
        answer = press(alice, **{"day": filed} | wrong)
        assert "no longer exists" in answer.content.decode()
        assert answer.request["PATH_INFO"] == enrollment.get_absolute_url()
        assert not IntakeDraft.objects.paused().exists()

    def test_is_for_the_organization_that_filed_it(self, press, portal, charlie, filed, enrollment):
        assert press(charlie, filed).status_code == 403
        page = portal(charlie).get(enrollment.get_absolute_url()).content.decode()
        assert "Correct<span" not in page


def test_child_who_is_an_adult_by_now_is_asked_later(begin, cal, today):
    """HUD asks by the age on the date of the answers."""
    type(cal).objects.filter(pk=cal.pk).update(dob=date(today.year - 18, today.month, 1))
    page = begin("update").see(Step.INCOME).context["page"]
    assert cal in {form.member.client for form in page.forms}
