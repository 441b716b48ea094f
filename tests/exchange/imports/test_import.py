"""What an import brings in, changes, and leaves alone."""

from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from agencies.models import Organization, Project, User
from casenotes.models import Service, ServiceType
from clients.duplicates.run import find_duplicates
from clients.models import Client, DuplicateSearch, NameForm, NameSpelling, PossibleDuplicate
from clients.models.client import IDENTITY
from data_quality.lists import page_of
from data_quality.rules.catalog import BY_KEY
from data_quality.rules.scope import Scope
from enrollments.models import CaseAssignment, Disability, Enrollment
from exchange.models import SourceKey, SourceSystem
from exchange.reading.refusals import RefusedError
from tests.exchange.imports.counting import rules, totals
from tests.exchange.sets import enrollment
from tests.factories import OrganizationFactory, UserFactory

pytestmark = pytest.mark.django_db
LATER = "2026-02-05 10:30:00"


def test_rows_come_in_with_their_keys_users_and_dates(imported):
    imported.row("Client", 1)["MiddleName"] = "José María"
    outcome = imported()
    assert totals(outcome) == (sum(one.rows for one in outcome.counts.values()), 0, 0)
    row = Enrollment.objects.get(enrollment_id="N2")
    assert (row.client.personal_id, row.household.household_id) == ("C2", "HH1")
    assert (row.exit_date, row.destination, row.exit_id) == (date(2026, 3, 1), 410, "X2")
    assert row.project.organization == row.organization == row.client.organization
    assert (row.updated_by.user_id, row.updated_by.is_active) == ("U1", False)
    assert timezone.localtime(row.date_updated).isoformat() == "2026-01-05T10:30:00-05:00"
    assert row.events.count() == 1
    assert not row.updated_by.has_usable_password()
    client = Client.objects.get(personal_id="C1")
    assert (client.ssn, client.last_key, client.ssn_shape) == ("227930267", "munoz", "whole")
    assert NameSpelling.objects.filter(key="munoz").exists()
    assert NameForm.objects.filter(client__personal_id="C2").exists()
    assert Service.objects.get().service_type.organization == row.organization


def test_second_import_finds_everything(imported):
    imported()
    before = SourceKey.objects.count()
    assert totals(imported()) == (0, 0, 0)
    assert SourceKey.objects.count() == before


def test_dry_run_tells_the_same_and_writes_nothing(imported):
    dry = imported(dry_run=True)
    assert not Client.objects.exists()
    assert not SourceSystem.objects.exists()
    assert totals(dry) == totals(imported())


def test_newer_row_changes_ours_and_an_older_one_does_not(imported):
    imported.files.only()
    imported()
    imported.row("Client")["LastName"] = "Cruz"
    imported.row("Client")["DateUpdated"] = LATER
    imported.row("Enrollment")["EntryDate"] = "2026-01-04"
    imported.row("Exit")["Destination"] = "421"
    outcome = imported()
    assert totals(outcome) == (0, 3, 0)
    changed = Client.objects.get(personal_id="C1")
    assert (changed.last_key, changed.version, changed.events.count()) == ("cruz", 2, 2)
    Client.objects.filter(pk=changed.pk).update(last_name="Ours", date_updated=timezone.now())
    outcome = imported()
    assert totals(outcome) == (0, 0, 0)
    assert ("Client", "", "kept") in rules(outcome)


def test_another_system_does_not_collide(imported):
    imported.files.only()
    imported()
    outcome = imported(source_name="A second HMIS")
    assert outcome.counts["Client"].new == 3
    assert Client.objects.count() == 6
    # By name the organization and its project are the same.
    assert (Organization.objects.count(), Project.objects.count()) == (1, 1)
    assert totals(imported(source_name="A second HMIS")) == (0, 0, 0)
    assert SourceKey.objects.filter(file="Client", key="C1").count() == 2


def test_account_of_the_portal_is_left_alone(imported):
    imported.files.only()
    user = UserFactory(email="uma@harbor.example", first_name="Ours")
    outcome = imported()
    user.refresh_from_db()
    assert (user.first_name, user.is_active) == ("Ours", True)
    assert outcome.counts["User"].unchanged == 1
    assert Client.objects.first().created_by == user


def test_rows_of_a_merged_client_go_to_the_survivor(imported):
    imported.files.only()
    imported()
    gone, survivor = (Client.objects.get(personal_id=key) for key in ("C1", "C3"))
    Enrollment.with_deleted.filter(client=gone).update(client=survivor, is_exempt=True)
    Client.objects.filter(pk=gone.pk).update(merged_into=survivor)
    imported.row("Client")["LastName"] = "Cruz"
    imported.row("Client")["DateUpdated"] = LATER
    imported.files.rows["Enrollment"].append(enrollment("N4", "C1", "HH4", EntryDate="2025-01-01"))
    outcome = imported()
    assert totals(outcome)[0] == 1
    assert outcome.counts["Client"].changed == 0
    assert Enrollment.objects.get(enrollment_id="N4").client == survivor


@pytest.mark.parametrize("how", ["deleted", "erased"])
def test_client_who_is_gone_does_not_come_back(imported, how):
    imported.files.only()
    imported()
    row = Client.objects.get(personal_id="C3")
    row.mark_deleted(by=imported.by)
    if how == "erased":
        nothing = dict.fromkeys(IDENTITY, "") | {"ssn_data_quality": 99, "name_data_quality": 99}
        Client.with_deleted.filter(pk=row.pk).update(erased_at=timezone.now(), **nothing)
    imported.files.rows["Enrollment"].append(enrollment("N5", "C3", "HH5", EntryDate="2025-01-01"))
    outcome = imported()
    assert ("Client", "", "gone") in rules(outcome)
    assert ("Enrollment", "PersonalID", "orphan") in rules(outcome)
    assert not Client.objects.filter(personal_id="C3").exists()
    assert not Enrollment.objects.filter(enrollment_id="N5").exists()


def test_deleted_row_stays_deleted_and_new_ones_on_it_come_deleted(imported):
    imported.files.only("Disabilities")
    imported()
    row = Enrollment.objects.get(enrollment_id="N3")
    row.mark_deleted(by=imported.by)
    more = dict(imported.row("Disabilities")) | {"DisabilitiesID": "DI9"}
    imported.files.rows["Disabilities"].append(more | {"EnrollmentID": "N3", "PersonalID": "C3"})
    assert totals(imported()) == (1, 0, 0)
    row.refresh_from_db()
    assert row.date_deleted
    assert Disability.with_deleted.get(key="DI9").date_deleted == row.date_deleted


def test_deletion_there_takes_the_answers_along_but_never_a_client(imported):
    imported.files.only("Disabilities")
    imported()
    CaseAssignment.objects.create(
        enrollment=Enrollment.objects.get(enrollment_id="N1"),
        client=Client.objects.get(personal_id="C1"),
        case_manager=imported.by,
        organization=Organization.objects.get(),
        begins_on=date(2026, 1, 6),
        created_by=imported.by,
        updated_by=imported.by,
    )
    for file, at in (("Client", 0), ("Enrollment", 0), ("Enrollment", 1)):
        imported.row(file, at).update(DateDeleted=LATER, DateUpdated=LATER)
    outcome = imported()
    assert Client.objects.count() == 3
    assert ("Client", "DateDeleted", "kept") in rules(outcome)
    assert not CaseAssignment.objects.exists()
    assert not Disability.objects.exists()
    assert Enrollment.objects.count() == 1


def test_exit_there_ends_the_assignment_here(imported):
    imported.files.only()
    imported()
    row = Enrollment.objects.get(enrollment_id="N1")
    CaseAssignment.objects.create(
        enrollment=row, client=row.client, case_manager=imported.by,
        organization=row.organization, begins_on=date(2026, 1, 6),
        created_by=imported.by, updated_by=imported.by,
    )  # fmt: skip
    leaves = dict(imported.row("Exit")) | {"ExitID": "X1", "EnrollmentID": "N1"}
    imported.files.rows["Exit"].append(leaves | {"PersonalID": "C1", "DateUpdated": LATER})
    outcome = imported()
    assert (outcome.counts["Exit"].new, outcome.counts["Exit"].changed) == (1, 0)
    assert CaseAssignment.objects.get().ends_on == date(2026, 3, 1)
    imported.files.rows["Exit"][-1].update(DateDeleted=LATER)
    assert imported().counts["Exit"].changed == 1
    row.refresh_from_db()
    assert (row.exit_date, row.destination) == (None, None)


BAD_HOUSEHOLDS = {
    "no head": [("N3", {"RelationshipToHoH": "2"})],
    "two heads": [("N2", {"RelationshipToHoH": "1"})],
    "the person twice": [("N2", {"PersonalID": "C1"})],
    "overlap": [("N3", {"PersonalID": "C1"})],
    "exit before entry": [("N2", {"EntryDate": "2026-04-01"})],
    "two projects": [("N2", {"ProjectID": "P2"})],
}


LISTED = {
    "no head": "household-without-head",
    "two heads": "household-with-two-heads",
    "the person twice": "enrolled-twice",
    "overlap": "enrolled-twice",
    "exit before entry": "exit-before-start",
    "two projects": "household-in-two-projects",
}


@pytest.mark.parametrize("name", BAD_HOUSEHOLDS)
def test_household_that_breaks_the_rules_comes_in_exempt(imported, name):
    imported.files.only()
    second = dict(imported.row("Project")) | {"ProjectID": "P2", "ProjectName": "Harbor House"}
    imported.files.rows["Project"].append(second)
    rows = {row["EnrollmentID"]: row for row in imported.files.rows["Enrollment"]}
    for key, change in BAD_HOUSEHOLDS[name]:
        rows[key] |= change
        exits = [row for row in imported.files.rows["Exit"] if row["EnrollmentID"] == key]
        for row in exits:
            row["PersonalID"] = rows[key]["PersonalID"]
    outcome = imported()
    assert totals(outcome)[2] == 0
    assert Enrollment.objects.count() == 3
    assert Enrollment.objects.filter(is_exempt=True).exists()
    assert ("Enrollment", "", "kept") in rules(outcome)
    scope, rule = Scope(user=imported.by, today=date(2026, 5, 1)), BY_KEY[LISTED[name]]
    exempt = Enrollment.objects.filter(is_exempt=True).values_list("pk", flat=True)
    assert {one.pk for one in page_of(rule, scope).items} & set(exempt)
    assert totals(imported()) == (0, 0, 0)


def test_answers_that_break_a_rule_are_marked(imported):
    imported.files.only("Disabilities", "Event")
    imported.row("Client").update(SSN="", SSNDataQuality="1", RaceNone="99")
    again = dict(imported.row("Disabilities")) | {"DisabilitiesID": "DI8"}
    imported.files.rows["Disabilities"].append(again)
    imported.row("Event").update(LocationCrisisOrPHHousing="Somewhere")
    assert totals(imported())[2] == 0
    broken = Client.objects.get(personal_id="C1").breaks
    assert set(broken) == {"client_ssn_quality_fits", "client_race_or_reason"}
    assert Disability.objects.get(key="DI8").breaks == ["once_a_start_and_exit"]


def test_columns_that_hud_does_not_know_are_kept(imported):
    imported.files.only()
    imported.files.added["Client"] = ["ShoeSize"]
    imported.row("Client")["ShoeSize"] = "44"
    imported()
    assert SourceKey.objects.get(file="Client", key="C1").others == {"ShoeSize": "44"}


def test_key_that_is_taken_gets_another_one(imported):
    imported.files.only()
    imported()
    taken = Client.objects.get(personal_id="C2")
    SourceKey.objects.all().delete()
    imported()
    assert Client.objects.exclude(pk=taken.pk).filter(dob=date(2015, 6, 30)).count() == 1
    row = SourceKey.objects.get(file="Client", key="C2")
    assert Client.objects.get(pk=row.row_id).personal_id != "C2"


def test_victim_service_provider_shares_nobody(imported):
    imported.files.only("Disabilities")
    imported.row("Organization")["VictimServiceProvider"] = "1"
    imported()
    assert {one.visibility for one in Client.objects.all()} == {"own"}
    assert {one.visibility for one in Disability.objects.all()} == {"own"}


def test_service_uses_the_catalog(imported):
    imported.files.only("Services")
    imported()
    imported.files.rows["Services"][0] |= {"ServicesID": "S2"}
    imported()
    assert ServiceType.objects.count() == 1


def test_set_that_breaks_a_rule_at_the_end_leaves_nothing(imported, monkeypatch):
    imported.files.only()
    monkeypatch.setattr("exchange.imports.enrollments.HEADLESS", "SELECT 1")
    monkeypatch.setattr("exchange.imports.enrollments.WITHOUT_HEAD", "SELECT 0")
    imported.row("Enrollment", 2)["RelationshipToHoH"] = "2"
    with pytest.raises(RefusedError, match="A household needs a head"):
        imported()
    assert not Client.objects.exists()


def test_command_names_no_rows_where_the_message_is_of_none(imported, capsys):
    OrganizationFactory(
        organization_name=imported.files.rows["Organization"][0]["OrganizationName"]
    )
    call_command("import_hmis_csv", imported.files.write_folder(imported.folder / "files"))
    assert "and was taken as the same. (1x)\n" in capsys.readouterr().out


def test_command(imported, capsys):
    imported.files.only("Event")
    path = imported.files.write_folder(imported.folder / "files")
    call_command("import_hmis_csv", path, "--dry-run")
    assert "nothing was written" in capsys.readouterr().out
    imported.files.rows["Event"][0]["EnrollmentID"] = "N9"
    path = imported.files.write_folder(imported.folder / "files")
    with pytest.raises(CommandError, match="1 rows were refused") as caught:
        call_command("import_hmis_csv", path, "--source", "Elsewhere", "--by", imported.by.email)
    assert caught.value.returncode == 1
    assert "Its EnrollmentID is in no row of Enrollment.csv" in capsys.readouterr().out
    assert SourceSystem.objects.get().name == "Elsewhere"
    with pytest.raises(CommandError, match="nowhere cannot be read: No such file") as caught:
        call_command("import_hmis_csv", path, password_file=path / "nowhere")
    assert caught.value.returncode == 2
    (path / "Client.csv").unlink()
    with pytest.raises(CommandError, match=r"Client\.csv is missing"):
        call_command("import_hmis_csv", path)
    User.objects.filter(is_superuser=True).update(is_active=False)
    with pytest.raises(CommandError, match="Say with --by"):
        call_command("import_hmis_csv", path)


def test_people_of_two_systems_are_possible_duplicates(imported):
    imported.files.only()
    imported()
    soon = timezone.now() + timedelta(minutes=1)
    facts = {"clients": 3, "pairs": 0, "is_whole": True}
    DuplicateSearch.objects.create(started_at=soon, finished_at=soon, **facts)
    imported(source_name="A second HMIS")
    find_duplicates(processes=1)
    assert PossibleDuplicate.objects.count() == 3
