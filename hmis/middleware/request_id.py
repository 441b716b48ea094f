"""Numbers every request, so that its log lines, events and answer can be put together."""

import uuid

from agencies.requests import current_request
from agencies.security_events import write_pending

HEADER = "X-Request-ID"


class RequestIdMiddleware:
    """Gives a request its random `request_id` and writes its security events at its end.

    The outermost middleware, so that no transaction is open any more and every answer has the
    header. A number that comes with the request is never taken over: it could be another's.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.request_id = uuid.uuid4().hex
        request.security_events = []
        token = current_request.set(request)
        try:
            response = self.get_response(request)
            write_pending(request)
        finally:
            current_request.reset(token)
        response[HEADER] = request.request_id
        return response
