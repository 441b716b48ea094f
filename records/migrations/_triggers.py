"""Triggers of the first migrations, as `pgtrigger` compiles them for a model."""

import hashlib

from django.db.models import F
from pgtrigger.compiler import Trigger, UpsertTriggerSql

PROTECT = "RAISE EXCEPTION 'pgtrigger: Cannot {} rows from % table', TG_TABLE_NAME;"
APPEND_ONLY = {
    "name": "append_only",
    "when": "BEFORE",
    "operation": "UPDATE OR DELETE",
    "func": PROTECT.format("update or delete"),
}
NOT_TRUNCATED = {
    "name": "not_truncated",
    "level": "STATEMENT",
    "when": "BEFORE",
    "operation": "TRUNCATE",
    "func": "RAISE EXCEPTION 'Rows of % are only ever added', TG_TABLE_NAME;",
}
ONLY_ADDED = [APPEND_ONLY, NOT_TRUNCATED]
NEVER_DELETED = {
    "name": "never_deleted",
    "when": "BEFORE",
    "operation": "DELETE",
    "func": PROTECT.format("delete"),
}
NEVER_EDITED = {
    "name": "never_edited",
    "when": "BEFORE",
    "operation": "UPDATE",
    "func": PROTECT.format("update"),
}
FOLLOWS_MERGE = {
    "name": "follows_merge",
    "when": "BEFORE",
    "operation": "INSERT",
    "declare": "DECLARE survivor bigint;",
    "func": """
    SELECT merged_into_id INTO survivor FROM clients_client WHERE id = NEW.client_id FOR KEY SHARE;
    IF survivor IS NOT NULL THEN
        NEW.client_id = survivor;
    END IF;
    RETURN NEW;
""",
}
ENROLLMENT_IS_NOT_DELETED = {
    "name": "enrollment_is_not_deleted",
    "when": "BEFORE",
    "operation": 'INSERT OR UPDATE OF "enrollment_id", "date_deleted"',
    "func": """
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
""",
}
UNMARK = """
    IF NEW.breaks @> ARRAY['{mark}']::varchar[] AND (
        NOT OLD.breaks @> ARRAY['{mark}']::varchar[] OR ROW({new}) IS DISTINCT FROM ROW({old})
    ) THEN
        NEW.breaks = array_remove(NEW.breaks, '{mark}');
    END IF;
"""


def keeps_marks(fields, constraints):
    """As `records.breaks.KeepsMarks`, for the constraints that look at `breaks`."""
    steps = ""
    for constraint in constraints:
        parts = list(parts_of(getattr(constraint, "condition", None)))
        mark = next((value[0] for name, value in parts if name == "breaks"), None)
        if mark:
            names = {name for name, _ in parts if name != "breaks"}
            names |= {value.name for _, value in parts if isinstance(value, F)}
            names = sorted(names.union(getattr(constraint, "fields", ())))
            new, old = (
                ", ".join(compared(row, column(name, fields[name])) for name in names)
                for row in ("NEW", "OLD")
            )
            steps += UNMARK.format(mark=mark, new=new, old=old)
    return {
        "name": "keeps_marks",
        "when": "BEFORE",
        "operation": "UPDATE",
        "condition": "WHEN (NEW.breaks <> '{}')",
        "func": f"{steps}    RETURN NEW;",
    }


def compared(row, name):
    """A column in a comparison; of the encrypted one, which always differs, whether it is set."""
    return f"({row}.ssn = '')" if name == "ssn" else f"{row}.{name}"


def changed(*columns):
    """The condition that one of the columns changes."""
    changes = (f'OLD."{one}" IS DISTINCT FROM (NEW."{one}")' for one in columns)
    return f"WHEN ({' OR '.join(changes)})"


def parts_of(condition):
    """The (field, value) pairs of a condition."""
    if isinstance(condition, tuple):
        yield condition[0].partition("__")[0], condition[1]
    elif condition is not None:
        for child in condition.children:
            yield from parts_of(child)


def column(name, field):
    """The name of a field's column."""
    return f"{name}_id" if field.is_relation else name


def compile_trigger(app_label, model, *, name, when="AFTER", **options):
    """A trigger as `pgtrigger` compiles it for a model."""
    digest = hashlib.sha1(f"{app_label}.{model}:{name}".encode()).hexdigest()[:5]
    pgid = f"pgtrigger_{name}_{digest}".lower()
    sql = UpsertTriggerSql(pgid=pgid, table=f"{app_label}_{model}".lower(), when=when, **options)
    return Trigger(name=name, sql=sql)
