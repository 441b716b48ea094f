"""Undo of the last task that was marked done, on the next page that lists tasks."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from agencies.requests import UserRequest
from records.querysets import UNDO_FOR
from tasks.models import Task

DONE = "task_done"  # in the session: whose client's, which one and when; no text


def remember(request: UserRequest, task: Task) -> None:
    request.session[DONE] = [task.client_id, task.pk, timezone.now().isoformat()]


def forget(request: UserRequest) -> None:
    request.session.pop(DONE, None)


def offered(request: UserRequest) -> dict[str, Any] | None:
    """What reopens the task, once: the next page shows it no more."""
    kept = request.session.pop(DONE, None)
    at = _moment(kept[2]) if kept else None
    if at is None or timezone.now() - at > UNDO_FOR:
        return None
    return {"url": reverse("tasks:reopen", args=kept[:2])}


def _moment(text: str) -> datetime | None:
    return parse_datetime(text)
