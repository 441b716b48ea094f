"""Notes what goes wrong in a browser while a story goes on."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.core.signals import got_request_exception
from django.http import HttpRequest
from playwright.sync_api import BrowserContext, ConsoleMessage, WebError

REFUSED_LOAD = re.compile(r"Failed to load resource: the server responded with a status of (\d+)")
# An autosave that was not answered yet gives way to the next one; one that fails is a sendError.
GIVEN_UP = re.compile("htmx:(afterRequest|sendAbort)")
SERVER_ERROR = 500


@dataclass
class Watch:
    """What the browsers of one story complained of; refusals that the story wants are left out.

    The console names each request that is refused or fails: to follow every request of a page
    takes as much of the processor as a tenth of the page. The faults of the server come from
    Django: a draft that a page hands in while it is left is in no console.
    """

    complaints: list[str] = field(default_factory=list)
    wanted: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        got_request_exception.connect(self._broke)  # for as long as this is there

    def expects(self, *statuses: int) -> None:
        """Let the server answer with these statuses from here on."""
        self.wanted |= set(statuses)

    def over(self, context: BrowserContext) -> None:
        for event, listener in self._listeners:
            context.on(event, listener)

    def leave(self, context: BrowserContext) -> None:
        for event, listener in self._listeners:
            context.remove_listener(event, listener)

    @property
    def _listeners(self) -> list[tuple[Any, Callable[..., None]]]:
        return [("console", self._heard), ("weberror", self._failed)]

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning") or GIVEN_UP.match(message.text):
            return
        refused = REFUSED_LOAD.search(message.text)
        if not (refused and int(refused[1]) in self.wanted):
            at = message.location["url"] if refused else ""
            self.complaints.append(f"console {message.type}: {message.text} {at}".rstrip())

    def _failed(self, error: WebError) -> None:
        self.complaints.append(f"script error: {error.error}")

    def _broke(self, request: HttpRequest, **signal: Any) -> None:
        if SERVER_ERROR not in self.wanted:
            self.complaints.append(f"server error: {request.path}")
