"""Every column of every file has the value of its field, and of no other one."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import connection

from casenotes.models import ServiceType
from enrollments.models import Enrollment, Household
from exchange.export.run import run
from exchange.files import FILES, Kind
from exchange.models import SourceKey, SourceSystem
from tests.agencies.factories import ProjectCoCFactory
from tests.enrollments.factories import EnrollmentFactory
from tests.factories import ClientFactory, OrganizationFactory, ProjectFactory, UserFactory

DAY, MOMENT = date(2001, 1, 1), datetime(2021, 1, 31, 3, 30, tzinfo=UTC)
KEYS = (Kind.KEY, Kind.REFERENCE, Kind.EXPORT)
NEW_YORK = ZoneInfo("America/New_York")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def value_of(place, number):
    """A value that no other column of the row has, and how the file writes it."""
    moment, day = MOMENT + timedelta(hours=number), DAY + timedelta(days=number)
    text, is_even = f"{LETTERS[number // 26]}{LETTERS[number % 26]}", number % 2 == 0
    return {
        Kind.TEXT: (text, text),
        Kind.INTEGER: (number, str(number)),
        Kind.FLAG: (is_even, str(int(is_even))),
        Kind.MONEY: (Decimal(f"{number}.25"), f"{number}.25"),
        Kind.DATE: (day, day.isoformat()),
        Kind.TIME: (moment, f"{moment.astimezone(NEW_YORK):%Y-%m-%d %H:%M:%S}"),
        Kind.SSN: ("123456789", "123456789"),
    }[place.kind]


@pytest.fixture
def related(db):
    """What rows point to, by model; `related[model]` makes the rest when it is asked for."""
    for file in FILES.values():
        take_checks_from(file.model._meta.db_table)
    take_checks_from(ServiceType._meta.db_table)
    organization = OrganizationFactory()
    return {
        "agencies.User": UserFactory(email="ua@example.org"),
        "agencies.Organization": organization,
        "agencies.Project": ProjectFactory(organization=organization),
        "clients.Client": ClientFactory(organization=organization),
        "enrollments.Household": Household.objects.create(),
        "casenotes.ServiceType": ServiceType.objects.create(
            organization=organization, record_type=141, type_provided=14
        ),
    }


def take_checks_from(table):
    """What the columns mean together is tested elsewhere; the test's transaction is rolled back."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE contype = 'c' AND conrelid = %s::regclass",
            [table],
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')


MORE = {"cas.Event": {"kind": "hud"}, "casenotes.Service": {"units": 1}}


def row_with_every_column(label, related):
    """A row of the model, and the cells that the files it is in write for it."""
    places = [(file, place) for file in FILES.values() if file.label == label for place in file]
    values, cells = dict(MORE.get(label, {})), {}
    for number, (file, place) in enumerate(places, 1):
        field = place.own_field
        is_own = place.path == field and place.kind not in KEYS
        if is_own and field not in values:
            values[field], cells[file.name, place.name] = value_of(place, number)
    row = saved(apps.get_model(label), values, related)
    for file, place in places:
        if place.path and (file.name, place.name) not in cells:
            cells[file.name, place.name] = at(row, place.path)
    return row, cells


def saved(model, values, related):
    for field in model._meta.concrete_fields:
        if field.is_relation and field.name not in ("note", "deleted_by", "merged_into"):
            values[field.name] = made(field.related_model._meta.label, related)
    row = model(**values)
    model._base_manager.bulk_create([row])
    if model._meta.label == "agencies.User":  # it notes the time of a change itself
        model._base_manager.filter(pk=row.pk).update(date_updated=values["date_updated"])
        row.refresh_from_db()
    return row


def made(label, related):
    if label not in related:
        related[label], _ = row_with_every_column(label, related)
    return related[label]


def at(row, path):
    """What a path of the ORM leads to, as text."""
    for name in path.split("__"):
        row = getattr(row, name)
    if isinstance(row, datetime):
        return f"{row.astimezone(ZoneInfo('America/New_York')):%Y-%m-%d %H:%M:%S}"
    return str(row)


@pytest.mark.parametrize("label", sorted({file.label for file in FILES.values()}))
def test_every_column_has_the_value_of_its_own_field(label, related, exported):
    _, cells = row_with_every_column(label, related)
    files = exported(is_complete=True)
    (export,) = files["Export"]
    for name in {name for name, _ in cells}:
        expected = {column: cell for (file, column), cell in cells.items() if file == name}
        key = FILES[name].key.name
        (row,) = [one for one in files[name] if one[key] == expected[key]]
        if "ExportID" in row:
            expected["ExportID"] = export["ExportID"]
        assert row == expected


def test_an_empty_field_is_an_empty_cell(related, exported):
    client = related["clients.Client"]
    (row,) = exported(is_complete=True)["Client"]
    assert row["PersonalID"] == client.personal_id
    assert (row["MiddleName"], row["SSN"], row["RaceNone"], row["DateDeleted"]) == ("", "", "", "")


def test_an_answer_that_hud_needs_is_data_not_collected(related, exported):
    made("enrollments.Enrollment", related)
    Enrollment.with_deleted.update(disabling_condition=None)
    (row,) = exported(is_complete=True)["Enrollment"]
    assert row["DisablingCondition"] == "99"


def test_an_enrollment_has_the_coc_of_its_head(exported, db):
    """The file wants it of every member, and only the head is asked."""
    head = EnrollmentFactory(enrollment_coc="CA-501")
    facts = {"household": head.household, "project": head.project}
    member = EnrollmentFactory(**facts, relationship_to_hoh=2)
    other = EnrollmentFactory(**facts, relationship_to_hoh=3, enrollment_coc="CA-502")
    alone = EnrollmentFactory()
    cocs = {row["EnrollmentID"]: row["EnrollmentCoC"] for row in exported()["Enrollment"]}
    assert cocs == {
        head.enrollment_id: "CA-501",
        member.enrollment_id: "CA-501",
        other.enrollment_id: "CA-502",
        alone.enrollment_id: "",
    }


def test_where_no_head_has_one_it_is_the_projects_only_coc(exported, db):
    sure, unsure = EnrollmentFactory(), EnrollmentFactory()
    ProjectCoCFactory(project=sure.project, coc_code="CA-503")
    for code in ("CA-504", "CA-505"):
        ProjectCoCFactory(project=unsure.project, coc_code=code)
    cocs = {row["EnrollmentID"]: row["EnrollmentCoC"] for row in exported()["Enrollment"]}
    assert cocs == {sure.enrollment_id: "CA-503", unsure.enrollment_id: ""}


class TestKeptColumns:
    @pytest.fixture
    def system(self, harbor):
        return SourceSystem.objects.create(name="Old HMIS", organization=harbor)

    @pytest.fixture
    def client(self, system, harbor):
        client = EnrollmentFactory(organization=harbor).client
        for row_id, others in ((client.pk, {"Pet": 'a "cat"', "Shoe size": "9"}), (0, {"Eye": ""})):
            SourceKey.objects.create(
                system=system, file="Client", key=f"{row_id}", row_id=row_id, others=others
            )
        return client

    def test_are_behind_hud_s_in_an_export_for_their_source(self, client, system, exported):
        another = EnrollmentFactory().client
        rows = {row["PersonalID"]: row for row in exported(source=system.pk)["Client"]}
        assert list(rows[client.personal_id])[-4:] == ["ExportID", "Eye", "Pet", "Shoe size"]
        assert [*rows[client.personal_id].values()][-3:] == ["", 'a "cat"', "9"]
        assert [*rows[another.personal_id].values()][-3:] == ["", "", ""]

    def test_are_in_no_other_export(self, client, exported):
        assert "Pet" not in exported()["Client"][0]

    def test_of_another_organization_are_refused(self, client, system, dana, bridge, tmp_path):
        other = SourceSystem.objects.create(name="Old HMIS", organization=bridge)
        with pytest.raises(PermissionDenied):
            run(target=tmp_path / "out", by=dana, source=other.pk)
        assert list(run(target=tmp_path / "out", by=dana, source=system.pk))
