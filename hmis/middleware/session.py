from django.contrib.sessions import middleware
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
        except DatabaseError as error:
            is_reading = request.method in READING
            if hasattr(request, "fault"):
                return response
            if is_reading and faults.fault_of(error) in (faults.READ_ONLY, faults.FULL):
                return response
            raise
