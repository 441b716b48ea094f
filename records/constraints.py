"""What the database refuses, said as a person can act on it.

A form checks the same rules before; between the check and the write, somebody else may have been
quicker. Rules that are checked at the end of a transaction are checked here too.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

RAISED_BY_TRIGGER = "exec_stmt_raise"  # where PostgreSQL says that our own RAISE spoke


@contextmanager
def constraint_messages() -> Iterator[None]:
    """Run in a transaction; a named constraint that is violated becomes a ValidationError."""
    try:
        with transaction.atomic():
            yield
            check_deferred()
    except IntegrityError as error:
        message = constraint_message(error)
        if message is None:
            raise
        raise ValidationError(message, code=constraint_name(error)) from error


def check_deferred() -> None:
    """Have what is checked at the end of a transaction checked now, and again at its end."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def constraint_name(error: IntegrityError) -> str:
    return getattr(_diagnosis(error), "constraint_name", None) or ""


def constraint_message(error: IntegrityError) -> str | None:
    """The sentence of the constraint or trigger that refused; None where there is no such."""
    diagnosis, name = _diagnosis(error), constraint_name(error)
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if constraint.name == name:
                return str(constraint.violation_error_message)
    if name and getattr(diagnosis, "source_function", None) == RAISED_BY_TRIGGER:
        return diagnosis.message_primary
    return None


def _diagnosis(error: IntegrityError):
    return getattr(error.__cause__, "diag", None)
