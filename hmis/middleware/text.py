from hmis.errors import bad_request

NUL = "\x00"


class TextMiddleware:
    """Refuses a request whose address, cookies or character set no browser of ours would send.

    PostgreSQL keeps no NUL, and other character sets than UTF-8 may smuggle in half characters.
    What stands in a form is left to the form, which says so beside the field.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if is_readable(request):
            return self.get_response(request)
        return bad_request(request)


def is_readable(request) -> bool:
    if request.content_params.get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
        return False
    texts = [*request.COOKIES.values()]
    for name, values in request.GET.lists():
        texts += [name, *values]
    return not any(NUL in text for text in texts)
