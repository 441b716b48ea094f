"""What programs ask at assessments: health, work and school, HIV, insurance (W, P4, R4-R10, C3)."""

from datetime import date, timedelta

import pytest

from enrollments.intake.draft.household import ANSWERS_OF
from enrollments.intake.draft.sections import SECTIONS, Step
from enrollments.intake.draft.steps import steps_for
from enrollments.models import (
    Disability,
    EmploymentEducation,
    HealthAndDV,
    IncomeBenefits,
    IntakeDraft,
    YouthEducationStatus,
)
from hud.choices import ProjectType
from hud.elements import ELEMENTS, FIELDS, assessments
from hud.lists import code_list
from hud.programs import Grant
from tests.agencies.factories import FunderFactory
from tests.enrollments.factories import (
    DisabilityFactory,
    EmploymentEducationFactory,
    EnrollmentFactory,
    HealthAndDVFactory,
    IncomeBenefitsFactory,
    YouthEducationStatusFactory,
)
from tests.enrollments.intake.conftest import began
from tests.enrollments.intake.test_rules import blocked, passed

Kind = IntakeDraft.Kind
DAY = date(2026, 3, 2)
ES, TH, OUTREACH, PREVENTION, RRH = 0, 2, 4, 12, 13
HOPWA, VASH, PATH, BCP, TLP, RHY_OUTREACH, SSVF, GPD, YHDP = 15, 20, 21, 22, 24, 25, 33, 40, 43
FUNDERS = [code for code, _ in code_list("2.06.1").values]
NEW = {one.name for one in assessments.FIELDS} | set(ANSWERS_OF["4.04.A"])


def indoors(funder, kind):
    return funder in range(22, 27) and kind != OUTREACH


def ssvf(funder, kind):
    return funder == SSVF and kind in (PREVENTION, RRH)


def hopwa(funder, kind):
    return funder in range(13, 20)


START, UPDATE, ANNUAL, EXIT = 1, 2, 5, 3
# From the program manuals: of whom, at which stages, by which programs.
MANUALS = {
    "4.04.A": ("all clients", {START, UPDATE, ANNUAL, EXIT}, hopwa),
    "W3": ("all clients", {START, UPDATE, EXIT}, hopwa),
    "W4": ("all clients", {START, UPDATE, ANNUAL, EXIT}, hopwa),
    "W6": ("all clients", {START, UPDATE, EXIT}, hopwa),
    "P4": (
        "head of household and adults",
        {START, UPDATE, ANNUAL, EXIT},
        lambda funder, kind: funder == PATH or ssvf(funder, kind),
    ),
    "R4": (
        "head of household and adults",
        {START, EXIT},
        lambda funder, kind: funder == VASH or indoors(funder, kind) or ssvf(funder, kind),
    ),
    "R5": ("head of household and adults", {START, EXIT}, indoors),
    "R6": (
        "head of household and adults",
        {START, EXIT},
        lambda funder, kind: (
            funder in (VASH, 37, 38, 39, 40, 41, 42, 45)
            or indoors(funder, kind)
            or ssvf(funder, kind)
        ),
    ),
    "R7": (
        "head of household and adults",
        {START, EXIT},
        lambda funder, kind: funder == VASH or indoors(funder, kind),
    ),
    "R8": ("head of household and adults", {START, EXIT}, indoors),
    "R9": ("head of household and adults", {START, EXIT}, indoors),
    "R10": (
        "head of household and adults",
        {START, UPDATE},
        lambda funder, kind: funder in range(22, 27),
    ),
    "C3": ("head of household", {START, EXIT}, lambda funder, kind: funder == YHDP),
}


def test_every_element_is_in_the_table():
    assert {one.number for one in assessments.ELEMENTS} == set(MANUALS)


@pytest.mark.parametrize("number", MANUALS)
def test_element_is_asked_where_the_manuals_say(number):
    audience, stages, is_asked_by = MANUALS[number]
    element = ELEMENTS[number]
    assert element.audience.value == audience
    assert {stage for stage in (1, 2, 3, 5) if element.is_collected_at(stage)} == stages
    for kind in ProjectType.values:
        assert not element.is_for(kind)
        for funder in FUNDERS:
            assert element.is_for(kind, [funder]) == is_asked_by(funder, kind), (funder, kind)


H, E, B = Step.HEALTH, Step.EDUCATION, Step.BARRIERS


@pytest.mark.parametrize(
    ("funder", "kind", "at_start", "at_update", "at_annual", "at_exit"),
    [
        (34, TH, [], [], [], []),
        (TLP, TH, [H, E], [H], [], [H, E]),
        (BCP, ES, [H, E], [H], [], [H, E]),
        (RHY_OUTREACH, OUTREACH, [H], [H], [], []),
        (VASH, 3, [H, E], [], [], [H, E]),
        (SSVF, RRH, [E], [], [], [E]),
        (SSVF, OUTREACH, [], [], [], []),
        (GPD, TH, [E], [], [], [E]),
        (YHDP, TH, [E], [], [], [E]),
        (HOPWA, 3, [], [], [B], []),
        (PATH, OUTREACH, [], [], [], []),
    ],
)
def test_project_has_the_steps_of_its_programs(
    funder, kind, at_start, at_update, at_annual, at_exit
):
    grants = [Grant(funder, DAY, DAY + timedelta(days=9))]
    more = {
        Kind.INTAKE: at_start,
        Kind.REOPEN: at_start,
        Kind.UPDATE: at_update,
        Kind.ANNUAL: at_annual,
        Kind.EXIT: at_exit,
        Kind.DEPARTURE: at_exit,
    }
    for of_kind, expected in more.items():
        plain = steps_for(of_kind)
        steps = steps_for(of_kind, kind, grants, [DAY])
        assert [step for step in steps if step not in plain] == expected, of_kind
        assert [step for step in steps if step in plain] == list(plain), of_kind
        assert steps[0] == plain[0], "where a link into the workflow leads"
        assert steps[-1] == Step.REVIEW
        for over in (DAY - timedelta(days=1), DAY + timedelta(days=10)):
            assert steps_for(of_kind, kind, grants, [over]) == plain


@pytest.fixture
def funded(project):
    def fund(funder, kind=TH):
        type(project).objects.filter(pk=project.pk).update(project_type=kind)
        return FunderFactory(project=project, funder=funder, start_date=date(2020, 1, 1))

    return fund


@pytest.fixture
def enroll(walk, project, ann, ben, cal, funded, db):
    """Enroll the three in a project that a program pays."""

    def up_to_program(funder, kind=TH):
        funded(funder, kind)
        assert passed(walk.enroll(project, ann, ben, cal))

    return up_to_program


def asked(page, client) -> set[str]:
    """The new questions that a page asks of somebody."""
    forms = [one for one in page.context["page"].forms if one.member.client == client]
    return {one.name for form in forms for one in form.questions} & NEW


def numbers(names) -> set[str]:
    return {FIELDS[name].number for name in names}


def typed(walk, step, client, **answers):
    """Save the answers of one member, as a browser that shows what applies would."""
    names = [one.name for one in SECTIONS[step].questions]
    data = {f"c{client.pk}-{name}": value for name, value in answers.items()}
    return walk.save(step, data | {f"c{client.pk}-shown": names})


@pytest.mark.parametrize("kind", [TH, OUTREACH, PREVENTION])
def test_nobody_without_such_a_funder_sees_one_more_question(walk, enroll, ann, ben, cal, kind):
    enroll(34, kind)
    bar = [one["label"] for one in walk.see(Step.UNIVERSAL).context["steps"]]
    assert bar == [step.label for step in steps_for("intake")]
    for step in steps_for("intake")[4:-1]:
        page = walk.see(step)
        assert not {name for one in (ann, ben, cal) for name in asked(page, one)}
    for step in (Step.HEALTH, Step.EDUCATION):
        assert walk.see(step).status_code == 404
        assert walk.save(step).status_code == 404
    walk.finish()
    for table in (EmploymentEducation, YouthEducationStatus):
        assert not table.objects.exists()
    assert HealthAndDV.objects.filter(general_health_status=None).count() == 2
    assert IncomeBenefits.objects.filter(adap=None, medicaid=None).count() == 3


class TestHOPWA:
    def test_asks_whoever_has_hiv_and_keeps_the_answers(self, walk, enroll, ann, ben, cal):
        enroll(HOPWA)
        page = walk.see(Step.BARRIERS)
        for client in (ann, ben, cal):
            assert numbers(asked(page, client)) == {"W3", "W4", "W6"}
        answers = {
            "response_8": "1",
            "t_cell_count_available": "1",
            "t_cell_count": "520",
            "t_cell_source": "1",
            "viral_load_available": "2",
            "viral_load": "40",  # does not apply: undetectable
            "anti_retroviral": "1",
            "adap": "0",
            "no_adap_reason": "3",
            "ryan_white_med_dent": "1",
        }
        assert passed(typed(walk, Step.BARRIERS, ann, **answers))
        assert walk.see(Step.REVIEW).context["errors"] == []
        walk.finish()
        row = Disability.objects.get(client=ann, disability_type=8)
        assert (row.t_cell_count, row.t_cell_source, row.viral_load_available) == (520, 1, 2)
        assert (row.viral_load, row.viral_load_source, row.anti_retroviral) == (None, None, 1)
        income = IncomeBenefits.objects.get(client=ann)
        assert (income.adap, income.no_adap_reason) == (0, 3)
        assert (income.ryan_white_med_dent, income.no_ryan_white_reason) == (1, None)
        other = Disability.objects.get(client=ben, disability_type=8)
        assert (other.disability_response, other.t_cell_count_available) == (99, None)
        assert IncomeBenefits.objects.get(client=ben).adap is None

    @pytest.mark.parametrize(
        ("answers", "text"),
        [
            ({"t_cell_count_available": "1", "t_cell_count": "1501"}, "Enter 1500 or less."),
            ({"t_cell_count_available": "1", "t_cell_count": "-1"}, "Enter 0 or more."),
            ({"viral_load_available": "1", "viral_load": "1000000"}, "Enter 999999 or less."),
            ({"viral_load_available": "1", "viral_load": "few"}, "whole number"),
            ({"viral_load_available": "1", "viral_load_source": "1"}, "Enter the count"),
        ],
    )
    def test_count_that_cannot_be_is_an_error(self, walk, enroll, ann, answers, text):
        enroll(HOPWA)
        assert text in blocked(typed(walk, Step.BARRIERS, ann, response_8="1", **answers))
        assert passed(typed(walk, Step.BARRIERS, ann, response_8="0", **answers))

    def test_asks_why_an_insurance_is_missing(self, walk, enroll, ann, ben, cal):
        enroll(HOPWA)
        assert asked(walk.see(Step.INSURANCE), cal) == set(ANSWERS_OF["4.04.A"])
        insured = {"insurance_from_any_source": "1", "medicaid": "1", "no_medicare_reason": "2"}
        assert passed(typed(walk, Step.INSURANCE, ann, **insured, no_medicaid_reason="1"))
        walk.finish()
        row = IncomeBenefits.objects.get(client=ann)
        assert (row.medicaid, row.no_medicaid_reason) == (1, None)
        assert (row.medicare, row.no_medicare_reason, row.no_vha_reason) == (0, 2, 99)
        assert IncomeBenefits.objects.get(client=ben).no_medicare_reason is None

    def test_no_insurance_at_all_is_no_to_each(self, walk, enroll, ann):
        enroll(HOPWA)
        none = {"insurance_from_any_source": "0", "no_medicaid_reason": "1"}
        assert passed(typed(walk, Step.INSURANCE, ann, **none))
        walk.finish()
        row = IncomeBenefits.objects.get(client=ann)
        assert (row.medicaid, row.no_medicaid_reason) == (0, 1)
        assert (row.cobra, row.no_cobra_reason, row.other_insurance) == (0, 99, None)

    def test_annual_assessment_asks_counts_filled_in_with_the_last(
        self, portal, alice, ann, project, funded, today
    ):
        funded(HOPWA)
        row = EnrollmentFactory(client=ann, project=project, entry_date=today - timedelta(days=365))
        known = {"disability_response": 1, "t_cell_count_available": 1, "t_cell_count": 0}
        DisabilityFactory(enrollment=row, disability_type=8, **known, anti_retroviral=1)
        place = f"/clients/{ann.pk}/enrollments/{row.pk}/annual/"
        yearly = began(portal(alice), place)
        page = yearly.see(Step.BARRIERS)
        form = page.context["page"].forms[0]
        assert numbers(asked(page, ann)) == {"W4"}
        assert {one.name for one in form.questions} == {"response_8", *asked(page, ann)}
        assert form["t_cell_count"].value() == "0"
        counted = {"response_8": "1", "t_cell_count_available": "1", "t_cell_count": "650"}
        assert passed(typed(yearly, Step.BARRIERS, ann, **counted, t_cell_source="2"))
        yearly.finish()
        written = Disability.objects.get(data_collection_stage=5)
        assert (written.disability_type, written.t_cell_count) == (8, 650)
        assert written.anti_retroviral is None, "not asked a year later"


class TestYouth:
    def test_yhdp_asks_the_head_how_school_goes(self, walk, enroll, ann, ben, cal):
        enroll(YHDP)
        page = walk.see(Step.EDUCATION)
        assert numbers(asked(page, ann)) == {"C3"}
        assert not asked(page, ben)
        text = " ".join(page.content.decode().split())
        assert "because this is asked of the head of household." in text
        goes = {"current_school_attend": "1", "current_ed_status": "0"}
        assert passed(typed(walk, Step.EDUCATION, ann, **goes, most_recent_ed_status="2"))
        walk.finish()
        row = YouthEducationStatus.objects.get()
        assert (row.client, row.data_collection_stage) == (ann, 1)
        assert (row.current_school_attend, row.current_ed_status) == (1, 0)
        assert row.most_recent_ed_status is None
        assert not EmploymentEducation.objects.exists()

    def test_rhy_asks_head_and_adults_of_work_school_and_health(self, walk, enroll, ann, ben, cal):
        enroll(TLP)
        page = walk.see(Step.HEALTH)
        assert numbers(asked(page, ben)) == {"R7", "R8", "R9", "R10"}
        assert not asked(page, cal)
        due = {"pregnancy_status": "1", "due_date": "12/24/2030", "general_health_status": "2"}
        assert passed(typed(walk, Step.HEALTH, ann, **due))
        assert numbers(asked(walk.see(Step.EDUCATION), ann)) == {"R4", "R5", "R6"}
        works = {"employed": "0", "not_employed_reason": "1", "employment_type": "1"}
        assert passed(typed(walk, Step.EDUCATION, ann, **works, last_grade_completed="4"))
        answered = dict(walk.see(Step.REVIEW).context["summaries"][Step.EDUCATION])
        assert ("Last Grade Completed", "Grades 9-11") in answered[ann.display_name]
        walk.finish()
        health = HealthAndDV.objects.get(client=ann)
        assert (health.pregnancy_status, health.due_date) == (1, date(2030, 12, 24))
        assert (health.general_health_status, health.dental_health_status) == (2, 99)
        row = EmploymentEducation.objects.get(client=ann)
        assert (row.employed, row.not_employed_reason, row.employment_type) == (0, 1, None)
        assert (row.last_grade_completed, row.school_status) == (4, 99)
        assert {one.client for one in EmploymentEducation.objects.all()} == {ann, ben}
        page = walk.browser.get(row.enrollment.get_absolute_url()).content.decode()
        for text in ("Grades 9-11", "Looking for work", "12/24/2030", "Very good"):
            assert text in page

    def test_exit_begins_with_the_answers_at_start(self, walk, enroll, ann, today):
        enroll(TLP)
        typed(walk, Step.EDUCATION, ann, last_grade_completed="4", employed="1")
        walk.finish()
        row = ann.enrollments.get()
        row.exit_date = today
        row.save()
        leaving = began(walk.browser, f"/clients/{ann.pk}/enrollments/{row.pk}/exit-answers/")
        page = leaving.see(Step.EDUCATION)
        form = page.context["page"].forms[0]
        assert form["last_grade_completed"].value() == "4"
        assert numbers(asked(leaving.see(Step.HEALTH), ann)) == {"R7", "R8", "R9"}
        assert passed(typed(leaving, Step.EDUCATION, ann, last_grade_completed="5"))
        leaving.finish()
        rows = EmploymentEducation.objects.filter(client=ann).order_by("pk")
        found = [(one.data_collection_stage, one.last_grade_completed) for one in rows]
        assert found == [(1, 4), (3, 5)]
        again = began(walk.browser, f"/clients/{ann.pk}/enrollments/{row.pk}/exit-answers/")
        typed(again, Step.EDUCATION, ann, last_grade_completed="7")
        again.finish(confirm="1")
        assert rows.filter(data_collection_stage=3).count() == 1

    def test_grant_that_goes_leaves_the_stored_answers(self, walk, enroll, ann, project):
        enroll(TLP)
        typed(walk, Step.EDUCATION, ann, last_grade_completed="4")
        walk.finish()
        project.funders.all().delete()
        row = ann.enrollments.get()
        again = began(walk.browser, f"/clients/{ann.pk}/enrollments/{row.pk}/reopen/")
        assert again.see(Step.EDUCATION).status_code == 404
        again.finish()
        assert EmploymentEducation.objects.get(client=ann).last_grade_completed == 4


@pytest.mark.parametrize(("funder", "is_asked"), [(PATH, True), (SSVF, False), (34, False)])
def test_path_asks_for_soar_beside_income(walk, enroll, ann, cal, funder, is_asked):
    enroll(funder, OUTREACH)
    page = walk.see(Step.INCOME)
    assert ("connection_with_soar" in asked(page, ann)) is is_asked
    assert not asked(page, cal)
    typed(walk, Step.INCOME, ann, income_from_any_source="0", connection_with_soar="1")
    walk.finish()
    assert IncomeBenefits.objects.get(client=ann).connection_with_soar == (1 if is_asked else None)


class TestStoredAnswers:
    """The page of the enrollment, and what is done with whole assessments."""

    @pytest.fixture
    def row(self, ann):
        row = EnrollmentFactory(client=ann)
        about = {"enrollment": row}
        IncomeBenefitsFactory(**about, adap=1, connection_with_soar=1, medicaid=0)
        IncomeBenefits.objects.update(no_medicaid_reason=1)
        HealthAndDVFactory(**about, pregnancy_status=1, due_date=date(2026, 9, 1))
        hiv = {"viral_load_available": 1, "viral_load": 987654, "anti_retroviral": 1}
        DisabilityFactory(**about, disability_type=8, disability_response=1, **hiv)
        EmploymentEducationFactory(**about, school_status=5)
        YouthEducationStatusFactory(**about, current_school_attend=0, most_recent_ed_status=1)
        return row

    OPEN = ("Dropped out", "K12: Obtained GED", "Connection with SOAR", "No MEDICAID")
    SENSITIVE = ("AIDS Drug Assistance", "Pregnancy", "987654", "anti-retroviral", "Due Date")

    def test_own_organization_reads_all(self, portal, bob, row):
        page = portal(bob).get(row.get_absolute_url()).content.decode()
        for text in self.OPEN + self.SENSITIVE:
            assert text in page

    def test_other_organization_reads_nothing_of_health(self, portal, charlie, row):
        page = portal(charlie).get(row.get_absolute_url()).content.decode()
        for text in self.OPEN:
            assert text in page
        for text in self.SENSITIVE:
            assert text not in page

    def test_deleted_assessment_goes_and_comes_back_whole(self, portal, alice, row):
        tables = (EmploymentEducation, YouthEducationStatus, HealthAndDV)
        for table in tables:
            table.objects.update(data_collection_stage=2)
        place = f"/clients/{row.client_id}/enrollments/{row.pk}/assessments/2/{row.entry_date}/"
        browser = portal(alice)
        browser.post(f"{place}delete/", {"confirm": "1"})
        assert not any(table.objects.exists() for table in tables)
        browser.post(f"{place}restore/")
        assert all(table.objects.count() == 1 for table in tables)
        browser.post(f"{place}restore/")  # once more, from a second tab
        assert "has been saved since" not in browser.get(row.get_absolute_url()).content.decode()

    def test_deleted_assessment_stays_so_where_another_one_of_that_day_was_saved(
        self, portal, alice, row
    ):
        HealthAndDV.objects.update(data_collection_stage=2)
        place = f"/clients/{row.client_id}/enrollments/{row.pk}/assessments/2/{row.entry_date}/"
        browser = portal(alice)
        browser.post(f"{place}delete/", {"confirm": "1"})
        again = HealthAndDVFactory(
            enrollment=row, data_collection_stage=2, information_date=row.entry_date
        )
        answer = browser.post(f"{place}restore/", follow=True)
        assert "Another assessment of this day has been saved since" in answer.content.decode()
        assert HealthAndDV.objects.get() == again
