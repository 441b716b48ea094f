"""The data quality pages: whose records they show, to whom, and where each record is fixed."""

import csv
from datetime import date
from io import StringIO

import pytest
from django.urls import reverse

from clients.models import ClientAccess
from data_quality import lists
from data_quality.correction_task import IN_SESSION
from data_quality.lists import SIZE
from data_quality.models import StoredCounts
from data_quality.rules.catalog import RULES
from data_quality.rules.scope import Scope
from enrollments.models import IntakeDraft
from tests.data_quality.conftest import FEW, OVERVIEW, overview_of
from tests.data_quality.wild import Wild
from tests.enrollments.factories import CaseAssignmentFactory, EnrollmentFactory
from tests.factories import ClientFactory
from tests.pages import messages

pytestmark = pytest.mark.usefixtures("few_rules")


def list_url(key: str, query: str = "") -> str:
    return reverse("admin:quality_list", args=[key]) + query


def fix_url(key: str, pk: int, query: str = "", *, name: str = "quality_fix") -> str:
    return reverse(f"admin:{name}", args=[key, pk]) + query


def enrollments_of(page) -> list:
    return [item.enrollment for item in page.context["page"].items]


def counted(browser, query: str = "") -> dict[str, int]:
    """What the overview shows once the background has counted."""
    overview = overview_of(browser, query).context["overview"]
    return {key: one.found for key, one in overview.by_key.items()}


def lines_of(answer) -> list[dict[str, str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text)))


# The overview


def test_overview_counts_each_rule_over_the_own_organization(
    portal, dana, enrollment, theirs, every_rule
):
    page = overview_of(portal(dana))
    count = page.context["overview"].by_key["living-missing"]
    assert (count.found, count.of) == (1, 1)
    assert page.context["overview"].by_key.keys() == {rule.key for rule in RULES}


def test_overview_of_an_administrator_counts_everybody_or_one_organization(
    portal, boss, enrollment, theirs, bridge
):
    browser = portal(boss)
    assert counted(browser)["living-missing"] == 2
    assert counted(browser, f"?organization={bridge.pk}")["living-missing"] == 1


def test_overview_stays_within_its_queries(portal, dana, enrollment, django_assert_max_num_queries):
    browser = portal(dana)
    with django_assert_max_num_queries(10):  # the first one queues the count
        browser.get(OVERVIEW)
    overview_of(browser)
    with django_assert_max_num_queries(5):
        browser.get(OVERVIEW)


def test_list_stays_within_its_queries(
    portal, dana, enrollment, shelter, alice, django_assert_max_num_queries
):
    for _ in range(SIZE):
        client = ClientFactory(organization=shelter.organization, created_by=alice)
        other = EnrollmentFactory(client=client, project=shelter, created_by=alice)
        CaseAssignmentFactory(enrollment=other, case_manager=alice)
    browser = portal(dana)
    browser.get(list_url("living-missing"))
    for key in ("living-missing", "race-missing", "income-total"):
        with django_assert_max_num_queries(13):
            page = browser.get(list_url(key))
        assert len(page.context["page"].items) in (0, SIZE)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 2),
        ("?project={project}", 1),
        ("?active_from=02/02/2026", 1),
        ("?active_to=01/04/2026", 1),
        ("?active_from=02/01/2026&active_to=12/31/2026", 2),
        ("?entered_since=2026-01-05", 1),
        ("?entered_since=03/01/2026", 0),
    ],
)
def test_filters_narrow_down_counts_lists_and_csv(
    portal, dana, enrollment, john, harbor, alice, query, count
):
    from tests.factories import ProjectFactory

    other = ProjectFactory(organization=harbor)
    EnrollmentFactory(
        client=john,
        project=other,
        created_by=alice,
        entry_date=date(2025, 3, 1),
        exit_date=date(2026, 2, 1),
    )
    query = query.format(project=other.pk)
    browser = portal(dana)
    assert counted(browser, query)["living-missing"] == count
    assert len(enrollments_of(browser.get(list_url("living-missing", query)))) == count
    answer = browser.get(reverse("admin:quality_csv", args=["living-missing"]) + query)
    assert len(lines_of(answer)) == count


@pytest.mark.parametrize(
    "query",
    [
        "?active_from=31/31/2026",
        "?active_from=x",
        "?active_from=02/02/2026&active_to=01/01/2026",
        "?entered_since=0001-01-01",
        "?project=x",
        "?project=99999999999999999999999",
        "?project=-1",
    ],
)
def test_filter_that_is_not_understood_says_so_and_shows_nothing(portal, dana, enrollment, query):
    browser = portal(dana)
    page = browser.get(OVERVIEW + query)
    assert page.status_code == 200
    assert page.context["form"].errors
    assert "overview" not in page.context
    assert not StoredCounts.objects.exists()
    page = browser.get(list_url("living-missing", query))
    assert page.status_code == 200
    assert page.context["page"] is None
    answer = browser.get(reverse("admin:quality_csv", args=["living-missing"]) + query)
    assert answer.status_code == 302
    assert browser.post(fix_url("living-missing", enrollment.pk, query)).status_code == 404


@pytest.mark.parametrize("after", ["x", "-1", "9" * 40, "1.5", "٣"])
def test_place_that_is_no_place_is_the_first_page(portal, dana, enrollment, after):
    page = portal(dana).get(list_url("living-missing", f"?after={after}"))
    assert enrollments_of(page) == [enrollment]


def test_rule_that_does_not_exist_is_404(portal, dana, enrollment):
    browser = portal(dana)
    assert browser.get(list_url("no-such-rule")).status_code == 404
    assert browser.get(reverse("admin:quality_csv", args=["x"])).status_code == 404
    assert browser.post(fix_url("x", enrollment.pk)).status_code == 404


# Never another agency's


def test_no_list_and_no_csv_shows_another_agencys_record(portal, dana, enrollment, theirs, today):
    scope = Scope(user=dana, today=today)
    for rule in RULES:
        listed = [item.enrollment for batch in lists.batches(rule, scope) for item in batch]
        assert {*listed} <= {enrollment}, rule.key
    browser = portal(dana)
    wrong = []
    for rule in FEW:
        page = browser.get(list_url(rule.key))
        answer = browser.get(reverse("admin:quality_csv", args=[rule.key]))
        csv_text = b"".join(answer.streaming_content).decode()
        shown = "Bridge" in page.content.decode() or theirs in enrollments_of(page)
        if page.status_code != 200 or shown or "Bridge" in csv_text:
            wrong.append(rule.key)
    assert wrong == []


def test_filter_finds_nothing_of_another_agency(portal, dana, theirs, hostel, bridge):
    browser = portal(dana)
    page = browser.get(list_url("living-missing", f"?project={hostel.pk}"))
    assert page.context["page"] is None
    page = browser.get(list_url("living-missing", f"?organization={bridge.pk}"))
    assert enrollments_of(page) == []
    assert counted(browser, f"?organization={bridge.pk}")["living-missing"] == 0


def test_officer_of_two_chooses_among_the_own_and_no_other(
    portal, both, enrollment, theirs, cas_organization, harbor, bridge
):
    browser = portal(both)
    assert len(enrollments_of(browser.get(list_url("living-missing")))) == 2
    page = browser.get(list_url("living-missing", f"?organization={harbor.pk}"))
    assert enrollments_of(page) == [enrollment]
    page = browser.get(list_url("living-missing", f"?organization={cas_organization.pk}"))
    assert page.context["page"] is None
    query = f"?organization={harbor.pk}&project={theirs.project_id}"
    page = browser.get(list_url("living-missing", query))
    assert page.context["form"].errors == {"project": ["Choose a project of this organization."]}


@pytest.mark.parametrize("name", ["quality_fix", "quality_next"])
def test_guessed_record_of_another_agency_is_not_fixed(portal, dana, theirs, name):
    browser = portal(dana)
    pk = theirs.pk + (name == "quality_next")
    answer = browser.post(fix_url("living-missing", pk, name=name))
    assert answer["Location"] == list_url("living-missing")
    assert not IntakeDraft.objects.exists()


def test_client_that_another_agency_restricted_meanwhile_is_not_listed(
    portal, dana, enrollment, john, bridge
):
    john.organization, john.visibility = bridge, john.Visibility.OWN_ORGANIZATION
    john.save()
    browser = portal(dana)
    assert not any(counted(browser).values())
    for key in ("living-missing", "race-missing"):
        assert enrollments_of(browser.get(list_url(key))) == []


def test_case_manager_is_refused(portal, alice, charlie, enrollment):
    addresses = [OVERVIEW, list_url("living-missing"), "/admin/quality/living-missing/csv/"]
    for user in (alice, charlie):
        browser = portal(user)
        for address in addresses:
            assert browser.get(address, follow=True).status_code == 403
        answer = browser.post(fix_url("living-missing", enrollment.pk), follow=True)
        assert answer.status_code == 403
    assert not IntakeDraft.objects.exists()


def test_wrong_verb_is_405(portal, dana, enrollment):
    browser = portal(dana)
    for name in ("quality_fix", "quality_next"):
        assert browser.get(fix_url("living-missing", enrollment.pk, name=name)).status_code == 405
    assert browser.get(reverse("admin:quality_count")).status_code == 405
    for address in (OVERVIEW, list_url("ssn-missing"), "/admin/quality/ssn-missing/csv/"):
        assert browser.post(address).status_code == 405


# The list


def test_list_goes_on_after_its_last_row_without_counting(portal, dana, enrollment, shelter, alice):
    for _ in range(SIZE + 2):
        client = ClientFactory(organization=shelter.organization, created_by=alice)
        EnrollmentFactory(client=client, project=shelter, created_by=alice)
    browser = portal(dana)
    first = browser.get(list_url("living-missing"))
    after = first.context["page"].after
    second = browser.get(list_url("living-missing", f"?after={after}"))
    assert second.context["page"].after is None
    both = enrollments_of(first) + enrollments_of(second)
    assert len(both) == len(set(both)) == SIZE + 3
    assert both == sorted(both, key=lambda one: -one.pk)


def test_deleted_enrollment_is_not_listed(portal, dana, enrollment, alice):
    enrollment.mark_deleted(by=alice)
    page = portal(dana).get(list_url("living-missing"))
    assert enrollments_of(page) == []


def test_list_names_client_project_and_case_manager_and_no_number_of_theirs(
    portal, dana, enrollment, john, alice
):
    john.ssn, john.ssn_data_quality = "666121234", 1
    john.save()
    CaseAssignmentFactory(enrollment=enrollment, case_manager=alice)
    html = portal(dana).get(list_url("ssn-impossible")).content.decode()
    for text in ("Smith, John", f">{john.pk}<", str(enrollment.project), str(alice)):
        assert text in html
    for secret in ("666121234", "•-1234", "05/17/1980", "1980-05-17"):
        assert secret not in html


def test_each_client_of_a_list_is_in_the_access_log(portal, dana, enrollment, john):
    portal(dana).get(list_url("living-missing"))
    view = ClientAccess.objects.get()
    assert (view.listed, view.user, view.organization) == ([john.pk], dana, enrollment.organization)
    assert (view.kind, view.page) == ("list", "admin:quality_list")
    portal(dana).get(list_url("ssn-impossible"))
    assert ClientAccess.objects.count() == 1


def test_listed_client_is_none_that_was_viewed_last(portal, dana, enrollment, john):
    browser = portal(dana)
    browser.get(list_url("living-missing"))
    assert ClientAccess.objects.recent_clients(dana, most=9) == []
    browser.get(reverse("clients:dashboard", args=[john.pk]))
    assert ClientAccess.objects.recent_clients(dana, most=9) == [john]


# The CSV


def test_csv_has_keys_and_no_names(portal, dana, enrollment, john):
    answer = portal(dana).get(reverse("admin:quality_csv", args=["living-missing"]))
    name = 'attachment; filename="data-quality-living-missing-2026-03-02.csv"'
    assert answer["Content-Disposition"] == name
    assert answer["Content-Type"].startswith("text/csv")
    (line,) = lines_of(answer)
    assert line == {
        "Client ID": str(john.pk),
        "PersonalID": john.personal_id,
        "EnrollmentID": enrollment.enrollment_id,
        "Organization": "Harbor Services",
        "Project": "Harbor Family Shelter",
        "Project Start Date": "2026-01-05",
        "Project Exit Date": "",
        "Information Date": "",
        "Element": "3.917 Prior Living Situation",
        "Level": "Missing",
        "Issue": "Prior Living Situation is missing",
        "As of": "2026-03-02",
    }
    view = ClientAccess.objects.get()
    assert (view.listed, view.kind, view.page) == ([john.pk], "export", "admin:quality_csv")


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)"])
def test_csv_holds_no_formula(portal, dana, enrollment, shelter, name):
    shelter.project_name = name
    shelter.save()
    answer = portal(dana).get(reverse("admin:quality_csv", args=["living-missing"]))
    assert lines_of(answer)[0]["Project"] == f"'{name}"


def test_csv_comes_in_batches(portal, dana, enrollment, shelter, alice, monkeypatch):
    monkeypatch.setattr("data_quality.lists.BATCH", 2)
    for _ in range(4):
        client = ClientFactory(organization=shelter.organization, created_by=alice)
        EnrollmentFactory(client=client, project=shelter, created_by=alice)
    for key in ("living-missing", "race-missing"):
        answer = portal(dana).get(reverse("admin:quality_csv", args=[key]))
        assert len({line["Client ID"] for line in lines_of(answer)}) == 5


# Fixing


def test_correction_of_an_odd_record_leads_to_each_page_that_fixes_some(
    portal, dana, harbor, today
):
    """Of random records; `test_links` leads each rule's to its field."""
    Wild(7, harbor, dana, today).write(30)
    scope, fixed = Scope(user=dana, today=today), set()
    browser = portal(dana)
    for rule in RULES:
        place = (rule.subject, rule.fix)
        if place not in fixed and (items := lists.page_of(rule, scope).items):
            answer = browser.post(fix_url(rule.key, items[0].pk))
            assert browser.get(answer["Location"]).status_code == 200, rule.key
            fixed.add(place)
    assert fixed == {(rule.subject, rule.fix) for rule in RULES}


def test_corrected_record_leaves_the_list_and_the_next_one_follows(
    portal, dana, enrollment, shelter, alice
):
    client = ClientFactory(organization=shelter.organization, created_by=alice)
    newer = EnrollmentFactory(client=client, project=shelter, created_by=alice)
    browser = portal(dana)
    browser.post(fix_url("living-missing", newer.pk))
    assert browser.session[IN_SESSION]["record"] == newer.pk
    newer.living_situation = 101
    newer.save()
    assert enrollments_of(browser.get(list_url("living-missing"))) == [enrollment]
    answer = browser.post(fix_url("living-missing", newer.pk, name="quality_next"))
    assert browser.session[IN_SESSION]["record"] == enrollment.pk
    assert not IntakeDraft.objects.exists()
    assert "/universal/#id_" in answer["Location"]
    answer = browser.post(
        fix_url("living-missing", enrollment.pk, name="quality_next"), follow=True
    )
    assert messages(answer) == ["That was the last record of this list."]


def test_record_in_order_by_now_is_told(portal, dana, enrollment):
    enrollment.living_situation = 101
    enrollment.save()
    answer = portal(dana).post(fix_url("living-missing", enrollment.pk), follow=True)
    assert messages(answer) == ["That record has already been fixed or is no longer on this list."]


@pytest.mark.parametrize("pk", [0, 10**17, 2**63, 10**30, int("9" * 200)])
def test_record_that_does_not_exist_leads_back_to_the_list(portal, dana, enrollment, pk):
    for name in ("quality_fix", "quality_next"):
        assert portal(dana).post(fix_url("ssn-impossible", pk, name=name)).status_code == 302


def test_correction_task_shows_on_the_pages_of_its_client_until_the_overview_is_seen_again(
    portal, dana, enrollment, john, harbor, alice
):
    other = ClientFactory(organization=harbor, created_by=alice)
    browser = portal(dana)
    query = f"?project={enrollment.project_id}"
    browser.post(fix_url("race-missing", john.pk, query))
    back = list_url("race-missing", query)
    page = browser.get(reverse("clients:edit", args=[john.pk]))
    assert back in page.content.decode()
    assert back not in browser.get(reverse("clients:edit", args=[other.pk])).content.decode()
    browser.get(OVERVIEW)
    assert back not in browser.get(reverse("clients:edit", args=[john.pk])).content.decode()
