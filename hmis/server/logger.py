"""Gunicorn's own log lines, in the form of ours, and one for each request."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from gunicorn import glogging

from hmis.logs import OF_REQUEST, DiscreetFormatter


class Logger(glogging.Logger):
    """Writes no query string, no referrer, no user agent and no link that sets a password."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        formatter = DiscreetFormatter(as_json=settings.LOG_FORMAT == "json")
        for log in (self.error_log, self.access_log):
            for handler in log.handlers:
                handler.setFormatter(formatter)

    def access(self, resp: Any, req: Any, environ: dict, request_time: timedelta) -> None:
        """One line: the verb, the path, the status, the bytes and the milliseconds."""
        if not self.access_log_enabled:
            return
        path = environ.get("RAW_URI", "").partition("?")[0]
        status = str(resp.status).partition(" ")[0]
        milliseconds = round(request_time / timedelta(milliseconds=1))
        self.access_log.info(
            "%s %s %s %s bytes %s ms",
            *(environ.get("REQUEST_METHOD"), path, status, resp.sent or 0, milliseconds),
            extra={"of_request": environ.get(OF_REQUEST)},
        )
