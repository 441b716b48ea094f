"""Where the validator finds what is wrong."""

import pytest

from exchange import validator
from exchange.validator import report_on
from tests.exchange.sets import MOMENT, client, row, small_set


def places(files, tmp_path):
    report = report_on(files.write_zip(tmp_path / "set.zip"))
    return {(one.file, one.row, one.column, one.rule) for one in report}


def test_row_is_numbered_as_a_spreadsheet_does(tmp_path):
    """The header is row 1, and neither a blank line nor a line break in a cell shifts the rest."""
    files = small_set()
    files.rows["Client"][0]["LastName"] = "Mu\n\nñoz"
    files.rows["Client"][1]["DOB"] = "2026-02-30"
    assert places(files, tmp_path) == {("Client", 3, "DOB", "type")}


def test_keys_are_known_across_batches(monkeypatch, tmp_path):
    monkeypatch.setattr(validator, "BATCH", 2)
    files = small_set()
    files.rows["Client"] += [client("C4", "Dee", "Fox"), client("C1", "Eve", "Gray")]
    assert places(files, tmp_path) == {("Client", 6, "PersonalID", "duplicate")}


@pytest.mark.parametrize("name", ["WorkplaceViolenceThreats", "WorkPlaceViolenceThreats"])
def test_column_that_hud_spells_in_two_ways_is_one(name, tmp_path):
    files = small_set()
    contents = files.contents()
    contents["Exit.csv"] = contents["Exit.csv"].replace(b"WorkPlaceViolenceThreats", name.encode())
    folder = tmp_path / "set"
    folder.mkdir()
    for file, data in contents.items():
        (folder / file).write_bytes(data)
    assert not report_on(folder).total


def test_hashed_names_may_be_longer_where_the_export_says_so(tmp_path):
    files = small_set()
    files.rows["Client"][0]["FirstName"] = "ab" * 32
    assert places(files, tmp_path) == {("Client", 2, "FirstName", "length")}
    files.rows["Export"][0]["HashStatus"] = "4"
    assert places(files, tmp_path) == set()


def test_code_of_a_client_is_not_repeated_and_one_of_a_project_is(tmp_path):
    files = small_set()
    files.rows["Client"][0]["VeteranStatus"] = "7"
    files.rows["Project"][0]["ProjectType"] = "77"
    messages = {one.message for one in report_on(files.write_zip(tmp_path / "set.zip"))}
    assert messages == {
        "It is not a code of HUD's list 1.8.",
        "77 is not a code of HUD's list 2.02.6.",
    }


def test_translation_assistance_may_be_there(tmp_path):
    files = small_set()
    files.added["Enrollment"] = ["TranslationNeeded", "PreferredLanguage"]
    assert places(files, tmp_path) == {("Enrollment", None, "", "kept")}


def test_deleted_rows_are_validated_too(tmp_path):
    files = small_set()
    files.rows["Services"].append(
        row("Services", ServicesID="S2", EnrollmentID="gone", PersonalID="C1", RecordType="200")
        | {
            "TypeProvided": "200",
            "DateProvided": "2026-01-06",
            "DateDeleted": MOMENT,
        }
    )
    assert places(files, tmp_path) == {("Services", 3, "EnrollmentID", "orphan")}
