"""A project's set-up: what is in force on a day, what is there once, and what was deleted."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from agencies.checklist import checklist
from agencies.models import Affiliation, Funder, Inventory, Organization, Project, ProjectCoC, User
from hud.columns import csv_file
from tests.agencies.factories import (
    AffiliationFactory,
    CEParticipationFactory,
    FunderFactory,
    HMISParticipationFactory,
    InventoryFactory,
    ProjectCoCFactory,
)
from tests.factories import OrganizationFactory, ProjectFactory, UserFactory

pytestmark = pytest.mark.django_db

DAY = date(2026, 5, 1)
# Columns that every file has, or that another row holds.
ELSEWHERE = {"user_id", "export_id"}
OF_USER = {
    "user_first_name": "first_name",
    "user_last_name": "last_name",
    "user_email": "email",
} | {"date_created": "date_joined"}


@pytest.mark.parametrize(
    "model",
    [Organization, Project, Funder, ProjectCoC, Inventory, Affiliation]
    + [factory._meta.model for factory in (HMISParticipationFactory, CEParticipationFactory)],
)
def test_every_column_of_the_file_has_a_place(model):
    names = {field.attname for field in model._meta.concrete_fields}
    columns = {column.field for column in csv_file(model.__name__)} - ELSEWHERE
    assert columns <= names


def test_every_column_of_the_users_file_has_a_place():
    names = {field.attname for field in User._meta.concrete_fields}
    columns = {OF_USER.get(column.field, column.field) for column in csv_file("User")}
    assert columns - {"export_id"} <= names


@pytest.mark.parametrize(
    ("start", "end", "is_active"),
    [
        (date(2026, 5, 1), None, True),
        (date(2026, 5, 2), None, False),
        (date(2020, 1, 1), date(2026, 5, 1), True),
        (date(2020, 1, 1), date(2026, 4, 30), False),
    ],
)
def test_funders_of_a_project_on_a_day(start, end, is_active):
    funder = FunderFactory(start_date=start, end_date=end, funder=21)
    FunderFactory(start_date=start, end_date=end, funder=2)
    found = funder.project.funders.active_on(DAY)
    assert list(found) == [funder] * is_active
    assert (21 in Funder.objects.active_on(DAY).codes()) is is_active


@pytest.mark.parametrize(
    "factory", [InventoryFactory, HMISParticipationFactory, CEParticipationFactory]
)
def test_periods_of_other_rows(factory):
    row = factory()
    start, end = row.PERIOD
    rows = type(row).objects
    assert list(rows.active_on(getattr(row, start))) == [row]
    rows.update(**{end: date(2026, 4, 30)})
    assert list(rows.active_on(date(2026, 4, 30))) == [row]
    assert not rows.active_on(DAY).exists()


def test_deleted_row_stays_and_is_in_force_no_more(alice):
    funder = FunderFactory(funder=21)
    funder.mark_deleted(by=alice)
    assert not funder.project.funders.active_on(DAY).exists()
    kept = Funder.with_deleted.deleted().get()
    assert kept.date_deleted
    assert kept.updated_by == alice
    kept.restore(by=alice)
    assert funder.project.funders.active_on(DAY).codes() == {21}


def refuses(name: str, row) -> None:
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        type(row)._base_manager.bulk_create([row])
    assert refusal.value.__cause__.diag.constraint_name == name


def test_project_coc_once(alice):
    first = ProjectCoCFactory(coc_code="CA-501")
    ProjectCoCFactory(coc_code="CA-501")
    again = ProjectCoC(project=first.project, coc_code="CA-501")
    refuses("project_coc_once", again)
    first.mark_deleted(by=alice)
    again.save()


def test_affiliation_once(alice):
    first = AffiliationFactory()
    AffiliationFactory(project=first.project)
    again = Affiliation(project=first.project, res_project=first.res_project)
    refuses("affiliation_once", again)
    first.mark_deleted(by=alice)
    again.save()


def test_name_of_a_deleted_project_is_free_again(alice):
    first = ProjectFactory()
    first.mark_deleted(by=alice)
    ProjectFactory(organization=first.organization, project_name=first.project_name)
    assert first.organization.projects.get() != first


def test_organization_name_once():
    first = OrganizationFactory()
    again = Organization(organization_name=first.organization_name)
    refuses("organization_name_once", again)
    again.breaks = ["organization_name_once"]  # of a second system
    again.save()


def test_deleted_organization_is_in_no_list(alice):
    organization = OrganizationFactory()
    organization.mark_deleted(by=alice)
    assert not Organization.objects.filter(pk=organization.pk).exists()


def test_coc_code_is_kept_in_capitals():
    row = ProjectCoCFactory.build(project=ProjectFactory(), coc_code=" ca-501 ")
    row.full_clean()
    assert row.coc_code == "CA-501"


def test_user_has_a_key_of_its_own():
    one, other = UserFactory(), UserFactory()
    assert len(one.user_id) == len(other.user_id) == 32
    assert one.user_id != other.user_id


def test_old_code_that_knows_no_key_gets_one_from_the_database():
    """Web processes of the release before run while the migration does."""
    row = UserFactory.build()
    known = {"user_id", "user_phone", "user_extension", "date_updated", "date_deleted", "id"}
    fields = [field for field in User._meta.concrete_fields if field.attname not in known]
    with connection.cursor() as cursor:
        names = ", ".join(connection.ops.quote_name(field.column) for field in fields)
        marks = ", ".join(["%s"] * len(fields))
        values = [
            field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields
        ]
        cursor.execute(f"INSERT INTO agencies_user ({names}) VALUES ({marks})", values)
    user = User.objects.get(email=row.email)
    assert len(user.user_id) == 32
    assert user.user_id.isalnum()


@pytest.mark.parametrize(("phone", "is_fine"), [("5105550123", True), ("510-555-01", False)])
def test_phone_is_ten_digits(phone, is_fine):
    user = UserFactory.build(user_phone=phone, password="x")
    if is_fine:
        user.clean_fields()
    else:
        with pytest.raises(ValidationError, match="Enter ten digits"):
            user.clean_fields()


@pytest.mark.parametrize(
    ("factory", "values", "name"),
    [
        (FunderFactory, {"end_date": date(2019, 1, 1)}, "funder_ends_after_start"),
        (FunderFactory, {"other_funder": "City"}, "other_funder_is_named"),
        (ProjectCoCFactory, {"zip": "946"}, "project_zip_has_five_digits"),
        (InventoryFactory, {"bed_inventory": -1}, "inventory_not_negative"),
        (CEParticipationFactory, {"access_point": 1}, "access_point_says_what_it_offers"),
        (ProjectFactory, {"rrh_sub_type": 1}, "rrh_sub_type_of_rapid_rehousing"),
    ],
)
def test_imported_row_may_break_a_rule_and_is_listed(factory, values, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        factory(**values)
    row = factory(**values, breaks=[name])
    project = row if isinstance(row, Project) else row.project
    sentence = row.broken_rules[0]
    assert any(sentence in one for one in checklist(project))


def test_same_coc_twice_may_come_in():
    first = ProjectCoCFactory(coc_code="CA-502")
    ProjectCoCFactory(project=first.project, coc_code="CA-502", breaks=["project_coc_once"])
