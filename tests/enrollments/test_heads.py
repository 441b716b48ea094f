"""A household has exactly one head at all times, and the database sees to it (HUD 3.15, 12.4)."""

import time

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from enrollments import actions
from enrollments.models import Enrollment, Household
from records.constraints import constraint_message, constraint_messages, constraint_name
from tests.enrollments.factories import START, EnrollmentFactory
from tests.factories import ClientFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def head():
    return EnrollmentFactory()


@pytest.fixture
def member(head):
    return EnrollmentFactory(household=head.household, project=head.project, relationship_to_hoh=3)


def refusal(write):
    """What the end of a transaction says to it."""
    try:
        with transaction.atomic():
            write()
            connection.check_constraints()
    except IntegrityError as error:
        return constraint_name(error), constraint_message(error)
    return None


NO_HEAD = (
    "household_has_head",
    "A household needs a head: choose Self for one of its other members first.",
)


def rows(*enrollments):
    return Enrollment.with_deleted.filter(pk__in=[one.pk for one in enrollments])


def other_household(member):
    rows(member).update(household=Household.objects.create())


@pytest.mark.parametrize(
    "write",
    [
        lambda head, member: rows(head).update(relationship_to_hoh=2),
        lambda head, member: rows(head).update(relationship_to_hoh=99),
        lambda head, member: head.mark_deleted(by=head.created_by),
        lambda head, member: rows(head).delete(),
        lambda head, member: rows(head).update(household=Household.objects.create()),
        lambda head, member: other_household(member),
        lambda head, member: EnrollmentFactory(relationship_to_hoh=99),
    ],
)
def test_household_is_not_left_without_a_head(head, member, write):
    assert refusal(lambda: write(head, member)) == NO_HEAD


def test_head_who_was_deleted_comes_first(head, member):
    rows(head, member).update(date_deleted="2026-02-01T00:00Z", deleted_by=head.created_by)
    assert refusal(lambda: member.restore(by=head.created_by)) == NO_HEAD
    assert refusal(lambda: [row.restore(by=head.created_by) for row in (member, head)]) is None


@pytest.mark.parametrize(
    "write",
    [
        lambda head, member: rows(head, member).update(
            date_deleted="2026-02-01T00:00Z", deleted_by=head.created_by
        ),
        lambda head, member: rows(head, member).delete(),
        lambda head, member: rows(head).update(exit_date=START),  # still the head of record
        lambda head, member: member.mark_deleted(by=head.created_by),
        lambda head, member: [
            rows(head).update(relationship_to_hoh=3),
            rows(member).update(relationship_to_hoh=1),
        ],
    ],
)
def test_what_leaves_one_head_is_accepted(head, member, write):
    assert refusal(lambda: write(head, member)) is None


def test_exempt_household_is_held_once_a_member_is_changed(head, member):
    rows(member).update(is_exempt=True)
    rows(head).update(relationship_to_hoh=99, is_exempt=True)
    connection.check_constraints()
    assert refusal(lambda: rows(head).update(destination=None, move_in_date=START)) is None
    assert refusal(lambda: rows(member).update(relationship_to_hoh=2)) == NO_HEAD
    assert refusal(lambda: rows(member).update(relationship_to_hoh=1)) is None
    assert not Enrollment.objects.get(pk=member.pk).is_exempt


def test_exit_of_a_member_of_an_imported_household_says_what_to_do(head, member):
    rows(member).update(is_exempt=True)
    rows(head).update(relationship_to_hoh=99, is_exempt=True)
    member.refresh_from_db()
    with pytest.raises(ValidationError, match="choose Self for one of its other members first"):
        actions.exit_household(
            members=[member],
            departure=actions.Departure(exit_date=START),
            end_assignments=False,
            by=head.created_by,
        )


def test_a_thousand_enrollments_at_once_are_checked_in_no_time(head):
    clients = ClientFactory.create_batch(2, organization=head.organization)
    filed = {
        "organization": head.organization,
        "created_by": head.created_by,
        "updated_by": head.created_by,
        "project": head.project,
        "entry_date": START,
    }
    homes = Household.objects.bulk_create(Household() for _ in range(500))
    with constraint_messages():
        Enrollment.objects.bulk_create(
            Enrollment(
                household=home,
                client=client,
                relationship_to_hoh=relation,
                is_exempt=True,  # one client in five hundred households, for want of clients
                **filed,
            )
            for home in homes
            for client, relation in zip(clients, (1, 3), strict=True)
        )
        begun = time.perf_counter()
        connection.check_constraints()
        assert time.perf_counter() - begun < 15  # on a machine that has other work
