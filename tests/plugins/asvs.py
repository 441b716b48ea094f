"""Holds docs/security/asvs.md to the tests that ran: each one that it names has passed.

Where the whole suite ran, a named test that did not run, was skipped or failed ends the run with an
error. A run of some tests checks nothing.
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
        self.others: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        test = report.nodeid.partition("[")[0]
        if report.when == "call" and report.passed:
            self.passed.add(test)
        elif report.failed or report.skipped:
            self.others.add(test)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if not ran_whole(session.config):
            return
        missing = sorted(named_tests() - (self.passed - self.others))
        if missing:
            reporter = session.config.pluginmanager.get_plugin("terminalreporter")
            for name in missing:
                reporter.write_line(f"docs/security/asvs.md names {name}, which did not pass.")
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
