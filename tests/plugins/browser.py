"""Finds a Chromium for the browser stories; without one they are skipped, and fail in CI."""

import os
import shutil
import subprocess
from functools import cache

import pytest
from playwright.sync_api import sync_playwright

SHELL = "chromium-headless-shell"  # draws no window: two thirds of the processor time
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = "There is no Chromium for the browser tests. `make test` installs one."

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


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--pictures", action="store_true", help="keep pictures of pages in artefacts/")


def pytest_configure(config: pytest.Config) -> None:
    # Later than pytest-playwright, whose fixtures these extend.
    for name in ("stories", "axe", "look"):
        config.pluginmanager.import_plugin(f"tests.plugins.{name}")


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
