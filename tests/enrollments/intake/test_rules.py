"""Each of HUD's rules on the first pages: what is an error, what a warning, what passes."""

from datetime import date, timedelta

import pytest

from enrollments.intake.draft.sections import Step
from enrollments.models import Enrollment, Household
from tests.enrollments.factories import EnrollmentFactory
from tests.enrollments.intake.conftest import MY_DAY
from tests.factories import ProjectFactory

pytestmark = pytest.mark.django_db


def blocked(answer) -> str:
    """The errors of a page that did not let go on."""
    assert answer.status_code == 200
    return " ".join(f"{one.who}: {one.text}" for one in answer.context["errors"])


def warned(answer) -> str:
    assert answer.status_code == 200
    assert answer.context["errors"] == []
    return " ".join(one.text for one in answer.context["warnings"])


def passed(answer) -> bool:
    return answer.status_code == 302


def in_words(day: date) -> str:
    return day.strftime(MY_DAY)


@pytest.fixture
def at_program(walk, ann, ben, cal, project):
    """Save HUD Program Enrollment for the three, but for what a test changes."""
    assert passed(walk.save(Step.BASIC, walk.basic()))
    assert passed(walk.save(Step.FAMILY, {"member": [ben.pk, cal.pk]}))

    def save(changes=None, page=None, clients=(ann, ben, cal), **options):
        data = walk.program(project, *clients, **options)
        return walk.save(Step.PROGRAM, data | (changes or {}), **(page or {}))

    return save


@pytest.fixture
def enrolled(at_program):
    assert passed(at_program())


class TestName:
    """3.01"""

    def test_neither_first_nor_last_is_an_error(self, walk):
        names = {"first_name": "", "last_name": "", "name_data_quality": ""}
        assert "Enter a first name or a last name." in blocked(
            walk.save(Step.BASIC, walk.basic() | names)
        )

    def test_one_of_them_passes(self, walk):
        assert passed(walk.save(Step.BASIC, walk.basic() | {"last_name": ""}))


class TestDateOfBirth:
    """3.03"""

    def test_future_is_an_error(self, walk, today):
        dob = {"dob": in_words(today + timedelta(days=1))}
        assert "not in the future" in blocked(walk.save(Step.BASIC, walk.basic() | dob))

    def test_more_than_120_years_ago_is_an_error(self, walk, today):
        dob = {"dob": f"01/01/{today.year - 121}"}
        assert "more than 120 years ago" in blocked(walk.save(Step.BASIC, walk.basic() | dob))

    def test_start_date_is_a_warning(self, at_program, cal, today):
        type(cal).objects.filter(pk=cal.pk).update(dob=today)
        assert "it is the project start date" in warned(at_program())

    def test_another_date_passes(self, at_program):
        assert passed(at_program())


class TestSSN:
    """3.02"""

    @pytest.mark.parametrize(
        "ssn",
        [
            "12345",
            "000121234",
            "666121234",
            "900121234",
            "123001234",
            "123120000",
            "111111111",
            "123456789",
            "987654321",
            "345678901",
            "219099999",
            "078051120",
        ],
    )
    def test_invalid_is_an_error(self, walk, ssn):
        assert "SSN" in blocked(walk.save(Step.BASIC, walk.basic() | {"ssn": ssn}))

    @pytest.mark.parametrize("ssn", ["123121234", "xxxxx1234", "1234", ""])
    def test_possible_and_partial_pass(self, walk, ssn):
        assert passed(walk.save(Step.BASIC, walk.basic() | {"ssn": ssn}))


class TestVeteranStatus:
    """3.07"""

    def test_is_saved_with_the_client(self, walk, ann):
        assert passed(walk.save(Step.BASIC, walk.basic() | {"veteran_status": "1"}))
        ann.refresh_from_db()
        assert ann.veteran_status == 1

    def test_is_not_asked_of_a_child(self, walk, ann, today):
        type(ann).objects.filter(pk=ann.pk).update(dob=today - timedelta(days=3000))
        assert "Veteran Status" not in walk.see(Step.BASIC).content.decode()

    def test_of_another_adult_is_asked_with_the_universal_data(self, walk, enrolled, ann, ben, cal):
        page = walk.see(Step.UNIVERSAL).content.decode()
        assert f"c{ben.pk}-veteran_status" in page
        assert f"c{ann.pk}-veteran_status" not in page
        assert f"c{cal.pk}-veteran_status" not in page
        assert passed(walk.save(Step.UNIVERSAL, {f"c{ben.pk}-veteran_status": "1"}))
        ben.refresh_from_db()
        assert ben.veteran_status == 99
        walk.finish()
        ben.refresh_from_db()
        assert (ben.veteran_status, ben.version) == (1, 2)

    def test_unanswered_leaves_what_is_stored(self, walk, enrolled, ben):
        type(ben).objects.filter(pk=ben.pk).update(veteran_status=1)
        walk.finish()
        ben.refresh_from_db()
        assert ben.veteran_status == 1


class TestProjectStartDate:
    """3.10"""

    def test_blank_is_an_error(self, at_program, ann):
        assert "Enter the project start date." in blocked(at_program({f"c{ann.pk}-entry_date": ""}))

    def test_future_is_an_error(self, at_program, today):
        assert "not in the future" in blocked(at_program(day=today + timedelta(days=1)))

    def test_before_the_birth_is_an_error(self, at_program, cal):
        born = cal.dob - timedelta(days=1)
        found = blocked(at_program({f"c{cal.pk}-entry_date": in_words(born)}))
        assert "not before the date of birth" in found

    def test_before_the_project_opened_is_an_error(self, at_program):
        assert "on or after the day the project opened" in blocked(at_program(day=date(2019, 5, 5)))

    def test_after_the_project_closed_is_an_error(self, at_program, project, today):
        type(project).objects.update(operating_end_date=today - timedelta(days=3))
        assert "on or before the day the project closed" in blocked(at_program())

    def test_last_day_of_the_project_passes(self, at_program, project, today):
        type(project).objects.update(operating_end_date=today)
        assert passed(at_program())

    def test_more_than_30_days_ago_is_a_warning(self, at_program, today):
        assert "more than 30 days ago" in warned(at_program(day=today - timedelta(days=31)))

    def test_30_days_ago_passes(self, at_program, today):
        assert passed(at_program(day=today - timedelta(days=30)))

    def test_before_the_heads_start_is_a_warning(self, at_program, ben, today):
        earlier = in_words(today - timedelta(days=2))
        assert "before the head of household" in warned(
            at_program({f"c{ben.pk}-entry_date": earlier})
        )

    def test_warning_is_confirmed_once(self, at_program, walk, today):
        first = at_program(day=today - timedelta(days=31))
        keys = [one.key for one in first.context["warnings"]]
        again = at_program(day=today - timedelta(days=31), page={"asked": keys, "confirm": "1"})
        assert passed(again)
        assert walk.see(Step.REVIEW).context["warnings"] == []

    def test_confirmation_without_its_warning_confirms_nothing(self, at_program, today):
        answer = at_program(day=today - timedelta(days=31), page={"confirm": "1"})
        assert "more than 30 days ago" in warned(answer)

    def test_starting_inside_an_open_enrollment_is_an_error(
        self, at_program, walk, ann, alice, project
    ):
        old = Enrollment(
            household=Household.objects.create(),
            client=ann,
            project=project,
            entry_date=date(2026, 1, 5),
            relationship_to_hoh=1,
            organization=project.organization,
            created_by=alice,
            updated_by=alice,
        )
        old.save()
        found = blocked(at_program())
        assert "since 01/05/2026: exit that enrollment first." in found

    def test_starting_on_the_day_of_an_exit_passes(self, at_program, ann, alice, project, today):
        Enrollment(
            household=Household.objects.create(),
            client=ann,
            project=project,
            entry_date=date(2026, 1, 5),
            exit_date=today,
            relationship_to_hoh=1,
            organization=project.organization,
            created_by=alice,
            updated_by=alice,
        ).save()
        assert passed(at_program())


class TestHousehold:
    """3.15, 5.09"""

    def test_no_head_is_an_error(self, at_program):
        found = blocked(at_program(relationships={0: "2"}))
        assert "Choose one member as Self" in found

    def test_two_heads_are_an_error(self, at_program):
        found = blocked(at_program(relationships={0: "1", 1: "1"}))
        assert "Choose only one member as Self" in found

    def test_unanswered_relationship_passes_and_is_not_collected(self, at_program, walk, ben):
        assert passed(at_program(relationships={0: "1", 1: ""}))
        walk.finish()
        assert Enrollment.objects.get(client=ben).relationship_to_hoh == 99

    def test_member_who_is_not_ticked_is_not_enrolled(self, at_program, walk, ben, cal):
        assert passed(at_program({f"c{ben.pk}-enroll": "", f"c{ben.pk}-entry_date": "nonsense"}))
        walk.finish()
        assert Enrollment.objects.count() == 2
        assert not Enrollment.objects.filter(client=ben).exists()

    def test_nobody_ticked_is_an_error(self, at_program, ann, ben, cal):
        nobody = {f"c{one.pk}-enroll": "" for one in (ann, ben, cal)}
        assert "Tick at least one member" in blocked(at_program(nobody))

    def test_project_is_asked_for(self, at_program):
        assert "Choose the project" in blocked(at_program({"project": ""}))

    def test_another_organizations_project_is_refused(self, at_program, bridge):
        theirs = ProjectFactory(organization=bridge)
        assert "one of the organization" in blocked(at_program({"project": theirs.pk}))


class TestCaseManagers:
    """4.4-4.6"""

    def test_different_ones_are_a_warning(self, at_program, ann, bob):
        assert "different case managers" in warned(at_program(case_managers={ann.pk: bob.pk}))

    def test_the_same_for_all_passes(self, at_program, ann, ben, cal, bob):
        same = dict.fromkeys((ann.pk, ben.pk, cal.pk), bob.pk)
        assert passed(at_program(case_managers=same))

    def test_use_for_whole_household_copies_one_choice_to_all(self, at_program, walk, ann, bob):
        choice = {"copy": f"{ann.pk}:case_manager"}
        data = {f"c{ann.pk}-case_manager": bob.pk}
        assert at_program(data, page=choice)["Location"] == walk.url(Step.PROGRAM)
        form = walk.see(Step.PROGRAM).context["form"]
        chosen = {form[name].value() for name in form.fields if name.endswith("case_manager")}
        assert chosen == {str(bob.pk)}

    def test_somebody_without_any_access_is_refused(self, at_program, ann, bob):
        bob.memberships.all().delete()
        found = blocked(at_program(case_managers={ann.pk: bob.pk}))
        assert "Choose an HMIS user who is active." in found

    def test_user_of_another_organization_works_for_that_one(
        self, at_program, walk, ann, ben, cal, charlie, bridge
    ):
        same = dict.fromkeys((ann.pk, ben.pk, cal.pk), charlie.pk)
        assert passed(at_program(case_managers=same))
        walk.finish()
        row = Enrollment.objects.get(client=ann).case_assignments.get()
        assert (row.case_manager, row.organization) == (charlie, bridge)

    def test_whoever_completes_the_intake_may_be_looked_up_too(self, at_program, ann, alice):
        assert passed(at_program(case_managers={ann.pk: alice.pk}))

    def test_lookup_without_script_keeps_the_page_and_brings_the_choice_back(
        self, at_program, walk, ann, bob
    ):
        answer = at_program(page={"lookup": f"c{ann.pk}-case_manager"})
        assert answer["Location"].startswith("/users/lookup/?for=id_c")
        page = walk.see(Step.PROGRAM, f"?chosen=c{ann.pk}-case_manager:{bob.pk}")
        form = page.context["form"]
        assert form[f"c{ann.pk}-case_manager"].value() == str(bob.pk)
        assert form["project"].value() != ""


def test_child_as_head_beside_an_adult_is_confirmed(walk, project, ann, cal):
    walk.save(Step.BASIC, walk.basic())
    walk.save(Step.FAMILY, {"member": [cal.pk]})
    data = walk.program(project, ann, cal, relationships={0: "4", 1: "1"})
    (warning,) = walk.save(Step.PROGRAM, data).context["warnings"]
    assert "a child is head" in warning.text
    assert warning.who == "Cal Lee"


def test_who_died_by_an_exit_is_confirmed_before_a_new_enrollment(walk, project, ann, ben, today):
    EnrollmentFactory(client=ben, entry_date=today, exit_date=today, destination=24)
    answer = walk.enroll(project, ann, ben)
    (warning,) = answer.context["warnings"]
    assert warning.who == "Ben Lee"
    assert "this client is deceased" in warning.text


@pytest.mark.parametrize(
    ("began", "months", "times", "warned"),
    [
        (1200, "101", "1", True),  # over three years, one month
        (1200, "112", "1", True),
        (1200, "113", "1", False),
        (1200, "113", "4", True),  # lasting since, and four times
        (100, "101", "1", True),  # three months and more
        (100, "104", "4", False),
        (20, "101", "1", False),
    ],
)
def test_episode_that_is_longer_than_its_months_is_confirmed(
    walk, project, ann, today, began, months, times, warned
):
    walk.enroll(project, ann)
    typed = {
        "living_situation": "116",
        "length_of_stay": "2",
        "date_to_street_essh": f"{today - timedelta(days=began):%m/%d/%Y}",
        "months_homeless_past_three_years": months,
        "times_homeless_past_three_years": times,
    }
    typed = {f"c{ann.pk}-{name}": value for name, value in typed.items()}
    shown = ["length_of_stay", "date_to_street_essh", "times_homeless_past_three_years"]
    typed[f"c{ann.pk}-shown"] = [*shown, "months_homeless_past_three_years"]
    answer = walk.save(Step.UNIVERSAL, typed)
    texts = [one.text for one in answer.context["warnings"]] if answer.status_code == 200 else []
    assert any("Check the" in text for text in texts) is warned
