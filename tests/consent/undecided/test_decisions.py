"""An officer decides which releases of two merged clients hold (ADR 55)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from agencies.models import Organization
from clients.models import Release
from consent.undecided import STALE, decide, digest, undecided_of, waiting_for
from tests.consent.factories import ReleaseFactory
from tests.consent.undecided.answers import decided, sees, waiting
from tests.factories import UserFactory
from tests.waits import at_once

LIST = "admin:clients_release_changelist"
TODAY = timezone.localdate


@pytest.fixture(autouse=True)
def consent_is_required(harbor, bridge, john, jon):
    Organization.objects.filter(pk__in=[harbor.pk, bridge.pk]).update(sharing="required")


def test_officer_lets_one_hold_and_revokes_the_other(merged, dana, charlie, bridge, john, jon):
    alone = ReleaseFactory(client=john, covers=bridge)
    every = ReleaseFactory(client=jon, ends_on=TODAY() + timedelta(days=9))
    merged(john, jon)
    decided(john, dana, alone)
    for row in (alone, every):
        row.refresh_from_db()
    assert (alone.undecided, alone.revoked_at) == (False, None)
    assert (every.revoked_reason, every.revoked_by) == (Release.Reason.MERGE, dana)
    assert sees(charlie, john)
    assert not waiting(john)


def test_what_is_decided_holds_for_the_answers_that_it_replaced(merged, dana, charlie, john, jon):
    """Else revoking the later one would bring the earlier one back."""
    early = ReleaseFactory(client=jon, answered_on=TODAY() - timedelta(days=9))
    late = ReleaseFactory(client=jon, ends_on=TODAY() + timedelta(days=9))
    merged(john, jon)
    assert waiting(john) == {late}
    decided(john, dana)
    early.refresh_from_db()
    assert early.revoked_reason == Release.Reason.MERGE
    assert not sees(charlie, john)


@pytest.mark.parametrize("who", ["alice", "charlie", "cass"])
def test_only_officers_of_the_agency_that_filed_the_client_decide(request, merged, john, jon, who):
    ReleaseFactory(client=jon)
    merged(john, jon)
    user = request.getfixturevalue(who)
    with pytest.raises(PermissionDenied):
        decided(john, user)
    assert not waiting_for(user).exists()


def test_decision_about_what_has_changed_since_is_refused(merged, dana, john, jon):
    ReleaseFactory(client=jon)
    merged(john, jon)
    seen = digest(undecided_of(john))
    ReleaseFactory(client=john, refused=True)
    with pytest.raises(ValidationError, match="have changed"):
        decide(client_id=john.pk, kept=set(), seen=seen, by=dana)


def test_same_decision_sent_twice_is_made_once(portal, merged, dana, john, jon):
    row = ReleaseFactory(client=jon)
    merged(john, jon)
    browser = portal(dana)
    address = reverse("admin:clients_release_change", args=[row.pk])
    typed = {"seen": digest(undecided_of(john)), "kept": [row.pk]}
    first = browser.post(address, typed, follow=True)
    assert f"Client {john.pk}: your decision was saved." in first.text
    second = browser.post(address, typed, follow=True)
    assert "your decision was saved" not in second.text
    assert "no longer waits for a decision" in second.text
    assert second.redirect_chain[-1][0] == reverse("admin:clients_release_changelist")
    row.refresh_from_db()
    assert not row.undecided


@pytest.mark.django_db(transaction=True)
def test_two_officers_at_once_decide_once(merged, dana, harbor, john, jon):
    row = ReleaseFactory(client=jon)
    merged(john, jon)
    other = UserFactory(dqo_at=[harbor])
    seen = digest(undecided_of(john))

    def by(user, kept):
        def decide_it():
            try:
                decide(client_id=john.pk, kept=kept, seen=seen, by=user)
            except ValidationError as refusal:
                return refusal.messages
            return []

        return decide_it

    answers = at_once(by(dana, {row.pk}), by(other, set()))
    assert sorted(answers) == [[], [STALE]]


def test_page_is_on_the_list_with_its_number_and_works_without_javascript(
    portal, merged, dana, john, jon
):
    row = ReleaseFactory(client=jon)
    merged(john, jon)
    browser = portal(dana)
    listed = browser.get(reverse(LIST))
    assert f">{john.pk}<" in listed.text
    page = browser.get(reverse("admin:clients_release_change", args=[row.pk]))
    assert f"Holds: Verbal of Client ID {jon.pk}, for all organizations" in page.text
    assert "John" not in page.context["title"]


@pytest.mark.parametrize("typed", [{}, {"seen": ""}, {"seen": "x", "kept": ["0"]}, {"kept": "a"}])
def test_odd_decision_changes_nothing(portal, merged, dana, john, jon, typed):
    row = ReleaseFactory(client=jon)
    merged(john, jon)
    answer = portal(dana).post(reverse("admin:clients_release_change", args=[row.pk]), typed)
    assert answer.status_code in (200, 302)
    row.refresh_from_db()
    assert row.undecided
