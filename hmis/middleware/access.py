from clients.recorder import AccessRecorder


class AccessMiddleware:
    """Writes to the access log whom the page shows, before it is sent (docs/adr/0030).

    A page that cannot be logged becomes the page of the database's fault.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not request.user.is_authenticated:
            return self.get_response(request)
        request.access_recorder = AccessRecorder(request)
        response = self.get_response(request)
        if response.status_code < 500:
            request.access_recorder.write()
        return response
