"""Notes what goes wrong in a browser while a story goes on."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, WebError

REFUSED_LOAD = re.compile(r"Failed to load resource: the server responded with a status of (\d+)")


@dataclass
class Watch:
    """What the browsers of one story complained of; refusals that the story wants are left out.

    The console names each request that is refused or fails: to follow every request of a page
    takes as much of the processor as a tenth of the page.
    """

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
        return [("console", self._heard), ("weberror", self._failed)]

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning"):
            return
        refused = REFUSED_LOAD.search(message.text)
        if not (refused and int(refused[1]) in self.wanted):
            at = message.location["url"] if refused else ""
            self.complaints.append(f"console {message.type}: {message.text} {at}".rstrip())

    def _failed(self, error: WebError) -> None:
        self.complaints.append(f"script error: {error.error}")
