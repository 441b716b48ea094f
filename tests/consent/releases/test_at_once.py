"""Two users at once: one result, and a sentence for the second."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from clients.models import Release
from consent import actions
from records.retries import again_if_rolled_back
from tests.waits import at_once

pytestmark = pytest.mark.django_db(transaction=True)
Kind, Reason, State = Release.Kind, Release.Reason, Release.State


def revoke(release, by):
    return lambda: again_if_rolled_back(
        lambda: actions.revoke(releases=[release], reason=Reason.CLIENT, by=by)
    )


def record(clients, answer, by):
    return lambda: again_if_rolled_back(
        lambda: actions.record_release(clients=clients, answer=answer, by=by)
    )


def test_of_two_who_revoke_one_release_the_second_is_told(released, alice, bob):
    outcomes = at_once(revoke(released, alice), revoke(released, bob), refusal=ValidationError)
    refused = [one for one in outcomes if isinstance(one, ValidationError)]
    assert [one.messages for one in refused] == [[actions.STALE]]
    assert Release.objects.get().state == State.REVOKED


def test_two_answers_at_once_are_counted_one_after_the_other(john, answer, alice, bob, dana):
    refused = answer(kind=Kind.REFUSED, witness=None)
    at_once(record([john], answer(witness=dana), alice), record([john], refused, bob))
    first, second = Release.objects.order_by("pk")
    assert first.state == State.REPLACED
    assert second.state in {State.IN_FORCE, State.REFUSED}


def test_two_households_in_another_order_wait_in_no_circle(family, answer, alice, bob, dana):
    said = answer(witness=dana)
    rows = at_once(record(family, said, alice), record(family[::-1], said, bob))
    assert [len(one) for one in rows] == [3, 3]
    assert Release.objects.filter(replaced_on=None).count() == 3


def test_undo_waits_for_the_answer_that_is_being_written_and_is_refused(
    released, john, answer, alice, bob, dana, time_machine
):
    actions.revoke(releases=[released], reason=Reason.CLIENT, by=alice)
    time_machine.shift(60)
    written, go_on = threading.Event(), threading.Event()

    def answered():
        with transaction.atomic():
            actions.record_release(clients=[john], answer=answer(witness=dana), by=bob)
            written.set()
            assert go_on.wait(timeout=20)

    def undone():
        assert written.wait(timeout=20)
        threading.Timer(0.3, go_on.set).start()
        return actions.undo_revocation(release=Release.objects.get(pk=released.pk), by=alice)

    _, outcome = at_once(answered, undone, refusal=ValidationError)
    assert outcome.messages == [actions.LATER_ANSWER]
