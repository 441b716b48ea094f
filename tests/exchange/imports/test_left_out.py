"""What a file does not say, or not so that it can be read, leaves rows as they are here."""

from datetime import date

import pytest

from clients.models import Client
from enrollments.models import Disability, Enrollment, IncomeBenefits
from exchange.imports.people import HASHED
from tests.exchange.breaking import hashed
from tests.exchange.imports.counting import rules, totals

pytestmark = pytest.mark.django_db
BASE_64 = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
LATER = "2026-02-05 10:30:00"
LEFT = {"DOB", "DOBDataQuality", "SSN", "Destination", "LivingSituation", "HouseholdID"}


def identity(client):
    names = (client.first_name, client.middle_name, client.last_name, client.name_suffix)
    keys = (client.first_key, client.last_key, client.name_data_quality)
    return (*names, *keys, client.ssn, client.ssn_hash, client.ssn_data_quality)


@pytest.fixture
def known(imported):
    """Clients of an earlier import; the files say more of them now."""
    imported.files.only("IncomeBenefits", "Disabilities")
    imported.row("Client").update(MiddleName="Luz", NameSuffix="Jr")
    imported()
    for row in imported.files.rows["Client"]:
        row.update(DateUpdated=LATER, VeteranStatus="1")
    return imported


@pytest.mark.parametrize("status", ["4", "3", "1"])
def test_hashed_identities_change_no_name_and_no_ssn(known, status):
    before = {one.personal_id: identity(one) for one in Client.objects.all()}
    known.files.rows["Client"].append(dict(known.row("Client")) | {"PersonalID": "C9"})
    hashed(known.files)
    known.row("Export")["HashStatus"] = status
    for row in known.files.rows["Client"]:
        row.update(NameDataQuality="2", SSNDataQuality="2")
        if status == "3":
            row.update(dict.fromkeys(("FirstName", "LastName", "SSN"), BASE_64))
        if status != "1":
            row.update(MiddleName="", NameSuffix="")
    outcome = known()
    assert ("Client", "SSN", "hashed") in rules(outcome)
    sentences = {kind.message for kind in outcome.report.counts}
    assert (HASHED in sentences) == (status != "1")
    after = {one.personal_id: one for one in Client.objects.all()}
    new = after.pop("C9")
    assert (new.name_data_quality, new.ssn_data_quality, new.first_name, new.ssn) == (2, 2, "", "")
    assert {key: identity(one) for key, one in after.items()} == before
    assert {one.veteran_status for one in after.values()} == {1}
    assert totals(known()) == (0, 0, 0)


def test_plain_names_count_though_the_export_says_that_they_are_hashed(known):
    known.row("Export")["HashStatus"] = "3"
    known.row("Client").update(LastName="Cruz", MiddleName="")
    known()
    client = Client.objects.get(personal_id="C1")
    assert (client.last_name, client.middle_name, client.ssn) == ("Cruz", "", "227930267")


def test_cell_that_cannot_be_read_blanks_nothing(known):
    known.row("Client").update(DOB="31.31.1980", DOBDataQuality="2", Sex="77")
    known.row("Enrollment").update(LivingSituation="7", MoveInDate="soon", DateUpdated=LATER)
    known.row("Exit").update(Destination="7", DateUpdated=LATER)
    known.row("IncomeBenefits").update(EarnedAmount="a lot", TotalMonthlyIncome="", Earned="x")
    known.row("IncomeBenefits")["DateUpdated"] = LATER
    known.row("Disabilities", 1).update(DisabilityResponse="7", IndefiniteAndImpairs="0")
    known.row("Disabilities", 1)["DateUpdated"] = LATER
    outcome = known()
    assert totals(outcome)[2] == 0
    assert ("Client", "DOB", "type") in rules(outcome)
    client = Client.objects.get(personal_id="C1")
    assert (client.dob, client.dob_data_quality) == (date(1980, 4, 2), 1)
    assert (client.sex, client.veteran_status) == (1, 1)
    assert Enrollment.objects.get(enrollment_id="N1").living_situation == 116
    assert Enrollment.objects.get(enrollment_id="N2").destination == 410
    income = IncomeBenefits.objects.get()
    assert (income.earned, str(income.earned_amount)) == (1, "850.50")
    assert income.total_monthly_income is None
    row = Disability.objects.get(key="DI2")
    assert (row.disability_response, row.indefinite_and_impairs) == (3, 0)


def test_deletion_that_cannot_be_read_restores_nothing(known):
    known.row("Disabilities").update(DateDeleted=LATER, DateUpdated=LATER)
    known.row("Exit").update(DateDeleted=LATER, DateUpdated=LATER)
    known()
    assert Disability.objects.count() == 1
    known.row("Disabilities")["DateDeleted"] = known.row("Exit")["DateDeleted"] = "some day"
    known()
    assert Disability.objects.count() == 1
    assert Enrollment.objects.get(enrollment_id="N2").exit_date is None


def test_column_that_is_missing_blanks_nothing(known, monkeypatch):
    every = type(known.files).header

    def fewer(files, name):
        return [column for column in every(files, name) if column not in LEFT]

    for file in ("Enrollment", "Exit"):
        known.row(file)["DateUpdated"] = LATER
    known.row("Enrollment")["EntryDate"] = "2026-01-04"
    monkeypatch.setattr(type(known.files), "header", fewer)
    for rows in known.files.rows.values():
        for row in rows:
            for name in LEFT & set(row):
                del row[name]
    assert totals(known())[2] == 0
    client = Client.objects.get(personal_id="C1")
    assert (client.dob, client.ssn, client.veteran_status) == (date(1980, 4, 2), "227930267", 1)
    row = Enrollment.objects.get(enrollment_id="N1")
    assert (row.living_situation, row.household.household_id) == (116, "HH1")
    assert row.entry_date == date(2026, 1, 4)
    assert Enrollment.objects.get(enrollment_id="N2").destination == 410
