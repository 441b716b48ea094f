class HeadMiddleware:
    """Lets HEAD ask of every page that can be read; the server sends the answer without its body.

    A view names the verbs that it knows, and HEAD is the same question as GET.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method != "HEAD":
            return self.get_response(request)
        request.method = "GET"
        try:
            return self.get_response(request)
        finally:
            request.method = "HEAD"
