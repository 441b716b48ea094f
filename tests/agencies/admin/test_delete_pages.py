"""The page that asks whether to delete an organization or project counts, and names nobody."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.models import Membership, Organization
from tests.enrollments.factories import EnrollmentFactory
from tests.factories import OrganizationFactory, ProjectFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(portal):
    """A function that opens the delete page as an administrator: the page, and its statements."""
    browser = portal(UserFactory(is_superuser=True, is_staff=True))

    def open_page(row):
        page = reverse(f"admin:agencies_{row._meta.model_name}_delete", args=[row.pk])
        browser.get(page)
        with CaptureQueriesContext(connection) as captured:
            return browser.get(page).text, len(captured)

    return open_page


def listed(text: str) -> list[str]:
    """What the page counts."""
    return re.findall(r"<li>([^<]*: \d+)</li>", text)


def test_page_of_an_organization_costs_the_same_with_many_members(asked):
    organization = OrganizationFactory()
    UserFactory(at=[organization])
    _, before = asked(organization)
    names = [str(UserFactory(at=[organization])) for _ in range(5)]
    text, after = asked(organization)
    assert after == before
    assert "These will be deleted too" in text
    assert listed(text) == ["Memberships: 6"]
    assert not [name for name in names if name in text]


def test_page_of_a_project_costs_the_same_with_many_enrollments(asked, harbor):
    project = ProjectFactory(organization=harbor)
    EnrollmentFactory(project=project)
    _, before = asked(project)
    EnrollmentFactory.create_batch(5, project=project)
    text, after = asked(project)
    assert after == before
    assert "cannot be deleted because other records depend on it" in text
    assert listed(text) == ["Enrollments: 6"], "the project itself does not stand in its way"


def test_organization_with_members_alone_is_deleted_with_them(portal):
    organization = OrganizationFactory()
    UserFactory(at=[organization])
    browser = portal(UserFactory(is_superuser=True, is_staff=True))
    page = reverse("admin:agencies_organization_delete", args=[organization.pk])
    assert browser.post(page, {"post": "yes"}).status_code == 302
    assert not Organization.objects.filter(pk=organization.pk).exists()
    assert not Membership.objects.filter(organization=organization.pk).exists()
