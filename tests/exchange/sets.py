"""Sets of HMIS CSV files for tests: a small valid one, and many that are broken in one way each.

    small_set().write_zip(path)
    BROKEN["duplicate key"].write(tmp_path)   # the path of a zip or a folder

A `Broken` says what it must come to: `refused` is a part of the sentence with which the whole set
is refused; `findings` are those of a set that is read, as (file, column, rule).
"""

import csv
import io
from dataclasses import dataclass, field
from pathlib import Path

import pyzipper

from hud.columns import csv_file, csv_files

# Synthetic people: HUD DataLab's sample set of FY2026, as it was published.
SAMPLE = Path(__file__).parent / "sample.zip"
MOMENT = "2026-01-05 10:30:00"
DEFAULTS = {"S": "x", "I": "0", "D": "2026-01-05", "T": MOMENT, "M": "0.00", "M+": "0.00"}
Contents = dict[str, bytes]
PEOPLE = {"Export", "Organization", "User", "Project", "Client", "Enrollment", "Exit"}


def row(file: str, **values: str) -> dict[str, str]:
    """A row with what may not be blank filled in."""
    cells = {column.name: "" if column.null else DEFAULTS[column.type] for column in csv_file(file)}
    shared = {"UserID": "U1", "ExportID": "E1"}
    return cells | {name: value for name, value in shared.items() if name in cells} | values


def client(key: str, first: str, last: str, **values: str) -> dict[str, str]:
    facts = {"NameDataQuality": "1", "SSNDataQuality": "99", "DOBDataQuality": "1", "White": "1"}
    facts |= {"DOB": "1980-04-02", "VeteranStatus": "0", "Sex": "1"}
    return row("Client", PersonalID=key, FirstName=first, LastName=last, **facts | values)


def enrollment(key: str, person: str, household: str, **values: str) -> dict[str, str]:
    facts = {"ProjectID": "P1", "EntryDate": "2026-01-05", "RelationshipToHoH": "1"}
    facts |= {"EnrollmentCoC": "XX-501", "LivingSituation": "116", "DisablingCondition": "0"}
    keys = {"EnrollmentID": key, "PersonalID": person, "HouseholdID": household}
    return row("Enrollment", **keys | facts | values)


@dataclass
class HMISSet:
    """Rows by file; `write_*` make files of them."""

    rows: dict[str, list[dict[str, str]]]
    added: dict[str, list[str]] = field(default_factory=dict)  # columns that HUD does not know
    year: int = 2026

    def only(self, *more: str) -> None:
        """Leave rows to those files alone that are about people, or named."""
        self.rows |= {name: [] for name in self.rows if name not in PEOPLE.union(more)}

    def header(self, name: str) -> list[str]:
        return [*csv_file(name).header, *self.added.get(name, [])]

    def contents(self) -> Contents:
        return {f"{name}.csv": self._text(name).encode() for name in self.rows}

    def _text(self, name: str) -> str:
        text = io.StringIO()
        writer = csv.DictWriter(text, self.header(name), restval="", lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(self.rows[name])
        return text.getvalue()

    def write_folder(self, folder: Path) -> Path:
        return write_folder(folder, self.contents())

    def write_zip(self, path: Path, password: str = "") -> Path:
        return write_zip(path, self.contents(), password)


def write_folder(folder: Path, contents: Contents) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in contents.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def write_zip(path: Path, contents: Contents, password: str = "") -> Path:
    encryption = pyzipper.WZ_AES if password else None
    with pyzipper.AESZipFile(
        path, "w", compression=pyzipper.ZIP_DEFLATED, encryption=encryption
    ) as archive:
        if password:
            archive.setpassword(password.encode())
        for name, data in contents.items():
            archive.writestr(name, data)
    return path


def small_set() -> HMISSet:
    """A valid set: a household of two, one of whom left, and a single; no file is empty."""
    of_enrollment = {"EnrollmentID": "N1", "PersonalID": "C1"}
    dated = of_enrollment | {"InformationDate": "2026-01-05", "DataCollectionStage": "1"}
    found = {name: [] for name in csv_files()}
    found |= {
        "Export": [
            row(
                "Export",
                SourceType="1",
                SourceID="XX-501",
                ExportStartDate="2025-10-01",
                ExportEndDate="2026-09-30",
                CSVVersion="2026 v1.0",
                SoftwareName="Another HMIS",
                ExportPeriodType="3",
                ExportDirective="2",
                HashStatus="1",
                ImplementationID="XX",
            )
        ],
        "Organization": [row("Organization", OrganizationID="O1", OrganizationName="Harbor House")],
        "User": [
            row("User", UserFirstName="Uma", UserLastName="Smith", UserEmail="uma@harbor.example")
        ],
        "Project": [
            row(
                "Project",
                ProjectID="P1",
                OrganizationID="O1",
                ProjectName="Harbor Shelter",
                OperatingStartDate="2020-01-01",
                ContinuumProject="1",
                ProjectType="0",
            )
        ],
        "Funder": [
            row("Funder", FunderID="F1", ProjectID="P1", Funder="8", StartDate="2020-01-01")
            | {"GrantID": "G-1"}
        ],
        "ProjectCoC": [
            row("ProjectCoC", ProjectCoCID="PC1", ProjectID="P1", CoCCode="XX-501")
            | {"Geocode": "123456", "GeographyType": "1", "ZIP": "52601"}
        ],
        "Inventory": [
            row("Inventory", InventoryID="I1", ProjectID="P1", CoCCode="XX-501")
            | {"HouseholdType": "1", "Availability": "1", "ESBedType": "1"}
            | {"InventoryStartDate": "2020-01-01"}
        ],
        "HMISParticipation": [
            row("HMISParticipation", HMISParticipationID="H1", ProjectID="P1")
            | {"HMISParticipationType": "1", "HMISParticipationStatusStartDate": "2020-01-01"}
        ],
        "CEParticipation": [
            row("CEParticipation", CEParticipationID="CE1", ProjectID="P1")
            | {"CEParticipationStatusStartDate": "2020-01-01"}
        ],
        "Client": [
            client("C1", "Ana", "Muñoz", SSN="227930267", SSNDataQuality="1"),
            client("C2", "Bertil", "O'Neil", DOB="2015-06-30", VeteranStatus="99"),
            client("C3", "Chi", "Nguyen", Sex="0"),
        ],
        "Enrollment": [
            enrollment("N1", "C1", "HH1"),
            enrollment("N2", "C2", "HH1", RelationshipToHoH="2", LivingSituation=""),
            enrollment("N3", "C3", "HH2", EntryDate="2026-02-01"),
        ],
        "Exit": [
            row("Exit", ExitID="X2", EnrollmentID="N2", PersonalID="C2", ExitDate="2026-03-01")
            | {"Destination": "410"}
        ],
        "IncomeBenefits": [
            row("IncomeBenefits", IncomeBenefitsID="IB1", **dated)
            | {"IncomeFromAnySource": "1", "Earned": "1", "EarnedAmount": "850.50"}
            | {"TotalMonthlyIncome": "850.50"}
        ],
        "HealthAndDV": [row("HealthAndDV", HealthAndDVID="D1", **dated)],
        "EmploymentEducation": [row("EmploymentEducation", EmploymentEducationID="EE1", **dated)],
        "Disabilities": [
            row("Disabilities", DisabilitiesID="DI1", DisabilityType="5", **dated),
            row("Disabilities", DisabilitiesID="DI2", DisabilityType="10", **dated)
            | {"DisabilityResponse": "3", "IndefiniteAndImpairs": "1"},
        ],
        "Services": [
            row("Services", ServicesID="S1", RecordType="200", TypeProvided="200", **of_enrollment)
            | {"DateProvided": "2026-01-06"}
        ],
        "CurrentLivingSituation": [
            row("CurrentLivingSituation", CurrentLivingSitID="L1", **of_enrollment)
            | {"InformationDate": "2026-01-07", "CurrentLivingSituation": "116"}
        ],
        "Assessment": [
            row("Assessment", AssessmentID="A1", AssessmentDate="2026-01-08", **of_enrollment)
            | {"AssessmentLocation": "P1", "AssessmentType": "3", "AssessmentLevel": "1"}
            | {"PrioritizationStatus": "1"}
        ],
        "AssessmentQuestions": [
            row(
                "AssessmentQuestions", AssessmentQuestionID="Q1", AssessmentID="A1", **of_enrollment
            )
            | {"AssessmentQuestion": "Where?", "AssessmentAnswer": "Here"}
        ],
        "AssessmentResults": [
            row("AssessmentResults", AssessmentResultID="R1", AssessmentID="A1", **of_enrollment)
            | {"AssessmentResultType": "Score", "AssessmentResult": "7"}
        ],
        "Event": [
            row("Event", EventID="V1", EventDate="2026-01-09", **of_enrollment) | {"Event": "4"}
        ],
        "YouthEducationStatus": [row("YouthEducationStatus", YouthEducationStatusID="Y1", **dated)],
    }
    return HMISSet(found)
