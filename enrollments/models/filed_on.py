"""Nothing is filed on an enrollment that was deleted: the database's half of the rule.

The row lock makes whoever deletes the enrollment wait, and look at what was filed meanwhile
(`enrollments.actions.deletion`); or this one waits, and then sees that the enrollment is gone. A
merge that puts an enrollment aside leaves what was filed on it as it is (docs/adr/0014).
"""

import pgtrigger

CHECK = """
    IF NEW.enrollment_id IS NULL OR NEW.date_deleted IS NOT NULL OR (
        TG_OP = 'UPDATE' AND OLD.date_deleted IS NULL AND NEW.enrollment_id = OLD.enrollment_id
    ) THEN
        RETURN NEW;
    END IF;
    PERFORM 1 FROM enrollments_enrollment
    WHERE id = NEW.enrollment_id AND date_deleted IS NULL FOR SHARE;
    IF NOT FOUND AND EXISTS (SELECT 1 FROM enrollments_enrollment WHERE id = NEW.enrollment_id) THEN
        RAISE EXCEPTION 'The enrollment was deleted. Restore it first, or choose another one.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'enrollment_is_not_deleted';
    END IF;
    RETURN NEW;
"""


def enrollment_is_not_deleted() -> pgtrigger.Trigger:
    """For a table with a key to an enrollment, which may be empty."""
    return pgtrigger.Trigger(
        name="enrollment_is_not_deleted",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("enrollment_id", "date_deleted"),
        func=CHECK,
    )
