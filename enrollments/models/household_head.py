"""A household has exactly one head at all times: the database's half of the rule (HUD 3.15).

At most one is a unique constraint. That there is one is checked at the end of a transaction, which
may write the members in any order. Rows that an import or an older version brought in without a
head are exempt until somebody changes them. A head who exited is the head of record.
"""

import pgtrigger

HAS_HEAD = """
    IF TG_OP = 'INSERT' AND NEW.relationship_to_hoh = 1 AND NEW.date_deleted IS NULL THEN
        RETURN NULL;
    END IF;
    FOR household IN
        SELECT DISTINCT one FROM unnest(ARRAY[OLD.household_id, NEW.household_id]) AS one
        WHERE one IS NOT NULL ORDER BY one
    LOOP
        -- Two transactions that each take away another member would not see each other.
        PERFORM 1 FROM enrollments_household WHERE id = household FOR NO KEY UPDATE;
        IF EXISTS (
            SELECT 1 FROM enrollments_enrollment
            WHERE household_id = household AND date_deleted IS NULL AND NOT is_exempt
        ) AND NOT EXISTS (
            SELECT 1 FROM enrollments_enrollment
            WHERE household_id = household AND date_deleted IS NULL AND relationship_to_hoh = 1
        ) THEN
            RAISE EXCEPTION
                'A household needs a head: choose Self for one of its other members first.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'household_has_head',
                TABLE = 'enrollments_enrollment';
        END IF;
    END LOOP;
    RETURN NULL;
"""
NO_LONGER_EXEMPT = """
    IF OLD.is_exempt AND NEW.is_exempt AND (
        NEW.household_id, NEW.relationship_to_hoh, NEW.project_id, NEW.entry_date, NEW.exit_date
    ) IS DISTINCT FROM (
        OLD.household_id, OLD.relationship_to_hoh, OLD.project_id, OLD.entry_date, OLD.exit_date
    ) THEN
        NEW.is_exempt = FALSE;
    END IF;
    RETURN NEW;
"""


def household_has_head() -> list[pgtrigger.Trigger]:
    """For every way in which a member comes, goes or becomes another relation of the head's.

    Two triggers, for PostgreSQL takes no list of columns beside other operations in one of ours.
    """
    return [
        pgtrigger.Trigger(
            name="household_has_head",
            when=pgtrigger.After,
            operation=pgtrigger.Insert | pgtrigger.Delete,
            timing=pgtrigger.Deferred,
            declare=[("household", "bigint")],
            func=HAS_HEAD,
        ),
        pgtrigger.Trigger(
            name="household_keeps_head",
            when=pgtrigger.After,
            operation=pgtrigger.Update,
            condition=pgtrigger.AnyChange(
                "household", "relationship_to_hoh", "date_deleted", "is_exempt"
            ),
            timing=pgtrigger.Deferred,
            declare=[("household", "bigint")],
            func=HAS_HEAD,
        ),
    ]


def exempt_until_changed() -> pgtrigger.Trigger:
    """A row that may break the rules as it came in keeps them once somebody changes it."""
    return pgtrigger.Trigger(
        name="exempt_until_changed",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(old__is_exempt=True, new__is_exempt=True),
        func=NO_LONGER_EXEMPT,
    )
