"""Gives the browser stories a Chromium, and keeps a picture of where each of them ended."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    # A camera that shows a moving test picture, and that nobody has to allow.
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]
MISSING = "There is no Chromium for the browser tests. `make test` installs one."
ARTEFACTS = Path(__file__).parents[2] / "artefacts"

# Playwright's event loop runs in the thread of the test, where Django would refuse the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@cache
def find_browser() -> str | None:
    """Return the path of a Chromium that starts: the system's, else the one Playwright keeps."""
    for name in NAMES:
        path = shutil.which(name)
        if path and starts(path):
            return path
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if starts(path) else None


def starts(path: str) -> bool:
    try:  # Ubuntu's chromium-browser without the snap is a script that explains and fails
        done = subprocess.run([path, "--version"], capture_output=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


class Stories:
    """The fixtures; registered late, so that they take the place of pytest-playwright's."""

    @pytest.fixture(scope="session")
    def browser_type_launch_args(self, browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        return {
            **browser_type_launch_args,
            "executable_path": find_browser(),
            "args": [*FLAGS, *sandbox],
        }

    @pytest.fixture(scope="session")
    def browser_context_args(self, browser_context_args: dict[str, Any]) -> dict[str, Any]:
        return {
            **browser_context_args,
            "viewport": {"width": 1280, "height": 900},
            "locale": "en-US",
            "timezone_id": "America/New_York",
        }

    @pytest.fixture
    def picture(self, page: Page, request: pytest.FixtureRequest) -> Callable[[str], Path]:
        """Keep the whole page as artefacts/<module>/<test>-<label>.png."""

        def keep(label: str) -> Path:
            story = re.sub(r"[^\w.-]+", "-", f"{request.node.name}-{label}")
            path = ARTEFACTS / request.node.path.stem / f"{story}.png"
            page.screenshot(path=path, full_page=True)
            return path

        return keep

    @pytest.fixture(autouse=True)
    def _last_picture(self, request: pytest.FixtureRequest) -> Iterator[None]:
        keep = request.getfixturevalue("picture") if "page" in request.fixturenames else None
        yield
        if keep and not request.getfixturevalue("page").is_closed():
            keep("end")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Stories(), "stories")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "page" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("browser") and not find_browser():
        if os.environ.get("CI"):
            pytest.fail(MISSING, pytrace=False)
        pytest.skip(MISSING)
