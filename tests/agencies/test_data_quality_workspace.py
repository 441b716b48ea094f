"""11.1: an officer sees and manages the own organization's rows in admin, never another's."""

import pytest
from django.contrib import admin
from django.urls import reverse

from agencies.models import Membership, Organization, Project, User
from casenotes.models import ServiceType
from clients.models import ClientMerge, DuplicateReport, PossibleDuplicate
from files.models import ClientFile
from tests.casenotes.factories import ServiceTypeFactory
from tests.factories import (
    ClientFactory,
    ClientMergeFactory,
    DuplicateReportFactory,
    MembershipFactory,
    PossibleDuplicateFactory,
    ProjectFactory,
    UserFactory,
)
from tests.files.factories import file_of

OFFICERS_MODELS = {
    *(Organization, Project, Membership, User, DuplicateReport),
    *(ServiceType, ClientFile, ClientMerge, PossibleDuplicate),
}


@pytest.fixture
def boss(harbor):
    return UserFactory(email="admin@coc.example", is_superuser=True, is_staff=True)


@pytest.fixture
def rows(harbor, bridge, dana, charlie):
    """For each model of an officer a row of the own organization and one of another."""

    def report(organization):
        clients = ClientFactory.create_batch(2, organization=organization)
        return DuplicateReportFactory(
            organization=organization, client_1=clients[0], client_2=clients[1]
        )

    def merge(organization):
        clients = ClientFactory.create_batch(2, organization=organization)
        return ClientMergeFactory(survivor=clients[0], merged=clients[1])

    def pair(organization):
        clients = ClientFactory.create_batch(2, organization=organization)
        return PossibleDuplicateFactory(client_1=clients[0], client_2=clients[1])

    return {
        Organization: (harbor, bridge),
        Project: (ProjectFactory(organization=harbor), ProjectFactory(organization=bridge)),
        Membership: (dana.memberships.get(), charlie.memberships.get()),
        User: (dana, charlie),
        DuplicateReport: (report(harbor), report(bridge)),
        ClientMerge: (merge(harbor), merge(bridge)),
        PossibleDuplicate: (pair(harbor), pair(bridge)),
        ServiceType: (
            ServiceTypeFactory(organization=harbor),
            ServiceTypeFactory(organization=bridge),
        ),
        ClientFile: (
            file_of(ClientFactory(organization=harbor)),
            file_of(ClientFactory(organization=bridge)),
        ),
    }


def url(row, page="change"):
    model = row._meta
    args = [row.pk] if page in ("change", "delete", "history") else []
    return reverse(f"admin:{model.app_label}_{model.model_name}_{page}", args=args)


def test_officers_models_are_all_that_an_officer_finds(portal, dana):
    page = portal(dana).get(reverse("admin:index"))
    assert page.status_code == 200
    found = {model["model"] for app in page.context["app_list"] for model in app["models"]}
    assert found == OFFICERS_MODELS


def test_every_other_model_of_admin_is_refused(portal, dana):
    browser = portal(dana)
    for model in admin.site._registry.keys() - OFFICERS_MODELS:
        for page in ("changelist", "add"):
            assert browser.get(url(model(), page)).status_code == 403, (model, page)


def test_officer_lists_only_rows_of_the_own_organization(portal, dana, rows):
    browser = portal(dana)
    for model, (own, others) in rows.items():
        page = browser.get(url(own, "changelist"))
        listed = set(page.context["cl"].queryset)
        assert own in listed, model
        assert others not in listed, model
        if model is not User:
            assert str(others) not in page.content.decode(), model


@pytest.mark.parametrize("what", ["change", "delete", "history"])
def test_officer_opens_no_row_of_another_organization(portal, dana, rows, what):
    browser = portal(dana)
    for model, (_, others) in rows.items():
        for verb in ("get", "post"):
            answer = getattr(browser, verb)(url(others, what))
            assert answer.status_code in (302, 403, 404), (model, verb)
            if answer.status_code == 302:
                assert answer["Location"] == reverse("admin:index")


def test_officer_opens_every_own_row(portal, dana, rows):
    browser = portal(dana)
    for model, (own, _) in rows.items():
        assert browser.get(url(own)).status_code == 200, model


@pytest.mark.parametrize("model", [Organization, Membership, User, DuplicateReport])
def test_officer_changes_adds_and_deletes_none_of_these(portal, dana, rows, model):
    own, _ = rows[model]
    browser = portal(dana)
    before = model.objects.filter(pk=own.pk).values().get()
    for page in ("add", "change", "delete"):
        answer = browser.post(url(own, page), {"is_superuser": "on", "role": "dqo", "post": "yes"})
        assert answer.status_code == 403, page
    after = model.objects.filter(pk=own.pk).values().get()
    assert {key: after[key] for key in after if key != "last_login"} == {
        key: before[key] for key in before if key != "last_login"
    }


def test_officer_does_not_raise_own_rights(portal, dana, harbor, bridge):
    browser = portal(dana)
    browser.post(url(dana), {"email": dana.email, "is_superuser": "on", "is_staff": "on"})
    inline = {
        "memberships-TOTAL_FORMS": "1",
        "memberships-INITIAL_FORMS": "0",
        "memberships-0-organization": str(bridge.pk),
        "memberships-0-role": "dqo",
    }
    browser.post(url(dana), {"email": dana.email, "is_active": "on"} | inline)
    browser.post(reverse("admin:auth_user_password_change", args=[dana.pk]), {"password1": "x"})
    dana = User.objects.get(pk=dana.pk)
    assert not dana.is_superuser
    assert dana.dqo_organizations == [harbor.pk]


def test_officer_does_not_set_a_password(portal, dana, bob):
    page = reverse("admin:auth_user_password_change", args=[bob.pk])
    assert portal(dana).get(page).status_code == 403
    password = "another-pass-phrase-1"
    data = {"password1": password, "password2": password}
    assert portal(dana).post(page, data).status_code == 403
    bob.refresh_from_db()
    assert not bob.check_password(password)


def project(**values):
    return {
        "project_name": "Night Harbor",
        "project_common_name": "",
        "project_type": "0",
        "operating_start_date": "2026-01-01",
        "operating_end_date": "",
    } | values


def test_officer_adds_and_changes_own_projects(portal, dana, harbor):
    browser = portal(dana)
    data = project(organization=harbor.pk)
    assert browser.post(reverse("admin:agencies_project_add"), data).status_code == 302
    made = Project.objects.get()
    assert made.organization == harbor
    browser.post(url(made), data | {"project_name": "Day Harbor"})
    made.refresh_from_db()
    assert made.project_name == "Day Harbor"
    assert made.events.latest("pgh_id").pgh_context["user"] == dana.pk
    assert browser.post(url(made, "delete"), {"post": "yes"}).status_code == 403


def test_officer_files_no_project_under_another_organization(portal, dana, harbor, bridge):
    browser = portal(dana)
    page = browser.get(reverse("admin:agencies_project_add"))
    assert "Bridge House" not in page.content.decode()
    browser.post(reverse("admin:agencies_project_add"), project(organization=bridge.pk))
    own = ProjectFactory(organization=harbor)
    browser.post(url(own), project(organization=bridge.pk))
    assert not Project.objects.filter(organization=bridge).exists()


def test_form_says_what_the_database_would_refuse(portal, dana, harbor):
    ProjectFactory(organization=harbor, project_name="Night Harbor")
    data = project(organization=harbor.pk, operating_end_date="2025-01-01")
    page = portal(dana).post(reverse("admin:agencies_project_add"), data)
    html = page.content.decode()
    assert "This organization already has a project of that name." in html
    assert "Operating end date cannot be before the start date." in html


def test_user_of_two_organizations_is_listed_once(portal, dana, harbor, bridge):
    both = UserFactory(at=[harbor, bridge])
    MembershipFactory(user=dana, organization=bridge, role="dqo")
    page = portal(dana).get(reverse("admin:agencies_user_changelist"))
    assert list(page.context["cl"].result_list).count(both) == 1


def test_membership_taken_away_ends_the_officers_view_at_once(portal, dana, rows):
    browser = portal(dana)
    own, _ = rows[Project]
    assert browser.get(url(own)).status_code == 200
    dana.memberships.all().delete()
    assert browser.get(url(own)).status_code != 200


def test_administrator_manages_users_and_their_access(portal, boss, bridge):
    browser = portal(boss)
    password = "a-pass-phrase-of-hers-1"
    data = {
        "email": "New.Person@bridge.example",
        "first_name": "New",
        "last_name": "Person",
        "password1": password,
        "password2": password,
        "memberships-TOTAL_FORMS": "1",
        "memberships-INITIAL_FORMS": "0",
        "memberships-0-organization": str(bridge.pk),
        "memberships-0-role": "case_manager",
    }
    answer = browser.post(reverse("admin:agencies_user_add"), data)
    assert answer.status_code == 302, answer.context["errors"]
    made = User.objects.get(email="new.person@bridge.example")
    assert made.check_password(password)
    assert [one.pk for one in made.organizations] == [bridge.pk]
    page = browser.get(url(made))
    assert page.status_code == 200
    assert "is_superuser" in page.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "?q=%00",
        "?q=" + "x" * 3000,
        "?p=x",
        "?p=99999999999999999999",
        "?o=x.y",
        "?is_active__exact=%00",
        "?email=%00",
        "?email__exact=x%00",
        "?id__exact=99999999999999999999999",
        "?id__exact=x",
        "?password__startswith=a",
        "?memberships__organization__id__exact=1",
        "?e=1",
        "?_popup=%FF",
    ],
)
def test_junk_in_a_lists_address_is_no_error(portal, dana, rows, query):
    browser = portal(dana)
    for own, _ in rows.values():
        assert browser.get(url(own, "changelist") + query).status_code < 500, own
    for row_id in ("x", "%00", "9" * 40, "_5F"):
        change = url(rows[User][0]).replace(str(rows[User][0].pk), row_id)
        assert browser.get(change).status_code < 500
