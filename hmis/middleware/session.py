from django.contrib.sessions import middleware
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import DatabaseError

from hmis import faults
from hmis.middleware.history import READING


class SessionMiddleware(middleware.SessionMiddleware):
    """Django's, which lets a page be read although its session cannot be saved.

    While the database is read-only the time of the last use stays as it was. A page that says what
    is wrong stays that page.
    """

    def process_response(self, request, response):
        try:
            return super().process_response(request, response)
        except (DatabaseError, SessionInterrupted) as error:
            cause = _of_the_database(error)
            fault = faults.fault_of(cause)
            if fault is None:
                raise
            is_reading = request.method in READING and fault in (faults.READ_ONLY, faults.FULL)
            if is_reading or hasattr(request, "fault"):
                return response
            raise cause from cause.__cause__


def _of_the_database(error: BaseException | None) -> BaseException | None:
    # Django takes every error of a save for a session that somebody deleted.
    while error is not None and not isinstance(error, DatabaseError):
        error = error.__context__
    return error
