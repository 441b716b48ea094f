"""What triggers do for each new row, done for all rows of a file at once.

The rows are the same, the locks too, and what breaks a rule is refused with the same words: where
a rule is broken, its trigger is not ignored.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pgtrigger
from django.db import models

from clients.models import Client
from clients.models.names import write_name_forms
from exchange.imports.work import Work
from records.history import ignored_for_new_rows

OTHERS = "SELECT {column} FROM {table} WHERE _new EXCEPT SELECT _id FROM {made} WHERE _new"


@contextmanager
def triggers_done(work: Work, model: type[models.Model], table: str) -> Iterator[None]:
    """While it lasts, a file's new rows are inserted without the triggers that this stands for.

    table: that of the typed rows. Their events are written by the caller (records.history).
    """
    names = {trigger.name for trigger in getattr(model._meta, "triggers", ())}
    done = [ignored_for_new_rows(model)]
    if "follows_merge" in names:
        _follow_merges(work, table)
        done.append(f"{model._meta.label}:follows_merge")
    if "enrollment_is_not_deleted" in names and _are_filed_on_present(work, table):
        done.append(f"{model._meta.label}:enrollment_is_not_deleted")
    if model is Client:
        done.append(f"{model._meta.label}:keeps_name_forms")
    with pgtrigger.ignore(*done):
        yield
    if model is Client:
        work.sql(write_name_forms(f"SELECT _id AS id, name_forms FROM {table} WHERE _new"))


def _follow_merges(work: Work, table: str) -> None:
    """Lock the clients whom others may merge, in their order; name those who remain."""
    others = OTHERS.format(column="client_id", table=table, made="n_client")
    work.sql(f"SELECT id FROM clients_client WHERE id IN ({others}) ORDER BY id FOR KEY SHARE")
    work.sql(
        f"UPDATE {table} n SET client_id = c.merged_into_id FROM clients_client c"
        " WHERE n._new AND c.id = n.client_id AND c.merged_into_id IS NOT NULL"
    )


def _are_filed_on_present(work: Work, table: str) -> bool:
    """Lock the enrollments that rows are filed on; return whether none of them is deleted."""
    filed = f"SELECT enrollment_id FROM {table} WHERE _new AND date_deleted IS NULL"
    work.sql(
        "SELECT id FROM enrollments_enrollment WHERE date_deleted IS NULL AND id IN"
        f" ({filed} EXCEPT SELECT _id FROM n_enrollment WHERE _new) ORDER BY id FOR SHARE"
    )
    query = f"""
        SELECT EXISTS (SELECT FROM enrollments_enrollment
            WHERE id IN ({filed}) AND date_deleted IS NOT NULL)
    """
    return not work.value(query)
