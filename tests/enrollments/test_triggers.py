"""What triggers refuse, and what the constraints of enrollments pass over."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from enrollments.models import (
    CaseAssignment,
    Enrollment,
    HouseholdChange,
)
from records.constraints import constraint_message, constraint_name
from tests.enrollments.factories import (
    START,
    CaseAssignmentFactory,
    EnrollmentFactory,
    HouseholdChangeFactory,
    HouseholdFactory,
)
from tests.factories import ClientFactory

EXIT = date(2026, 2, 1)


def deleted(row):
    row.mark_deleted(by=row.created_by)
    return row


def test_deleted_rows_do_not_count(db):
    head = deleted(EnrollmentFactory())
    EnrollmentFactory(household=head.household, client=head.client, project=head.project)
    first = deleted(CaseAssignmentFactory())
    CaseAssignmentFactory(enrollment=first.enrollment, case_manager=first.case_manager)
    connection.check_constraints()


def test_case_assignment_is_never_deleted(db):
    assignment = CaseAssignmentFactory()
    with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic():
        CaseAssignment.objects.filter(pk=assignment.pk).delete()


@pytest.mark.parametrize("value", [{"happened_on": EXIT}, {"written": {"1": []}}])
def test_household_change_is_never_edited(db, value):
    rows = HouseholdChange.objects.filter(pk=HouseholdChangeFactory().pk)
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        rows.update(**value)


def test_household_change_is_never_deleted(db):
    rows = HouseholdChange.objects.filter(pk=HouseholdChangeFactory().pk)
    with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic():
        rows.delete()


# the triggers that keep an assignment within its enrollment's dates


@pytest.mark.parametrize(
    ("begins_on", "ends_on"), [(START, EXIT), (EXIT, EXIT), (START, None), (START, START)]
)
def test_assignment_within_the_enrollment_is_accepted(db, begins_on, ends_on):
    enrollment = EnrollmentFactory(exit_date=EXIT)
    CaseAssignmentFactory(enrollment=enrollment, begins_on=begins_on, ends_on=ends_on)
    connection.check_constraints()


@pytest.mark.parametrize(
    ("begins_on", "ends_on"),
    [
        (START - timedelta(days=1), None),
        (EXIT + timedelta(days=1), None),
        (START, EXIT + timedelta(days=1)),
    ],
)
def test_assignment_outside_the_enrollment_is_refused_at_the_end_of_the_transaction(
    db, begins_on, ends_on
):
    enrollment = EnrollmentFactory(exit_date=EXIT)
    CaseAssignmentFactory(enrollment=enrollment, begins_on=begins_on, ends_on=ends_on)
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        connection.check_constraints()
    assert constraint_name(refused.value) == "assignment_within_enrollment"
    assert "within those of its enrollment" in constraint_message(refused.value)
    transaction.set_rollback(True)


@pytest.mark.parametrize("change", [{"entry_date": EXIT}, {"exit_date": START}])
def test_enrollment_does_not_leave_its_assignments_outside(db, change):
    ends_on = EXIT if "exit_date" in change else None
    assignment = CaseAssignmentFactory(ends_on=ends_on)
    Enrollment.objects.filter(pk=assignment.enrollment_id).update(**change)
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        connection.check_constraints()
    assert constraint_name(refused.value) == "assignment_within_enrollment"
    transaction.set_rollback(True)


def test_enrollment_and_assignment_may_move_together(db):
    assignment = CaseAssignmentFactory()
    Enrollment.objects.filter(pk=assignment.enrollment_id).update(entry_date=EXIT)
    CaseAssignment.objects.filter(pk=assignment.pk).update(begins_on=EXIT)
    connection.check_constraints()


def test_household_is_not_the_clients(db):
    """A household of its own for every enrollment: the same people may enter twice."""
    first = EnrollmentFactory(exit_date=EXIT)
    EnrollmentFactory(
        client=first.client, project=first.project, entry_date=EXIT, household=HouseholdFactory()
    )
    assert ClientFactory.create() != first.client
