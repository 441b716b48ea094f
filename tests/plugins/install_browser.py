"""Run by `make test`: makes sure that there is a Chromium for the browser tests."""

import os
import shutil
import subprocess
import sys

from tests.plugins.browser import find_browser

PLAYWRIGHT = [sys.executable, "-m", "playwright", "install", "--no-shell", "chromium"]
APT = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120"]
PACKAGES = ["chromium", "fonts-liberation"]
PATIENCE = 300  # seconds for one download


def install() -> bool:
    """Try each way in turn; return whether one of them left a browser that starts."""
    ways = [[PLAYWRIGHT]]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        ways.append([[*APT, "update"], [*APT, "install", "--no-install-recommends", *PACKAGES]])
    for commands in ways:
        sys.stdout.write(f"Getting a Chromium for the browser tests: {' '.join(commands[-1])}\n")
        sys.stdout.flush()
        if all(map(succeeds, commands)):
            find_browser.cache_clear()
            if find_browser():
                return True
    return False


def succeeds(command: list[str]) -> bool:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(command, env=environment, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


if __name__ == "__main__" and not find_browser() and not install():
    sys.exit(
        "The browser tests need a Chromium, and none could be installed. Install the package "
        "chromium (or Google Chrome) and try again; `make fast` runs the other tests."
    )
