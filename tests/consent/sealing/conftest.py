import pytest

from tests.consent.sealing import keys
from tests.consent.sealing.factories import signed_release
from tests.factories import ClientFactory


@pytest.fixture(scope="session")
def pair():
    return keys.pair()


@pytest.fixture(autouse=True)
def seal(settings, pair):
    """The seal in use."""
    keys.use(settings, pair)
    settings.RELEASE_TIMESTAMP_URL = settings.RELEASE_TIMESTAMP_CERTIFICATES = ""
    return pair


@pytest.fixture
def john(alice, harbor):
    return ClientFactory(organization=harbor, created_by=alice, first_name="John")


@pytest.fixture
def signed(alice, john):
    """A release that John signed before Alice."""
    return signed_release(john, alice)
