from datetime import date
from functools import partial

import pytest

from data_quality import background
from data_quality.counts import rule_counts
from data_quality.rules import barriers
from data_quality.rules.catalog import BY_KEY, RULES
from tests.enrollments.conftest import child, enrollment, john, shelter
from tests.enrollments.factories import EnrollmentFactory
from tests.factories import ClientFactory, MembershipFactory, ProjectFactory, UserFactory

OVERVIEW = "/admin/quality/"
DAY, NOON = date(2026, 3, 2), "2026-03-02T17:00:00Z"
# A rule of each way of counting, and those that tests name.
WAYS = {
    (rule.subject, rule.within.name, rule.alone, rule.key in barriers.KEYS): rule for rule in RULES
}
FEW = list(dict.fromkeys([BY_KEY["living-missing"], BY_KEY["name-missing"], *WAYS.values()]))

__all__ = ["child", "enrollment", "john", "shelter"]


def count_all() -> int:
    """What `count_quality` does."""
    return background.run_all(step=lambda: None)


def overview_of(browser, query: str = ""):
    """The overview after the background has counted."""
    assert browser.get(OVERVIEW + query).status_code == 200
    count_all()
    return browser.get(OVERVIEW + query)


@pytest.fixture
def few_rules(monkeypatch):
    """The background counts few rules: the test asks when it counts, not what each rule finds."""
    monkeypatch.setattr(background, "rule_counts", partial(rule_counts, rules=FEW))


@pytest.fixture
def every_rule(few_rules, monkeypatch):
    """In one test of a module of `few_rules`."""
    monkeypatch.setattr(background, "rule_counts", rule_counts)


@pytest.fixture
def hostel(bridge):
    return ProjectFactory(organization=bridge, project_name="Bridge Hostel")


@pytest.fixture
def both(dana, bridge):
    """Dana as the officer of two organizations."""
    MembershipFactory(user=dana, organization=bridge, role="dqo")
    return dana


@pytest.fixture
def boss(harbor):
    return UserFactory(email="admin@coc.example", is_superuser=True, is_staff=True)


@pytest.fixture
def today(time_machine):
    time_machine.move_to(NOON, tick=False)
    return DAY


@pytest.fixture
def theirs(hostel, charlie, today):
    """An enrollment at Bridge House, as wrong as Harbor's."""
    client = ClientFactory(
        organization=hostel.organization, created_by=charlie, last_name="Bridger"
    )
    return EnrollmentFactory(client=client, project=hostel, created_by=charlie)
