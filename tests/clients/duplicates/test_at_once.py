"""A search for duplicates, and a merge or an erasure at the same moment: nothing comes back."""

import threading

import pytest
from django.db import transaction

from clients.duplicates import blocking
from clients.duplicates import run as finder
from clients.duplicates.run import find_duplicates
from clients.locks import lock_clients
from clients.models import DuplicateKey, PossibleDuplicate
from privacy.erasure.actions import Cause, erase
from tests.at_once.waiting import waiting
from tests.clients.duplicates.conftest import BORN, SSN
from tests.clients.merge.conftest import merged, patient_merge  # noqa: F401 - fixtures
from tests.factories import ClientFactory
from tests.privacy.factories import granted
from tests.waits import at_once, wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("patient_merge")]


@pytest.fixture
def alike(harbor, alice):
    """Three records of one person."""
    person = {"first_name": "Jane", "last_name": "Quibbleton", "dob": BORN}
    filed = {"organization": harbor, "created_by": alice, "ssn": SSN, "ssn_data_quality": 1}
    return [ClientFactory(**person, **filed) for _ in range(3)]


@pytest.fixture(params=[False, True], ids=["new", "listed"])
def were(request, alike):
    """The pairs on the list: all, or none where they have not been searched yet."""
    if request.param:
        search()
    return set(PossibleDuplicate.objects.values_list("pk", flat=True))


@pytest.fixture(params=["merge", "erasure"])
def take_away(request, alike, dana, merged):  # noqa: F811
    """What takes the last of them away."""
    kept, _, gone = alike
    if request.param == "merge":
        return lambda: merged(kept, gone)
    granted(gone, dana)
    return lambda: erase(client_id=gone.pk, cause=Cause.REQUEST, by=dana)


def search():
    return find_duplicates(whole=True, processes=1)


def assert_gone(client, were) -> None:
    """Nothing names the client that the search wrote, and of somebody erased nothing is left.

    were: the pairs on the list before; a merge may leave one of them with the ID that is gone.
    """
    client.refresh_from_db()
    pairs = PossibleDuplicate.objects.filter(client_2=client.pk)
    if client.erased_at:
        past = PossibleDuplicate.pgh_event_model.objects.filter(client_2=client.pk)
        assert not pairs.exists()
        assert not past.exclude(identity="").exists()
        assert not DuplicateKey.objects.filter(client=client.pk).exists()
    assert set(pairs.values_list("pk", flat=True)) <= were


def in_between(monkeypatch, module, name, action, *, first):
    """Have an action happen in another session right before or after a step of the search."""
    step, is_done = getattr(module, name), []

    def stepping(*args, **kwargs):
        if not first:
            result = step(*args, **kwargs)
        if not is_done:
            is_done.append(True)
            at_once(action)
        return step(*args, **kwargs) if first else result

    monkeypatch.setattr(module, name, stepping)


def test_taken_away_once_it_was_weighed(alike, take_away, were, monkeypatch):
    in_between(monkeypatch, finder, "weighed", take_away, first=False)
    search()
    assert_gone(alike[-1], were)
    assert PossibleDuplicate.objects.filter(client_1=alike[0].pk, client_2=alike[1].pk).exists()


def test_taken_away_before_its_keys_are_kept(alike, take_away, were, monkeypatch):
    in_between(monkeypatch, finder.Pairs, "_make_rows", take_away, first=False)
    search()
    assert_gone(alike[-1], were)


def test_nobody_who_saves_or_imports_waits_for_a_search_or_is_waited_for(alike):
    with transaction.atomic():
        lock_clients([alike[0].pk, alike[1].pk])
        at_once(search)
    assert PossibleDuplicate.objects.count() == 3


@pytest.mark.parametrize("step", ["list_pairs", "keep"])
def test_being_taken_away_while_the_search_writes(alike, take_away, were, step, monkeypatch):
    """It has written all that it writes, and ends once the search waits for it or is over."""
    is_taken, at_step, is_over = (threading.Event() for _ in range(3))
    module = finder if step == "list_pairs" else blocking
    stepping = getattr(module, step)

    def late(*args, **kwargs):
        at_step.set()
        assert is_taken.wait(60)
        return stepping(*args, **kwargs)

    monkeypatch.setattr(module, step, late)

    def take():
        assert at_step.wait(60)
        with transaction.atomic():
            take_away()
            is_taken.set()
            wait_until(lambda: is_over.is_set() or waiting())

    def searching():
        try:
            search()
        finally:
            is_over.set()

    at_once(searching, take)
    assert_gone(alike[-1], were)
