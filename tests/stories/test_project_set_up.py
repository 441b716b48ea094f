"""An officer enters what HUD wants to know of a project, on a desk and on a phone."""

from django.urls import reverse
from playwright.sync_api import expect

from hud.choices import ProjectType
from tests.agencies.factories import FunderFactory, InventoryFactory, ProjectCoCFactory
from tests.factories import ProjectFactory


def test_officer_sets_up_a_shelter(at_desk, dana, harbor, look):
    shelter = ProjectFactory(
        organization=harbor, project_name="Harbor Nights", project_type=ProjectType.ES_ENTRY_EXIT
    )
    ProjectCoCFactory(project=shelter, coc_code="CA-502", geocode="062502", geography_type=1)
    FunderFactory(project=shelter, funder=8, grant_id="ESG-2025-7")
    InventoryFactory(project=shelter, coc_code="CA-502", bed_inventory=40, unit_inventory=0)
    page = at_desk(dana)
    page.goto(reverse("admin:agencies_project_change", args=[shelter.pk]))
    expect(page.get_by_text("Add the HMIS participation in force")).to_be_visible()
    look("project-set-up")

    page.get_by_text("Households without children: 40 beds", exact=True).click()
    look("project-beds")
    page.get_by_label("non-dedicated beds").first.fill("30")
    page.get_by_text("Add HMIS participation", exact=True).click()
    page.get_by_label("Participation", exact=True).select_option(label="HMIS Participating")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("HMIS participation 1")
    look("project-set-up-refused")
    page.get_by_role("link", name="HMIS participation 1, Start date").click()
    expect(page.locator("input:focus")).to_be_visible()
    page.keyboard.type("7/1/2025")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_text("Project saved.")).to_be_visible()
    expect(page.get_by_text("add up to 30")).to_be_visible()
    expect(page.get_by_text("Add the HMIS participation in force")).not_to_be_visible()

    page.get_by_text("HUD: ESG - Emergency Shelter (operating").first.click()
    page.get_by_role("checkbox", name="Delete").first.check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Deleted set-up")).to_be_visible()
    look("project-deleted-set-up")
    page.get_by_role("button", name="Restore").click()
    expect(page.get_by_text("Funder restored.")).to_be_visible()
