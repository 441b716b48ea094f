"""What came in wrong goes out right: an export is valid whatever was imported."""

import pytest

from clients.models import Client
from exchange.export.run import run as export
from exchange.imports.run import import_files
from exchange.models import SourceKey
from exchange.validator import report_on
from tests.exchange.broken import BROKEN
from tests.factories import UserFactory

# One of each way to be wrong that leaves rows to export; keys and orphans have their own tests.
WAYS = (
    "hashed names",
    "an amount below nothing",
    "a word for a number",
    "an unknown code",
    "a living situation that is none of an entry",
    "a destination that is none",
    "a response of another disability",
    "names of 64 characters that are not hashed",
    "blank",
    "FY2024",
)


@pytest.mark.parametrize("name", WAYS)
def test_export_of_what_was_wrong_is_valid(name, db, tmp_path):
    broken = BROKEN[name]
    path = tmp_path / "back.zip"
    outcome = import_files(source=broken.make(tmp_path), by=UserFactory(is_superuser=True))
    assert sum(counts.refused for counts in outcome.counts.values()) == 0
    for _ in export(target=path):
        pass
    assert [*report_on(path)] == []


def test_hashed_name_is_no_name_and_is_kept_beside_the_record(db, tmp_path):
    outcome = import_files(
        source=BROKEN["hashed names"].make(tmp_path), by=UserFactory(is_superuser=True)
    )
    first = Client.objects.get(personal_id="C1")
    assert (first.first_name, first.last_name, first.ssn) == ("", "", "")
    key = SourceKey.objects.get(file="Client", row_id=first.pk)
    assert key.others == {
        "Hashed FirstName": "ab" * 32,
        "Hashed LastName": "cd" * 32,
        "Hashed SSN": "12" * 32,
    }
    counts = {kind.column: n for kind, n in outcome.report.counts.items() if kind.rule == "hashed"}
    assert counts == {"FirstName": 3, "LastName": 3, "SSN": 3}
