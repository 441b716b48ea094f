"""What programs ask at the start of an enrollment: V1, P3, R1, R2, R11-R13, V4, V6, V7, V10."""

from datetime import timedelta

import pytest

from agencies.models import Funder
from clients.models import Client
from enrollments.intake.draft.sections import PROGRAMS, Step
from enrollments.models import Enrollment
from hud.choices import ProjectType
from hud.elements import FIELDS, element
from tests.enrollments.intake.conftest import began
from tests.enrollments.intake.test_rules import blocked, passed

PATH, RHY_BCP, RHY_OUTREACH, SSVF, VASH = 21, 22, 25, 33, 20


@pytest.fixture
def draft(lees_enrolling):
    return lees_enrolling.fresh()


def shown(page, client) -> set[str]:
    """The program questions that a page asks of somebody."""
    forms = page.context["page"].forms
    mine = [form for form in forms if form.member.client == client]
    return {one.name for form in mine for one in form.questions} & set(PROGRAMS)


def elements(names) -> set[str]:
    return {FIELDS[name].number for name in names}


def headings(page) -> list[str]:
    return list(
        dict.fromkeys(
            group.heading
            for form in page.context["page"].forms
            for group in form.groups
            if group.heading
        )
    )


def answered(walk, client, **answers):
    """Save the answers of one member as a browser that shows all questions would."""
    page = walk.see(Step.UNIVERSAL).context["page"]
    asked = [one.name for one in page.section.questions]
    typed = {f"c{client.pk}-{name}": value for name, value in answers.items()}
    return walk.save(Step.UNIVERSAL, typed | {f"{form.prefix}-shown": asked for form in page.forms})


@pytest.mark.parametrize("kind", ProjectType.values)
def test_nobody_without_such_a_funder_sees_one_more_question(walk, funded, ann, ben, cal, kind):
    funded(34, kind)
    Client.objects.filter(pk__in=[ann.pk, ben.pk]).update(veteran_status=1)
    page = walk.see(Step.UNIVERSAL)
    assert not {name for one in (ann, ben, cal) for name in shown(page, one)}
    assert headings(page) == []
    assert "program" not in page.content.decode().split("<main")[1].split('class="')


def test_rhy_asks_head_and_adults_and_of_every_youth_its_status(walk, funded, ann, ben, cal):
    funded(RHY_BCP)
    page = walk.see(Step.UNIVERSAL)
    assert elements(shown(page, ann)) == {"R1", "R2", "R11", "R12", "R13"}
    assert shown(page, ann) == shown(page, ben)
    assert elements(shown(page, cal)) == {"R2"}
    assert headings(page) == ["Runaway and Homeless Youth (RHY)"]


def test_ssvf_asks_the_head_and_targeting_of_prevention_alone(walk, funded, ann, ben):
    funded(SSVF, ProjectType.HOMELESSNESS_PREVENTION)
    page = walk.see(Step.UNIVERSAL)
    assert elements(shown(page, ann)) == {"V4", "V6", "V7", "V10"}
    assert elements(shown(page, ben)) == {"V1"}  # asked if his veteran status becomes a yes
    assert headings(page) == [
        "Veterans Affairs (VA)",
        "SSVF Homelessness Prevention Targeting",
        "Military Service",
    ]
    funded(SSVF, ProjectType.RAPID_REHOUSING)
    assert elements(shown(walk.see(Step.UNIVERSAL), ann)) == {"V4", "V6", "V10"}


def test_grant_that_was_over_at_the_start_asks_nothing(walk, funded, ann, today):
    grant = funded(PATH, start_date=today - timedelta(days=366), end_date=today)
    assert elements(shown(walk.see(Step.UNIVERSAL), ann)) == {"P3"}
    Funder.objects.filter(pk=grant.pk).update(end_date=today - timedelta(days=366))
    assert shown(walk.see(Step.UNIVERSAL), ann) == set()


def test_answers_are_stored_and_unanswered_never_blocks(walk, funded, ann, ben, today):
    funded(RHY_BCP)
    typed = {
        "referral_source": "7",
        "count_outreach_referral_approaches": "3",
        "date_of_bcp_status": f"{today:%m/%d/%Y}",
        "eligible_for_rhy": "1",
        "runaway_youth": "0",
        "former_ward_child_welfare": "1",
        "child_welfare_years": "1",
        "child_welfare_months": "11",
    }
    assert passed(answered(walk, ann, **typed))
    assert walk.finish().status_code == 302
    row = Enrollment.objects.get(client=ann)
    assert {name: getattr(row, name) for name in typed} == {
        name: today if name == "date_of_bcp_status" else int(value) for name, value in typed.items()
    }
    assert row.former_ward_juvenile_justice == 99  # asked and not answered
    assert row.reason_no_services is None  # not asked: the youth is eligible
    assert (row.percent_ami, row.vamc_station) == (None, "")
    assert Enrollment.objects.get(client=ben).referral_source == 99


def test_follow_up_is_dropped_without_its_answer(walk, funded, ann):
    funded(PATH)
    typed = {"client_enrolled_in_path": "1", "reason_not_enrolled": "2"}
    assert passed(answered(walk, ann, **typed))
    walk.finish()
    row = Enrollment.objects.get(client=ann)
    assert (row.client_enrolled_in_path, row.reason_not_enrolled) == (1, None)


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("date_of_bcp_status", "01/01/2001", "not before the start date"),
        ("child_welfare_months", "12", "Enter 11 or less."),
        ("count_outreach_referral_approaches", "-1", "Enter 0 or more."),
        ("count_outreach_referral_approaches", "many", "whole number"),
    ],
)
def test_what_cannot_be_is_an_error(walk, funded, ann, name, value, text):
    funded(RHY_BCP)
    parents = {
        "referral_source": "7",
        "former_ward_child_welfare": "1",
        "child_welfare_years": "1",
    }
    assert text in blocked(answered(walk, ann, **parents | {name: value}))


def test_station_that_is_no_number_is_kept(walk, funded, ann):
    funded(VASH)
    assert passed(answered(walk, ann, vamc_station="528A5"))
    walk.finish()
    assert Enrollment.objects.get(client=ann).vamc_station == "528A5"
    assert (
        "(528A5)"
        in walk.browser.get(Enrollment.objects.get(client=ann).get_absolute_url()).content.decode()
    )


class TestMilitaryService:
    """V1"""

    def test_is_asked_of_a_veteran_and_lives_on_the_client(self, walk, funded, ann, ben):
        funded(VASH)
        typed = {
            "veteran_status": "1",
            "year_entered_service": "1999",
            "year_separated": "2003",
            "iraq_oif": "0",
            "military_branch": "1",
        }
        assert passed(answered(walk, ben, **typed))
        walk.finish()
        ben.refresh_from_db()
        assert (ben.veteran_status, ben.year_entered_service, ben.year_separated) == (1, 1999, 2003)
        assert (ben.iraq_oif, ben.military_branch, ben.discharge_status) == (0, 1, None)
        assert ben.version == 2
        page = walk.browser.get(ben.enrollments.get().get_absolute_url()).content.decode()
        assert "Military Service" in page
        assert "Year Entered Military Service" in page

    def test_is_dropped_where_the_client_is_no_veteran(self, walk, funded, ben):
        funded(VASH)
        assert passed(answered(walk, ben, veteran_status="0", year_entered_service="1999"))
        walk.finish()
        ben.refresh_from_db()
        assert (ben.veteran_status, ben.year_entered_service) == (0, None)

    def test_is_asked_of_the_first_client_whose_status_basic_information_asked(
        self, walk, funded, ann
    ):
        funded(VASH)
        assert "V1" not in elements(shown(walk.see(Step.UNIVERSAL), ann))
        Client.objects.filter(pk=ann.pk).update(veteran_status=1)
        page = walk.see(Step.UNIVERSAL)
        assert "V1" in elements(shown(page, ann))
        assert passed(answered(walk, ann, year_entered_service="1999"))
        walk.finish()
        ann.refresh_from_db()
        assert ann.year_entered_service == 1999

    def test_unanswered_leaves_what_is_known(self, walk, funded, ben):
        funded(VASH)
        Client.objects.filter(pk=ben.pk).update(veteran_status=1, year_entered_service=1999)
        assert passed(answered(walk, ben, veteran_status="1", military_branch="3"))
        walk.finish()
        ben.refresh_from_db()
        assert (ben.year_entered_service, ben.military_branch) == (1999, 3)

    def test_separated_before_entering_is_an_error(self, walk, funded, ben):
        funded(VASH)
        typed = {"year_entered_service": "2003", "year_separated": "1999"}
        assert "not before the year" in blocked(answered(walk, ben, veteran_status="1", **typed))


class TestLater:
    """The enrollment is re-opened: answers are filled in, corrected, confirmed where they go."""

    @pytest.fixture
    def again(self, walk, funded, ann, alice, portal):
        funded(PATH)
        assert passed(answered(walk, ann, client_enrolled_in_path="0", reason_not_enrolled="2"))
        walk.finish()
        row = Enrollment.objects.get(client=ann)
        again = began(portal(alice), f"/clients/{ann.pk}/enrollments/{row.pk}/reopen/")
        assert passed(again.save(Step.BASIC, again.basic()))
        return again

    def test_stored_answer_is_filled_in_and_corrected(self, again, ann):
        page = again.see(Step.UNIVERSAL)
        form = next(one for one in page.context["page"].forms if one.member.client == ann)
        assert form["reason_not_enrolled"].value() == "2"
        answer = answered(again, ann, client_enrolled_in_path="1")
        assert passed(answer)
        again.finish()
        assert Enrollment.objects.get(client=ann).client_enrolled_in_path == 0  # not confirmed yet
        review = again.see(Step.REVIEW).context
        keys = [one.key for name in ("warnings", "removals") for one in review[name]]
        assert any("reason_not_enrolled" in key for key in keys)
        again.finish(confirm="1", asked=keys)
        row = Enrollment.objects.get(client=ann)
        assert (row.client_enrolled_in_path, row.reason_not_enrolled) == (1, None)

    def test_answer_stays_when_the_funder_is_gone(self, again, ann):
        Funder.objects.all().delete()
        page = again.see(Step.UNIVERSAL)
        assert shown(page, ann) == set()
        before = Enrollment.objects.get(client=ann).date_updated
        again.finish()
        assert Enrollment.objects.get(client=ann).date_updated > before
        assert Enrollment.objects.get(client=ann).reason_not_enrolled == 2


def test_what_is_sensitive_is_read_by_the_own_organization_alone(
    walk, funded, ann, portal, charlie
):
    funded(RHY_BCP)
    typed = {"referral_source": "28", "former_ward_juvenile_justice": "1"}
    assert passed(answered(walk, ann, **typed))
    walk.finish()
    row = Enrollment.objects.get(client=ann)
    own = walk.browser.get(row.get_absolute_url()).content.decode()
    other = portal(charlie).get(row.get_absolute_url()).content.decode()
    sensitive = FIELDS["former_ward_juvenile_justice"].label
    assert element("R12").is_sensitive
    assert sensitive in own
    assert sensitive not in other
    assert "Hotline" in own
    assert "Hotline" in other
