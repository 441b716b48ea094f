"""The agency's caseload: what is counted, for whom, by project and worker, and the lists behind."""

import csv
from datetime import date, timedelta
from io import StringIO

import pytest
from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clients.models import ClientAccess
from data_quality.caseload.work import NOBODY, Kind, work
from data_quality.rules.scope import Scope
from enrollments.assignments.due import annual_due
from enrollments.contacts import without_contact_since
from enrollments.models import Enrollment
from records.models import Visibility
from tests.casenotes.factories import CaseNoteFactory, ServiceFactory
from tests.enrollments.factories import (
    CaseAssignmentFactory,
    CurrentLivingSituationFactory,
    EnrollmentFactory,
    IncomeBenefitsFactory,
)
from tests.factories import ClientFactory, ProjectFactory

URL = "/admin/caseload/"
TODAY = date(2026, 3, 2)
ANNUAL = 5
MOST_QUERIES = 16


@pytest.fixture
def enrolled(today, harbor, shelter, alice):
    """A function that enrolls somebody at Harbor's shelter, with Alice as case manager."""

    def make(entry, *, by=alice, organization=harbor, **values):
        client = ClientFactory(organization=organization, created_by=alice)
        values = {"project": shelter} | values
        row = EnrollmentFactory(client=client, entry_date=entry, created_by=alice, **values)
        if by:
            CaseAssignmentFactory(
                enrollment=row,
                case_manager=by,
                organization=organization,
                begins_on=entry,
                ends_on=row.exit_date,
            )
        return row

    return make


def list_url(kind, query=""):
    return reverse("admin:caseload_list", args=[kind]) + query


def listed(browser, kind, query="") -> list:
    return list(browser.get(list_url(kind, query)).context["page"].object_list)


def table(page) -> list[tuple[str, list[int]]]:
    return [(row.name, [one.count for one in row.numbers]) for row in page.context["rows"]]


def made(enrollment, day):
    return IncomeBenefitsFactory(
        enrollment=enrollment, data_collection_stage=ANNUAL, information_date=day
    )


# what is counted


def test_table_counts_by_project_and_worker(portal, dana, alice, bob, harbor, enrolled):
    outreach = ProjectFactory(organization=harbor, project_name="Harbor Outreach")
    enrolled(date(2025, 3, 10))  # due
    enrolled(date(2025, 1, 10), by=bob)  # missed
    enrolled(date(2026, 2, 20), by=None)  # nobody's
    enrolled(date(2026, 1, 5), exit_date=date(2026, 2, 10))  # incomplete
    enrolled(date(2026, 2, 25), project=outreach)
    shown = table(portal(dana).get(URL))
    assert shown == [
        ("All projects", [4, 1, 1, 2, 1]),
        ("Harbor Family Shelter", [3, 1, 1, 2, 1]),
        (str(alice), [1, 1, 0, 1, 1]),
        (str(bob), [1, 0, 1, 1, 0]),
        ("No case manager", [1, 0, 0, 0, 0]),
        ("Harbor Outreach", [1, 0, 0, 0, 0]),
        (str(alice), [1, 0, 0, 0, 0]),
    ]
    rows = portal(dana).get(URL).context["rows"]
    assert [row.name for row in rows if row.is_project] == [
        "All projects",
        "Harbor Family Shelter",
        "Harbor Outreach",
    ]


def test_client_of_two_workers_counts_for_both_and_once_for_the_project(
    today, dana, alice, bob, enrolled
):
    row = enrolled(date(2026, 2, 20))
    CaseAssignmentFactory(enrollment=row, case_manager=bob, begins_on=row.entry_date)
    found = work(Scope(dana, TODAY), days=30)
    assert found.total[Kind.OPEN] == 1
    assert {pk: one.counts[Kind.OPEN] for pk, one in found.workers[row.project_id].items()} == {
        alice.pk: 1,
        bob.pk: 1,
    }


def test_due_and_missed_agree_with_the_case_managers_page(portal, dana, enrolled):
    """What is due now on My caseload is due here, and what is overdue there is missed."""
    rows = [
        enrolled(TODAY - timedelta(days=day)) for day in (*range(0, 800, 25), 335, 336, 395, 396)
    ]
    tones = {
        row: annual_due(row.entry_date, row.entry_date, [], TODAY).tone_on(TODAY) for row in rows
    }
    query = "?page={}"
    due = {one for page in (1, 2) for one in listed(portal(dana), Kind.DUE, query.format(page))}
    missed = set(listed(portal(dana), Kind.MISSED))
    assert due == {row for row, tone in tones.items() if tone == "warning"}
    assert {row for row, tone in tones.items() if tone == "danger"} <= missed
    assert due
    assert missed


def test_lists_of_annual_assessments_say_when_they_are_due(portal, dana, enrolled):
    enrolled(date(2025, 3, 10))
    enrolled(date(2024, 1, 10))
    assert [one.due_on for one in listed(portal(dana), Kind.DUE)] == [date(2026, 3, 10)]
    assert [one.due_on for one in listed(portal(dana), Kind.MISSED)] == [date(2026, 1, 10)]
    assert "03/10/2026" in portal(dana).get(list_url(Kind.DUE)).text


def test_made_assessment_is_neither_due_nor_missed(portal, dana, enrolled):
    made(enrolled(date(2025, 3, 10)), date(2026, 2, 20))
    made(enrolled(date(2025, 1, 10)), date(2026, 1, 20))
    assert not listed(portal(dana), Kind.DUE)
    assert not listed(portal(dana), Kind.MISSED)


def test_window_over_the_turn_of_the_year(portal, dana, enrolled, time_machine):
    time_machine.move_to("2026-12-20T17:00:00Z", tick=False)
    row = enrolled(date(2025, 1, 10))
    made(row, date(2026, 1, 10))
    assert listed(portal(dana), Kind.DUE) == [row]


def test_exit_with_a_destination_is_complete(portal, dana, enrolled):
    left = enrolled(date(2026, 1, 5), exit_date=date(2026, 2, 10))
    enrolled(date(2026, 1, 5), exit_date=date(2026, 2, 10), destination=410)
    assert listed(portal(dana), Kind.INCOMPLETE) == [left]


def note(row, day, **values):
    return CaseNoteFactory(client=row.client, organization=row.organization, date=day, **values)


def service(row, day, **values):
    return ServiceFactory(enrollment=row, client=row.client, date=day, **values)


def living(row, day, **values):
    return CurrentLivingSituationFactory(enrollment=row, information_date=day, **values)


@pytest.mark.parametrize("contact", [note, service, living, made])
def test_contact_within_the_days_is_enough(portal, dana, enrolled, contact):
    row = enrolled(date(2025, 6, 1))
    assert listed(portal(dana), Kind.NO_CONTACT) == [row]
    contact(row, TODAY - timedelta(days=31))
    (late,) = listed(portal(dana), Kind.NO_CONTACT)
    assert late.last_contact == TODAY - timedelta(days=31)
    contact(row, TODAY - timedelta(days=30))
    assert not listed(portal(dana), Kind.NO_CONTACT)
    assert listed(portal(dana), Kind.NO_CONTACT, "?days=29") == [row]


def test_deleted_note_is_no_contact(portal, dana, alice, enrolled):
    row = enrolled(date(2025, 6, 1))
    note(row, TODAY).mark_deleted(by=alice)
    assert listed(portal(dana), Kind.NO_CONTACT) == [row]


@pytest.mark.parametrize("contact", [note, service, living, made])
def test_what_another_organization_recorded_is_no_contact_of_this_one(
    portal, dana, bridge, enrolled, contact
):
    row = enrolled(date(2025, 6, 1))
    found = contact(row, TODAY)
    type(found).objects.filter(pk=found.pk).update(organization=bridge)
    (late,) = listed(portal(dana), Kind.NO_CONTACT)
    assert late.last_contact == row.entry_date


@pytest.mark.parametrize("contact", [note, service, living, made])
def test_contact_with_a_parent_is_one_with_the_child(portal, dana, enrolled, contact):
    row = enrolled(date(2025, 6, 1))
    child = enrolled(date(2025, 6, 1), household=row.household, relationship_to_hoh=2)
    assert set(listed(portal(dana), Kind.NO_CONTACT)) == {row, child}
    contact(row, TODAY)
    assert not listed(portal(dana), Kind.NO_CONTACT)
    assert {one.last_contact for one in listed(portal(dana), Kind.OPEN)} == {TODAY}


def test_new_enrollment_is_not_without_contact_yet(portal, dana, enrolled):
    enrolled(TODAY - timedelta(days=30))
    assert not listed(portal(dana), Kind.NO_CONTACT)


# the lists


def test_each_number_leads_to_as_many_clients(portal, dana, bob, enrolled):
    enrolled(date(2025, 3, 10))
    enrolled(date(2025, 1, 10), by=bob)
    enrolled(date(2026, 2, 20), by=None)
    enrolled(date(2026, 1, 5), exit_date=date(2026, 2, 10))
    browser = portal(dana)
    numbers = [one for row in browser.get(URL).context["rows"] for one in row.numbers]
    assert len(numbers) == 4 * len(Kind)
    for number in numbers:
        page = browser.get(number.url)
        assert page.context["page"].paginator.count == number.count, number


def test_list_of_a_worker_names_him(portal, dana, alice, bob, enrolled):
    row = enrolled(date(2026, 2, 20), by=bob)
    enrolled(date(2026, 2, 20), by=None)
    page = portal(dana).get(list_url(Kind.OPEN, f"?worker={bob.pk}"))
    assert list(page.context["page"].object_list) == [row]
    assert page.context["worker"] == str(bob)
    left = enrolled(date(2026, 1, 5), by=alice, exit_date=date(2026, 2, 10))
    page = portal(dana).get(list_url(Kind.INCOMPLETE, f"?worker={alice.pk}"))
    assert list(page.context["page"].object_list) == [left]
    assert page.context["worker"] == str(alice)
    nobody = portal(dana).get(list_url(Kind.OPEN, f"?worker={NOBODY}"))
    assert nobody.context["worker"] == "No case manager"
    assert row not in nobody.context["page"].object_list
    assert len(nobody.context["page"].object_list) == 1


def test_name_of_a_stranger_is_not_told(portal, dana, charlie, enrolled):
    enrolled(date(2026, 2, 20))
    page = portal(dana).get(list_url(Kind.OPEN, f"?worker={charlie.pk}"))
    assert str(charlie) not in page.text


def test_list_leads_to_what_is_to_be_done(portal, dana, enrolled):
    row = enrolled(date(2025, 3, 10))
    assert reverse("enrollments:annual", args=[row.client_id, row.pk]) in (
        portal(dana).get(list_url(Kind.DUE)).text
    )


def test_csv_has_the_list_without_ssn_or_date_of_birth(portal, dana, alice, enrolled):
    row = enrolled(date(2025, 3, 10))
    answer = portal(dana).get(reverse("admin:caseload_csv", args=[Kind.DUE]))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    (line,) = csv.DictReader(StringIO(text))
    assert (line["Client ID"], line["Case Managers"]) == (str(row.client_id), str(alice))
    assert line["Annual Assessment Due"] == "2026-03-10"
    assert not {"SSN", "Date of Birth"} & set(line)
    access = ClientAccess.objects.get(kind=ClientAccess.Kind.EXPORT)
    assert access.listed == [row.client_id]


# for whom


def test_officer_sees_the_own_organization_alone(portal, dana, enrolled, theirs):
    row = enrolled(date(2026, 2, 20))
    assert listed(portal(dana), Kind.OPEN) == [row]
    assert "Bridge Hostel" not in portal(dana).get(URL).text


def test_officer_of_two_sees_one_organization_at_a_time(portal, both, bridge, enrolled, theirs):
    row = enrolled(date(2026, 2, 20))
    found = [
        listed(portal(both), Kind.OPEN, f"?organization={one.pk}")
        for one in (row.organization, bridge)
    ]
    assert found == [[row], [theirs]]
    assert len(listed(portal(both), Kind.OPEN)) == 1


def test_client_restricted_elsewhere_is_not_listed(portal, dana, bridge, enrolled):
    row = enrolled(date(2026, 2, 20))
    client = row.client
    client.organization, client.visibility = bridge, Visibility.OWN_ORGANIZATION
    client.save()
    assert not listed(portal(dana), Kind.OPEN)
    assert "No open work" in portal(dana).get(URL).text


@pytest.mark.parametrize("who", ["alice", "charlie"])
def test_case_managers_have_no_such_page(request, portal, enrolled, who):
    enrolled(date(2026, 2, 20))
    browser = portal(request.getfixturevalue(who))
    for address in (URL, list_url(Kind.OPEN), list_url(Kind.OPEN) + "csv/"):
        assert browser.get(address).status_code in (302, 403)


@pytest.mark.parametrize(
    "query", ["?days=0", "?days=x", "?days=99999999999", "?project=999999", "?organization=x"]
)
def test_odd_filters_are_answered(portal, both, enrolled, query):
    enrolled(date(2026, 2, 20))
    for address in (URL, list_url(Kind.OPEN)):
        assert portal(both).get(address + query).status_code == 200
    assert portal(both).get(list_url(Kind.OPEN) + "csv/" + query).status_code == 302


def test_unknown_list_is_404(portal, dana, today):
    assert portal(dana).get(f"{URL}nonsense/").status_code == 404
    assert portal(dana).get(f"{URL}nonsense/csv/").status_code == 404


@pytest.mark.parametrize("worker", ["x", "-1", "9" * 40])
def test_odd_worker_lists_everybody(portal, dana, enrolled, worker):
    row = enrolled(date(2026, 2, 20))
    assert listed(portal(dana), Kind.OPEN, f"?worker={worker}") == [row]


# cost


def test_statements_do_not_grow_with_the_work(portal, dana, enrolled):
    browser = portal(dana)
    enrolled(date(2025, 3, 10))
    browser.get(URL)
    for address in (URL, list_url(Kind.OPEN)):
        with CaptureQueriesContext(connection) as few:
            browser.get(address)
        for _ in range(4):
            enrolled(date(2025, 3, 10))
        with CaptureQueriesContext(connection) as more:
            browser.get(address)
        assert len(more) <= len(few) <= MOST_QUERIES


def test_contacts_are_looked_for_in_each_household_and_not_among_everybody(enrolled):
    """Where this looks dear, PostgreSQL would make one table of all services in the database."""
    for _ in range(20):
        enrolled(TODAY - timedelta(days=90))
    has_none = ExpressionWrapper(without_contact_since(TODAY), BooleanField())
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE enrollments_enrollment")
        cursor.execute("SET LOCAL enable_indexscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
    assert "hashed" not in Enrollment.objects.values_list(has_none).explain(verbose=True)
