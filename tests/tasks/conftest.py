import pytest

from tests.enrollments.conftest import TODAY, assigned, enrollment, john, shelter, today
from tests.tasks.factories import TaskFactory

__all__ = ["TODAY", "assigned", "enrollment", "john", "shelter", "today"]


@pytest.fixture(autouse=True)
def at_noon(today):
    """Every test is at noon of one day."""


@pytest.fixture
def task(john):
    """What Alice has to do for John."""
    return TaskFactory(client=john)
