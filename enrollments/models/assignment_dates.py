"""The dates of a case assignment lie within its enrollment's: the database's half of the rule.

The dates of both change in one transaction (an exit ends assignments, a corrected start moves
them), so the check waits for the commit. It looks at the rows as they are then, and locks the
enrollment so that an exit and a new assignment cannot pass each other.
"""

import pgtrigger

CHECK = """
    PERFORM 1 FROM enrollments_enrollment WHERE id = {enrollment} FOR SHARE;
    IF EXISTS (
        SELECT 1 FROM enrollments_caseassignment assignment
        JOIN enrollments_enrollment enrollment ON enrollment.id = assignment.enrollment_id
        WHERE {rows} AND assignment.date_deleted IS NULL AND (
            assignment.begins_on < enrollment.entry_date
            OR assignment.begins_on > enrollment.exit_date
            OR assignment.ends_on > enrollment.exit_date
        )
    ) THEN
        RAISE EXCEPTION 'The dates of a case assignment must lie within those of its enrollment.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'assignment_within_enrollment',
            TABLE = 'enrollments_caseassignment';
    END IF;
    RETURN NULL;
"""


def assignment_within_enrollment() -> pgtrigger.Trigger:
    """For the assignment that is written."""
    return pgtrigger.Trigger(
        name="within_enrollment",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update,
        timing=pgtrigger.Deferred,
        func=CHECK.format(enrollment="NEW.enrollment_id", rows="assignment.id = NEW.id"),
    )


def enrollment_covers_assignments() -> pgtrigger.Trigger:
    """For the enrollment whose start or exit is written."""
    return pgtrigger.Trigger(
        name="covers_assignments",
        when=pgtrigger.After,
        operation=pgtrigger.UpdateOf("entry_date", "exit_date"),
        timing=pgtrigger.Deferred,
        func=CHECK.format(enrollment="NEW.id", rows="enrollment.id = NEW.id"),
    )
