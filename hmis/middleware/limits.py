from agencies.devices import write_device
from agencies.limits import LimitReachedError
from hmis.errors import too_many_attempts


class LimitMiddleware:
    """Answers what was tried too often, and marks browsers that an account was used from."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        write_device(request, response)
        return response

    def process_exception(self, request, exception):
        if isinstance(exception, LimitReachedError):
            return too_many_attempts(request, exception)
        return None
