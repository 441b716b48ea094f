import pghistory

READING = {"GET", "HEAD", "OPTIONS"}


class HistoryMiddleware:
    """Notes the user and the organization in force on every change that a request makes."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method in READING or not request.user.is_authenticated:
            return self.get_response(request)
        with pghistory.context(user=request.user.pk):
            return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if request.method not in READING and request.user.is_authenticated:
            organization = request.organization
            pghistory.context(organization=organization and organization.pk)
