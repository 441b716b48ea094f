"""The files and columns of the exchange format."""

import json
from pathlib import Path

import pytest

from hud.columns import csv_file, csv_files, snake_case
from hud.lists import code_lists
from hud.years import folder_of

SOURCE = Path(__file__).parents[1] / "data"
# FY2026 took "data not collected" from R18 and R20; a race is selected or not.
NO_OR_YES = [("Client", "HispanicLatinao")] + [
    ("Exit", name)
    for name in (
        *("CounselingReceived", "PostExitCounselingPlan", "EmailSocialMedia", "Telephone"),
        *("InPersonIndividual", "InPersonGroup"),
    )
]


def test_there_are_24_files_and_519_columns():
    assert len(csv_files()) == 24
    assert sum(len(columns) for columns in csv_files().values()) == 519


def test_column_knows_type_length_and_list():
    column = csv_file("Exit")["Destination"]
    assert (column.type, column.null, column.codes.name) == ("I", False, "Destination")
    name = csv_file("Client")["FirstName"]
    assert (name.type, name.max_length, name.hashed_max_length) == ("S", 50, 64)
    assert csv_file("IncomeBenefits")["EarnedAmount"].type == "M+"


def test_column_is_found_in_any_letter_case():
    assert csv_file("Client")["personalid"].key == "pk"
    assert "SSN" in csv_file("Client")
    assert "Gender" not in csv_file("Client")


def test_list_by_names_the_column_it_depends_on():
    column = csv_file("Disabilities")["DisabilityResponse"]
    assert column.codes is None
    assert column.list_by["map"]["10"] == "4.10.2"


def test_every_list_of_a_column_exists():
    for file in csv_files().values():
        for column in file:
            assert column.list_number is None or column.codes


def test_unknown_file_says_so():
    with pytest.raises(KeyError, match="'Gender'"):
        csv_file("Gender")


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("RelationshipToHoH", "relationship_to_hoh"),
        ("DateToStreetESSH", "date_to_street_essh"),
        ("LOSUnderThreshold", "los_under_threshold"),
        ("AmIndAKNative", "am_ind_ak_native"),
        ("NativeHIPacific", "native_hi_pacific"),
        ("EnrollmentCoC", "enrollment_coc"),
        ("ProjectCoCID", "project_coc_id"),
        ("HealthAndDVID", "health_and_dv_id"),
        ("HOHLeaseholder", "hoh_leaseholder"),
        ("SSN", "ssn"),
        ("VADisabilityNonServiceAmount", "va_disability_non_service_amount"),
        ("ID", "id"),
    ],
)
def test_column_names_in_snake_case(name, field):
    assert snake_case(name) == field


def test_fields_of_a_file_are_distinct():
    for file in csv_files().values():
        assert len({column.field for column in file}) == len(file)


def test_code_lists_equal_their_source():
    """But for the order of the codes: tests/hud/test_list_order.py."""
    source = json.loads((SOURCE / "hud_lists_fy2026.json").read_text(encoding="utf-8"))
    retired = source.pop("retired_FY2026")["values"]

    def plain(codes):
        return {
            "name": codes.name,
            "values": by_key({"key": key, "description": label} for key, label in codes.values),
            "used_by": list(codes.used_by),
        }

    def by_key(values):
        return sorted(values, key=lambda one: str(one["key"]))

    moved = [f"{file}.{name}" for file, name in NO_OR_YES]
    source["1.7"]["used_by"] = [one for one in source["1.7"]["used_by"] if one not in moved]
    source["1.10"]["used_by"] += moved
    for codes in [*source.values(), *retired]:
        codes["values"] = by_key(codes["values"])

    assert {number: plain(codes) for number, codes in code_lists(2026).items()} == source
    ours = json.loads((folder_of(2026) / "lists.json").read_text(encoding="utf-8"))["retired"]
    assert [
        {
            "name": codes["name"],
            "code": number,
            "values": by_key({"key": key, "description": label} for key, label in codes["values"]),
        }
        for number, codes in ours.items()
    ] == retired


# What HUD's own specification corrects: tests/hud/test_spec.py.
CORRECTED = {
    ("CurrentLivingSituation", "VerifiedBy"): {"max_length": 200},
    ("Enrollment", "EnrollmentCoC"): {"null": False},
    ("Export", "SourceID"): {"max_length": 350, "key": None},
    ("Affiliation", "ExportID"): {"max_length": 32},
    ("HMISParticipation", "ExportID"): {"max_length": 32},
    ("CEParticipation", "ExportID"): {"max_length": 32},
    **{place: {"list": "1.10"} for place in NO_OR_YES},
}


def test_columns_equal_their_source():
    source = json.loads((SOURCE / "hmis_csv_fy2026_columns.json").read_text(encoding="utf-8"))
    assert list(csv_files(2026)) == list(source)
    for name, rows in source.items():
        assert csv_file(name, 2026).header == [row["name"] for row in rows]
        for column, given in zip(csv_file(name, 2026), rows, strict=True):
            row = given | CORRECTED.get((name, column.name), {})
            assert column.type == row["type"].rstrip("0123456789")
            assert column.null == row["null"]
            assert column.max_length == row.get("max_length")
            assert column.hashed_max_length == row.get("hashed_max_length")
            assert column.list_number == row.get("list")
            assert column.list_by == row.get("list_by")
            assert column.key == row.get("key")
            assert column.element == row.get("element")
            assert column.note == row.get("note", "")
