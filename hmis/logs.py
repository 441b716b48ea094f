"""Log lines that say what went wrong and never what a person typed."""

import logging
import traceback


class DiscreetFormatter(logging.Formatter):
    """Prints a traceback's places and its exception's kind, but not its message.

    A message may quote the data that broke ("Key (last_name)=(...) already exists"): PostgreSQL's
    does. Of a database error the SQLSTATE and the constraint's name are printed in its stead.
    """

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatException(self, ei) -> str:  # noqa: N802 - logging's own name
        _, error, trace = ei
        frames = "".join(traceback.format_tb(trace))
        return f"{frames}{_kind(error)}"


def _kind(error: BaseException | None) -> str:
    name = type(error).__qualname__
    diagnosis = getattr(getattr(error, "__cause__", None), "diag", None)
    if diagnosis is None:
        return name
    return f"{name} ({diagnosis.sqlstate} {diagnosis.constraint_name or ''})".replace(" )", ")")
