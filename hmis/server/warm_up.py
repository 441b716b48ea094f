"""Everything that a first request would load, loaded before there is one."""

from pathlib import Path
from typing import Any

from django.db import connection
from django.template import TemplateDoesNotExist, engines
from django.urls import get_resolver


def load() -> None:
    """Import every view and compile every template; needs no database, and opens no connection."""
    get_resolver().url_patterns  # noqa: B018 -- imports what they name
    get_resolver().resolve("/")
    engine = engines["django"]
    for folder in engine.template_dirs:
        for path in sorted(Path(folder).rglob("*.html")):
            try:
                engine.get_template(str(path.relative_to(folder)))
            except TemplateDoesNotExist:  # extends one of an app that is not installed
                continue


def connect(worker: Any = None) -> None:
    """Begin to connect this process to the database, without waiting for it."""
    connection.pool.open()
