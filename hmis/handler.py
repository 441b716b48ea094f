"""What answers the requests of a web server. Unlike `hmis.wsgi`, to import it begins nothing."""

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest

UNREADABLE = "unreadable"  # no character set of this name exists: TextMiddleware answers 400


class Request(WSGIRequest):
    """A request whose type nobody can read is refused by a page of ours.

    Django reads the type before any of its own error pages could say so.
    """

    def _set_content_type_params(self, meta: dict) -> None:
        try:
            super()._set_content_type_params(meta)
        except (LookupError, ValueError):
            self.content_type, self.content_params = "", {"charset": UNREADABLE}


class Handler(WSGIHandler):
    request_class = Request
