import pytest

from tests.consent.sealing.factories import signed_release
from tests.factories import ClientFactory


@pytest.fixture(autouse=True)
def always(seal):
    pass


@pytest.fixture
def john(alice, harbor):
    return ClientFactory(organization=harbor, created_by=alice, first_name="John")


@pytest.fixture
def signed(alice, john):
    """A release that John signed before Alice."""
    return signed_release(john, alice)
