"""What federal programs ask, label by label: SSVF and HOPWA at the start, RHY at the exit."""

from datetime import date

from playwright.sync_api import expect

from enrollments.models import Disability, Enrollment, IncomeBenefits, YouthEducationStatus
from hud.choices import ProjectType
from tests.agencies.factories import FunderFactory
from tests.enrollments.factories import EnrollmentFactory
from tests.factories import ClientFactory, ProjectFactory
from tests.stories.conftest import heading
from tests.stories.test_intake import ask, begin, next_step, section

SSVF, RHY_TLP, HOPWA, YHDP = 33, 24, 15, 43


def test_veteran_enters_homelessness_prevention(at_desk, alice, john, harbor, look):
    project = ProjectFactory(
        organization=harbor,
        project_name="Harbor Veterans Prevention",
        project_type=ProjectType.HOMELESSNESS_PREVENTION,
    )
    FunderFactory(project=project, funder=SSVF)
    page = begin(at_desk(alice), john)
    page.get_by_label("Veteran Status").select_option(label="Yes")
    next_step(page, "Family Members")
    next_step(page, "HUD Program Enrollment")
    page.get_by_label("Project", exact=True).select_option(label=project.project_name)
    next_step(page, "Universal Data Assessment")
    own = section(page, john.display_name)
    for program in ("Military Service", "Veterans Affairs (VA)"):
        expect(own.get_by_role("heading", name=program)).to_be_visible()
    own.get_by_label("Year Entered Military Service").fill("1999")
    ask(own, "Theater of Operations: Iraq (Operation Iraqi Freedom)", "Yes")
    ask(own, "Household Income as a Percentage of AMI", "30% or less")
    own.get_by_label("VAMC Station Number").select_option(label="(405) White River Junction, VT")
    loss = own.get_by_role("radiogroup", name="Housing loss expected within")
    expect(loss).to_be_hidden()
    ask(own, "Homelessness prevention targeting screener is required", "Yes")
    loss.get_by_label("7-13 days").check()
    ask(own, "Currently pregnant (any household member)", "No")
    own.get_by_label("HP applicant total points").fill("17")
    look("program-start")
    for step in (
        *("Barriers", "Domestic Violence", "Education and Employment", "Income and Sources"),
        *("Non-Cash Benefits", "Health Insurance", "Review"),
    ):
        next_step(page, step)
    page.get_by_role("button", name="Finish", exact=True).click()
    expect(page.get_by_text(project.project_name).first).to_be_visible()
    row = Enrollment.objects.get(client=john)
    assert (row.vamc_station, row.time_to_housing_loss, row.hp_screening_score) == ("405", 1, 17)
    assert (row.current_pregnant, row.sex_offender) == (0, 99)
    john.refresh_from_db()
    assert (john.year_entered_service, john.iraq_oif) == (1999, 1)


def test_youth_leaves_transitional_living(at_desk, alice, harbor, look):
    project = ProjectFactory(
        organization=harbor,
        project_name="Harbor Youth",
        project_type=ProjectType.TRANSITIONAL_HOUSING,
    )
    FunderFactory(project=project, funder=RHY_TLP)
    youth = ClientFactory(organization=harbor, created_by=alice, dob=date(2007, 5, 6))
    row = EnrollmentFactory(client=youth, project=project, created_by=alice)
    page = at_desk(alice)
    page.goto(row.get_absolute_url())
    page.get_by_role("link", name="Exit", exact=True).click()
    expect(heading(page, "Exit")).to_be_visible()
    expect(page.get_by_role("heading", name="Runaway and Homeless Youth (RHY)")).to_be_visible()
    page.get_by_label("Destination", exact=True).select_option(
        label="Rental by client, no ongoing housing subsidy"
    )
    times = page.get_by_label("How many times received something for sexual relations")
    expect(times).to_be_hidden()
    ever = page.get_by_label("Ever received anything in exchange for sexual relations")
    ever.select_option(label="Yes")
    times.select_option(label="1-3")
    ever.select_option(label="No")
    expect(times).to_be_hidden()
    page.get_by_label("Project Completion Status").select_option(label="Completed project")
    page.get_by_label("Counseling received by the client").select_option(label="Yes")
    page.get_by_label("Number of counseling sessions received by exit").fill("12")
    look("program-exit")
    page.get_by_role("button", name="Finish without the exit assessment").click()
    saved = page.get_by_text("Exit saved for 1 member of the household.")
    warned = page.get_by_label("I have checked this")
    expect(saved.or_(warned)).to_be_visible()
    if warned.is_visible():
        warned.check()
        page.get_by_role("button", name="Finish without the exit assessment").click()
    expect(saved).to_be_visible()
    row.refresh_from_db()
    assert (row.exchange_for_sex, row.count_of_exchange_for_sex) == (0, None)
    assert (row.project_completion_status, row.session_count_at_exit) == (1, 12)
    page.goto(row.get_absolute_url())
    expect(page.get_by_role("heading", name="Answers at the exit")).to_be_visible()


def test_living_with_hiv_enters_hopwa_and_a_youth_a_yhdp_project(
    at_desk, alice, john, harbor, look
):
    project = ProjectFactory(
        organization=harbor, project_name="Harbor Homes", project_type=ProjectType.PSH
    )
    for funder in (HOPWA, YHDP):
        FunderFactory(project=project, funder=funder)
    page = begin(at_desk(alice), john)
    page.get_by_label("Veteran Status").select_option(label="No")
    next_step(page, "Family Members")
    next_step(page, "HUD Program Enrollment")
    page.get_by_label("Project", exact=True).select_option(label=project.project_name)
    next_step(page, "Universal Data Assessment")
    next_step(page, "Barriers")
    own = section(page, john.display_name)
    count = own.get_by_label("T-Cell (CD4) Count", exact=True)
    expect(count).to_be_hidden()
    ask(own, "HIV/AIDS", "Yes")
    expect(count).to_be_hidden()
    ask(own, "T-Cell (CD4) Count Available", "Yes")
    count.fill("520")
    ask(own, "How the T-cell count was obtained", "Medical Report")
    own.get_by_label("Viral Load Information Available").select_option(label="Undetectable")
    ask(own, "Receiving AIDS Drug Assistance Program (ADAP)", "No")
    why = own.get_by_label("Reason for not receiving ADAP")
    why.select_option(label="Client did not apply")
    look("program-hiv")
    next_step(page, "Domestic Violence")
    next_step(page, "Education and Employment")
    attends = own.get_by_label("Current School Enrollment and Attendance")
    attends.select_option(label="Not currently enrolled in any school or educational course")
    ended = own.get_by_label("Most Recent Educational Status")
    ended.select_option(label="K12: Obtained GED")
    expect(own.get_by_label("Current Educational Status")).to_be_hidden()
    look("program-education")
    for step in ("Income and Sources", "Non-Cash Benefits", "Health Insurance"):
        next_step(page, step)
    ask(own, "Covered by Health Insurance", "Yes")
    own.get_by_label("MEDICAID", exact=True).check()
    expect(own.get_by_label("MEDICAID: reason not covered")).to_be_hidden()
    medicare = own.get_by_label("MEDICARE: reason not covered")
    medicare.select_option(label="Insurance type N/A for this client")
    look("program-insurance")
    next_step(page, "Review")
    expect(page.get_by_text("K12: Obtained GED")).to_be_visible()
    page.get_by_role("button", name="Finish", exact=True).click()
    expect(page.get_by_text(project.project_name).first).to_be_visible()
    hiv = Disability.objects.get(client=john, disability_type=8)
    assert (hiv.t_cell_count, hiv.t_cell_source, hiv.viral_load_available) == (520, 1, 2)
    benefits = IncomeBenefits.objects.get(client=john)
    assert (benefits.no_adap_reason, benefits.medicaid, benefits.no_medicare_reason) == (3, 1, 4)
    school = YouthEducationStatus.objects.get(client=john)
    assert (school.most_recent_ed_status, school.current_ed_status) == (1, None)
