"""Lists of the Data Quality workspace: paged by "More", in one order, and never counted."""

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.models import Project
from records.admin.cards import Card, _first_keys, waiting
from records.admin.lists import MOST_PAGES
from tests.factories import ProjectFactory

LIST = reverse("admin:agencies_project_changelist")


@pytest.fixture
def projects(harbor):
    return [ProjectFactory(organization=harbor, project_name=f"P{i:03}") for i in range(120)]


def names(page):
    return [row.project_name for row in page.context["cl"].result_list]


def test_pages_follow_each_other_without_gap_or_repeat(portal, dana, projects):
    browser = portal(dana)
    found = []
    for number in (1, 2, 3):
        page = browser.get(LIST, {"p": number})
        found += names(page)
        assert ("More" in page.content.decode()) == (number < 3)
    assert found == [project.project_name for project in projects]


def test_list_is_never_counted(portal, dana, projects):
    browser = portal(dana)
    for query in ("", "?p=2", "?q=P", "?o=-1", "?project_type__exact=2", "?_facets=True", "?all="):
        with CaptureQueriesContext(connection) as queries:
            browser.get(LIST + query)
        asked = [one["sql"] for one in queries if "agencies_project" in one["sql"]]
        assert asked
        counted = [sql for sql in asked if "COUNT(" in sql.upper()]
        assert not counted, query


def test_no_address_makes_the_database_walk_through_the_table(portal, dana, projects):
    for number in (0, -1, MOST_PAGES + 1, 10**12):
        answer = portal(dana).get(LIST, {"p": number})
        assert answer.status_code == 302, number


def test_page_beyond_the_last_row_is_empty_and_leads_back(portal, dana, projects):
    page = portal(dana).get(LIST, {"p": 9})
    assert page.status_code == 200
    assert names(page) == []


def test_rows_that_are_alike_have_one_order(portal, dana, projects):
    Project.objects.update(project_type=2)
    browser = portal(dana)
    found = [
        name for number in (1, 2, 3) for name in names(browser.get(LIST, {"p": number, "o": "3"}))
    ]
    assert len(set(found)) == 120


def test_box_that_was_left_empty_filters_nothing(portal, dana, projects):
    page = portal(dana).get(LIST, {"project_type__exact": "", "q": ""})
    assert len(names(page)) == 50


@pytest.mark.parametrize(
    "lookup",
    [
        *("project_id", "project_id__startswith", "project_name__regex", "organization__is_cas"),
        "organization__memberships__user__password__startswith",
    ],
)
def test_only_the_lists_filters_filter(portal, dana, projects, lookup):
    answer = portal(dana).get(LIST, {lookup: "P"})
    assert answer.status_code == 400


def test_waiting_is_counted_as_far_as_it_is_shown(projects):
    assert waiting(Project.objects.all()) == 100
    card = Card(title="", text="", url="", count=100)
    assert card.number == "99+"
    assert Card(title="", text="", url="", count=0).is_quiet


def test_counts_of_the_start_page_are_compiled_once(portal, dana):
    browser = portal(dana)
    browser.get(reverse("admin:index"))
    kept = dict(_first_keys.plans)
    assert len(kept) >= 15
    assert None not in kept.values()
    browser.get(reverse("admin:index"))
    assert _first_keys.plans.keys() == kept.keys()


def test_every_empty_list_says_what_will_be_there():
    lists = admin.site._registry.items()
    wordless = [model.__name__ for model, one in lists if not (one.empty_title and one.empty_text)]
    assert wordless == []
    assert all(one.empty_text.endswith(".") for _, one in lists)
