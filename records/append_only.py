"""Rows that are only ever added: the database refuses everything else."""

import pgtrigger


def append_only() -> list[pgtrigger.Trigger]:
    """Triggers for a model's Meta that refuse UPDATE, DELETE and TRUNCATE of its table."""
    return [
        pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        pgtrigger.Trigger(
            name="not_truncated",
            level=pgtrigger.Statement,
            when=pgtrigger.Before,
            operation=pgtrigger.Truncate,
            func="RAISE EXCEPTION 'Rows of % are only ever added', TG_TABLE_NAME;",
        ),
    ]
