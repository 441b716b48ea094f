"""Case managers are notified when a release ends soon, and when it has ended (R13.7)."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from cas.actions.scheduled import notify_scheduled
from cas.mail.plan import escalatable
from cas.models import DeliveryItem, Notification
from tests.cas.conftest import TODAY
from tests.consent.factories import ReleaseFactory, revoked
from tests.enrollments.factories import CaseAssignmentFactory, EnrollmentFactory
from tests.factories import ClientFactory

ENDING, ENDED = "roi_ending", "roi_ended"


@pytest.fixture
def ends(john):
    """A function that gives John, or another client, a release that ends in so many days."""

    def in_days(days, client=john, **more):
        begin = TODAY - timedelta(days=500)
        return ReleaseFactory(
            client=client,
            answered_on=begin,
            begins_on=begin,
            ends_on=TODAY + timedelta(days=days),
            **more,
        )

    return in_days


def run(day=TODAY):
    return notify_scheduled(on=day)


@pytest.mark.parametrize(
    ("days", "kinds"),
    [(31, []), (30, [ENDING]), (0, [ENDING]), (-1, [ENDED]), (-400, [])],
)
def test_case_manager_is_notified_before_the_end_and_after_it(
    assigned, ends, alice, notified, days, kinds
):
    ends(days)
    run()
    run()
    assert notified(alice) == kinds


def test_one_release_is_notified_of_twice_and_not_more(assigned, ends, alice, notified):
    ends(5)
    for days in range(10):
        run(TODAY + timedelta(days=days))
    assert sorted(notified(alice)) == [ENDED, ENDING]
    assert notified(alice, resolved_at=None) == [ENDED]


@pytest.mark.parametrize("answer", ["renewed", "refused", "revoked"])
def test_answer_that_came_after_it_resolves_the_notification(
    assigned, ends, john, alice, notified, answer
):
    old = ends(5)
    run()
    if answer == "revoked":
        revoked(old)
    else:
        ReleaseFactory(client=john, refused=answer == "refused")
    run(TODAY + timedelta(days=1))
    assert notified(alice, resolved_at=None) == []


def test_refusal_and_release_without_an_end_notify_nobody(assigned, john, alice, notified):
    ReleaseFactory(client=john, refused=True)
    ReleaseFactory(client=john)
    run()
    assert notified(alice) == []


def test_nobody_is_notified_without_a_case_manager(enrollment, ends):
    ends(5)
    run()
    assert not Notification.objects.exists()


def test_successor_goes_on_with_it(assigned, ends, alice, bob, notified):
    ends(5)
    run()
    CaseAssignmentFactory(enrollment=assigned.enrollment, case_manager=bob, begins_on=TODAY)
    assigned.ends_on = TODAY
    assigned.save(update_fields=["ends_on"])
    run(TODAY + timedelta(days=1))
    assert ENDING in notified(bob)


def test_coordinated_access_is_not_bothered_with_releases(assigned, ends):
    ends(5)
    run()
    assert Notification.objects.filter(kind=ENDING).exists()
    assert not escalatable(timezone.now()).exists()


def test_several_releases_are_one_mail_and_no_second_on_the_same_day(
    assigned, ends, harbor, alice, shelter, settings, time_machine
):
    settings.SITE_URL = "https://hmis.example/"
    ends(5)
    for _ in range(2):
        client = ClientFactory(organization=harbor, created_by=alice)
        row = EnrollmentFactory(client=client, project=shelter, created_by=alice)
        CaseAssignmentFactory(enrollment=row, case_manager=alice, created_by=alice)
        ends(5, client)
    call_command("send_mail")
    (letter,) = mail.outbox
    assert letter.subject == "3 Release of Information notifications"
    ends(-1)
    call_command("send_mail")
    assert len(mail.outbox) == 1
    time_machine.shift(timedelta(days=1))
    call_command("send_mail")
    assert len(mail.outbox) == 2
    assert DeliveryItem.objects.filter(purpose="first").count() == Notification.objects.count()
