"""What a server such as gunicorn runs."""

import os

import django
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest

from hmis.checks import refuse_to_serve
from hmis.postgresql import timeouts
from hmis.roles import OWNER_URL

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


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hmis.settings")
django.setup(set_prefix=False)
os.environ.pop(OWNER_URL, None)  # no request has any use for it
refuse_to_serve()
timeouts.serve_requests()
application = Handler()
