"""Who may export what, and what is kept of it."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from agencies.models import SecurityEvent
from clients.models import ClientAccess
from exchange.export.run import run
from records.models import Visibility
from tests.enrollments.factories import (
    CurrentLivingSituationFactory,
    DisabilityFactory,
    EnrollmentFactory,
    IncomeBenefitsFactory,
)
from tests.exchange.export.conftest import keys
from tests.factories import ClientFactory, ProjectFactory, UserFactory

OWN = Visibility.OWN_ORGANIZATION


@pytest.fixture
def shelter(harbor):
    return ProjectFactory(organization=harbor, project_name="Shelter")


@pytest.fixture
def outreach(bridge):
    return ProjectFactory(organization=bridge, project_name="Outreach")


@pytest.fixture
def administrator(db):
    return UserFactory(is_superuser=True, email="admin@example.org")


def enroll(project, **facts):
    return EnrollmentFactory(project=project, organization=project.organization, **facts)


class TestAnOfficer:
    def test_exports_the_own_organizations_projects(self, dana, shelter, outreach, exported):
        here, _ = enroll(shelter), enroll(outreach)
        files = exported(by=dana)
        assert keys(files["Project"], "ProjectID") == {shelter.project_id}
        assert keys(files["Organization"], "OrganizationID") == {
            shelter.organization.organization_id
        }
        assert keys(files["Enrollment"], "EnrollmentID") == {here.enrollment_id}
        assert keys(files["Client"], "PersonalID") == {here.client.personal_id}

    @pytest.mark.parametrize("asked", ["projects", "organizations"])
    def test_is_refused_another_ones(self, asked, dana, shelter, outreach, tmp_path):
        ids = {"projects": [shelter.pk, outreach.pk], "organizations": [outreach.organization_id]}
        with pytest.raises(PermissionDenied):
            run(target=tmp_path / "export", by=dana, **{asked: ids[asked]})
        assert not list(tmp_path.iterdir())
        assert not SecurityEvent.objects.exists()

    def test_does_not_get_the_other_members_of_a_household(self, dana, shelter, outreach, exported):
        here = enroll(shelter)
        there = EnrollmentFactory(
            project=outreach, organization=outreach.organization, relationship_to_hoh=1
        )
        IncomeBenefitsFactory(enrollment=there)
        files = exported(by=dana)
        assert keys(files["Client"], "PersonalID") == {here.client.personal_id}
        assert not files["IncomeBenefits"]

    def test_gets_a_clients_rows_of_the_own_projects_alone(self, dana, shelter, outreach, exported):
        here = enroll(shelter)
        there = enroll(outreach, client=here.client)
        kept = IncomeBenefitsFactory(enrollment=here)
        IncomeBenefitsFactory(enrollment=there)
        files = exported(by=dana)
        assert keys(files["Enrollment"], "EnrollmentID") == {here.enrollment_id}
        assert keys(files["IncomeBenefits"], "IncomeBenefitsID") == {kept.key}

    def test_does_not_get_whom_others_restrict(self, dana, shelter, bridge, exported):
        client = ClientFactory(organization=bridge, visibility=OWN)
        IncomeBenefitsFactory(enrollment=enroll(shelter, client=client))
        files = exported(by=dana)
        assert not any(files[name] for name in ("Client", "Enrollment", "IncomeBenefits"))

    def test_gets_whom_the_own_organization_restricts(self, dana, shelter, harbor, exported):
        client = ClientFactory(organization=harbor, visibility=OWN)
        enroll(shelter, client=client)
        assert keys(exported(by=dana)["Client"], "PersonalID") == {client.personal_id}

    def test_does_not_get_what_others_keep_to_themselves(self, dana, shelter, bridge, exported):
        enrollment = enroll(shelter)
        CurrentLivingSituationFactory(enrollment=enrollment, organization=bridge, visibility=OWN)
        seen = CurrentLivingSituationFactory(enrollment=enrollment, organization=bridge)
        rows = exported(by=dana)["CurrentLivingSituation"]
        assert keys(rows, "CurrentLivingSitID") == {seen.key}

    def test_does_not_get_answers_about_disabilities_of_anothers_enrollment(
        self, dana, shelter, bridge, exported
    ):
        DisabilityFactory(enrollment=EnrollmentFactory(project=shelter, organization=bridge))
        kept = DisabilityFactory(enrollment=enroll(shelter))
        assert keys(exported(by=dana)["Disabilities"], "DisabilitiesID") == {kept.key}

    def test_gets_the_names_of_own_users_and_the_keys_of_others(
        self, dana, alice, charlie, shelter, exported
    ):
        enroll(shelter, created_by=alice)
        enroll(shelter, created_by=charlie)
        rows = {row["UserID"]: row for row in exported(by=dana)["User"]}
        assert rows[alice.user_id]["UserEmail"] == alice.email
        others = rows[charlie.user_id]
        assert [others[name] for name in ("UserFirstName", "UserLastName", "UserEmail")] == [""] * 3

    def test_needs_the_right_to_ssns_or_hashes_them(self, dana, shelter, exported, tmp_path):
        dana.memberships.update(may_reveal_ssn=False)
        enroll(shelter)
        with pytest.raises(PermissionDenied, match="hashed"):
            run(target=tmp_path / "export", by=dana)
        assert len(exported(by=dana, is_hashed=True)["Client"]) == 1


def test_a_case_manager_exports_nothing(alice, shelter, tmp_path):
    with pytest.raises(PermissionDenied):
        run(target=tmp_path / "export", by=alice)


def test_an_administrator_exports_the_whole_site(administrator, shelter, outreach, exported):
    enroll(shelter), enroll(outreach)
    assert len(exported(by=administrator)["Enrollment"]) == 2


def test_one_organization_is_exported_as_it_sees_it(shelter, bridge, exported):
    """What somebody exports for an organization has nothing that others keep to themselves."""
    enroll(shelter, client=ClientFactory(organization=bridge, visibility=OWN))
    assert not exported(organizations=[shelter.organization_id])["Client"]
    assert len(exported()["Client"]) == 1


class TestOnRecord:
    def test_every_export_is_a_security_event(self, dana, shelter, harbor, exported):
        exported(by=dana, projects=[shelter.pk], start=date(2026, 1, 1), is_hashed=True)
        event = SecurityEvent.objects.get(kind=SecurityEvent.Kind.EXPORTED)
        assert (event.user, event.organization) == (dana, harbor)
        assert event.detail == {
            "list": "hmis_csv",
            "identities": "hashed",
            "projects": [shelter.pk],
            "start": "2026-01-01",
        }

    def test_so_is_one_from_the_shell(self, shelter, exported):
        exported(is_complete=True)
        event = SecurityEvent.objects.get()
        assert event.user is None
        assert event.detail == {
            "list": "hmis_csv",
            "identities": "plain",
            "projects": "all",
            "deleted_rows": "included",
        }

    def test_the_access_log_has_one_row_for_all_clients(self, dana, harbor, shelter, exported):
        enrollments = [enroll(shelter) for _ in range(3)]
        enroll(
            shelter,
            client=enrollments[0].client,
            entry_date=date(2020, 1, 1),
            exit_date=date(2020, 2, 1),
        )
        ClientFactory(organization=harbor)
        exported(by=dana)
        (row,) = ClientAccess.objects.all()
        assert (row.kind, row.user, row.organization) == ("export", dana, harbor)
        assert row.listed == sorted(one.client_id for one in enrollments)

    def test_and_more_where_there_are_very_many(self, dana, shelter, exported, monkeypatch):
        monkeypatch.setattr("exchange.export.rights.LISTED", 2)
        clients = [enroll(shelter).client_id for _ in range(3)]
        exported(by=dana)
        rows = ClientAccess.objects.order_by("pk").values_list("listed", flat=True)
        assert list(rows) == [clients[:2], clients[2:]]

    def test_and_one_for_each_organization(self, administrator, shelter, outreach, exported):
        here, there = enroll(shelter), enroll(outreach)
        exported(by=administrator, start=date(2026, 1, 1))
        rows = ClientAccess.objects.values_list("organization", "listed")
        assert dict(rows) == {
            shelter.organization_id: [here.client_id],
            outreach.organization_id: [there.client_id],
        }

    def test_clients_without_an_enrollment_are_logged_too(self, administrator, harbor, exported):
        client = ClientFactory(organization=harbor)
        exported(by=administrator)
        assert list(ClientAccess.objects.values_list("listed", flat=True)) == [[client.pk]]
