"""Who reads and writes the answers to HUD 4.05-4.11 (docs/security/field-rights.md)."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from clients.models import Client
from enrollments.intake.draft.access import people_of
from enrollments.intake.draft.start import prepare_again, start, start_again
from enrollments.intake.finish import finish
from enrollments.intake.steps.review import DraftValidation
from enrollments.models import Disability, HealthAndDV, IntakeDraft
from hud.choices import DisabilityType, RelationshipToHoH
from tests.enrollments.factories import (
    CaseAssignmentFactory,
    DisabilityFactory,
    EnrollmentFactory,
    HealthAndDVFactory,
    IncomeBenefitsFactory,
)
from tests.factories import ClientFactory, UserFactory

SECRETS = ("HIV/AIDS", "Survivor of Domestic Violence", "Currently Fleeing")


def answer(enrollment) -> None:
    IncomeBenefitsFactory(enrollment=enrollment, income_from_any_source=0)
    HealthAndDVFactory(
        enrollment=enrollment, domestic_violence_survivor=1, when_occurred=1, currently_fleeing=1
    )
    DisabilityFactory(
        enrollment=enrollment, disability_type=DisabilityType.HIV_AIDS, disability_response=1
    )


@pytest.fixture
def enrollment(harbor, alice):
    john = ClientFactory(organization=harbor, created_by=alice)
    enrollment = EnrollmentFactory(client=john)
    answer(enrollment)
    return enrollment


def page_of(portal, user, enrollment) -> str:
    return portal(user).get(enrollment.get_absolute_url()).content.decode()


def test_own_organization_reads_the_answers(portal, bob, enrollment):
    html = page_of(portal, bob, enrollment)
    for secret in SECRETS:
        assert secret in html
    assert "Kept by" not in html


def test_other_organization_reads_who_keeps_them_and_no_lie(portal, charlie, enrollment):
    html = page_of(portal, charlie, enrollment)
    for secret in SECRETS:
        assert secret not in html
    assert html.count("Kept by Harbor Services") == 2


def test_what_is_kept_says_nothing_of_what_was_answered(portal, charlie, harbor, alice, enrollment):
    """Nor whether anything was asked."""
    plain = EnrollmentFactory(client=enrollment.client, entry_date=date(2025, 1, 5))
    IncomeBenefitsFactory(enrollment=plain, income_from_any_source=0)
    assert page_of(portal, charlie, plain).count("Kept by Harbor Services") == 2


@pytest.mark.parametrize(
    ("begins", "ends", "has_access", "reads"),
    [
        (-30, None, True, True),
        (-30, 30, True, True),
        (-30, -1, True, False),  # over
        (5, None, True, False),  # not yet
        (-30, None, False, False),  # works for nobody any more
    ],
)
def test_active_case_manager_of_another_organization_reads_them(
    portal, charlie, bridge, enrollment, begins, ends, has_access, reads
):
    today = timezone.localdate()
    enrollment.entry_date = today - timedelta(days=60)
    enrollment.save()
    CaseAssignmentFactory(
        enrollment=enrollment,
        case_manager=charlie,
        begins_on=today + timedelta(days=begins),
        ends_on=None if ends is None else today + timedelta(days=ends),
    )
    if not has_access:
        charlie.is_active = False
        charlie.save()
    assert enrollment.sensitive_for(charlie) is reads
    if has_access:
        assert ("HIV/AIDS" in page_of(portal, charlie, enrollment)) is reads


def test_case_manager_reads_them_on_that_enrollment_alone(portal, charlie, enrollment):
    other = EnrollmentFactory(client=enrollment.client, entry_date=date(2025, 1, 5))
    answer(other)
    CaseAssignmentFactory(enrollment=other, case_manager=charlie, begins_on=other.entry_date)
    assert "HIV/AIDS" in page_of(portal, charlie, other)
    assert "HIV/AIDS" not in page_of(portal, charlie, enrollment)


def test_answers_of_a_victim_service_provider_stay_with_it(portal, charlie, harbor, enrollment):
    harbor.victim_service_provider = True
    harbor.save()
    CaseAssignmentFactory(enrollment=enrollment, case_manager=charlie)
    html = page_of(portal, charlie, enrollment)
    assert "Currently Fleeing" not in html
    assert html.count("Kept by Harbor Services") == 2


@pytest.mark.parametrize("name", ["reopen", "update", "annual", "exit", "exit_answers"])
def test_nobody_else_opens_or_changes_them(portal, charlie, enrollment, name):
    """A case manager of another organization reads, and does not write."""
    CaseAssignmentFactory(enrollment=enrollment, case_manager=charlie)
    place = [enrollment.client_id, enrollment.pk]
    answer_ = portal(charlie).get(reverse(f"enrollments:{name}", args=place))
    assert answer_.status_code == 403
    html = page_of(portal, charlie, enrollment)
    assert "Re-open" not in html


@pytest.mark.parametrize("slug", ["barriers", "domestic-violence"])
@pytest.mark.parametrize("kind", ["reopen", "update"])
def test_step_of_the_workflow_is_refused_to_others(portal, charlie, enrollment, kind, slug):
    url = IntakeDraft.begin_url(
        client_id=enrollment.client_id, enrollment_id=enrollment.pk, kind=kind, slug=slug
    )
    browser = portal(charlie)
    assert browser.get(url).status_code == 403
    assert browser.post(url, {}).status_code == 403


# A household that an import brought in: its members were enrolled by different organizations


@pytest.fixture
def mixed(enrollment, bridge, charlie):
    """The enrollment of a second member, filed by Bridge in the same household."""
    jane = ClientFactory(organization=bridge, created_by=charlie, first_name="Jane")
    row = EnrollmentFactory(
        client=jane,
        organization=bridge,
        household=enrollment.household,
        project=enrollment.project,
        relationship_to_hoh=RelationshipToHoH.SPOUSE,
    )
    answer(row)
    return row


@pytest.mark.parametrize("kind", ["reopen", "update", "annual"])
def test_draft_holds_no_answers_of_another_organizations_members(alice, enrollment, mixed, kind):
    draft = prepare_again(kind=IntakeDraft.Kind(kind), enrollment=enrollment, by=alice)
    assert [row.pk for row in draft.enrollments] == [enrollment.pk]
    assert f"c{mixed.client_id}-" not in str(draft.answers.content)
    assert f"c{enrollment.client_id}-" in str(draft.answers.content)


def test_reopening_writes_nothing_of_another_organizations_members(alice, enrollment, mixed):
    def rows():
        tables = (HealthAndDV, Disability)
        return [
            list(table.objects.filter(enrollment=mixed).values_list("pk", "date_updated"))
            for table in tables
        ]

    before, updated = rows(), mixed.date_updated
    draft = start_again(kind=IntakeDraft.Kind.REOPEN, enrollment=enrollment, by=alice)
    people = people_of(draft, alice)
    draft.answers.confirm(one.key for one in DraftValidation(draft, people).warnings)
    draft.keep()
    finish(draft=draft, by=alice)
    mixed.refresh_from_db()
    assert rows() == before
    assert mixed.date_updated == updated


# Other pages


def test_no_other_page_of_the_client_shows_them(portal, charlie, enrollment):
    """Whatever lies under the client's address, for a user of another organization."""
    browser = portal(charlie)
    place = [enrollment.client_id]
    pages = [
        reverse("clients:dashboard", args=place),
        reverse("clients:edit", args=place),
        reverse("enrollments:enrollments", args=place),
        reverse("enrollments:case_managers", args=place),
        reverse("casenotes:notes", args=place),
        reverse("files:client_files", args=place),
        reverse("cas:events", args=place),
    ]
    for page in pages:
        answer_ = browser.get(page)
        assert answer_.status_code == 200, page
        for secret in SECRETS:
            assert secret not in answer_.content.decode(), page


def test_new_intake_of_another_organization_begins_without_them(
    portal, charlie, bridge, enrollment
):
    draft = start(
        by=charlie, organization=bridge, client=Client.objects.get(pk=enrollment.client_id)
    )
    assert "domestic" not in str(draft.answers.content)
    assert "response_" not in str(draft.answers.content)


def test_history_of_the_answers_is_for_the_own_officer(portal, dana, bridge, enrollment):
    officer = UserFactory(dqo_at=[bridge])
    url = reverse("admin:clients_clientaccess_trail") + f"?client={enrollment.client_id}"
    assert "survivor of domestic violence" in portal(dana).get(url).content.decode().lower()
    html = portal(officer).get(url).content.decode().lower()
    assert "survivor of domestic violence" not in html
    assert "disability" not in html
