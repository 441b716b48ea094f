"""After which answers there is nothing to ask (R13.6)."""

from datetime import date, timedelta

import pytest

from clients.models import Client
from clients.release_answers import answers, longest, standing_answers
from tests.consent.factories import ReleaseFactory, revoked
from tests.factories import ClientFactory

TODAY = date(2026, 3, 2)
BEFORE = TODAY - timedelta(days=100)


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to("2026-03-02T17:00:00Z", tick=False)


@pytest.fixture
def john(alice, harbor):
    return ClientFactory(organization=harbor, created_by=alice)


def release(client, **more):
    usual = {"answered_on": BEFORE, "begins_on": BEFORE}
    return ReleaseFactory(client=client, **usual | more)


def is_answered(client) -> bool:
    return standing_answers(client.pk, TODAY).exists()


def longest_of(client):
    return Client.objects.annotate(found=longest(client.pk)).get(pk=client.pk).found


def test_nothing_was_answered(john):
    assert not answers(john.pk).exists()
    assert not is_answered(john)
    assert longest_of(john) is None


@pytest.mark.parametrize(("days", "expected"), [(0, True), (-1, False), (None, True)])
def test_release_is_an_answer_until_its_last_day(john, days, expected):
    release(john, ends_on=None if days is None else TODAY + timedelta(days=days))
    assert is_answered(john) is expected


def test_release_that_is_to_begin_is_an_answer(john):
    release(john, begins_on=TODAY + timedelta(days=20))
    assert is_answered(john)


def test_refusal_is_an_answer(john):
    release(john, refused=True)
    assert is_answered(john)
    assert longest_of(john) is None


@pytest.mark.parametrize(
    ("reason", "expected"),
    [("client", True), ("guardian", True), ("mistake", False)],
)
def test_what_was_taken_back_is_an_answer_unless_somebody_else_took_it(john, reason, expected):
    revoked(release(john), reason=reason)
    assert is_answered(john) is expected


def test_answer_that_another_one_has_replaced_is_none(john):
    release(john, refused=True)
    day = TODAY - timedelta(days=50)
    ReleaseFactory(client=john, answered_on=day, begins_on=day, ends_on=TODAY - timedelta(days=1))
    assert not is_answered(john)


def test_longest_is_the_one_without_an_end_or_with_the_last(john, bridge):
    Client.objects.filter(pk=john.pk).update(dob=date(2012, 1, 1))
    release(john, ends_on=TODAY, covers=bridge)
    release(john, ends_on=TODAY + timedelta(days=9), signed_by="guardian")
    assert longest_of(john) == {"last_day": "2026-03-11", "signed_by": "guardian"}
    ReleaseFactory(client=john)
    assert longest_of(john)["last_day"] is None
