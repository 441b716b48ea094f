"""An officer looks through what HUD's rules find, and fixes it (11, issue 7)."""

import csv
import re
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from clients.models import Client
from tests.enrollments.factories import (
    CaseAssignmentFactory,
    EnrollmentFactory,
    IncomeBenefitsFactory,
)
from tests.factories import ClientFactory, ProjectFactory
from tests.stories.conftest import heading

pytestmark = pytest.mark.browser


@pytest.fixture
def shelter(harbor):
    return ProjectFactory(organization=harbor, project_name="Harbor Family Shelter")


@pytest.fixture
def records(john, harbor, alice, shelter):
    """John's enrollment, and two clients whose SSNs nobody has."""
    enrollment = EnrollmentFactory(client=john, project=shelter, created_by=alice)
    CaseAssignmentFactory(enrollment=enrollment, case_manager=alice)
    IncomeBenefitsFactory(enrollment=enrollment, income_from_any_source=1)
    for first_name, ssn in (("Mara", "666123456"), ("Noor", "000123456")):
        client = ClientFactory(
            organization=harbor,
            created_by=alice,
            first_name=first_name,
            last_name="Quill",
            ssn=ssn,
            ssn_data_quality=1,
        )
        EnrollmentFactory(
            client=client,
            project=shelter,
            created_by=alice,
            exit_date=date(2026, 2, 1),
            destination=410,
        )
    return Client.objects.filter(last_name="Quill").order_by("-pk")


RULE = "The SSN is one that nobody has, or a part of one marked as full"


def found(page, rule: str) -> str:
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name=rule, exact=True))
    return row.get_by_role("cell").nth(1).inner_text()


def test_officer_corrects_what_a_rule_found_and_the_count_goes_down(at_desk, dana, records, look):
    page = at_desk(dana)
    page.goto("/admin/")
    page.get_by_label("Favorites Menu").get_by_role("link", name="Rules").click()
    expect(heading(page, "Data quality rules")).to_be_visible()
    progress = page.get_by_role("region", name="Progress")
    expect(progress).to_contain_text("have not been counted yet")
    look("data-quality-first-count")
    call_command("count_quality")
    expect(page.get_by_role("link", name=RULE)).to_be_visible()  # the page asks by itself
    assert found(page, RULE) == "2"
    look("data-quality-rules")
    page.get_by_role("link", name=RULE).click()
    expect(heading(page, RULE)).to_be_visible()
    look("data-quality-list")
    first, second = records
    page.get_by_role("button", name=f"Edit Client: client {first.pk}").click()
    expect(heading(page, "Edit Client")).to_be_visible()
    look("data-quality-correction-task")
    page.get_by_label("New SSN").fill("219-09-9871")
    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_text("Client saved.")).to_be_visible()
    correction_task = page.get_by_role("complementary", name="Data quality")
    correction_task.get_by_role("button", name="Next record").click()
    expect(heading(page, "Edit Client")).to_be_visible()
    expect(page).to_have_url(re.compile(f"/clients/{second.pk}/"))
    correction_task.get_by_role("link", name="Back to the list").click()
    expect(heading(page, RULE)).to_be_visible()
    fix = page.get_by_role("button", name=re.compile("^Edit Client: client "))
    expect(fix).to_have_accessible_name(f"Edit Client: client {second.pk}")
    page.get_by_role("link", name="Data quality rules").click()
    expect(progress).to_contain_text("this page shows the last count")
    look("data-quality-count-again")
    call_command("count_quality")
    expect(progress).to_have_count(0)
    assert found(page, RULE) == "1"


def test_officer_reopens_the_step_that_asks(at_desk, dana, records):
    page = at_desk(dana)
    page.goto("/admin/quality/income-no-source/")
    page.get_by_role("button", name="Re-open Income and Sources").click()
    expect(heading(page, "Income and Sources")).to_be_visible()
    expect(page.get_by_role("complementary", name="Data quality")).to_contain_text(
        "Income: the answer is Yes, and no source is named"
    )


def test_officer_downloads_the_list(at_desk, dana, records):
    page = at_desk(dana)
    page.goto("/admin/quality/ssn-impossible/")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV of the list").click()
    assert download.value.suggested_filename.startswith("data-quality-ssn-impossible-")
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    ids = {row["Client ID"] for row in csv.DictReader(StringIO(text))}
    assert ids == {str(client.pk) for client in records}
    assert "Quill" not in text


def test_officer_filters_and_is_told_what_is_wrong(at_desk, dana, records, look):
    page = at_desk(dana)
    page.goto("/admin/quality/")
    page.get_by_label("Project", exact=True).select_option("Harbor Family Shelter")
    expect(page).to_have_url(re.compile("project="))  # filters apply on change
    page.get_by_label("Enrolled from").fill("02/02/2026")
    page.get_by_role("button", name="Show", exact=True).click()
    call_command("count_quality")
    expect(page.get_by_role("region", name="Progress")).to_have_count(0)
    expect(page.get_by_role("link", name=RULE)).to_have_count(0)
    page.get_by_role("link", name="Show the rules that found nothing").click()
    assert found(page, RULE) == "0"
    look("data-quality-all-rules")
    page.get_by_label("Enrolled to").fill("01/01/2026")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_text("Enter a day on or after the first one.")).to_be_visible()
    look("data-quality-filters-wrong")
    page.goto("/admin/quality/name-blank/")
    expect(page.get_by_text("Nothing found")).to_be_visible()
    look("data-quality-nothing-found")


def test_everything_works_without_javascript(elsewhere, dana, records):
    page = elsewhere(dana, java_script_enabled=False)
    page.goto("/admin/quality/")
    call_command("count_quality")
    page.get_by_role("link", name="Reload").click()
    page.get_by_role("link", name=RULE).click()
    page.get_by_role("button", name=f"Edit Client: client {records[0].pk}").click()
    expect(heading(page, "Edit Client")).to_be_visible()
    page.get_by_role("link", name="Back to the list").click()
    expect(heading(page, RULE)).to_be_visible()
