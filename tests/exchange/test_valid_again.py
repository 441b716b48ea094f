"""What came in wrong goes out right: an export is valid whatever was imported."""

import pytest

from exchange.export.run import run as export
from exchange.imports.run import import_files
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
