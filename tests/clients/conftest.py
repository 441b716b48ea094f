import pytest

from tests.factories import ClientFactory


@pytest.fixture
def john(harbor, alice):
    """Harbor's client, with everything filled in."""
    return ClientFactory(
        organization=harbor,
        created_by=alice,
        ssn="123121234",
        ssn_data_quality=1,
        sex=1,
        phone="617-555-0142",
        email="john@example.org",
        city="Saltmarsh",
    )
