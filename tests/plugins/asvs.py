"""Holds docs/security/asvs.md to the tests that ran: each one that it names has passed.

Where the whole suite ran, a named test that did not run or failed ends the run with an error. One
that was skipped, as this machine lacks what it needs (nginx), is named with the reason, and is no
error: a newcomer's `make test` has to pass. A run of some tests checks nothing.
"""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "security" / "asvs.md"
NAME = re.compile(r"`(tests/[\w/]+\.py::\w+)`")


def named_tests() -> set[str]:
    return set(NAME.findall(DOCUMENT.read_text()))


class Watch:
    """Collects what passed; of a test with parameters, all of it has to."""

    def __init__(self) -> None:
        self.passed: set[str] = set()
        self.failed: set[str] = set()
        self.skipped: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        test = report.nodeid.partition("[")[0]
        if report.failed:
            self.failed.add(test)
        elif report.skipped:
            self.skipped[test] = report.longrepr[-1]  # (file, line, reason)
        elif report.when == "call":
            self.passed.add(test)

    def verdict(self, named: set[str]) -> tuple[list[str], list[str]]:
        """Return a line for each of `named` that was skipped, and for each that did not pass."""
        skipped = sorted((named & self.skipped.keys()) - self.failed)
        missing = sorted(named - (self.passed - self.failed) - set(skipped))
        page = "docs/security/asvs.md names"
        return (
            [f"{page} {name}, which was not tried: {self.skipped[name]}" for name in skipped],
            [f"{page} {name}, which did not pass." for name in missing],
        )

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if not ran_whole(session.config):
            return
        skipped, missing = self.verdict(named_tests())
        reporter = session.config.pluginmanager.get_plugin("terminalreporter")
        for line in (*skipped, *missing):
            reporter.write_line(line)
        if missing:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


def ran_whole(config: pytest.Config) -> bool:
    """Whether all tests were asked for: no path, no expression, no early end."""
    options = config.option
    names = ("keyword", "markexpr", "lf", "maxfail", "collectonly")
    chosen = [getattr(options, name, None) for name in names]
    is_worker = hasattr(config, "workerinput")
    return not is_worker and not any(chosen) and config.args == config.getini("testpaths")


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Watch(), "asvs-watch")
