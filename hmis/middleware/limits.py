from agencies.devices import write_device
from agencies.limits import LimitReachedError
from agencies.models import SecurityEvent, User
from agencies.security_events import record_event
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
        if not isinstance(exception, LimitReachedError):
            return None
        request.limit_reached = True
        if exception.excess == 1:  # once a period, however long somebody goes on
            _record(request, exception)
        return too_many_attempts(request, exception)


def _record(request, error: LimitReachedError) -> None:
    subject = User.objects.filter(email=error.account).first() if error.account else None
    record_event(
        SecurityEvent.Kind.RATE_LIMITED,
        request=request,
        subject=subject,
        account="" if subject else error.account,
        detail={"limit": error.name},
    )
