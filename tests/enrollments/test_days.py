"""Which days of a client in a project are taken: one definition, wherever it is asked.

HUD: on the day of an exit a new enrollment may start; two with one start, or one inside another,
there are not. `hud.rules.entry.EnrollmentDates`, the exclusion constraint, a merge, the undoing of
an exit, a restore, the intake's form and the data quality rule say the same.
"""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from data_quality.rules.enrollment import twice_in_project
from enrollments import actions
from enrollments.merging import _excludes
from enrollments.models import Enrollment
from hud.rules.entry import EnrollmentDates, overlap_issues
from records.constraints import constraint_name
from tests.enrollments.factories import EnrollmentFactory

OPEN = None
# two enrollments as (start, exit) days of one month, and whether both may be
TABLE = [
    ((1, 5), (5, 9), True),  # exit and new start on one day
    ((1, 5), (5, OPEN), True),
    ((1, 5), (6, 9), True),
    ((1, 5), (5, 5), True),  # back for a single day on the day of the exit
    ((5, 5), (6, OPEN), True),
    ((5, 5), (6, 6), True),
    ((5, 5), (9, 9), True),
    ((5, 5), (1, 5), True),
    ((5, 5), (5, 5), False),  # one start
    ((5, 5), (5, 6), False),
    ((5, 5), (5, OPEN), False),
    ((5, 9), (5, 7), False),
    ((5, OPEN), (5, OPEN), False),
    ((1, 9), (5, 5), False),  # one inside the other
    ((1, OPEN), (5, 5), False),
    ((1, 9), (8, 8), False),
    ((1, 9), (5, 7), False),
    ((1, 9), (8, OPEN), False),  # one begins in the other
    ((1, OPEN), (8, OPEN), False),
    ((1, 6), (5, 6), False),
]
both_ways = pytest.mark.parametrize(
    ("one", "other", "may_be"),
    [case for a, b, may_be in TABLE for case in ((a, b, may_be), (b, a, may_be))],
)


def days(one):
    start, end = one
    return date(2026, 1, start), end and date(2026, 1, end)


def enroll(one, **values):
    entry_date, exit_date = days(one)
    return EnrollmentFactory(entry_date=entry_date, exit_date=exit_date, **values)


def refused(write):
    """The name of the constraint that refuses it."""
    try:
        with transaction.atomic():
            write()
    except IntegrityError as error:
        return constraint_name(error)
    except ValidationError as error:
        return error.code if "Exit or delete that enrollment first." in error.messages[0] else ""
    return ""


@both_ways
def test_rule_of_the_forms(one, other, may_be):
    one, other = EnrollmentDates(*days(one)), EnrollmentDates(*days(other))
    assert bool(overlap_issues(one, [other])) is not may_be


@both_ways
def test_rule_of_a_merge(one, other, may_be):
    def row(number, dates):
        start, end = days(dates)
        return SimpleNamespace(
            client_id=number, household_id=number, project_id=1, entry_date=start, exit_date=end,
            is_exempt=False,
        )  # fmt: skip

    assert _excludes(row(1, one), row(2, other)) is not may_be


@pytest.mark.django_db
@both_ways
def test_database_and_data_quality_agree(one, other, may_be):
    first = enroll(one)
    again = {"client": first.client, "project": first.project}
    name = refused(lambda: enroll(other, **again))
    assert name == ("" if may_be else "enrollments_do_not_overlap")
    if not may_be:
        enroll(other, **again, is_exempt=True)
    wrong = Enrollment.objects.filter(twice_in_project(date(2026, 2, 1)))
    assert wrong.count() == (0 if may_be else 2)


@pytest.mark.django_db
@both_ways
def test_restore(one, other, may_be):
    first = enroll(one)
    first.mark_deleted(by=first.created_by)
    enroll(other, client=first.client, project=first.project)
    name = refused(lambda: actions.restore_enrollments(enrollment=first, by=first.created_by))
    assert name == ("" if may_be else "enrollments_do_not_overlap")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("first", "later"),
    [((1, 5), [(5, 5)]), ((1, 5), [(5, 9)]), ((5, 5), [(6, 6)]), ((1, 5), [(5, 5), (6, 9)])],
)
def test_exit_is_not_undone_under_a_later_enrollment(first, later):
    """Exit and re-entry on one day, then the undoing of the first exit (issue 12.5)."""
    row = enroll(first)
    for one in later:
        enroll(one, client=row.client, project=row.project)
    undo = {"members": [row], "continue_assignments": False, "by": row.created_by}
    assert refused(lambda: actions.undo_exit(**undo)) == "enrollments_do_not_overlap"
    row.refresh_from_db()
    assert row.exit_date


@pytest.mark.django_db
def test_exit_is_not_moved_over_a_later_enrollment_of_one_day():
    row = enroll((1, 5))
    enroll((5, 5), client=row.client, project=row.project)
    departure = actions.Departure(exit_date=row.exit_date + timedelta(days=1))
    leave = {"members": [row], "end_assignments": False, "by": row.created_by}
    name = refused(lambda: actions.exit_household(departure=departure, **leave))
    assert name == "enrollments_do_not_overlap"


@pytest.mark.django_db
def test_imported_row_is_exempt_until_its_dates_are_changed():
    first = enroll((1, OPEN))
    row = enroll((5, 5), client=first.client, project=first.project, is_exempt=True)
    rows = Enrollment.objects.filter(pk=row.pk)
    rows.update(destination=410)
    row.refresh_from_db()
    assert row.is_exempt
    later = date(2026, 1, 6)
    assert refused(lambda: rows.update(exit_date=later)) == "enrollments_do_not_overlap"
    Enrollment.objects.filter(pk=first.pk).update(exit_date=date(2026, 1, 5))
    rows.update(exit_date=later)
    row.refresh_from_db()
    assert not row.is_exempt
    connection.check_constraints()
