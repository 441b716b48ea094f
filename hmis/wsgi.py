"""What a server such as gunicorn runs. To import it makes this process a web server for good."""

import os

import django

from hmis.checks import refuse_to_serve
from hmis.handler import Handler
from hmis.postgresql import timeouts
from hmis.roles import OWNER_URL

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hmis.settings")
django.setup(set_prefix=False)
os.environ.pop(OWNER_URL, None)  # no request has any use for it
refuse_to_serve()
timeouts.serve_requests()
application = Handler()
