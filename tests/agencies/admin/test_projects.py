"""A project's set-up on its page in the Data Quality workspace."""

from datetime import date

import pytest
from django.urls import reverse

from agencies.checklist import checklist
from agencies.models import Affiliation, Funder, HMISParticipation, Inventory, Project, ProjectCoC
from hud.choices import ProjectType
from hud.choices.projects import FundingSource
from tests.agencies.factories import (
    AffiliationFactory,
    CEParticipationFactory,
    FunderFactory,
    HMISParticipationFactory,
    InventoryFactory,
    ProjectCoCFactory,
)
from tests.factories import ProjectFactory, UserFactory
from tests.html_forms import HtmlForm, form_with
from tests.pages import messages

pytestmark = pytest.mark.django_db


def page_of(project: Project) -> str:
    return reverse("admin:agencies_project_change", args=[project.pk])


def shown(officer, project: Project) -> HtmlForm:
    return form_with(officer.get(page_of(project)).content.decode(), "project_name")


def save(officer, project: Project, **typed):
    """Open the page as it is, type into it, and press Save."""
    form = shown(officer, project)
    unknown = set(typed) - form.names
    assert not unknown
    return officer.post(page_of(project), form.filled(**typed), follow=True)


@pytest.fixture
def officer(portal, dana):
    return portal(dana)


@pytest.fixture
def shelter(harbor) -> Project:
    return ProjectFactory(organization=harbor, project_type=ProjectType.ES_ENTRY_EXIT)


def test_officer_enters_the_set_up(officer, shelter, dana):
    save(
        officer,
        shelter,
        **{
            "funders-0-funder": "8",
            "funders-0-grant_id": "ESG-7",
            "funders-0-start_date": "07/01/2025",
            "cocs-0-coc_code": "ca-502",
            "inventory-0-household_type": "1",
            "inventory-0-unit_inventory": "0",
            "inventory-0-bed_inventory": "40",
            "inventory-0-inventory_start_date": "07/01/2025",
            "hmis_participation-0-hmis_participation_type": "1",
            "hmis_participation-0-hmis_participation_status_start_date": "07/01/2025",
        },
    )
    funder = shelter.funders.get()
    assert (funder.funder, funder.grant_id, funder.created_by) == (8, "ESG-7", dana)
    assert shelter.cocs.get().coc_code == "CA-502"
    assert shelter.inventory.get().bed_inventory == 40
    assert shelter.hmis_participation.get().updated_by == dana
    # Saving again adds nothing.
    save(officer, shelter)
    assert (shelter.funders.count(), shelter.cocs.count(), shelter.inventory.count()) == (1, 1, 1)


def test_one_coc_is_preset_for_beds_and_several_are_a_choice(officer, shelter):
    ProjectCoCFactory(project=shelter, coc_code="CA-502")
    html = officer.get(page_of(shelter)).content.decode()
    assert form_with(html, "project_name").sent["inventory-0-coc_code"] == ["CA-502"]
    assert "Oakland" in html
    ProjectCoCFactory(project=shelter, coc_code="CA-503")
    html = officer.get(page_of(shelter)).content.decode()
    assert form_with(html, "project_name").sent["inventory-0-coc_code"] == [""]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"funders-0-funder": "46"}, "Name the other funding source"),
        ({"funders-0-end_date": "12/31/2019"}, "The end date cannot be before the start date."),
        ({"funders-0-start_date": ""}, "This field is required."),
        ({"cocs-0-coc_code": "Oakland"}, "Enter at most 6 characters"),
        ({"cocs-0-coc_code": "CA502"}, "Enter the code as two letters, a dash and three digits"),
        ({"cocs-0-zip": "946"}, "Enter the ZIP code as five digits."),
        ({"cocs-1-coc_code": "CA-501"}, "The project has this Continuum of Care already."),
        ({"inventory-0-bed_inventory": "-1"}, "Enter 0 or more."),
        ({"ce_participation-0-access_point": "1"}, "Say of an access point whether it offers"),
    ],
)
def test_errors_say_what_to_do(officer, shelter, typed, sentence):
    FunderFactory(project=shelter)
    ProjectCoCFactory(project=shelter, coc_code="CA-501")
    InventoryFactory(project=shelter, coc_code="CA-501")
    CEParticipationFactory(project=shelter)
    answer = save(officer, shelter, **typed)
    assert sentence in answer.content.decode()
    assert not answer.redirect_chain


def test_retired_funding_source_stays_and_is_not_offered(officer, shelter):
    FunderFactory(project=shelter, funder=47)
    html = officer.get(page_of(shelter)).content.decode()
    assert html.count("HUD: ESG - CV [Deprecated]</option>") == 1
    save(officer, shelter)
    assert shelter.funders.get().funder == 47


def test_beds_and_what_shelters_are_asked(officer, shelter, harbor):
    outreach = ProjectFactory(organization=harbor, project_type=ProjectType.STREET_OUTREACH)
    psh = ProjectFactory(organization=harbor, project_type=ProjectType.PSH)
    names = {
        project.project_type: shown(officer, project).names for project in (outreach, psh, shelter)
    }
    assert "inventory-0-bed_inventory" not in names[ProjectType.STREET_OUTREACH]
    assert "inventory-0-bed_inventory" in names[ProjectType.PSH]
    assert "inventory-0-es_bed_type" not in names[ProjectType.PSH]
    assert "inventory-0-es_bed_type" in names[ProjectType.ES_ENTRY_EXIT]
    # What is there is shown wherever it does not belong.
    InventoryFactory(project=outreach, es_bed_type=1)
    html = officer.get(page_of(outreach)).content.decode()
    assert "inventory-0-es_bed_type" in form_with(html, "project_name").names


def test_deleted_row_can_be_restored(officer, shelter, dana):
    funder = FunderFactory(project=shelter, funder=8)
    save(officer, shelter, **{"funders-0-DELETE": "on"})
    assert not shelter.funders.exists()
    kept = Funder.with_deleted.get()
    assert (kept.pk, kept.updated_by) == (funder.pk, dana)
    page = officer.get(page_of(shelter))
    url = page.context["deleted"][0]["url"]
    assert officer.get(url).status_code == 405
    officer.post(url)
    assert shelter.funders.get() == funder
    assert officer.post(url).status_code == 404


def test_restoring_what_is_there_again_is_refused(officer, shelter, dana):
    old = ProjectCoCFactory(project=shelter, coc_code="CA-502")
    old.mark_deleted(by=dana)
    ProjectCoCFactory(project=shelter, coc_code="CA-502")
    url = officer.get(page_of(shelter)).context["deleted"][0]["url"]
    answer = officer.post(url, follow=True)
    assert messages(answer) == ["The project has this Continuum of Care already."]
    assert shelter.cocs.get() != old


def test_officer_of_another_organization_neither_sees_nor_restores(portal, shelter, bridge, dana):
    row = FunderFactory(project=shelter)
    row.mark_deleted(by=dana)
    url = reverse("admin:agencies_project_restore", args=[shelter.pk, "funder", row.pk])
    stranger = portal(UserFactory(dqo_at=[bridge]))
    assert stranger.post(url).status_code == 404
    assert stranger.get(page_of(shelter)).status_code != 200
    assert not shelter.funders.exists()


def test_row_that_somebody_deleted_meanwhile_is_told(officer, shelter, dana):
    funder = FunderFactory(project=shelter)
    form = shown(officer, shelter)
    funder.mark_deleted(by=dana)
    answer = officer.post(page_of(shelter), form.filled(**{"funders-0-grant_id": "X"}))
    assert "Somebody else deleted one of these in the meantime." in answer.content.decode()


def test_two_officers_add_the_same_coc(officer, shelter, monkeypatch):
    """Between the check and the write somebody else was quicker."""
    real = ProjectCoC.save

    def late(row, **options):
        ProjectCoC.objects.bulk_create([ProjectCoC(project=shelter, coc_code="CA-502")])
        real(row, **options)

    form = shown(officer, shelter)
    monkeypatch.setattr(ProjectCoC, "save", late)
    data = form.filled(**{"cocs-0-coc_code": "CA-502"})
    answer = officer.post(page_of(shelter), data, follow=True)
    assert messages(answer) == ["The project has this Continuum of Care already."]
    assert not shelter.cocs.exists()  # what this request wrote is rolled back


def test_affiliation_offers_own_residential_projects(officer, harbor, bridge, shelter):
    services = ProjectFactory(
        organization=harbor, project_type=ProjectType.SERVICES_ONLY, residential_affiliation=1
    )
    elsewhere = ProjectFactory(
        organization=bridge, project_type=ProjectType.PSH, project_name="Bridge Rooms"
    )
    html = officer.get(page_of(services)).content.decode()
    assert f"{shelter}</option>" in html
    assert "Bridge Rooms" not in html
    save(officer, services, **{"affiliations-0-res_project": str(shelter.pk)})
    assert Affiliation.objects.get().res_project == shelter
    AffiliationFactory(project=services, res_project=elsewhere)
    assert "Bridge Rooms" in officer.get(page_of(services)).content.decode()


def test_history_tells_of_the_set_up(officer, shelter):
    save(
        officer,
        shelter,
        **{"funders-0-funder": "8", "funders-0-start_date": "07/01/2025"},
    )
    html = officer.get(
        reverse("admin:agencies_project_history", args=[shelter.pk])
    ).content.decode()
    assert "HUD: ESG - Emergency Shelter" in html


def set_up(project: Project) -> None:
    FunderFactory(project=project, grant_id="G-1")
    ProjectCoCFactory(project=project, coc_code="CA-502", geocode="062502", geography_type=1)
    HMISParticipationFactory(project=project)
    CEParticipationFactory(project=project)
    if project.has_beds:
        InventoryFactory(
            project=project,
            coc_code="CA-502",
            other_bed_inventory=10,
            availability=1,
            es_bed_type=1,
        )


@pytest.mark.parametrize(
    ("kind", "columns"),
    [
        (ProjectType.ES_ENTRY_EXIT, {"housing_type": 1}),
        (ProjectType.STREET_OUTREACH, {}),
        (ProjectType.RAPID_REHOUSING, {"housing_type": 3, "rrh_sub_type": 2}),
        (ProjectType.SERVICES_ONLY, {"residential_affiliation": 0}),
    ],
)
def test_checklist_of_a_complete_project_is_empty(kind, columns):
    project = ProjectFactory(project_type=kind, target_population=4, **columns)
    assert checklist(project)
    set_up(project)
    assert checklist(project) == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda p: p.funders.update(end_date=date(2020, 2, 1)), "Add the funding source"),
        (lambda p: p.funders.update(funder=47), "HUD has retired this funding source"),
        (lambda p: p.funders.update(grant_id=""), "Enter the grant identifier"),
        (lambda p: p.funders.update(funder=15), "medically assisted living facility"),
        (lambda p: p.cocs.update(geocode=""), "Enter the geocode"),
        (lambda p: p.cocs.all().delete(), "Add the Continuum of Care"),
        (lambda p: p.inventory.all().delete(), "Add the beds and units"),
        (lambda p: p.inventory.update(coc_code="CA-500"), "Choose one of the project's"),
        (lambda p: p.inventory.update(other_bed_inventory=9), "add up to 9"),
        (lambda p: p.inventory.update(other_bed_inventory=None), "how many are dedicated"),
        (lambda p: p.inventory.update(es_bed_type=None), "Choose availability and bed type"),
        (lambda p: p.hmis_participation.all().delete(), "Add the HMIS participation"),
        (lambda p: HMISParticipationFactory(project=p), "2 are in force at once"),
        (lambda p: p.ce_participation.all().delete(), "Add the coordinated entry"),
        (lambda p: setattr(p, "target_population", None), "Choose the target population"),
        (lambda p: setattr(p, "housing_type", None), "Choose the housing type"),
    ],
)
def test_checklist_says_what_is_missing(change, sentence):
    project = ProjectFactory(
        project_type=ProjectType.ES_ENTRY_EXIT, target_population=4, housing_type=1
    )
    set_up(project)
    change(project)
    found = checklist(project)
    assert len(found) == 1
    assert sentence in found[0]


def test_checklist_of_affiliation():
    project = ProjectFactory(
        project_type=ProjectType.RAPID_REHOUSING,
        rrh_sub_type=1,
        target_population=4,
        residential_affiliation=1,
    )
    set_up(project)
    assert checklist(project) == ["Name the residential project under Affiliations."]
    AffiliationFactory(project=project)
    assert checklist(project) == []


def test_checklist_of_an_ended_project_asks_of_its_last_day():
    project = ProjectFactory(
        project_type=ProjectType.STREET_OUTREACH,
        target_population=4,
        operating_end_date=date(2021, 6, 30),
    )
    set_up(project)
    project.funders.update(end_date=date(2021, 6, 30), funder=FundingSource.NOT_APPLICABLE)
    assert checklist(project) == []


def test_administrator_deletes_a_project_softly(portal, shelter):
    administrator = UserFactory(is_superuser=True, is_staff=True)
    portal(administrator).post(
        reverse("admin:agencies_project_delete", args=[shelter.pk]), {"post": "yes"}
    )
    assert not Project.objects.filter(pk=shelter.pk).exists()
    assert Project.with_deleted.get(pk=shelter.pk).updated_by == administrator


def test_blank_rows_of_the_page_add_nothing(officer, shelter):
    save(officer, shelter)
    assert not Inventory.objects.exists()
    assert not HMISParticipation.objects.exists()


def test_number_of_rows_that_a_form_claims_is_limited(officer, shelter):
    answer = save(officer, shelter, **{"funders-TOTAL_FORMS": "90002"})
    assert "Please submit at most 100 forms" in answer.content.decode()
    built = next(
        one
        for one in answer.context["inline_admin_formsets"]
        if "funder" in one.opts.row_label.lower()
    )
    assert len(built.formset.forms) == 200
