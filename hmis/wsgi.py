"""What a server such as gunicorn runs. To import it makes this process a web server for good."""

import os
import sys

import django

from hmis.checks import refuse_to_serve
from hmis.environment import ConfigurationError
from hmis.handler import Handler
from hmis.postgresql import timeouts
from hmis.roles import OWNER_URL

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hmis.settings")
django.setup(set_prefix=False)
os.environ.pop(OWNER_URL, None)  # no request has any use for it
try:
    refuse_to_serve()
except ConfigurationError as error:
    sys.exit(str(error))
timeouts.serve_requests()
application = Handler()
