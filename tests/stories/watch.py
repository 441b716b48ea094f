"""Notes what goes wrong in a browser while a story goes on."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response, WebError

REFUSED_LOAD = re.compile(r"Failed to load resource: the server responded with a status of (\d+)")


@dataclass
class Watch:
    """What the browsers of one story complained of; refusals that the story wants are left out."""

    complaints: list[str] = field(default_factory=list)
    wanted: set[int] = field(default_factory=set)

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
        return [
            ("console", self._heard),
            ("weberror", self._failed),
            ("requestfailed", self._lost),
            ("response", self._answered),
        ]

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning"):
            return
        refused = REFUSED_LOAD.search(message.text)
        if not (refused and int(refused[1]) in self.wanted):
            self.complaints.append(f"console {message.type}: {message.text}")

    def _failed(self, error: WebError) -> None:
        self.complaints.append(f"script error: {error.error}")

    def _lost(self, request: Request) -> None:
        # A page that is left takes back what it was still asking for.
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"{request.method} {request.url} failed: {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.wanted:
            self.complaints.append(
                f"{response.status} for {response.request.method} {response.url}"
            )
