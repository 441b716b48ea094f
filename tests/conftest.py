import time

import pgtrigger
import pytest
from django.db import OperationalError
from django.db.backends.postgresql.operations import DatabaseOperations
from django.test import override_settings
from zeal.constants import initialize_app_registry
from zeal.patch import patch

from outbox.at_once import send_what_is_waited_for
from tests.factories import OrganizationFactory, UserFactory


@pytest.fixture(scope="session", autouse=True)
def _watch_relations():
    initialize_app_registry()
    patch()


@pytest.fixture(scope="session", autouse=True)
def _empty_the_tables_when_the_last_requests_have_ended():
    """A page that a story leaves may still be asking for something when its tables are emptied.

    The two wait for each other's tables then, and PostgreSQL ends one of them. What is append-only
    lets itself be emptied by nobody else.
    """
    empty = DatabaseOperations.execute_sql_flush

    def patiently(self, sql_list):
        for _ in range(9):
            try:
                with pgtrigger.ignore():
                    return empty(self, sql_list)
            except OperationalError:
                time.sleep(0.5)
        with pgtrigger.ignore():
            return empty(self, sql_list)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", patiently)
        yield


@pytest.fixture(autouse=True)
def plain_settings(settings):
    # A test that wants mail sent says when: `deliver`, or the command.
    settings.MAIL_AT_ONCE = False
    # One user walks through hundreds of pages in a moment: see tests/agencies/test_use_limits.py
    settings.USE_LIMITS = {}
    settings.BREAK_GLASS = False
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # A page that asks for each row's relation one by one is an error in every test; two of a kind
    # may be meant, such as the two clients side by side.
    settings.ZEAL_NPLUSONE_THRESHOLD = 3
    settings.MIDDLEWARE = ["zeal.middleware.zeal_middleware", *settings.MIDDLEWARE]


@pytest.fixture(scope="session", autouse=True)
def files_of_the_tests(tmp_path_factory):
    """Clients' files that the tests store are not those of the demonstration."""
    with override_settings(MEDIA_ROOT=str(tmp_path_factory.mktemp("media"))):
        yield


@pytest.fixture
def deliver(settings):
    """A function that sends the mails for which somebody waits, as after each commit."""
    settings.SITE_URL = "http://testserver/"
    return send_what_is_waited_for


@pytest.fixture
def harbor(db):
    return OrganizationFactory(organization_name="Harbor Services")


@pytest.fixture
def bridge(db):
    return OrganizationFactory(organization_name="Bridge House")


@pytest.fixture
def cas_organization(db):
    return OrganizationFactory(organization_name="Coordinated Access", is_cas=True)


@pytest.fixture
def alice(harbor):
    """The client's case manager."""
    return UserFactory(email="alice@harbor.example", first_name="Alice", at=[harbor])


@pytest.fixture
def bob(harbor):
    """Alice's colleague."""
    return UserFactory(email="bob@harbor.example", first_name="Bob", at=[harbor])


@pytest.fixture
def charlie(bridge):
    """Works at another organization."""
    return UserFactory(email="charlie@bridge.example", first_name="Charlie", at=[bridge])


@pytest.fixture
def dana(harbor):
    """Harbor's Data Quality Officer."""
    return UserFactory(email="dana@harbor.example", first_name="Dana", dqo_at=[harbor])


@pytest.fixture
def cass(cas_organization):
    """The CAS administrator."""
    return UserFactory(email="cass@coc.example", first_name="Cass", dqo_at=[cas_organization])


@pytest.fixture
def portal(client):
    """Return a function that logs a user in and gives the test client of that user."""

    def as_user(user):
        other = type(client)()
        other.force_login(user)
        return other

    return as_user
