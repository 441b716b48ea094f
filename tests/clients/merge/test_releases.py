"""A merge never shares more than both clients agreed to (ADR 55)."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.models import Organization
from cas import pending
from cas.choices import Kind
from cas.models import Notification
from clients.merge.execute import Choices, Refused, merge
from clients.merge.releases import held_back
from clients.merge.undo import undo
from clients.models import Client, Release
from clients.sharing import Part, why
from consent.undecided import undecided_of
from enrollments.models import Enrollment
from tests.clients.merge.conftest import previewed
from tests.clients.merge.rows import dump
from tests.consent.factories import ReleaseFactory, ended_yesterday, revoked
from tests.consent.undecided.answers import decided, sees, waiting
from tests.enrollments.factories import CaseAssignmentFactory, EnrollmentFactory
from tests.factories import ClientFactory, OrganizationFactory, UserFactory

TODAY = timezone.localdate


@pytest.fixture(autouse=True)
def consent_is_required(harbor, bridge, john, jon):
    Organization.objects.filter(pk__in=[harbor.pk, bridge.pk]).update(sharing="required")


# what the stricter of both is


def release(client=1, **more):
    """A release that is nowhere saved; `last` is the number of days from today."""
    last = more.pop("last", None)
    values = {"kind": "verbal", "answered_on": TODAY(), "begins_on": TODAY()} | more
    if last is not None:
        values["ends_on"] = TODAY() + timedelta(days=last)
    return Release(client_id=client, **values)


@pytest.mark.parametrize(
    ("one", "other", "held"),
    [
        ({}, None, "one"),
        ({}, {"kind": "refused"}, "one"),
        ({}, {}, ""),
        ({"last": 9}, {}, "other"),
        ({"last": 9}, {"last": 9}, ""),
        ({"last": 0}, {"last": 9}, "other"),
        ({}, {"covers_id": 5}, "one"),
        ({"covers_id": 5}, {"covers_id": 5}, ""),
        ({"covers_id": 4}, {"covers_id": 5}, "one other"),
        ({"excludes": [5]}, {}, "other"),
        ({"excludes": [5]}, {"covers_id": 5}, "one other"),
        ({"excludes": [5]}, {"covers_id": 4}, "one"),
        ({"last": 9}, {"covers_id": 5}, "one other"),
        ({}, {"last": -1}, "one"),
        ({"last": -1}, {"last": -2}, ""),
        ({}, {"undecided": True}, "one"),
        ({}, {"replaced_on": date(2000, 1, 1)}, "one"),
    ],
)
def test_release_is_held_back_unless_the_other_client_agreed_as_well(one, other, held):
    rows = [release(1, **one)] + ([release(2, **other)] if other is not None else [])
    names = {1: "one", 2: "other"}
    assert " ".join(names[row.client_id] for row in held_back(rows, TODAY())) == held


def test_releases_are_compared_with_those_of_the_other_client_alone(monkeypatch):
    """Of somebody with many answers none is looked for among all of them."""
    compared = []
    monkeypatch.setattr(Release, "__eq__", lambda one, other: compared.append(one) or one is other)
    rows = [release(client, pk=client * 100 + pk) for client in (1, 2) for pk in range(30)]
    assert held_back(rows, TODAY()) == []
    assert compared == []


def test_release_is_held_back_where_the_other_client_once_released_to_whom_it_leaves_out():
    """The later answer about that agency would end the refusal, though it is over itself."""
    rows = [release(1, excludes=[5]), release(2), release(2, covers_id=5, last=-1)]
    assert held_back(rows, TODAY()) == rows[:2]


def test_release_from_tomorrow_is_held_back_by_nothing_that_counts_today():
    tomorrow = TODAY() + timedelta(days=1)
    rows = [release(1), release(2, begins_on=tomorrow)]
    assert held_back(rows, TODAY()) == [rows[0]]


# merging


@pytest.mark.parametrize("whose", ["john", "jon"])
def test_release_of_one_alone_opens_nothing_after_the_merge(
    request, merged, charlie, john, jon, whose
):
    agreed = request.getfixturevalue(whose)
    row = ReleaseFactory(client=agreed)
    assert sees(charlie, agreed)
    merged(john, jon)
    assert not sees(charlie, john)
    assert waiting(john) == {row}
    assert undecided_of(john)[0].recorded_for == agreed.pk


def test_what_both_agreed_to_goes_on(merged, charlie, john, jon):
    ReleaseFactory(client=john, ends_on=TODAY() + timedelta(days=30))
    longer = ReleaseFactory(client=jon, ends_on=TODAY() + timedelta(days=60))
    merged(john, jon)
    assert sees(charlie, john)
    assert waiting(john) == {longer}


def test_refusal_of_one_counts_whatever_the_other_agreed_to_later(merged, charlie, john, jon):
    ReleaseFactory(client=john, refused=True)
    ReleaseFactory(client=jon, answered_on=TODAY())
    merged(john, jon)
    assert not sees(charlie, john)


def test_refusal_of_one_agency_stands_for_what_an_officer_lets_hold(
    merged, dana, charlie, bridge, john, jon
):
    ReleaseFactory(client=john, covers=bridge, refused=True)
    row = ReleaseFactory(client=jon)
    merged(john, jon)
    decided(john, dana, row)
    row.refresh_from_db()
    assert (row.undecided, row.excludes) == (False, [bridge.pk])
    assert not sees(charlie, john)


def test_answer_after_the_merge_needs_no_officer(merged, charlie, john, jon):
    ReleaseFactory(client=jon)
    merged(john, jon)
    ReleaseFactory(client=john)
    assert sees(charlie, john)
    assert not waiting(john)


def test_ended_and_revoked_releases_are_nothing_to_decide_about(merged, john, jon):
    ended_yesterday(john)
    revoked(ReleaseFactory(client=jon))
    merged(john, jon)
    assert not waiting(john)


def test_undo_lets_the_releases_count_as_they_did(merged, undone, charlie, john, jon):
    ReleaseFactory(client=jon)
    before = dump(Release)
    undone(merged(john, jon))
    assert dump(Release) == before
    assert sees(charlie, jon)
    assert not sees(charlie, john)


def test_case_managers_are_notified_of_what_is_held_back_until_it_counts_again(
    merged, undone, alice, john, jon
):
    row = ReleaseFactory(client=jon)
    CaseAssignmentFactory(enrollment=EnrollmentFactory(client=john), case_manager=alice)
    notified = Notification.objects.filter(kind=Kind.RELEASE_REVOKED).unanswered()
    done = merged(john, jon)
    assert (notified.get().recipient, notified.get().client) == (alice, john)
    assert notified.get().subject == pending.key("release", row.pk)
    undone(done)
    assert not notified.exists()


def test_undo_leaves_what_was_decided_meanwhile(merged, undone, dana, charlie, john, jon):
    row = ReleaseFactory(client=jon)
    done = merged(john, jon)
    decided(john, dana)
    undone(done)
    row.refresh_from_db()
    assert row.client == jon
    assert row.revoked_reason == Release.Reason.MERGE
    assert not sees(charlie, jon)


def test_release_that_was_not_kept_leaves_in_force_what_both_agreed_to(
    merged, dana, charlie, john, jon
):
    """Though it was given later, and would have taken its place."""
    both = ReleaseFactory(client=john, ends_on=TODAY() + timedelta(days=9))
    longer = ReleaseFactory(client=jon, ends_on=TODAY() + timedelta(days=99))
    merged(john, jon)
    decided(john, dana)
    both.refresh_from_db()
    longer.refresh_from_db()
    assert both.state == Release.State.IN_FORCE
    assert longer.state == Release.State.REVOKED
    assert sees(charlie, john)


def test_answers_of_three_merged_clients_are_held_by_the_strictest(
    merged, charlie, harbor, john, jon
):
    third = ClientFactory(organization=harbor)
    for client in (john, jon):
        ReleaseFactory(client=client)
    merged(john, jon)
    assert sees(charlie, john)
    merged(john, third)
    assert not sees(charlie, john)


def test_agency_that_filed_the_client_who_is_gone_still_finds_the_person(
    harbor, bridge, charlie, john
):
    admin = UserFactory(is_superuser=True, is_staff=True)
    theirs = ClientFactory(organization=bridge, created_by=charlie)
    preview = previewed(john, theirs, admin)
    merge(survivor=john.pk, gone=theirs.pk, choices=Choices(preview.digest), by=admin)
    assert sees(charlie, john)
    assert Client.objects.visible_to(charlie).numbered(theirs.pk).get() == john


def test_client_of_the_stricter_agency_stays(harbor, bridge, charlie, john):
    Organization.objects.filter(pk=harbor.pk).update(sharing="")
    admin = UserFactory(is_superuser=True, is_staff=True)
    theirs = ClientFactory(organization=bridge, created_by=charlie)
    refused = previewed(john, theirs, admin).refusal
    assert refused.startswith("Bridge House shares less (Consent required) than Harbor Services")
    assert f"Keep Client ID {theirs.pk} instead" in refused
    assert previewed(theirs, john, admin).refusal == ""


def test_agency_that_shares_less_later_holds_for_its_merged_clients_too(
    harbor, bridge, charlie, john
):
    """For whoever works for neither of the two agencies; the page says why."""
    Organization.objects.filter(pk__in=[harbor.pk, bridge.pk]).update(sharing="")
    stranger, admin = UserFactory(at=[OrganizationFactory()]), UserFactory(is_superuser=True)
    theirs = ClientFactory(organization=bridge, created_by=charlie)
    row = EnrollmentFactory(client=john)
    preview = previewed(john, theirs, admin)
    done = merge(survivor=john.pk, gone=theirs.pk, choices=Choices(preview.digest), by=admin)

    def is_shown() -> tuple[bool, bool, bool]:
        found = Enrollment.objects.visible_to(stranger).filter(pk=row.pk)
        return sees(stranger, john), found.exists(), why(stranger, john, Part.RECORDS).is_shown

    assert is_shown() == (True, True, True)
    Organization.objects.filter(pk=bridge.pk).update(sharing="parts")
    assert is_shown() == (True, False, False)
    Organization.objects.filter(pk=bridge.pk).update(sharing="required")
    assert is_shown() == (False, False, False)
    undo(merge_id=done.pk, by=admin)
    assert is_shown() == (True, True, True)


def test_preview_names_what_is_held_back(portal, dana, john, jon):
    ReleaseFactory(client=jon)
    preview = previewed(john, jon, dana)
    assert [row.client_id for row in preview.held_back] == [jon.pk]
    page = portal(dana).get(reverse("admin:clients_merge", args=[john.pk, jon.pk]))
    assert f"Client ID {jon.pk}: Verbal, for all organizations" in " ".join(page.text.split())


def test_release_since_the_preview_calls_for_a_new_one(dana, john, jon):
    seen = previewed(john, jon, dana).digest
    ReleaseFactory(client=jon)
    with pytest.raises(Refused, match="These records have changed"):
        merge(survivor=john.pk, gone=jon.pk, choices=Choices(seen), by=dana)
