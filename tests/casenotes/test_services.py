"""Enrollments ▸ Services, and the catalogue."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casenotes.models import Service, ServiceType
from casenotes.repeats import MOST_DAYS, Repeat
from clients.models import ClientAccess
from tests.casenotes.factories import CaseNoteFactory, ServiceFactory, ServiceTypeFactory
from tests.enrollments.factories import CaseAssignmentFactory, EnrollmentFactory
from tests.factories import ClientFactory
from tests.pages import errors, filled, messages, opened, send


@pytest.fixture
def grace(enrollment, harbor, alice):
    """John's daughter, in the same household."""
    grace = ClientFactory(organization=harbor, created_by=alice, first_name="Grace")
    return EnrollmentFactory(
        client=grace,
        household=enrollment.household,
        project=enrollment.project,
        created_by=alice,
        relationship_to_hoh=2,
        entry_date=date(2026, 2, 1),
    )


@pytest.fixture
def service(enrollment, bus_pass, alice):
    return ServiceFactory(enrollment=enrollment, service_type=bus_pass, created_by=alice)


def page(name, *args):
    return reverse(f"casenotes:{name}", args=args)


def test_service_without_a_note(portal, enrollment, bus_pass, alice, harbor):
    answer = send(
        portal(alice), page("add_service", enrollment.client_id), service_type=bus_pass.pk
    )
    assert answer.status_code == 302
    service = Service.objects.get()
    assert (service.note, service.enrollment, service.units) == (None, enrollment, 1)
    assert (service.organization, service.created_by) == (harbor, alice)


def test_same_service_for_several_members_of_the_household(
    portal, enrollment, grace, bus_pass, alice
):
    url = page("add_service", enrollment.client_id)
    answer = send(
        portal(alice), url, follow=True, service_type=bus_pass.pk, units="2", members=[grace.pk]
    )
    assert messages(answer) == ["Service for 2 members saved."]
    rows = Service.objects.order_by("pk").values_list("client", "enrollment", "units")
    assert list(rows) == [(enrollment.client_id, enrollment.pk, 2), (grace.client_id, grace.pk, 2)]
    assert ClientAccess.objects.filter(client=grace.client, kind="change").count() == 1


def test_member_who_was_not_there_yet_is_named(portal, enrollment, grace, bus_pass, alice):
    url = page("add_service", enrollment.client_id)
    answer = send(
        portal(alice), url, service_type=bus_pass.pk, date="01/20/2026", members=[grace.pk]
    )
    assert "Grace" in errors(answer)["members"][0]
    assert not Service.objects.exists()


def test_member_of_another_household_cannot_be_ticked(portal, enrollment, bus_pass, alice):
    other = EnrollmentFactory(created_by=alice)
    EnrollmentFactory(client=enrollment.client, household=other.household, project=other.project,
                      relationship_to_hoh=2, organization=enrollment.organization)  # fmt: skip
    browser, url = portal(alice), page("add_service", enrollment.client_id)
    data = filled(opened(browser.get(url)), service_type=bus_pass.pk, enrollment=enrollment.pk)
    answer = browser.post(url, data | {"members": [other.pk]})
    assert "not in the household" in errors(answer)["members"][0]


def test_hidden_member_is_not_offered(portal, enrollment, grace, charlie, alice):
    grace.client.visibility = "own"
    grace.client.save()
    CaseAssignmentFactory(enrollment=enrollment, case_manager=charlie)
    form = opened(portal(charlie).get(page("add_service", enrollment.client_id)))
    assert "members" not in form.fields
    assert "members" in opened(portal(alice).get(page("add_service", enrollment.client_id))).fields


@pytest.mark.parametrize("field", ["service_type", "date", "enrollment"])
def test_what_is_missing_is_asked_for(portal, enrollment, bus_pass, alice, field):
    typed = {"service_type": bus_pass.pk} | {field: ""}
    answer = send(portal(alice), page("add_service", enrollment.client_id), **typed)
    assert list(errors(answer)) == [field]


def test_minutes_are_asked_for(portal, enrollment, counseling, alice):
    answer = send(
        portal(alice), page("add_service", enrollment.client_id), service_type=counseling.pk
    )
    assert errors(answer) == {"units": ["Enter the minutes."]}


def test_list_is_filtered(portal, enrollment, service, counseling, alice):
    later = ServiceFactory(
        enrollment=enrollment, service_type=counseling, date=date(2026, 2, 28), created_by=alice
    )
    url, browser = page("services", enrollment.client_id), portal(alice)

    def rows(query=""):
        return browser.get(url + query).context["page"].rows

    assert rows() == [later, service]
    assert rows(f"?service_type={counseling.pk}") == [later]
    assert rows("?last=02/25/2026") == [service]
    assert rows(f"?enrollment={enrollment.pk}&first=02/25/2026") == [later]
    assert rows("?first=x") == []


def test_list_costs_the_same_for_many_rows(
    portal, enrollment, service, alice, django_assert_num_queries
):
    url, browser = page("services", enrollment.client_id), portal(alice)
    browser.get(url)
    with CaptureQueriesContext(connection) as few:
        browser.get(url)
    for _ in range(10):
        note = CaseNoteFactory(client=enrollment.client, created_by=alice)
        ServiceFactory(enrollment=enrollment, note=note, created_by=alice)
    with django_assert_num_queries(len(few)):
        browser.get(url)
    assert len(few) <= 12


def test_edit_delete_undo(portal, service, alice):
    browser, client_id = portal(alice), service.client_id
    send(browser, page("edit_service", client_id, service.pk), units="3")
    service.refresh_from_db()
    assert (service.units, service.version) == (3, 2)
    browser.post(page("delete_service", client_id, service.pk))
    assert not Service.objects.exists()
    assert list(browser.get(page("services", client_id)).context["deleted"]) == [service]
    browser.post(service.restore_url)
    assert Service.objects.get() == service


def test_two_people_edit_one_service(portal, service, alice, bob, counseling):
    url = page("edit_service", service.client_id, service.pk)
    browser = portal(bob)
    mine = filled(opened(browser.get(url)), service_type=counseling.pk, units="5")
    send(portal(alice), url, units="3")
    form = opened(browser.post(url, mine))
    assert [change.name for change in form.changes] == ["units"]
    browser.post(url, filled(form, choose_units="theirs"))
    service.refresh_from_db()
    assert (service.units, service.service_type) == (3, counseling)


def test_other_organization_sees_a_service_and_does_not_change_it(portal, service, charlie):
    browser, client_id = portal(charlie), service.client_id
    assert browser.get(page("services", client_id)).context["page"].rows == [service]
    for name in ("edit_service", "delete_service"):
        assert browser.get(page(name, client_id, service.pk)).status_code == 403


def test_note_of_another_organization_is_not_named_beside_its_service(
    portal, enrollment, bus_pass, alice, charlie
):
    note = CaseNoteFactory(client=enrollment.client, created_by=alice, title="For Harbor only")
    ServiceFactory(enrollment=enrollment, service_type=bus_pass, note=note, created_by=alice)
    url = page("services", enrollment.client_id)
    assert "For Harbor only" in portal(alice).get(url).content.decode()
    assert "For Harbor only" not in portal(charlie).get(url).content.decode()


@pytest.mark.parametrize(
    ("unit", "units", "shown"),
    [("count", 2, "2"), ("minutes", 90, "90 min"), ("dollars", 1250, "$1,250.00")],
)
def test_amount_is_shown_in_its_unit(enrollment, alice, unit, units, shown):
    service = ServiceFactory(
        enrollment=enrollment,
        service_type=ServiceTypeFactory(unit=unit),
        units=units,
        created_by=alice,
    )
    service.refresh_from_db()
    assert service.amount == shown


def test_catalogue_is_kept_by_the_dqo_of_the_organization(portal, dana, harbor, bridge, bus_pass):
    theirs = ServiceTypeFactory(organization=bridge, name="Theirs")
    browser = portal(dana)
    url = reverse("admin:casenotes_servicetype_changelist")
    listed = browser.get(url).content.decode()
    assert "Bus pass" in listed
    assert "Theirs" not in listed
    add = reverse("admin:casenotes_servicetype_add")
    data = {"organization": harbor.pk, "name": "Outreach", "unit": "count", "is_active": "on"}
    browser.post(add, data | {"hud_service": "141:2"})
    row = ServiceType.objects.get(name="Outreach")
    assert row.hud_label == "PATH Service: Screening"
    browser.post(add, data | {"organization": bridge.pk, "name": "Sneaked"})
    assert not ServiceType.objects.filter(name="Sneaked").exists()
    change = reverse("admin:casenotes_servicetype_change", args=[theirs.pk])
    assert browser.get(change).status_code == 302
    delete = reverse("admin:casenotes_servicetype_delete", args=[row.pk])
    assert browser.post(delete, {"post": "yes"}).status_code == 403


def test_unit_of_a_service_in_use_stays(portal, dana, service):
    url = reverse("admin:casenotes_servicetype_change", args=[service.service_type_id])
    page = portal(dana).get(url)
    assert "unit" not in page.context["adminform"].form.fields


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"unit": "x"}, {"record_type": 141}, {"type_provided": 1}],
    ids=str,
)
def test_catalogue_refuses_what_is_wrong(harbor, wrong):
    row = ServiceType(organization=harbor, **({"name": "Right"} | wrong))
    with pytest.raises(ValidationError):
        row.validate_constraints()


def test_name_stands_in_a_catalogue_once(harbor, bus_pass):
    with pytest.raises(ValidationError, match="already"):
        ServiceType(organization=harbor, name="Bus pass").validate_constraints()


@pytest.mark.parametrize(
    ("repeat", "first", "last", "days"),
    [
        (Repeat.DAILY, (2, 27), (3, 2), [(2, 27), (2, 28), (3, 1), (3, 2)]),
        (Repeat.WEEKLY, (2, 10), (3, 1), [(2, 10), (2, 17), (2, 24)]),
        (Repeat.MONTHLY, (1, 31), (3, 31), [(1, 31), (2, 28), (3, 31)]),
        (Repeat.WEEKLY, (3, 2), (3, 2), [(3, 2)]),
    ],
)
def test_days_of_a_recurring_service(repeat, first, last, days):
    found = repeat.days(date(2026, *first), date(2026, *last))
    assert found == [date(2026, *day) for day in days]


def test_days_of_a_recurring_service_end_somewhere():
    assert len(Repeat.DAILY.days(date(1026, 1, 5), date(2026, 3, 2))) == MOST_DAYS + 1


def test_recurring_service_is_a_row_each_day_and_undone_at_once(
    portal, enrollment, bus_pass, alice
):
    browser, url = portal(alice), page("add_service", enrollment.client_id)
    typed = {"date": "02/10/2026", "repeat": "weekly", "until": "03/01/2026"}
    answer = send(browser, url, follow=True, service_type=bus_pass.pk, **typed)
    rows = Service.objects.order_by("date")
    assert [f"{row.date:%m/%d}" for row in rows] == ["02/10", "02/17", "02/24"]
    assert {(row.client_id, row.enrollment) for row in rows} == {(enrollment.client_id, enrollment)}
    (message,) = answer.context["messages"]
    assert str(message) == "Service on 3 days saved."
    answer = browser.post(message.extra_tags, follow=True)
    assert messages(answer) == ["3 services deleted."]
    assert not Service.objects.exists()
    assert ClientAccess.objects.filter(kind="change", page="casenotes:undo_services").exists()
    assert not ClientAccess.objects.filter(page="attendance:undo").exists()


def test_recurring_service_that_cannot_be(portal, enrollment, bus_pass, alice):
    enrollment.entry_date = date(2025, 1, 5)
    enrollment.save()
    browser, url = portal(alice), page("add_service", enrollment.client_id)
    data = filled(opened(browser.get(url)), service_type=bus_pass.pk, date="02/20/2026")
    for typed, field in (
        ({"repeat": "weekly"}, "until"),
        ({"until": "03/02/2026"}, "repeat"),
        ({"repeat": "hourly", "until": "03/02/2026"}, "repeat"),
        ({"repeat": "weekly", "until": "02/01/2026"}, "until"),
        ({"repeat": "weekly", "until": "03/09/2026"}, "until"),
        ({"repeat": "daily", "until": "03/02/2026", "date": "01/01/2026"}, "until"),
        ({"repeat": "daily", "until": "03/02/2026", "date": "01/05/1026"}, "date"),
    ):
        assert field in errors(browser.post(url, data | typed)), typed
    assert not Service.objects.exists()


def test_recurring_service_ends_within_every_members_enrollment(
    portal, enrollment, grace, bus_pass, alice
):
    grace.exit_date, grace.destination = date(2026, 2, 12), 410
    grace.save()
    url = page("add_service", enrollment.client_id)
    typed = {"date": "02/10/2026", "repeat": "daily", "until": "02/14/2026", "members": [grace.pk]}
    answer = send(portal(alice), url, service_type=bus_pass.pk, **typed)
    assert "Grace" in errors(answer)["members"][0]
    answer = send(
        portal(alice), url, service_type=bus_pass.pk, **typed | {"until": "02/12/2026"}, follow=True
    )
    assert messages(answer) == ["Service for 2 members on 3 days saved."]
    assert Service.objects.count() == 6
