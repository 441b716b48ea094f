"""Several clients handed over at once: all of them, or none with the reasons."""

import uuid
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.use_limits import UseLimit
from cas.models import Notification
from clients.models import ClientAccess
from enrollments.assignments.hand_over import MOST, hand_over_several
from enrollments.models import CaseAssignment
from records.models import Visibility
from tests.enrollments.assignments.many import many_cases
from tests.enrollments.conftest import TODAY
from tests.enrollments.factories import START, CaseAssignmentFactory, EnrollmentFactory
from tests.factories import ClientFactory, MembershipFactory, UserFactory
from tests.pages import errors, filled, messages, opened

URL, CASELOAD = "/caseload/hand-over/", "/caseload/"
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


@pytest.fixture
def cases(today, alice, shelter):
    return many_cases(alice, shelter, 3, since=START)


def ids(rows) -> list[int]:
    return [one.pk for one in rows]


def sent(browser, rows, **typed):
    page = browser.get(URL, {"assignment": ids(rows)})
    data = filled(opened(page), **typed) | {"assignment": ids(rows)}
    return browser.post(URL, data, follow=True)


def active():
    rows = CaseAssignment.objects.active_on(TODAY).order_by("enrollment")
    return [one.case_manager for one in rows]


def test_all_are_handed_over_in_one_form(portal, alice, bob, cases):
    answer = sent(portal(alice), cases, case_manager=bob.pk)
    assert messages(answer) == [f"3 case assignments handed over to {bob}."]
    assert active() == [bob] * 3
    changed = ClientAccess.objects.filter(user=alice, kind="change").values_list(
        "client", flat=True
    )
    assert set(changed) == {one.client_id for one in cases}
    for old in CaseAssignment.objects.filter(pk__in=ids(cases)):
        assert (old.ends_on, old.updated_by) == (TODAY, alice)
        new = old.enrollment.case_assignments.exclude(pk=old.pk).get()
        assert (new.begins_on, new.ends_on, new.created_by) == (TODAY, None, alice)
        assert (new.client_id, new.organization_id) == (old.client_id, old.organization_id)


def test_look_up_without_script_leads_back_to_the_same_clients_after_a_refusal(
    portal, alice, charlie, cases
):
    browser = portal(alice)
    refused = sent(browser, cases, case_manager="")
    assert errors(refused)["case_manager"]
    look_up = opened(refused).fields["case_manager"].widget.get_context("x", None, {})["lookup_url"]
    search = {"organization": charlie.organizations[0].pk}
    (row,) = browser.get(look_up, search | dict(parse_qsl(urlsplit(look_up).query))).context["rows"]
    back = browser.get(row["url"])
    assert back.context["assignments"] == refused.context["assignments"]


def test_history_says_who_handed_over(portal, alice, bob, cases):
    sent(portal(alice), cases, case_manager=bob.pk)
    events = CaseAssignment.pgh_event_models["update"].objects.filter(pgh_obj__in=ids(cases))
    assert {one.pgh_context["user"] for one in events if one.pgh_context} == {alice.pk}


def test_page_lists_whom_and_offers_the_colleagues(portal, alice, bob, dana, cases):
    portal(alice).get(CASELOAD)
    page = portal(alice).get(URL, {"assignment": ids(cases)})
    assert "Many 0" in page.text
    offered = list(opened(page).fields["case_manager"].widget.offered)
    assert alice not in offered
    assert {bob, dana} <= set(offered)
    logged = ClientAccess.objects.get(page="enrollments:hand_over_several")
    assert logged.kind == ClientAccess.Kind.LIST
    assert set(logged.listed) == {one.client_id for one in cases}


def test_whoever_is_named_without_having_been_listed_counts_as_opened(
    portal, alice, bob, cases, settings
):
    settings.USE_LIMITS = {"clients": UseLimit.parse("hour 2 2")}
    browser, query = portal(bob), {"assignment": ids(cases)}
    for send in (browser.get, browser.post):
        refused = send(URL, query)
        assert refused.status_code == 429
        assert "Many 0" not in refused.text
    browser = portal(alice)
    browser.get(CASELOAD)
    assert browser.get(URL, query).status_code == 200
    assert browser.post(URL, query).status_code == 200


def test_who_was_named_without_having_been_listed_counts_once(portal, bob, cases, settings):
    settings.USE_LIMITS = {"clients": UseLimit.parse("hour 3 3")}
    for _ in range(2):
        assert portal(bob).get(URL, {"assignment": ids(cases)}).status_code == 200
    assert ClientAccess.objects.filter(user=bob, kind=ClientAccess.Kind.VIEW).count() == 3


def test_nobody_selected_leads_back(portal, alice):
    page = portal(alice).get(URL)
    assert page.status_code == 200
    assert "Nobody is selected" in page.text
    assert portal(alice).post(URL, {}).status_code == 200


# all or nothing


def test_one_that_ended_meanwhile_stops_all_and_is_named(portal, alice, bob, cases):
    browser = portal(alice)
    page = browser.get(URL, {"assignment": ids(cases)})
    CaseAssignment.objects.filter(pk=cases[1].pk).update(ends_on=TODAY)
    data = filled(opened(page), case_manager=bob.pk) | {"assignment": ids(cases)}
    refused = browser.post(URL, data)
    name = f"{cases[1].client.sorted_name} (Client ID {cases[1].client_id})"
    assert errors(refused)["__all__"] == [f"{name}: the assignment ends on 03/02/2026."]
    assert "Nothing was handed over" in refused.text
    assert not CaseAssignment.objects.filter(case_manager=bob).exists()
    assert CaseAssignment.objects.filter(pk__in=ids(cases), ends_on=None).count() == 2


def test_each_client_in_the_way_is_named(portal, alice, bob, cases):
    refused = sent(portal(alice), cases, case_manager=bob.pk, on=f"{START - timedelta(1):%m/%d/%Y}")
    assert len(errors(refused)["__all__"]) == 3
    assert active() == [alice] * 3


def test_to_oneself_is_refused(portal, alice, cases):
    refused = sent(portal(alice), cases, case_manager=alice.pk)
    assert "is the case manager already" in errors(refused)["__all__"][0]


def test_where_the_other_one_works_already_the_old_one_ends(portal, alice, bob, cases):
    CaseAssignmentFactory(enrollment=cases[0].enrollment, case_manager=bob, begins_on=START)
    answer = sent(portal(alice), cases, case_manager=bob.pk)
    (said,) = messages(answer)
    assert said.endswith(f"{bob} worked on 1 of the enrollments already.")
    assert active() == [bob] * 3
    assert CaseAssignment.objects.filter(case_manager=bob).count() == 3


@pytest.mark.parametrize(
    ("theirs", "begun"),
    [
        ({"begins_on": TOMORROW}, (TODAY, TOMORROW)),
        ({"begins_on": START, "ends_on": TOMORROW}, (TOMORROW, None)),
        ({"begins_on": START, "organization": "bridge"}, (TODAY, None)),  # without access
    ],
)
def test_only_the_time_without_the_other_one_is_assigned(
    portal, alice, bob, bridge, cases, theirs, begun
):
    where = {"organization": bridge} if "organization" in theirs else {}
    own = CaseAssignmentFactory(enrollment=cases[1].enrollment, case_manager=bob, **theirs | where)
    bob.memberships.filter(organization=bridge).delete()
    (said,) = messages(sent(portal(alice), cases, case_manager=bob.pk))
    assert said == f"3 case assignments handed over to {bob}."
    new = cases[1].enrollment.case_assignments.exclude(pk=own.pk).get(case_manager=bob)
    assert (new.begins_on, new.ends_on) == begun
    assert active() == [bob] * 3


def test_two_case_managers_of_one_enrollment_get_one_successor(alice, bob, dana, harbor, cases):
    other = CaseAssignmentFactory(
        enrollment=cases[0].enrollment, case_manager=dana, begins_on=START, ends_on=TOMORROW
    )
    rows = ids([*cases, other])
    done = hand_over_several(assignments=rows, to=bob, organization=harbor, on=TODAY, by=alice)
    assert (len(done.begun), done.ended) == (3, 0)
    assert cases[0].enrollment.case_assignments.get(case_manager=bob).ends_on is None


def test_planned_end_stays(alice, bob, harbor, cases):
    CaseAssignment.objects.filter(pk=cases[0].pk).update(ends_on=TOMORROW)
    hand_over_several(assignments=ids(cases), to=bob, organization=harbor, on=TODAY, by=alice)
    assert cases[0].enrollment.case_assignments.get(case_manager=bob).ends_on == TOMORROW


def test_assignment_outside_its_enrollment_is_refused_by_the_database(alice, bob, harbor, cases):
    enrollment = cases[0].enrollment
    enrollment.exit_date, enrollment.destination = TOMORROW, 410
    enrollment.save()
    CaseAssignment.objects.filter(pk=cases[0].pk).update(ends_on=TOMORROW)
    with pytest.raises(ValidationError):
        hand_over_several(
            assignments=ids(cases),
            to=bob,
            organization=harbor,
            on=TODAY + timedelta(days=2),
            by=alice,
        )
    assert active() == [alice] * 3


def test_sent_twice_it_is_done_once(portal, alice, bob, cases):
    browser = portal(alice)
    page = browser.get(URL, {"assignment": ids(cases)})
    data = filled(opened(page), case_manager=bob.pk) | {"assignment": ids(cases)}
    browser.post(URL, data)
    again = browser.post(URL, data, follow=True)
    assert "This has already been saved." in messages(again)
    assert CaseAssignment.objects.filter(case_manager=bob).count() == 3


def test_second_of_two_colleagues_is_told(portal, alice, bob, dana, cases):
    first, second = portal(alice), portal(dana)
    data = filled(opened(second.get(URL, {"assignment": ids(cases)})), case_manager=dana.pk)
    sent(first, cases, case_manager=bob.pk)
    refused = second.post(URL, data | {"assignment": ids(cases), "form_token": str(uuid.uuid4())})
    assert len(errors(refused)["__all__"]) == 3
    assert active() == [bob] * 3


# who may


def test_another_agencys_user_is_refused(portal, charlie, bob, cases):
    query = {"assignment": ids(cases)}
    assert portal(charlie).get(URL, query).status_code == 403
    assert portal(charlie).post(URL, query | {"case_manager": charlie.pk}).status_code == 403


def test_what_is_not_seen_is_not_there(portal, charlie, cases):
    client = cases[0].client
    client.visibility = Visibility.OWN_ORGANIZATION
    client.save()
    assert portal(charlie).get(URL, {"assignment": [cases[0].pk]}).status_code == 404


@pytest.mark.parametrize("value", ["0", "x", "-1", "9" * 30, "", "999999999999"])
def test_odd_assignment_is_404(portal, alice, cases, value):
    answer = portal(alice).get(URL, {"assignment": [cases[0].pk, value]})
    assert answer.status_code == 404


def test_too_many_are_404(portal, alice, cases):
    assert portal(alice).get(URL, {"assignment": [cases[0].pk] * (MOST + 1)}).status_code == 404


def test_action_refuses_another_agencys_user(charlie, bridge, bob, cases):
    with pytest.raises(PermissionDenied):
        hand_over_several(
            assignments=ids(cases), to=charlie, organization=bridge, on=TODAY, by=charlie
        )


def test_what_was_given_to_an_organization_stays_with_it(
    portal, alice, bob, charlie, bridge, cases
):
    enrollment = cases[0].enrollment
    given = CaseAssignmentFactory(
        enrollment=enrollment, case_manager=charlie, organization=bridge, begins_on=START
    )
    refused = sent(portal(charlie), [given], case_manager=bob.pk)
    assert "choose a case manager of Bridge House" in errors(refused)["__all__"][0]
    colleague = UserFactory(at=[bridge])
    sent(portal(charlie), [given], case_manager=colleague.pk)
    new = CaseAssignment.objects.get(case_manager=colleague)
    assert (new.organization, new.begins_on) == (bridge, TODAY)


def test_new_case_manager_works_for_the_organization_in_force_if_possible(
    portal, alice, bridge, harbor, cases
):
    colleague = UserFactory(at=[bridge])
    MembershipFactory(user=colleague, organization=harbor)
    sent(portal(alice), cases, case_manager=colleague.pk)
    rows = CaseAssignment.objects.filter(case_manager=colleague)
    assert {one.organization for one in rows} == {harbor}


# cost


def statements(alice, bob, harbor, rows) -> int:
    with CaptureQueriesContext(connection) as seen:
        hand_over_several(assignments=ids(rows), to=bob, organization=harbor, on=TODAY, by=alice)
    return len(seen)


def test_thirty_cost_no_more_statements_than_three(today, alice, bob, harbor, shelter):
    few = statements(alice, bob, harbor, many_cases(alice, shelter, 3, since=START))
    rows = many_cases(alice, shelter, 30, last_name="More", since=START)
    assert statements(alice, bob, harbor, rows) <= few + 2


def test_client_with_two_enrollments_is_handed_over_in_both(alice, bob, harbor, today):
    client = ClientFactory(organization=harbor)
    rows = [
        CaseAssignmentFactory(
            enrollment=EnrollmentFactory(client=client), case_manager=alice, organization=harbor
        )
        for _ in range(2)
    ]
    done = hand_over_several(assignments=ids(rows), to=bob, organization=harbor, on=TODAY, by=alice)
    assert (len(done.begun), done.ended) == (2, 0)
    assert active() == [bob, bob]
    assert not Notification.objects.filter(recipient=alice).exists()
