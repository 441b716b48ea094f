"""How gunicorn serves: `gunicorn --config python:hmis.server.config hmis.wsgi`."""

import gc
import logging
import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.template import TemplateDoesNotExist, engines
from django.urls import get_resolver

from hmis.pool import disconnect

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hmis.settings")  # read before hmis.wsgi is

# A page makes some ten thousand objects, nearly all of which go by their counts of references.
COLLECT_AFTER = (20_000, 20, 20)


def connect(worker: Any = None) -> None:
    """Begin to connect this process to the database, without waiting for it."""
    connection.pool.open()


def before_it_listens(arbiter: Any) -> None:
    """Import every view and compile every template, so that no first request waits for it.

    It needs no database; the workers share no connection. Nothing of what is loaded is garbage: a
    full collection that walks it all held a request up for 180 ms, and made each worker's copy.
    """
    get_resolver().url_patterns  # noqa: B018 -- imports what they name
    get_resolver().resolve("/")
    engine = engines["django"]
    for folder in engine.template_dirs:
        for path in sorted(Path(folder).rglob("*.html")):
            try:
                engine.get_template(str(path.relative_to(folder)))
            except TemplateDoesNotExist:  # extends one of an app that is not installed
                continue
    disconnect()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)


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
    "forwarder_headers": "",  # no SCRIPT_NAME, which would stand in each address of a page
    "logger_class": "hmis.server.logger.Logger",
    "accesslog": "-" if settings.WEB_ACCESS_LOG else None,
    "on_starting": before_it_listens,
    "post_worker_init": connect,
    "worker_exit": leave,
}

bind = settings.WEB_BIND
workers = settings.WEB_WORKERS
graceful_timeout = 30
# A worker is replaced now and then, one at a time, whatever libraries leak.
max_requests = 20_000
max_requests_jitter = 5_000
globals().update(OPTIONS)
