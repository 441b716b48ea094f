"""Numbers every request, so that its log lines, events and answer can be put together."""

import uuid

from django.utils.deprecation import MiddlewareMixin

from agencies.current_request import current_request
from agencies.requests import address
from agencies.security_events import write_pending
from hmis.errors import record_refusal
from hmis.logs import OF_REQUEST, of_request

HEADER = "X-Request-ID"


class RequestIdMiddleware(MiddlewareMixin):
    """Gives a request its random `request_id` and writes its security events at its end.

    The outermost middleware, so that no transaction is open any more and every answer has the
    header. A number that comes with the request is never taken over: it could be another's.
    """

    def __call__(self, request):
        request.request_id = uuid.uuid4().hex
        request.address = address(request)
        request.security_events = []
        token = current_request.set(request)
        try:
            response = self.get_response(request)
            record_refusal(request, response)
            write_pending(request)
            request.META[OF_REQUEST] = of_request(request)
        finally:
            current_request.reset(token)
        response[HEADER] = request.request_id
        return response
