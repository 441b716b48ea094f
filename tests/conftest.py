import gc
import weakref
from functools import cache, wraps
from importlib import import_module
from unittest import mock

import pgtrigger
import pytest
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management.commands import flush
from django.db import connection, transaction
from django.db.backends.postgresql.operations import DatabaseOperations
from django.db.models.sql import compiler
from django.http import HttpRequest
from django.test import Client, override_settings
from zeal.constants import initialize_app_registry
from zeal.patch import patch

from agencies.models import SharingPolicy
from outbox.at_once import send_what_is_waited_for
from records.retries import again_if_rolled_back
from tests import database_copies
from tests.factories import OrganizationFactory, UserFactory

gc.disable()  # nothing of what is imported and collected is garbage


def pytest_collection_finish():
    """Look for garbage seldom: as often as Python does by itself, it is a tenth of the work."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    gc.enable()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, request):
    """pytest-django asks for this before it makes the database."""
    # A machine that stands still for two seconds is no fault of the database.
    connection.settings_dict["OPTIONS"]["connect_timeout"] = 20
    with database_copies.made_once(getattr(request.config, "workerinput", {})):
        yield


@pytest.fixture(scope="module")
def module_transaction(django_db_setup, django_db_blocker):
    """For what a module writes once for its tests, none of which commits; rolled back after."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


READ_IN_PARTS = weakref.WeakSet()  # what tests read by `iterator`


@pytest.fixture(scope="session", autouse=True)
def _know_what_is_read_in_parts():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiler, "cursor_iter", known(compiler.cursor_iter))
        yield


def known(cursor_iter):
    @wraps(cursor_iter)
    def rows_of(*arguments, **options):
        rows = cursor_iter(*arguments, **options)
        READ_IN_PARTS.add(rows)
        return rows

    return rows_of


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown():
    """Close what a test did not read to its end while there is still the transaction of the test.

    Left to the garbage collection it is closed in a later test, whose transaction that ends.
    """
    for rows in list(READ_IN_PARTS) if connection.in_atomic_block else []:
        rows.close()


@pytest.fixture(scope="session", autouse=True)
def _watch_relations():
    initialize_app_registry()
    patch()


@pytest.fixture(scope="session", autouse=True)
def _empty_only_the_tables_that_a_test_filled():
    """A truncation of all tables takes ten times as long as a deletion of a story's few rows.

    Content types and permissions stay: they would be written again each time.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", empty_filled_tables)
        patch.setattr(flush, "emit_post_migrate_signal", lambda *options: None)
        yield


def empty_filled_tables(operations, sql_list):
    # What a story's page sends as it is closed may wait for this, and this for it.
    again_if_rolled_back(lambda: _empty_filled_tables(operations))


def _empty_filled_tables(operations):
    with pgtrigger.ignore(), transaction.atomic(), operations.connection.cursor() as cursor:
        cursor.execute(rows_anywhere())
        if tables := [table for (table,) in cursor.fetchall()]:
            cursor.execute("; ".join(f'DELETE FROM "{table}"' for table in tables))


@cache
def rows_anywhere():
    """Return the SQL that lists which tables have rows."""
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    kept = {ContentType._meta.db_table, Permission._meta.db_table}
    one = "SELECT '{0}' WHERE EXISTS (SELECT FROM \"{0}\")"
    return " UNION ALL ".join(one.format(table) for table in sorted({*tables} - kept))


@pytest.fixture(scope="session", autouse=True)
def plain_settings():
    """Of every test, and of what a module makes once for all of its tests."""
    plain = {
        # A test that wants mail sent says when: `deliver`, or the command.
        "MAIL_AT_ONCE": False,
        # One user walks through hundreds of pages in a moment: tests/agencies/test_use_limits.py
        "USE_LIMITS": {},
        "BREAK_GLASS": False,
        # Half minutes that a code may take from the app of a test to the server.
        "MFA_TOTP_TOLERANCE": 2,
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
        # A page that asks for each row's relation one by one is an error in every test; two of a
        # kind may be meant, such as the two clients side by side.
        "ZEAL_NPLUSONE_THRESHOLD": 3,
    }
    with override_settings(**plain):
        yield


@pytest.fixture(scope="session", autouse=True)
def disk_that_nobody_waits_for():
    """What a test writes need not outlive a power cut."""
    with mock.patch("os.fsync"):
        yield


@pytest.fixture(autouse=True)
def middleware_of_the_tests(settings):
    """Not of the server of the stories, which begins before all of them."""
    # Static files are found when they are asked for, not listed again for each test's browser.
    settings.WHITENOISE_AUTOREFRESH = True
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
def policy(db):
    """A function that sets the CoC's policy of sharing."""

    def set_to(value):
        SharingPolicy.objects.update_or_create(pk=1, defaults={"policy": value})

    return set_to


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
def people(bob, charlie, dana, cass):
    """A user of each kind, by what one is."""
    admin = UserFactory(email="admin@coc.example", is_superuser=True, is_staff=True)
    return {
        "case manager": bob,
        "stranger": charlie,
        "DQO": dana,
        "CAS administrator": cass,
        "administrator": admin,
    }


@pytest.fixture
def portal():
    """A function that logs a user in and gives the test client of that user."""
    return logged_in


def logged_in(user) -> Client:
    # As `force_login` does it, but saved once: neither for nobody before, nor under a first key.
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore()
    request.session.cycle_key = lambda: None
    login(request, user, settings.AUTHENTICATION_BACKENDS[0])
    request.session.save()
    browser = Client()
    browser._set_login_cookies(request)
    return browser
