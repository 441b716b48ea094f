"""Who is notified that a release was revoked or refused, and who is named as a witness."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from cas.models import Notification
from clients.models import Client, ClientAccess, Release
from consent import actions
from tests.enrollments.factories import CaseAssignmentFactory
from tests.factories import OrganizationFactory, UserFactory

Kind, Reason = Release.Kind, Release.Reason


def waiting(user):
    rows = Notification.objects.of(user).unanswered().order_by("pk")
    return [(one.kind, one.subject) for one in rows]


def looked(user, client, kind=ClientAccess.Kind.VIEW):
    """The user opens the client's record now, or takes it home as a file."""
    organization = user.organizations[0]
    ClientAccess.objects.create(
        user=user, client=client, organization=organization, kind=kind, page="clients:dashboard"
    )


def revoke(release, by):
    return actions.revoke(releases=[release], reason=Reason.CLIENT, by=by)


def test_case_manager_is_notified_however_much_is_shared(john, released, alice, bob):
    CaseAssignmentFactory(enrollment=john.enrollments.get(), case_manager=bob)
    revoke(released, alice)
    assert waiting(bob)[-1] == ("roi_gone", f"release:{released.pk}")
    assert ("roi_gone", f"release:{released.pk}") not in waiting(alice)


@pytest.mark.parametrize("chosen", ["parts", "required"])
def test_who_looked_at_the_client_by_it_is_notified_and_reads_no_name(
    portal, policy, john, released, alice, charlie, chosen
):
    policy(chosen)
    looked(charlie, john)
    revoke(released, alice)
    assert waiting(charlie) == [("roi_gone", f"release:{released.pk}")]
    page = portal(charlie).get(reverse("cas:notifications")).text
    assert "Release of Information revoked" in page
    if chosen == "required":
        assert john.last_name not in page
        assert f'Client ID <span class="num">{john.pk}</span>' in page


def test_who_printed_or_downloaded_by_it_is_notified(policy, john, released, alice, charlie):
    policy("parts")
    looked(charlie, john, ClientAccess.Kind.EXPORT)
    revoke(released, alice)
    assert waiting(charlie) == [("roi_gone", f"release:{released.pk}")]


def test_nobody_elsewhere_is_notified_where_everything_is_shared_anyhow(
    john, released, alice, charlie
):
    looked(charlie, john)
    revoke(released, alice)
    assert waiting(charlie) == []


def test_only_users_of_the_organization_that_it_covered_are_notified(
    policy, john, answer, alice, bridge, charlie, cass
):
    policy("required")
    (row,) = actions.record_release(clients=[john], answer=answer(covers=bridge), by=alice)
    for user in (charlie, cass):
        looked(user, john)
    revoke(row, alice)
    assert (len(waiting(charlie)), waiting(cass)) == (1, [])


def test_colleagues_of_the_agency_that_filed_the_client_lost_nothing(
    policy, john, released, harbor, alice
):
    policy("required")
    colleague = UserFactory(at=[harbor])
    looked(colleague, john)
    revoke(released, alice)
    assert waiting(colleague) == []


def test_who_looked_before_the_release_began_is_not_notified(
    policy, john, released, alice, charlie, time_machine
):
    policy("required")
    now = timezone.now()
    time_machine.move_to(now - timedelta(days=1), tick=False)
    looked(charlie, john)
    time_machine.move_to(now, tick=False)
    revoke(released, alice)
    assert waiting(charlie) == []


def test_records_of_an_agency_that_was_deleted_are_lost_too(john, released, alice, charlie):
    OrganizationFactory(sharing="required", date_deleted=timezone.now())
    looked(charlie, john)
    revoke(released, alice)
    assert waiting(charlie) == [("roi_gone", f"release:{released.pk}")]


def test_of_a_restricted_client_nobody_elsewhere_hears(policy, john, released, alice, charlie):
    policy("required")
    looked(charlie, john)
    Client.objects.filter(pk=john.pk).update(visibility="own")
    revoke(released, alice)
    assert waiting(charlie) == []


def test_refusal_notifies_who_had_access_and_none_where_nothing_was_released(
    policy, john, jane, answer, released, alice, charlie
):
    policy("required")
    looked(charlie, john)
    refused = answer(kind=Kind.REFUSED, witness=None)
    johns, _ = actions.record_release(clients=[john, jane], answer=refused, by=alice)
    assert waiting(charlie) == [("roi_gone", f"release:{johns.pk}")]


def test_case_manager_is_notified_of_a_refusal_that_was_a_mistake(
    john, answer, released, alice, bob
):
    CaseAssignmentFactory(enrollment=john.enrollments.get(), case_manager=bob)
    refused = answer(kind=Kind.REFUSED, witness=None)
    (row,) = actions.record_release(clients=[john], answer=refused, by=alice)
    about = Notification.objects.filter(recipient=bob, subject=f"release:{row.pk}")
    about.unanswered().resolve()
    actions.revoke(releases=[row], reason=Reason.MISTAKE, by=alice)
    assert about.unanswered().get().kind == "roi_gone"


def test_refusal_of_before_the_release_notifies_nobody(
    policy, john, answer, released, alice, charlie
):
    policy("required")
    looked(charlie, john)
    earlier = released.answered_on - timedelta(days=1)
    refused = answer(kind=Kind.REFUSED, witness=None, answered_on=earlier)
    actions.record_release(clients=[john], answer=refused, by=alice)
    assert waiting(charlie) == []


def test_refusal_that_is_recorded_after_a_later_release_notifies_nobody(
    policy, john, answer, released, alice, charlie
):
    policy("required")
    looked(charlie, john)
    older = answer(answered_on=released.answered_on - timedelta(days=20))
    refused = answer(
        kind=Kind.REFUSED, witness=None, answered_on=released.answered_on - timedelta(days=10)
    )
    for late in (older, refused):
        actions.record_release(clients=[john], answer=late, by=alice)
    assert waiting(charlie) == []


def test_revocation_that_is_undone_waits_for_nobody(policy, john, released, alice, charlie):
    policy("required")
    looked(charlie, john)
    revoke(released, alice)
    actions.undo_revocation(release=Release.objects.get(), by=alice)
    assert waiting(charlie) == []


def test_witness_is_notified_once_and_no_longer_once_it_was_a_mistake(john, released, alice, bob):
    assert waiting(bob) == [("witness", f"release:{released.pk}")]
    actions.revoke(releases=[released], reason=Reason.MISTAKE, by=alice)
    assert ("witness", f"release:{released.pk}") not in waiting(bob)


def test_mail_names_nobody_and_goes_to_who_lost_sight(
    policy, john, released, alice, charlie, settings
):
    settings.SITE_URL = "https://hmis.example/"
    policy("required")
    looked(charlie, john)
    revoke(released, alice)
    call_command("send_mail")
    letters = [one for one in mail.outbox if one.to == [charlie.email]]
    assert len(letters) == 1
    for text in (john.first_name, john.last_name):
        assert text not in f"{letters[0].subject} {letters[0].body}"
