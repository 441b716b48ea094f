"""The sample set of HUD's DataLab: what the validator finds in it, and nothing else."""

import pytest
from django.core.management import CommandError, call_command

from exchange.reading.sources import open_source
from exchange.validator import report_on
from tests.exchange.sets import SAMPLE, small_set

# Rows whose users User.csv lacks.
STRANGERS = {
    "Organization": 3,
    "Project": 3,
    "Funder": 10,
    "ProjectCoC": 3,
    "HMISParticipation": 3,
    "CEParticipation": 3,
    "Client": 34,
    "Services": 4269,
}


def test_validator_finds_its_known_warts():
    report = report_on(SAMPLE)
    found = {(kind.file, kind.column, kind.rule): count for kind, count in report.counts.items()}
    assert found == {
        ("Export", "ExportDate", "date repaired"): 1,  # 02-07-2023
        ("Enrollment", "EnrollmentCoC", "null"): 2,
        ("Funder", "Funder", "retired"): 3,  # ESG-CV
        **{(file, "UserID", "orphan"): count for file, count in STRANGERS.items()},
    }
    assert report.total == 4331


def test_every_row_is_read():
    with open_source(SAMPLE) as source:
        counts = {name: sum(1 for _ in file.rows()) for name, file in source.files.items()}
    assert len(counts) == 24
    assert counts["Client"] == 514
    assert counts["Enrollment"] == 574
    assert counts["Exit"] == 447
    assert counts["Services"] == 6385
    assert sum(counts.values()) == 19453


def test_command_lists_them_and_fails(capsys):
    with pytest.raises(CommandError, match="4,331 violations"):
        call_command("validate_hmis_csv", SAMPLE)
    assert "Funder.Funder: 47 is retired: HUD: ESG - CV [Deprecated]." in capsys.readouterr().out


def test_command_says_that_there_is_none(tmp_path, capsys):
    call_command("validate_hmis_csv", small_set().write_folder(tmp_path / "set"))
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("validate_hmis_csv", SAMPLE, password_file=tmp_path / "nowhere")
    assert capsys.readouterr().out == "No violations.\n"


def test_command_says_why_it_reads_nothing(tmp_path):
    with pytest.raises(CommandError, match="no such file"):
        call_command("validate_hmis_csv", tmp_path / "none.zip")
