import pytest

from tests.factories import ClientFactory


@pytest.fixture
def person(harbor, alice):
    """Files a client of Harbor Services; only the names given, nothing else unless asked."""

    def file(first_name="", last_name="", **fields):
        fields = {"dob": None, "organization": harbor, "created_by": alice} | fields
        fields["dob_data_quality"] = 1 if fields["dob"] else 99
        if fields.get("ssn"):
            fields["ssn_data_quality"] = 2 if "x" in fields["ssn"] else 1
        if not (first_name or last_name):
            fields["name_data_quality"] = 99
        return ClientFactory(first_name=first_name, last_name=last_name, **fields)

    return file
