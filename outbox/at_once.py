"""Sends what somebody waits for right after the act, beside the requests and not within one.

One thread a process, for as long as there is something to send. It begins a moment after it was
woken, when the answer of the request has left: what it does shows in no answer's time, so that the
page for a lost password does not give away who has an account. What it cannot send is left to cron.
"""

import logging
import threading
import time

from django.conf import settings
from django.db import connection
from django.utils import timezone

from outbox.kinds import writers
from outbox.runs import running
from outbox.sending import Sender

logger = logging.getLogger(__name__)

SECONDS_BEFORE = 0.3
_lock = threading.Lock()
_thread: threading.Thread | None = None
_is_woken = False


def wake() -> None:
    """Have the mails sent that are due now; returns at once and never fails."""
    global _thread, _is_woken  # noqa: PLW0603 -- one thread for the process
    if not settings.MAIL_AT_ONCE:
        return
    with _lock:
        _is_woken = True
        if _thread is None:
            thread = threading.Thread(target=_work, name="outbox", daemon=True)
            thread.start()
            _thread = thread


def _work() -> None:
    global _thread, _is_woken  # noqa: PLW0603
    while True:
        time.sleep(SECONDS_BEFORE)
        with _lock:
            if not _is_woken:
                _thread = None
                return
            _is_woken = False
        try:
            send_what_is_waited_for()
        except Exception:
            logger.exception("Mail could not be sent at once; cron tries again")
        finally:
            connection.close()


def send_what_is_waited_for() -> None:
    """Send the mails that are due of the kinds that are sent at once, with short time-outs."""
    if not settings.SITE_URL:
        logger.warning("Set SITE_URL: mail waits, as its links need the portal's address")
        return
    kinds = [kind for kind, writer in writers().items() if writer.at_once]
    with running(timezone.now(), by_cron=False) as run:
        try:
            Sender(kinds=kinds, timeout=settings.MAIL_AT_ONCE_SECONDS).send_all(run)
        finally:
            run.forget()
