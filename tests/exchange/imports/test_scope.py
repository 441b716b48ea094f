"""An officer imports the own organization's projects alone."""

import pytest

from agencies.models import Organization, User
from clients.encryption import keyed_hash
from clients.models import Client
from enrollments.models import Enrollment
from exchange.imports.keys import OUT
from exchange.imports.people import NOT_FOUND
from tests.consent.factories import ReleaseFactory
from tests.consent.matrix import Policy
from tests.consent.population import choose
from tests.exchange.imports.counting import rules, totals
from tests.exchange.sets import client, enrollment
from tests.factories import ClientFactory, OrganizationFactory, ProjectFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def own(imported):
    """The officer's organization, one of two in the files."""
    imported.files.only()
    own = OrganizationFactory(organization_name="Harbor House")
    imported.by = UserFactory(dqo_at=[own])
    rows = imported.files.rows
    rows["Organization"].append(
        dict(rows["Organization"][0]) | {"OrganizationID": "O2", "OrganizationName": "Bridge House"}
    )
    rows["Project"].append(
        dict(rows["Project"][0])
        | {"ProjectID": "P2", "OrganizationID": "O2", "ProjectName": "Bridge Shelter"}
    )
    rows["Client"].append(client("C4", "Di", "Okoye"))
    rows["Enrollment"].append(enrollment("N4", "C4", "HH4", ProjectID="P2"))
    return own


def test_rows_of_another_organization_are_refused(imported, own):
    outcome = imported(organization=own)
    assert {("Organization", "", "scope"), ("Client", "", "scope")} <= rules(outcome)
    assert ("Enrollment", "PersonalID", "orphan") in rules(outcome)
    sentences = {kind.message for kind in outcome.report.counts if kind.file == "Organization"}
    assert f"The import is for another organization, by its name. {OUT}" in sentences
    assert [one.organization_name for one in Organization.objects.all()] == ["Harbor House"]
    assert not Enrollment.objects.exclude(organization=own).exists()
    assert not Client.objects.filter(personal_id="C4").exists()
    assert Client.objects.filter(organization=own).count() == 3
    # No users are made; rows go under the officer's name.
    assert User.objects.count() == 2  # the officer, and whom the fixture made
    assert Client.objects.first().created_by == imported.by
    assert totals(imported(organization=own))[:2] == (0, 0)


@pytest.mark.parametrize("is_colleague", [True, False])
def test_no_import_tells_whether_an_address_has_an_account_elsewhere(imported, own, is_colleague):
    workplace = own if is_colleague else OrganizationFactory()
    UserFactory(email="uma@harbor.example", at=[workplace])
    kept, refused = ("User", "", "kept"), ("User", "", "scope")
    assert ({kept, refused} & rules(imported(organization=own))) == {
        kept if is_colleague else refused
    }


def test_only_organization_of_the_files_is_the_officers(imported):
    imported.files.only()
    own = OrganizationFactory(organization_name="Harbor House and Home")
    imported.by = UserFactory(dqo_at=[own])
    outcome = imported(organization=own)
    assert outcome.counts["Enrollment"].new == 3
    assert Enrollment.objects.filter(organization=own).count() == 3
    assert ("Organization", "", "kept") in rules(outcome)


def test_keys_of_another_organizations_rows_find_nothing(imported, own):
    """A file that names the system and keys of the whole site's import changes nobody's rows."""
    officer, imported.by = imported.by, UserFactory(is_superuser=True)
    theirs = OrganizationFactory(organization_name="Elsewhere")
    imported(source_name="A")
    Client.objects.update(organization=theirs, visibility="own")
    there = ProjectFactory(organization=theirs)
    Enrollment.objects.update(organization=theirs, project=there, is_exempt=True)
    imported.by = officer
    imported.row("Client").update(LastName="Changed", DateUpdated="2030-01-01 00:00:00")
    imported(source_name="A", organization=own)
    assert not Client.objects.filter(last_name="Changed", organization=theirs).exists()
    assert Client.objects.filter(last_name="Changed", organization=own).count() == 1


def test_client_of_another_organization_that_is_seen_is_enrolled_and_not_changed(imported, own):
    officer, imported.by = imported.by, UserFactory(is_superuser=True)
    theirs = OrganizationFactory(organization_name="Elsewhere")
    imported(source_name="A")
    Client.objects.filter(personal_id="C1").update(organization=theirs)
    imported.by = officer
    imported.row("Client").update(LastName="Changed", DateUpdated="2030-01-01 00:00:00")
    imported.files.rows["Enrollment"].append(enrollment("N8", "C1", "HH8", EntryDate="2024-01-01"))
    imported.files.rows["Exit"].append(
        dict(imported.row("Exit"))
        | {"ExitID": "X8", "EnrollmentID": "N8", "PersonalID": "C1", "ExitDate": "2024-02-01"}
    )
    assert imported(source_name="A", organization=own).counts["Client"].changed == 0
    assert Enrollment.objects.get(enrollment_id="N8").client.personal_id == "C1"
    assert not Client.objects.filter(last_name="Changed").exists()


def not_found(outcome) -> int:
    """How many rows of clients it tells of, whose key finds nobody here."""
    return sum(count for kind, count in outcome.report.counts.items() if kind.message == NOT_FOUND)


@pytest.mark.parametrize("policy", Policy)
@pytest.mark.parametrize("is_released", [False, True])
def test_export_finds_the_client_again_only_while_it_is_shared(imported, own, policy, is_released):
    """Else it is a new one, once, and told; no word says that somebody else has that key."""
    theirs = OrganizationFactory(organization_name="Elsewhere")
    other = ClientFactory(organization=theirs, personal_id="C1")
    choose({"own": own, "theirs": theirs}, policy)
    if is_released:
        ReleaseFactory(client=other)
    is_seen = is_released or policy is not Policy.REQUIRED
    imported.row("Export")["ImplementationID"] = keyed_hash("ImplementationID")
    outcome = imported(organization=own)
    assert Enrollment.objects.filter(client=other).exists() is is_seen
    assert outcome.counts["Client"].new == not_found(outcome) == (2 if is_seen else 3)
    assert imported(organization=own).counts["Client"].new == 0
    ReleaseFactory(client=other)
    assert imported(organization=own).counts["Client"].new == 0
    assert Client.objects.count() == (3 if is_seen else 4)
