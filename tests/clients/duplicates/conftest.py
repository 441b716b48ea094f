from datetime import date

import pytest

from clients.duplicates.frequencies import CACHED, TermFrequencies
from clients.duplicates.person import Name, Person, person_from
from clients.encryption import keyed_hash

BORN = date(1980, 3, 4)
SSN = "219456789"


@pytest.fixture(autouse=True)
def no_frequencies_cached():
    CACHED.clear()
    yield
    CACHED.clear()


@pytest.fixture
def million():
    """A million clients, of whom Smith and John are common, and one address is a shelter's."""
    return TermFrequencies(
        1_000_000,
        {"first": {"john": 0.01}, "last": {"smith": 0.01}, "street": {"1shelterst": 0.01}},
        {
            "first": 0.0001,
            "last": 0.0001,
            "street": 0.0001,
            "zip": 0.001,
            "city": 0.1,
            "phone": 0.001,
        },
    )


def somebody(first="", last="", dob=None, ssn="", **known) -> Person:
    """A person as compared; `known` are columns of the client."""
    columns = {
        "middle_name": "",
        "name_suffix": "",
        "dob": dob,
        "dob_data_quality": 1,
        "sex": 99,
        "ssn_hash": keyed_hash(ssn) if len(ssn) == 9 and ssn.isdigit() else "",
        "ssn_last4_hash": keyed_hash(ssn[-4:]) if ssn else "",
        "ssn": ssn,
        "phone": "",
        "email": "",
        "address1": "",
        "address2": "",
        "city": "",
        "zip": "",
    }
    aliases = known.pop("aliases", ())
    names = (Name(first, last, ""), *aliases)
    return person_from(names, {"pk": 1} | columns | known)
