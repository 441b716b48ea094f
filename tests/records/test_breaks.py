"""A row that an import marked may break a rule until a column of that rule is edited."""

from contextlib import nullcontext
from datetime import date

import pgtrigger
import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from clients.models import Client
from enrollments.models import Enrollment
from records.breaks import KeepsMarks, MayBreak, marks, unmark
from tests.enrollments.factories import EnrollmentFactory
from tests.factories import ClientFactory

pytestmark = pytest.mark.django_db
QUALITY = "client_ssn_quality_fits"
ORDER = "exit_not_before_entry"
BACKWARDS = {"entry_date": date(2026, 3, 2), "exit_date": date(2026, 3, 1), "is_exempt": True}
BREAKABLE = [one for one in apps.get_models() if issubclass(one, MayBreak)]


@pytest.fixture
def client_without_ssn(db):
    return ClientFactory(ssn="", ssn_data_quality=1, breaks=[QUALITY])


@pytest.mark.parametrize("breaks", [[], ["client_has_a_name"], [ORDER]])
def test_unmarked_row_is_refused(breaks):
    with pytest.raises(IntegrityError, match=QUALITY), transaction.atomic():
        ClientFactory(ssn="", ssn_data_quality=1, breaks=breaks)


def test_marked_row_stays_while_something_else_is_edited(client_without_ssn):
    row = client_without_ssn
    row.phone = "555-0100"
    row.full_clean()
    row.save()
    row.refresh_from_db()
    assert (row.phone, row.breaks) == ("555-0100", [QUALITY])


def test_full_ssn_is_not_marked_though_it_is_encrypted_again():
    row = ClientFactory(ssn="219457021", ssn_data_quality=99, breaks=[QUALITY])
    row.save()
    row.refresh_from_db()
    assert row.breaks == [QUALITY]


def test_edit_of_a_column_of_the_rule_ends_the_exemption(client_without_ssn):
    row = client_without_ssn
    row.ssn_data_quality = 2
    unmark(row)
    with pytest.raises(ValidationError, match="An SSN is full or partial"):
        row.full_clean()
    with pytest.raises(IntegrityError, match=QUALITY), transaction.atomic():
        Client.objects.filter(pk=row.pk).update(ssn_data_quality=2)
    Client.objects.filter(pk=row.pk).update(ssn_data_quality=99)
    row.refresh_from_db()
    assert row.breaks == []


def test_nobody_marks_a_row_by_editing_it():
    row = EnrollmentFactory()
    Enrollment.objects.filter(pk=row.pk).update(breaks=[ORDER])
    row.refresh_from_db()
    assert row.breaks == []


def test_import_writes_marks_where_it_ignores_the_trigger():
    row = EnrollmentFactory()
    with pgtrigger.ignore("enrollments.Enrollment:keeps_marks"):
        Enrollment.objects.filter(pk=row.pk).update(**BACKWARDS, breaks=[ORDER])
    row.refresh_from_db()
    assert row.breaks == [ORDER]


def test_exit_before_entry_may_be_fixed_and_not_moved():
    row = EnrollmentFactory(**BACKWARDS, breaks=[ORDER])
    rows = Enrollment.objects.filter(pk=row.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(exit_date=date(2026, 2, 28))
    rows.update(exit_date=date(2026, 3, 5))
    row.refresh_from_db()
    assert (row.breaks, row.is_exempt) == ([], False)


@pytest.mark.parametrize("two", [False, True])
def test_second_head_comes_in_marked(two):
    head = EnrollmentFactory()
    again = {"household": head.household, "project": head.project}
    refused = nullcontext() if two else pytest.raises(IntegrityError, match="one_head")
    with refused, transaction.atomic():
        EnrollmentFactory(**again, is_exempt=two)


@pytest.mark.parametrize("model", BREAKABLE, ids=lambda one: one._meta.label)
def test_model_with_marks_has_its_trigger_and_rules(model):
    assert any(isinstance(one, KeepsMarks) for one in model._meta.triggers)
    rules = marks(model)
    assert rules
    assert all(names for names in rules.values())
    assert all(len(mark) <= 63 for mark in rules)
