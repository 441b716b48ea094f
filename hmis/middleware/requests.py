"""What a request has to be before anything reads it."""

from http import HTTPStatus

from django.utils.deprecation import MiddlewareMixin

from hmis.errors import bad_request, not_a_page

NUL = "\x00"


class HeadMiddleware(MiddlewareMixin):
    """Lets HEAD ask of every page that can be read; the server sends the answer without its body.

    A view names the verbs that it knows, and HEAD is the same question as GET.
    """

    def __call__(self, request):
        if request.method != "HEAD":
            return self.get_response(request)
        request.method = "GET"
        try:
            return self.get_response(request)
        finally:
            request.method = "HEAD"


class VerbMiddleware(MiddlewareMixin):
    """Answers with a page where somebody opens the address to which only a button sends."""

    def process_response(self, request, response):
        if request.method != "GET" or response.status_code != HTTPStatus.METHOD_NOT_ALLOWED:
            return response
        page = not_a_page(request)
        page["Allow"] = response["Allow"]
        return page


class TextMiddleware(MiddlewareMixin):
    """Refuses a request whose address, cookies or character set no browser of ours would send.

    PostgreSQL keeps no NUL, and other character sets than UTF-8 may smuggle in half characters.
    What stands in a form is left to the form, which says so beside the field.
    """

    def process_request(self, request):
        return None if is_readable(request) else bad_request(request)


def is_readable(request) -> bool:
    if request.content_params.get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
        return False
    texts = [*request.COOKIES.values()]
    for name, values in request.GET.lists():
        texts += [name, *values]
    return not any(NUL in text for text in texts)
