"""My caseload as a page of its own: filters, order, households, search, print and CSV."""

import csv
from datetime import date, timedelta
from io import StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.models import SecurityEvent
from agencies.use_limits import UseLimit
from clients.models import ClientAccess
from enrollments.assignments import order
from enrollments.assignments.caseload_views import PAGE
from records.models import Visibility
from tests.enrollments.assignments.many import many_cases
from tests.enrollments.conftest import TODAY
from tests.enrollments.factories import CaseAssignmentFactory, EnrollmentFactory
from tests.factories import ClientFactory, MembershipFactory, ProjectFactory

URL = "/caseload/"
MOST_QUERIES = 12


LONG = 55  # for these tests, and more than a page


@pytest.fixture(autouse=True)
def no_kept_order(monkeypatch):
    monkeypatch.setattr(order, "LONG", LONG)
    order.forget()
    yield
    order.forget()


@pytest.fixture
def case(today, harbor, alice, shelter):
    """A function that gives Alice a client by name."""

    def assigned(first, last, *, entry=date(2026, 1, 5), by=alice, **values):
        dob, works_for = values.pop("dob", date(1980, 5, 17)), values.pop("works_for", harbor)
        client = ClientFactory(organization=harbor, first_name=first, last_name=last, dob=dob)
        values = {"project": shelter, "entry_date": entry} | values
        enrollment = EnrollmentFactory(client=client, **values)
        return CaseAssignmentFactory(
            enrollment=enrollment,
            case_manager=by,
            organization=works_for,
            begins_on=entry,
            ends_on=enrollment.exit_date,
        )

    return assigned


@pytest.fixture
def smiths(case, shelter):
    """John, head of household, his daughter Grace and, in a household of her own, Zoe Adams."""
    john = case("John", "Smith", entry=date(2025, 3, 1))
    grace = case(
        "Grace",
        "Smith",
        entry=date(2025, 3, 1),
        dob=date(2015, 1, 1),
        household=john.enrollment.household,
        relationship_to_hoh=2,
    )
    zoe = case("Zoe", "Adams", entry=date(2025, 6, 1))
    return john, grace, zoe


def shown(page) -> list[str]:
    return [
        case.assignment.client.first_name
        for group in page.context["groups"]
        for case in group.cases
    ]


def lines_of(answer) -> list[dict[str, str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text)))


# the menu


def test_my_caseload_stands_in_the_menu(portal, alice):
    page = portal(alice).get(URL)
    entry = next(one for one in page.context["menu"]["entries"] if one["key"] == "caseload")
    assert (entry["label"], entry["url"], entry["active"]) == ("My caseload", URL, True)


def test_names_in_the_list_are_escaped(portal, alice, case, shelter):
    case("<b>John", "Smith")
    shelter.project_common_name = "<i>Harbor"
    shelter.save()
    page = portal(alice).get(URL).text
    assert "<bdi>Smith, &lt;b&gt;John</bdi>" in page
    assert "&lt;i&gt;Harbor</a>" in page
    assert "<b>John" not in page
    assert "<i>Harbor" not in page


# filters and order


def test_what_is_due_first_is_on_top(portal, alice, smiths):
    assert shown(portal(alice).get(URL)) == ["Grace", "John", "Zoe"]


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("client", ["Zoe", "Grace", "John"]),
        ("-client", ["John", "Grace", "Zoe"]),
        ("number", ["John", "Grace", "Zoe"]),
        ("-number", ["Zoe", "Grace", "John"]),
        ("-since", ["Zoe", "Grace", "John"]),
        ("-due", ["Zoe", "Grace", "John"]),
        ("nonsense", ["Grace", "John", "Zoe"]),
        ("--due", ["Grace", "John", "Zoe"]),
    ],
)
def test_columns_sort_either_way(portal, alice, smiths, sort, names):
    assert shown(portal(alice).get(URL, {"sort": sort})) == names


def test_head_of_a_column_says_its_order_and_leads_to_the_other(portal, alice, smiths):
    columns = portal(alice).get(URL, {"sort": "client"}).context["columns"]
    client = next(one for one in columns if one["label"] == "Client")
    assert (client["order"], client["query"]) == ("ascending", "sort=-client")
    columns = portal(alice).get(URL).context["columns"]
    on = next(one for one in columns if one["label"] == "Due")
    assert (on["order"], on["query"]) == ("ascending", "sort=-due")


def test_project_narrows_and_offers_the_projects_of_the_cases(portal, alice, case, harbor):
    case("John", "Smith")
    other = ProjectFactory(organization=harbor, project_name="Harbor Outreach")
    ProjectFactory(organization=harbor, project_name="Nobody's")
    case("Zoe", "Adams", project=other)
    page = portal(alice).get(URL, {"project": other.pk})
    assert shown(page) == ["Zoe"]
    names = [str(one) for one in page.context["form"].fields["project"].queryset]
    assert names == ["Harbor Family Shelter", "Harbor Outreach"]


@pytest.mark.parametrize(
    ("due", "names"),
    [
        ("now", ["Late", "Exited", "Adult", "Soon"]),
        ("overdue", ["Late", "Exited"]),
        ("annual", ["Late", "Soon"]),
        ("adult", ["Adult"]),
        ("exit", ["Exited"]),
    ],
)
def test_due_narrows(portal, alice, case, due, names):
    case("Late", "A", entry=date(2025, 1, 10))
    case("Exited", "B", exit_date=date(2026, 2, 10))
    case("Adult", "C", dob=date(2008, 2, 20))
    case("Soon", "D", entry=date(2025, 3, 20))
    case("Later", "E", entry=date(2025, 6, 1))
    assert shown(portal(alice).get(URL, {"due": due})) == names


@pytest.mark.parametrize(
    ("household", "names"),
    [("heads", ["John", "Zoe"]), ("alone", ["Zoe"]), ("several", ["Grace", "John"])],
)
def test_household_narrows(portal, alice, smiths, household, names):
    assert shown(portal(alice).get(URL, {"household": household})) == names


def test_household_counts_members_of_other_case_managers(portal, alice, bob, case):
    john = case("John", "Smith")
    case(
        "Grace",
        "Smith",
        by=bob,
        household=john.enrollment.household,
        relationship_to_hoh=2,
    )
    assert shown(portal(alice).get(URL, {"household": "alone"})) == []
    assert shown(portal(alice).get(URL, {"household": "several"})) == ["John"]


def test_members_of_a_household_stand_together_its_head_first(portal, alice, smiths):
    page = portal(alice).get(URL, {"group": "on", "sort": "client"})
    groups = [(group.name, group.others) for group in page.context["groups"]]
    assert groups == [("Adams, Zoe", 0), ("Smith, John", 1)]
    assert shown(page) == ["Zoe", "John", "Grace"]


@pytest.mark.parametrize(
    "query", [{"project": "999999"}, {"project": "x"}, {"due": "x"}, {"household": "x"}]
)
def test_filter_that_is_not_understood_is_said_and_shows_everybody(portal, alice, smiths, query):
    page = portal(alice).get(URL, query)
    assert len(shown(page)) == 3
    assert page.context["form"].errors


# search


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("smi", ["Grace", "John"]),
        ("SMITH john", ["John"]),
        ("zoé", ["Zoe"]),
        ("nobody", []),
        ("smith adams", []),
        ("!!!", []),
        ("   ", ["Grace", "John", "Zoe"]),
    ],
)
def test_search_finds_by_parts_of_the_name(portal, alice, smiths, text, names):
    assert shown(portal(alice).post(URL, {"text": text})) == names


def test_search_finds_by_client_id_and_keeps_the_filters(portal, alice, smiths):
    _, grace, zoe = smiths
    found = portal(alice).post(URL, {"text": f"#{grace.client_id}"})
    assert shown(found) == ["Grace"]
    assert shown(portal(alice).post(URL, {"text": str(zoe.client_id), "due": "overdue"})) == []


def test_searched_name_is_in_no_address(portal, alice, smiths):
    page = portal(alice).post(URL, {"text": "smith", "sort": "client"})
    hrefs = [part.split('"')[0] for part in page.text.split('href="')[1:]]
    assert not any("smith" in one.lower() for one in hrefs)
    assert portal(alice).get(URL, {"text": "smith"}).context["search"]["text"].value() is None


# whose


def test_nobody_sees_anothers_caseload(portal, bob, charlie, smiths):
    for user in (bob, charlie):
        assert shown(portal(user).get(URL)) == []
        assert shown(portal(user).post(URL, {"text": "smith"})) == []
        assert lines_of(portal(user).get(f"{URL}csv/")) == []
        assert shown(portal(user).get(f"{URL}print/")) == []


def test_client_who_was_restricted_meanwhile_is_not_listed(portal, bridge, charlie, case):
    theirs = case("John", "Smith", by=charlie, works_for=bridge)
    assert shown(portal(charlie).get(URL)) == ["John"]
    theirs.client.visibility = Visibility.OWN_ORGANIZATION
    theirs.client.save()
    assert shown(portal(charlie).get(URL)) == []
    assert lines_of(portal(charlie).get(f"{URL}csv/")) == []


# print and CSV


def test_print_has_the_same_cases_without_links(portal, alice, smiths):
    page = portal(alice).get(f"{URL}print/", {"household": "heads", "sort": "client"})
    assert shown(page) == ["Zoe", "John"]
    assert "Household: Heads of household" in page.text
    assert "data-print" in page.text


def test_print_is_an_export_with_a_limit(portal, alice, smiths, settings):
    settings.USE_LIMITS = {"exports": UseLimit.parse("hour 3 3")}
    browser = portal(alice)
    page = browser.get(f"{URL}print/", {"household": "heads"})
    logged = ClientAccess.objects.get(kind="export", page="enrollments:print_caseload")
    assert len(logged.listed) == len(shown(page)) == 2
    assert browser.get(f"{URL}print/", {"household": "heads"}).status_code == 429


def test_csv_has_the_same_cases_without_ssn_or_date_of_birth(portal, alice, smiths):
    answer = portal(alice).get(f"{URL}csv/", {"household": "heads", "sort": "client"})
    zoe, john = lines_of(answer)
    assert answer["Content-Disposition"] == f'attachment; filename="my-caseload-{TODAY}.csv"'
    assert (zoe["First Name"], john["Last Name"]) == ("Zoe", "Smith")
    assert john["What Is Due"] == "Annual assessment"
    assert (john["Due"], john["Status"]) == ("2026-03-01", "Due now")
    assert not {"SSN", "DOB", "Date of Birth"} & set(john)


def test_csv_is_logged_as_an_export(portal, alice, smiths):
    answer = portal(alice).get(f"{URL}csv/")
    assert len(lines_of(answer)) == 3
    access = ClientAccess.objects.get(kind=ClientAccess.Kind.EXPORT)
    assert set(access.listed) == {one.client_id for one in smiths}
    assert SecurityEvent.objects.filter(kind=SecurityEvent.Kind.EXPORTED).count() == 1


def test_cell_of_the_csv_is_no_formula(portal, alice, case):
    case("=1+1", "@SUM(A1)")
    (row,) = lines_of(portal(alice).get(f"{URL}csv/"))
    assert (row["First Name"], row["Last Name"]) == ("'=1+1", "'@SUM(A1)")


# many


def queries_of(browser, query=None) -> int:
    browser.get(URL)
    with CaptureQueriesContext(connection) as seen:
        assert browser.get(URL, query or {}).status_code == 200
    return len(seen)


def test_page_of_a_long_caseload_costs_no_more_statements(portal, today, alice, shelter):
    many_cases(alice, shelter, 2 * PAGE + 1)
    browser = portal(alice)
    with CaptureQueriesContext(connection) as first:
        page = browser.get(URL)
    assert len(shown(page)) == PAGE
    assert len(first) <= MOST_QUERIES
    for query in ({}, {"page": 3}, {"sort": "client"}, {"group": "on"}, {"due": "now"}):
        assert queries_of(browser, query) <= MOST_QUERIES, query


def test_long_caseload_is_sorted_once_in_ten_minutes(portal, today, alice, shelter, time_machine):
    many_cases(alice, shelter, LONG + 1)
    first = order.plain_order(alice, TODAY)
    assert order.plain_order(alice, TODAY) is first
    time_machine.shift(timedelta(minutes=11))
    assert order.plain_order(alice, TODAY) is not first


def test_short_caseload_is_sorted_each_time(today, alice, shelter):
    many_cases(alice, shelter, 3)
    assert order.plain_order(alice, TODAY) is not order.plain_order(alice, TODAY)


def test_kept_order_is_made_again_after_an_assignment_was_written(portal, alice, shelter, case):
    many_cases(alice, shelter, LONG + 1)
    browser = portal(alice)
    browser.get(URL)
    late = case("Late", "Comer", entry=date(2025, 1, 10))
    assert shown(browser.get(URL))[0] == "Late"
    late.ends_on = TODAY
    late.stamp(by=alice)
    late.save()
    assert "Late" not in shown(browser.get(URL))


def test_kept_order_shows_nobody_whom_the_user_may_not_see(portal, alice, bridge, shelter, today):
    rows = many_cases(alice, shelter, LONG + 1)
    browser = portal(alice)
    browser.get(URL)
    hidden = rows[0].client
    type(hidden).objects.filter(pk=hidden.pk).update(
        visibility=Visibility.OWN_ORGANIZATION, organization=bridge
    )
    names = shown(browser.get(URL))
    assert hidden.first_name not in names
    assert len(names) == PAGE - 1


def test_kept_order_is_of_one_access(alice, bridge, shelter, today):
    many_cases(alice, shelter, LONG + 1)
    first = order.plain_order(alice, TODAY)
    MembershipFactory(user=alice, organization=bridge)
    again = type(alice).objects.get(pk=alice.pk)
    assert order.plain_order(again, TODAY) is not first


def test_page_that_is_none_shows_the_nearest(portal, alice, shelter, today):
    many_cases(alice, shelter, PAGE + 1)
    assert len(shown(portal(alice).get(URL, {"page": "99"}))) == 1
    assert len(shown(portal(alice).get(URL, {"page": "x"}))) == PAGE


def test_all_of_a_page_are_selected_by_a_link(portal, alice, shelter, today):
    many_cases(alice, shelter, 30)
    page = portal(alice).get(URL)
    assert page.text.count("checked") == 0
    assert "Select all" in page.text
    assert portal(alice).get(URL, {"select": "all"}).text.count("checked>") == 30


def test_incomplete_exit_is_not_selectable(portal, alice, case):
    case("Exited", "B", exit_date=date(2026, 2, 10))
    page = portal(alice).get(URL)
    assert shown(page) == ["Exited"]
    assert 'name="assignment"' not in page.text


def test_print_says_what_it_leaves_out(portal, alice, shelter, today, monkeypatch):
    monkeypatch.setattr("enrollments.assignments.caseload_views.MOST_PRINTED", 2)
    many_cases(alice, shelter, 3)
    page = portal(alice).get(reverse("enrollments:print_caseload"))
    assert len(shown(page)) == 2
    assert "the first 2 of 3 clients" in page.text
