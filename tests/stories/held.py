"""Requests of a page that wait until a story lets them go: a slow line."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, Route


def hold(
    page: Page, pattern: str | re.Pattern[str], **options: Any
) -> tuple[list[Route], Callable[[], None]]:
    """Hold back what a page asks of an address.

    Returns the requests that are held, each of which can `continue_()`, and a function that lets
    all of them go, and what the page asks of it later.

    Args:
        options: of Playwright's `route`; with `times=1` the later requests pass.
    """
    held: list[Route] = []

    def keep(route: Route) -> None:  # Playwright sets an attribute on it
        held.append(route)

    page.route(pattern, keep, **options)
    return held, lambda: page.unroute(pattern, keep)
