"""Every service and assessment of a file comes back, cell by cell."""

import csv
import io
import zipfile

import pytest

from casenotes.models import Service, ServiceType
from exchange.export.run import run as export
from exchange.imports.run import import_files
from hud.rules.services import LISTS, columns_asked, sub_types, types_provided
from tests.casenotes.factories import ServiceTypeFactory
from tests.exchange.sets import row, small_set
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
FILES = ("Services", "Assessment", "AssessmentQuestions", "AssessmentResults", "Event")
ENROLLMENT = {"EnrollmentID": "N1", "PersonalID": "C1"}
ANSWERS = {
    "other_type_provided": ("OtherTypeProvided", 'A crib, "new"'),
    "moving_on_other_type": ("MovingOnOtherType", "Mover"),
    "fa_amount": ("FAAmount", "1250.50"),
    "fa_start_date": ("FAStartDate", "2026-01-06"),
    "fa_end_date": ("FAEndDate", "2026-02-05"),
    "referral_outcome": ("ReferralOutcome", "2"),
}


def services():
    """One of every kind that HUD lists, with all that is asked of it; some odd ones."""
    for record_type in LISTS:
        for code, _ in types_provided(record_type).choices:
            codes = {"RecordType": str(record_type), "TypeProvided": str(code)}
            asked = columns_asked(record_type, code)
            answers = dict(ANSWERS[name] for name in asked if name in ANSWERS)
            listed = sub_types().get((record_type, code))
            for key, _ in listed.choices if listed else [("", "")]:
                yield codes | answers | {"SubTypeProvided": str(key)}
    odd = {"RecordType": "200", "TypeProvided": "200"}
    yield odd | {"FAAmount": "-12.00"}
    yield odd | {"FAStartDate": "2026-02-05", "FAEndDate": "2026-01-06"}
    yield odd | {"DateProvided": "2020-01-01"}  # before the enrollment
    yield odd | {"DateDeleted": "2026-01-07 08:00:00"}


def program_set():
    made = small_set()
    made.rows["Services"] = [
        row("Services", ServicesID=f"S{number}", **ENROLLMENT)
        | {"DateProvided": "2026-01-06"}
        | values
        for number, values in enumerate(services())
    ]
    made.rows["AssessmentQuestions"] = [
        row(
            "AssessmentQuestions",
            AssessmentQuestionID=f"Q{number}",
            AssessmentID="A1",
            **ENROLLMENT,
        )
        | values
        for number, values in enumerate(
            [
                {"AssessmentQuestion": "Where?", "AssessmentAnswer": "x" * 500},
                {"AssessmentQuestion": "Why?", "AssessmentQuestionOrder": "-3"},
                {"AssessmentQuestion": "When?", "AssessmentQuestionGroup": "Past"},
                {"AssessmentQuestion": "Who?", "DateDeleted": "2026-01-09 08:00:00"},
            ]
        )
    ]
    made.rows["AssessmentResults"] = [
        row("AssessmentResults", AssessmentResultID=f"R{number}", AssessmentID="A1", **ENROLLMENT)
        | {"AssessmentResultType": "Score", "AssessmentResult": result}
        for number, result in enumerate(["7", ""])
    ]
    made.rows["Event"] = [
        row("Event", EventID=f"V{number}", EventDate="2026-01-09", **ENROLLMENT) | values
        for number, values in enumerate(
            [
                {"Event": "2", "ReferralResult": "1", "ResultDate": "2026-01-10"},
                {"Event": "2", "ResultDate": "2026-01-10"},
                {"Event": "10", "ProbSolDivRRResult": "1", "ReferralCaseManageAfter": "99"},
                {"Event": "1", "LocationCrisisOrPHHousing": "Ropewalk Lane"},
                {"Event": "10", "ReferralResult": "1", "ResultDate": "2026-01-01"},
            ]
        )
    ]
    return made


def rows_of(path):
    found = {}
    with zipfile.ZipFile(path) as archive:
        for name in FILES:
            lines = csv.DictReader(io.StringIO(archive.read(f"{name}.csv").decode("utf-8-sig")))
            for line in lines:
                key = next(iter(line.values()))
                found[name, key] = {column: line[column] for column in line if column != "ExportID"}
    return found


def exported(path):
    list(export(target=path, is_complete=True))
    return path


def test_every_cell_comes_back_and_goes_in_again(tmp_path):
    by, source = UserFactory(is_superuser=True), program_set().write_zip(tmp_path / "in.zip")
    outcome = import_files(source=source, by=by)
    assert {name: outcome.counts[name].refused for name in FILES} == dict.fromkeys(FILES, 0)
    back = exported(tmp_path / "back.zip")
    assert rows_of(back) == rows_of(source)
    again = import_files(source=back, by=by)
    counts = [again.counts[name] for name in FILES]
    assert [(one.new, one.changed, one.refused) for one in counts] == [(0, 0, 0)] * len(FILES)


def test_row_does_not_come_under_a_service_in_dollars(tmp_path):
    """It has no units: the page would show one dollar."""
    by, source = UserFactory(is_superuser=True), small_set()
    import_files(source=source.write_zip(tmp_path / "first.zip"), by=by)
    organization = Service.objects.get().organization
    own = ServiceTypeFactory(
        organization=organization, record_type=152, type_provided=1, unit="dollars"
    )
    source.rows["Services"].append(
        row("Services", ServicesID="S2", RecordType="152", TypeProvided="1", **ENROLLMENT)
        | {"DateProvided": "2026-01-06", "FAAmount": "80.00"}
    )
    import_files(source=source.write_zip(tmp_path / "second.zip"), by=by)
    service = Service.objects.get(key="S2")
    assert service.service_type != own
    assert (service.amount, service.details) == ("1", "$80.00")
    assert ServiceType.objects.filter(organization=organization, record_type=152).count() == 2
