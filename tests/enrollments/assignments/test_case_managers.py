"""Case Managers, Add Case Assignment, Hand over (5)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from enrollments.assignments import actions as assignments
from enrollments.models import CaseAssignment
from records.models import Visibility
from tests.enrollments.conftest import TODAY
from tests.enrollments.factories import START, CaseAssignmentFactory, EnrollmentFactory
from tests.factories import UserFactory
from tests.pages import errors, filled, messages, opened, send

DAY = TODAY + timedelta(days=7)
LATER = DAY + timedelta(days=3)

YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


def typed(day):
    return f"{day:%m/%d/%Y}"


@pytest.fixture
def add_page(enrollment):
    return reverse("enrollments:add_case_assignment", args=[enrollment.client_id])


@pytest.fixture
def assigned(enrollment, alice):
    return CaseAssignmentFactory(enrollment=enrollment, case_manager=alice, created_by=alice)


def page_of(name, assignment):
    return reverse(f"enrollments:{name}", args=[assignment.client_id, assignment.pk])


def page_of_list(assignment):
    return reverse("enrollments:case_managers", args=[assignment.client_id])


# the list


def test_list_shows_active_and_inactive_assignments(portal, alice, bob, assigned):
    CaseAssignmentFactory(
        enrollment=assigned.enrollment, case_manager=bob, ends_on=YESTERDAY, created_by=alice
    )
    url = reverse("enrollments:case_managers", args=[assigned.client_id])
    page = portal(alice).get(url)
    for words in ("Alice", "Bob", "Harbor Services", "Harbor Family Shelter", "Active", "Inactive"):
        assert words in page.text
    assert [row.case_manager for row, _ in page.context["rows"]] == [alice, bob]
    active = portal(alice).get(url, {"show": "active"})
    assert [row.case_manager for row, _ in active.context["rows"]] == [alice]


def test_assignment_is_over_on_the_day_it_ends(enrollment, assigned):
    assert CaseAssignment.objects.active_on(TODAY).exists()
    assert assigned.is_active
    assigned.ends_on = TODAY
    assigned.save()
    assert not CaseAssignment.objects.active_on(TODAY).exists()
    assert CaseAssignment.objects.active_on(YESTERDAY).exists()
    assert (assigned.is_active, assigned.status) == (False, "Inactive")


def test_future_assignment_has_not_begun(enrollment):
    assert CaseAssignmentFactory(enrollment=enrollment, begins_on=TOMORROW).status == "Not begun"


def test_list_costs_the_same_with_many_rows(
    portal, alice, enrollment, django_assert_max_num_queries
):
    url = reverse("enrollments:case_managers", args=[enrollment.client_id])
    browser = portal(alice)
    browser.get(url)
    for number in (1, 12):
        for _ in range(number):
            CaseAssignmentFactory(enrollment=enrollment)
        with django_assert_max_num_queries(7):
            browser.get(url)


# adding


def test_form_has_the_labels_and_defaults_that_people_know(portal, alice, enrollment, add_page):
    form = opened(portal(alice).get(add_page))
    shown = {field.label: field.value() for field in form if not field.is_hidden}
    assert list(shown) == [
        "Case Manager",
        "Assignment beginning on",
        "Ending on",
        "Enrollment",
        "Status",
    ]
    assert shown["Case Manager"] == alice.pk
    assert shown["Assignment beginning on"] == TODAY
    assert shown["Ending on"] is None
    assert shown["Status"] == "active"


def test_added_assignment_belongs_to_the_case_managers_organization(
    portal, alice, charlie, bridge, enrollment, add_page
):
    answer = send(
        portal(alice), add_page, case_manager=charlie.pk, enrollment=enrollment.pk, follow=True
    )
    assert messages(answer) == ["Case assignment saved."]
    row = CaseAssignment.objects.get()
    assert (row.case_manager, row.organization, row.created_by) == (charlie, bridge, alice)
    assert (row.enrollment, row.begins_on, row.ends_on) == (enrollment, TODAY, None)


def test_several_case_managers_work_on_one_enrollment(portal, alice, bob, assigned, add_page):
    send(portal(alice), add_page, case_manager=bob.pk, enrollment=assigned.enrollment_id)
    assert CaseAssignment.objects.active_on(TODAY).count() == 2


def test_same_case_manager_twice_at_the_same_time_is_refused(portal, alice, assigned, add_page):
    answer = send(portal(alice), add_page, enrollment=assigned.enrollment_id)
    assert errors(answer) == {
        "__all__": ["This case manager is assigned to this enrollment already on these dates."]
    }


@pytest.mark.parametrize(
    ("dates", "field", "sentence"),
    [
        ({"begins_on": "01/04/2026"}, "begins_on", "on or after the project start, 01/05/2026"),
        ({"begins_on": "02/01/2026", "ends_on": "01/31/2026"}, "__all__", "cannot end before"),
        ({"ends_on": ""} | {"status": "inactive"}, "ends_on", "Enter the day it ended"),
        ({"begins_on": "01/05/2026", "ends_on": "02/01/2026"}, "status", "Choose Inactive"),
        ({"begins_on": ""}, "begins_on", "required"),
    ],
)
def test_refused_dates_say_what_to_do(portal, alice, enrollment, add_page, dates, field, sentence):
    status = {"status": "inactive"} if field == "__all__" else {}
    answer = send(portal(alice), add_page, enrollment=enrollment.pk, **dates, **status)
    assert sentence in errors(answer)[field][0]
    assert not CaseAssignment.objects.exists()


def test_past_assignment_is_added_as_inactive(portal, alice, enrollment, add_page):
    send(
        portal(alice),
        add_page,
        enrollment=enrollment.pk,
        begins_on="01/05/2026",
        ends_on="02/01/2026",
        status="inactive",
    )
    assert CaseAssignment.objects.get().ends_on == date(2026, 2, 1)


@pytest.mark.parametrize("who", ["without access", "inactive", "nobody"])
def test_only_active_users_with_access_are_assigned(
    portal, alice, enrollment, add_page, harbor, who
):
    user = UserFactory() if who == "without access" else UserFactory(at=[harbor], is_active=False)
    pk = 0 if who == "nobody" else user.pk
    answer = send(portal(alice), add_page, case_manager=pk, enrollment=enrollment.pk)
    assert errors(answer) == {"case_manager": ["Choose an HMIS user who is active."]}


def test_drop_down_offers_oneself_and_the_colleagues_of_the_organization_in_force(
    portal, alice, bob, charlie, bridge, enrollment, add_page
):
    bob.is_active = False
    bob.save()
    colleague = UserFactory(at=alice.organizations)
    alice.memberships.create(organization=bridge)
    browser = portal(alice)
    for organization, colleagues in [(enrollment.organization, [colleague]), (bridge, [charlie])]:
        session = browser.session
        session["organization"] = organization.pk
        session.save()
        field = opened(browser.get(add_page))["case_manager"]
        offered = [(str(one.pk), str(one)) for one in (alice, *colleagues)]
        shown = [(str(one.data["value"]), one.data["label"]) for one in field.subwidgets]
        assert shown == offered
        assert field.value() == alice.pk


def test_exited_enrollment_is_not_offered(portal, alice, enrollment, add_page):
    enrollment.exit_date = YESTERDAY
    enrollment.save()
    page = portal(alice).get(add_page)
    assert "A case manager cannot be assigned now" in page.text
    assert f"{reverse('enrollments:intakes')}?client={enrollment.client_id}" in page.text
    answer = portal(alice).post(add_page, filled(page.context["form"], enrollment=enrollment.pk))
    assert "enrollment" in answer.context["form"].errors


def test_enrollment_of_another_client_is_not_offered(portal, alice, enrollment, add_page):
    other = EnrollmentFactory(organization=enrollment.organization)
    answer = send(portal(alice), add_page, enrollment=other.pk)
    assert "enrollment" in errors(answer)


@pytest.mark.parametrize("who", ["oneself", "one of their users"])
def test_nobody_assigns_case_managers_to_another_organizations_enrollment(
    portal, alice, charlie, enrollment, add_page, who
):
    page = portal(charlie).get(add_page)
    assert "Only users of the organization that enrolled" in page.text
    assert "Harbor Family Shelter, Harbor Services" in page.text
    manager = charlie if who == "oneself" else alice
    typed_in = filled(page.context["form"], case_manager=manager.pk, enrollment=enrollment.pk)
    answer = portal(charlie).post(add_page, typed_in)
    assert "enrollment" in answer.context["form"].errors
    assert not CaseAssignment.objects.exists()


def test_form_sent_twice_adds_one(portal, alice, enrollment, add_page):
    browser = portal(alice)
    data = filled(opened(browser.get(add_page)), enrollment=enrollment.pk)
    for _ in range(2):
        assert browser.post(add_page, data).status_code == 302
    assert CaseAssignment.objects.count() == 1


def test_looked_up_user_comes_back_without_javascript(portal, alice, charlie, enrollment, add_page):
    form = opened(portal(alice).get(add_page, {"chosen": f"case_manager:{charlie.pk}"}))
    assert form["case_manager"].value() == charlie.pk
    assert f'<option value="{charlie.pk}" selected>' in str(form["case_manager"])


@pytest.mark.parametrize("typed", ["x", "9" * 40, "9" * 5000])
def test_nonsense_for_a_case_manager_is_refused(portal, alice, enrollment, add_page, typed):
    browser = portal(alice)
    page = {"case_manager": typed, "begins_on": "01/05/2026"}
    answer = browser.post(add_page, page)
    assert answer.status_code == 200
    assert errors(answer)["case_manager"]


@pytest.mark.parametrize("chosen", ["case_manager:x", "case_manager:", "organization:1", "9" * 40])
def test_nonsense_that_comes_back_is_ignored(portal, alice, enrollment, add_page, chosen):
    assert portal(alice).get(add_page, {"chosen": chosen}).status_code == 200


# editing and ending


def test_dates_are_edited(portal, alice, assigned):
    send(portal(alice), page_of("edit_case_assignment", assigned), begins_on="01/06/2026")
    assigned.refresh_from_db()
    assert assigned.begins_on == date(2026, 1, 6)


def test_edit_keeps_within_the_enrollment(portal, alice, assigned):
    page = page_of("edit_case_assignment", assigned)
    answer = send(portal(alice), page, begins_on="12/31/2025")
    assert "on or after the project start" in errors(answer)["begins_on"][0]


def test_end_ends_it_today(portal, alice, assigned):
    answer = send(portal(alice), page_of("end_case_assignment", assigned), follow=True)
    assert messages(answer) == ["Case assignment ended."]
    assigned.refresh_from_db()
    assert assigned.ends_on == TODAY


def test_ended_assignment_is_not_ended_again(portal, alice, assigned):
    browser, page = portal(alice), page_of("end_case_assignment", assigned)
    form = opened(browser.get(page))
    CaseAssignment.objects.update(ends_on=YESTERDAY)
    answer = browser.post(page, filled(form))
    assert errors(answer) == {"__all__": ["This assignment has ended already."]}


def test_end_before_the_begin_is_refused(portal, alice, assigned):
    answer = send(portal(alice), page_of("end_case_assignment", assigned), on="01/04/2026")
    assert "on or after the day that the assignment began" in errors(answer)["on"][0]


# handing over


def test_hand_over_ends_the_old_and_begins_the_new(portal, alice, bob, assigned):
    answer = send(portal(alice), page_of("hand_over", assigned), case_manager=bob.pk, follow=True)
    assert messages(answer) == ["Handed over to Bob " + bob.last_name + "."]
    old, new = CaseAssignment.objects.order_by("pk")
    assert (old.case_manager, old.ends_on, old.status) == (alice, TODAY, "Inactive")
    assert (new.case_manager, new.begins_on, new.ends_on) == (bob, TODAY, None)
    assert (new.enrollment, new.client, new.created_by) == (old.enrollment, old.client, alice)


def test_handed_over_assignment_keeps_its_planned_end(alice, bob, harbor, assigned):
    CaseAssignment.objects.update(ends_on=TOMORROW)
    new = assignments.hand_over(
        assignment=assigned, to=bob, organization=harbor, on=TODAY, by=alice
    )
    assert new.ends_on == TOMORROW


def test_hand_back_on_the_same_day_is_possible(alice, bob, harbor, assigned):
    new = assignments.hand_over(
        assignment=assigned, to=bob, organization=harbor, on=TODAY, by=alice
    )
    assignments.hand_over(assignment=new, to=alice, organization=harbor, on=TODAY, by=bob)
    active = CaseAssignment.objects.active_on(TODAY)
    assert [row.case_manager for row in active] == [alice]


@pytest.mark.parametrize(
    ("to", "on", "sentence"),
    [
        ("alice", TODAY, "Choose somebody else"),
        ("bob", START - timedelta(days=1), "on or after the day"),
    ],
)
def test_refused_hand_over_changes_nothing(request, alice, harbor, assigned, to, on, sentence):
    with pytest.raises(ValidationError, match=sentence):
        assignments.hand_over(
            assignment=assigned,
            to=request.getfixturevalue(to),
            organization=harbor,
            on=on,
            by=alice,
        )
    assert CaseAssignment.objects.get().ends_on is None


def test_hand_over_to_somebody_who_is_assigned_already_changes_nothing(
    alice, bob, harbor, assigned
):
    CaseAssignmentFactory(enrollment=assigned.enrollment, case_manager=bob)
    with pytest.raises(ValidationError, match="assigned to this enrollment already"):
        assignments.hand_over(assignment=assigned, to=bob, organization=harbor, on=TODAY, by=alice)
    assert CaseAssignment.objects.active_on(TODAY).count() == 2


@pytest.mark.parametrize(
    ("theirs", "spans"),
    [
        ((START, None), [(START, None)]),
        ((START, DAY), [(START, DAY), (DAY, None)]),
        ((DAY, None), [(TODAY, DAY), (DAY, None)]),
        ((DAY, LATER), [(TODAY, DAY), (DAY, LATER), (LATER, None)]),
    ],
)
def test_all_that_is_handed_over_is_worked_on_all_the_time(
    alice, bob, dana, harbor, assigned, theirs, spans
):
    begins_on, ends_on = theirs
    CaseAssignmentFactory(
        enrollment=assigned.enrollment, case_manager=bob, begins_on=begins_on, ends_on=ends_on
    )
    assignments.hand_over_all(user=alice, organizations=[harbor.pk], to=bob, by=dana)
    rows = CaseAssignment.objects.filter(case_manager=bob).order_by("begins_on")
    assert list(rows.values_list("begins_on", "ends_on")) == spans


def test_assignment_without_access_holds_no_hand_over_up(
    alice, bob, dana, bridge, harbor, assigned
):
    CaseAssignmentFactory(
        enrollment=assigned.enrollment, case_manager=bob, organization=bridge, begins_on=START
    )
    bob.memberships.filter(organization=bridge).delete()
    assignments.hand_over_all(user=alice, organizations=[harbor.pk], to=bob, by=dana)
    assert CaseAssignment.objects.active_on(TODAY).get().case_manager == bob


def test_history_says_who_handed_over(portal, alice, bob, assigned):
    send(portal(alice), page_of("hand_over", assigned), case_manager=bob.pk)
    events = CaseAssignment.pgh_event_models["update"].objects.filter(pgh_obj=assigned)
    assert [event.pgh_context["user"] for event in events if event.pgh_context] == [alice.pk]


# who may


WRITES = ["edit_case_assignment", "end_case_assignment", "hand_over"]


@pytest.mark.parametrize("name", WRITES)
def test_other_organization_may_not_change_an_assignment(portal, charlie, assigned, name):
    assert portal(charlie).get(page_of(name, assigned)).status_code == 403
    assert portal(charlie).post(page_of(name, assigned), {}).status_code == 403


@pytest.fixture
def given(enrollment, charlie, bridge, alice):
    """Charlie of Bridge House works on an enrollment of Harbor Services, which assigned him."""
    return CaseAssignmentFactory(
        enrollment=enrollment, case_manager=charlie, organization=bridge, created_by=alice
    )


@pytest.mark.parametrize("name", ["end_case_assignment", "hand_over"])
def test_case_managers_own_organization_may_end_it_or_hand_it_over(portal, charlie, given, name):
    assert portal(charlie).get(page_of(name, given)).status_code == 200


def test_case_managers_own_organization_does_not_prolong_it(portal, alice, charlie, given):
    url = page_of("edit_case_assignment", given)
    assert portal(charlie).get(url).status_code == 403
    assert portal(charlie).post(url, {"begins_on": typed(TODAY)}).status_code == 403
    assert "Edit dates" not in portal(charlie).get(page_of_list(given)).text
    assert portal(alice).get(url).status_code == 200


def test_what_was_given_to_an_organization_stays_with_it(
    portal, alice, bob, charlie, bridge, given
):
    url = page_of("hand_over", given)
    refused = send(portal(charlie), url, case_manager=bob.pk)
    assert "Choose a case manager of Bridge House." in errors(refused)["case_manager"][0]
    colleague = UserFactory(at=[bridge])
    send(portal(charlie), url, case_manager=colleague.pk)
    successor = CaseAssignment.objects.active_on(TODAY).get()
    assert (successor.case_manager, successor.organization) == (colleague, bridge)
    send(portal(alice), page_of("hand_over", successor), case_manager=bob.pk)
    assert CaseAssignment.objects.active_on(TODAY).get().case_manager == bob


@pytest.mark.parametrize("name", WRITES)
def test_assignment_of_a_restricted_enrollment_is_404_elsewhere(portal, charlie, assigned, name):
    enrollment = assigned.enrollment
    enrollment.visibility = Visibility.OWN_ORGANIZATION
    enrollment.save()
    assert portal(charlie).get(page_of(name, assigned)).status_code == 404
    page = portal(charlie).get(reverse("enrollments:case_managers", args=[enrollment.client_id]))
    assert not page.context["rows"]


def test_row_actions_are_for_those_who_may(portal, alice, charlie, assigned):
    url = reverse("enrollments:case_managers", args=[assigned.client_id])
    assert "Hand over" in portal(alice).get(url).text
    assert "Hand over" not in portal(charlie).get(url).text
