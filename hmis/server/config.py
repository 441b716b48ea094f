"""How gunicorn serves: `gunicorn --config python:hmis.server.config hmis.wsgi`."""

import logging
import os
from typing import Any

from django.conf import settings

from hmis.pool import disconnect
from hmis.server import warm_up

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hmis.settings")  # read before hmis.wsgi is


def before_it_listens(arbiter: Any) -> None:
    """Load what they share, so that no first request waits for it; they share no connection."""
    warm_up.load()
    disconnect()


def leave(arbiter: Any, worker: Any) -> None:
    """End a worker at once: to take a whole application apart takes seconds, for nothing."""
    if worker.booted:
        logging.shutdown()
        os._exit(0)


# What `make run` serves with too
OPTIONS = {
    "worker_class": "hmis.server.worker.BufferingWorker",
    "threads": settings.WEB_THREADS,
    "preload_app": True,  # a worker that replaces another has everything loaded
    "keepalive": 75,  # idle connections cost no thread; longer than nginx keeps its own
    "control_socket_disable": True,
    "logger_class": "hmis.server.logger.Logger",
    "accesslog": "-" if settings.WEB_ACCESS_LOG else None,
    "on_starting": before_it_listens,
    "post_worker_init": warm_up.connect,
    "worker_exit": leave,
}

bind = settings.WEB_BIND
workers = settings.WEB_WORKERS
graceful_timeout = 30
# A worker is replaced now and then, one at a time, whatever libraries leak.
max_requests = 20_000
max_requests_jitter = 5_000
globals().update(OPTIONS)
