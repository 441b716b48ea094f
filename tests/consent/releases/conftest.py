import pytest

from clients.models import Release
from consent.actions import Answer, record_release
from tests.consent.conftest import TODAY


@pytest.fixture(autouse=True)
def always(today):
    pass


@pytest.fixture
def answer(harbor, bob):
    """A function that gives what clients said to Alice before Bob, changed as a test wants it."""

    def said(**changed) -> Answer:
        usual = {
            "kind": Release.Kind.VERBAL,
            "organization": harbor,
            "answered_on": TODAY,
            "guardian_name": "John Smith",
            "witness": bob,
        }
        return Answer(**usual | changed)

    return said


@pytest.fixture
def released(john, answer, alice):
    """John's verbal release for all organizations, from today until it is revoked."""
    return record_release(clients=[john], answer=answer(), by=alice)[0]
