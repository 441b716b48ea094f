import re
import secrets
from gzip import GzipFile
from io import BytesIO

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.deprecation import MiddlewareMixin

SHORTEST = 200  # bytes; what is shorter is sent as it is
MOST_PADDING = 100  # bytes, of which each page has a random number
LEVEL = 3  # of zlib; Django's is 6
ACCEPTS_GZIP = re.compile(r"\bgzip\b")


class PageCompressionMiddleware(MiddlewareMixin):
    """Compresses pages, each with a random number of bytes more, below 100.

    The padding, as Django's `max_random_bytes`, hides how much better a guess compresses
    (docs/security/network.md). What is streamed or downloaded goes out as it is. Django's own has
    one level for everything.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase):
        if response.streaming or not response.get("Content-Type", "").startswith("text/html"):
            return response
        if len(response.content) < SHORTEST or response.has_header("Content-Encoding"):
            return response
        patch_vary_headers(response, ("Accept-Encoding",))
        if ACCEPTS_GZIP.search(request.META.get("HTTP_ACCEPT_ENCODING", "")):
            response.content = compressed(response.content)
            response.headers["Content-Length"] = str(len(response.content))
            response.headers["Content-Encoding"] = "gzip"
        return response


def compressed(page: bytes) -> bytes:
    """A file of gzip with a name of random length, which no browser looks at."""
    packed, name = BytesIO(), "a" * secrets.randbelow(MOST_PADDING)
    with GzipFile(name, "wb", LEVEL, packed, mtime=0) as file:
        file.write(page)
    return packed.getvalue()
