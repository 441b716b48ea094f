import re
import secrets
import zlib

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.deprecation import MiddlewareMixin

SHORTEST = 200  # bytes; what is shorter is sent as it is
MOST_PADDING = 100  # random bytes
# Half the processor time of Django's level 6, and a tenth more bytes.
LEVEL = 3
GZIP = 31  # zlib's word for the largest window in gzip's format
HEAD, FLAGS, HAS_NAME = 10, 3, 8  # of that format: RFC 1952
ACCEPTS_GZIP = re.compile(r"\bgzip\b")


class PageCompressionMiddleware(MiddlewareMixin):
    """Compresses pages, each with up to 100 random bytes more (docs/security/network.md).

    The padding, as Django's `max_random_bytes`, hides how much better a guess compresses. What is
    streamed or downloaded goes out as it is. Django's own has one level for everything.
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
    packed = zlib.compress(page, LEVEL, wbits=GZIP)
    head = bytearray(packed[:HEAD])
    head[FLAGS] = HAS_NAME
    name = b"a" * secrets.randbelow(MOST_PADDING) + b"\0"
    return bytes(head) + name + packed[HEAD:]
