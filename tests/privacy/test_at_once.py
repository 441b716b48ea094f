"""An erasure and somebody else at the same moment."""

import threading

import pytest
from django.db import transaction

from casenotes.models import CaseNote
from clients.locks import lock_clients
from clients.models import Client, NameSpelling
from privacy.erasure.actions import Cause, Refused, erase
from privacy.models import Erasure
from tests.at_once.waiting import waiting
from tests.casenotes.factories import CaseNoteFactory
from tests.factories import ClientFactory
from tests.privacy.factories import granted
from tests.waits import at_once, wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def jane(harbor, alice, dana):
    client = ClientFactory(organization=harbor, created_by=alice, last_name="Quibbleton")
    granted(client, dana)
    return client


def erasing(client, by):
    return lambda: erase(client_id=client.pk, cause=Cause.REQUEST, by=by)


def test_of_two_erasures_at_once_one_is_refused(jane, dana):
    outcomes = at_once(erasing(jane, dana), erasing(jane, dana), refusal=Refused)
    assert sorted(type(one).__name__ for one in outcomes) == ["Erasure", "Refused"]
    assert Erasure.objects.count() == 1


def test_note_that_is_being_written_is_erased_too(jane, dana):
    is_written = threading.Event()

    def write():
        with transaction.atomic():
            lock_clients([jane.pk])
            CaseNoteFactory(client=jane, title="Canary", text="Canary")
            is_written.set()
            wait_until(waiting)

    def erase_then():
        assert is_written.wait(60)
        return erasing(jane, dana)()

    at_once(write, erase_then)
    assert CaseNote.objects.get().text == "Erased"
    assert not CaseNote.pgh_event_model.objects.filter(text="Canary").exists()


def test_spelling_of_a_client_who_is_being_added_stays(jane, dana, harbor, alice):
    """Somebody of the same name, whose transaction is still open, is found by a misspelt name."""
    is_written = threading.Event()

    def add():
        with transaction.atomic():
            ClientFactory(organization=harbor, created_by=alice, last_name="Quibbleton")
            is_written.set()
            wait_until(waiting)

    def erase_then():
        assert is_written.wait(60)
        return erasing(jane, dana)()

    at_once(add, erase_then)
    assert Client.objects.filter(last_name="Quibbleton").count() == 1
    assert NameSpelling.objects.filter(part="quibbleton").exists()
