from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class PageCompressionMiddleware(GZipMiddleware):
    """Compresses pages, each with up to 100 random bytes more (docs/security/network.md).

    The padding, as `max_random_bytes`, hides how much better a guess compresses. What is streamed
    or downloaded goes out as it is.
    """

    max_random_bytes = 100

    def process_response(self, request, response: HttpResponseBase) -> HttpResponseBase:
        is_page = not response.streaming and response.get("Content-Type", "").startswith(
            "text/html"
        )
        return super().process_response(request, response) if is_page else response
