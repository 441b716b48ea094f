import pytest
from django.core.management import call_command

from tests.at_once.records import Case, Population
from tests.clients.merge.conftest import patient_merge  # noqa: F401 - a fixture


@pytest.fixture(scope="package")
def transactional_db(django_db_setup, django_db_blocker):
    """The database with real commits, emptied once after all tests of this package.

    In place of pytest-django's, which empties it after each. The name lets pytest-django set the
    database up, and run these tests among the last.
    """
    with django_db_blocker.unblock():
        yield
        call_command("flush", verbosity=0, interactive=False)


@pytest.fixture(scope="package")
def population(transactional_db):
    """Committed for all tests of this package."""
    return Population()


@pytest.fixture
def case(population):
    """A client of whom nobody else knows: the tests of a population do not meet."""
    return Case(population)
