"""An agency with clients and files in a database of its own, a backup of it, and empty places."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from psycopg import sql

from hmis import file_stores
from hmis.backup import programs, tables
from hmis.backup.make import make
from hmis.pool import disconnect
from tests.databases import drop_database
from tests.factories import ClientFactory, OrganizationFactory, UserFactory
from tests.files.conftest import s3_server  # noqa: F401 -- a fixture
from tests.files.factories import file_of, photo_of
from tests.files.s3_server import KEY, SECRET
from tests.files.samples import jpeg

SSN = "532145678"


def quietly(line):
    """Where the progress goes that no test reads."""


def every_table():
    """Rows and a hash of each table, in another way than the backup's own."""
    with programs.connect() as link:
        return {
            name: link.execute(
                f"SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {name} t"
            ).fetchone()
            for _, name in tables.names(link)
        }


def program(name):
    """The one that fits the server of the tests."""
    return programs.find(name, least=connection.pg_version // 10000)


@contextmanager
def on_database(name: str) -> Iterator[None]:
    """Django's connection is to another database of the server of the tests."""
    before = connection.settings_dict["NAME"]
    disconnect()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        disconnect()
        connection.settings_dict["NAME"] = before


class Databases:
    """Makes databases beside that of the tests, and drops them."""

    def __init__(self) -> None:
        self.own = connection.settings_dict["NAME"]
        self.made: list[str] = []

    def like_ours(self) -> str:
        """A copy of the database of the tests."""
        name = self._new("copy")
        disconnect()
        self._run("CREATE DATABASE {} TEMPLATE {}", name, self.own)
        return name

    def empty(self) -> str:
        """The empty database: to drop one costs a checkpoint, and so there is one, emptied."""
        name = f"{self.own}_empty"
        if name not in self.made:
            self._run("CREATE DATABASE {}", self._new("empty"))
        with on_database(name), programs.connect() as link:
            if tables.names(link):
                link.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        return name

    def _new(self, what: str) -> str:
        name = f"{self.own}_{what}"
        with self._server() as server:
            drop_database(server, name)
        self.made.append(name)
        return name

    def drop(self) -> None:
        with self._server() as server:
            for name in self.made:
                drop_database(server, name)

    def _run(self, statement: str, *names: str) -> None:
        with self._server() as server:
            server.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    @staticmethod
    def _server() -> psycopg.Connection:
        parameters = {
            key.lower(): connection.settings_dict[key]
            for key in ("USER", "PASSWORD", "HOST", "PORT")
        }
        return psycopg.connect(**parameters, dbname="postgres", autocommit=True)


@pytest.fixture(scope="module")
def databases(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        found = Databases()
        yield found
        disconnect()
        found.drop()


@pytest.fixture(autouse=True)
def db(databases):
    """Instead of pytest-django's, which opens a transaction on the database of the tests."""


def folder_store(path: Path) -> override_settings:
    backend = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    storages = django_settings.STORAGES | {"default": backend}
    return override_settings(MEDIA_ROOT=str(path), STORAGES=storages)


def s3_store(server) -> override_settings:
    store = file_stores.s3(
        server.new_bucket(),
        endpoint_url=server.url,
        region_name="us-east-1",
        access_key=KEY,
        secret_key=SECRET,
        addressing_style="path",
    )
    return override_settings(STORAGES=django_settings.STORAGES | {"default": store})


@pytest.fixture(scope="module")
def agency(databases, tmp_path_factory):
    """The agency that is backed up: its database, its folder of files, and a backup of both."""
    name = databases.like_ours()
    media, root = tmp_path_factory.mktemp("media"), tmp_path_factory.mktemp("backups")
    found = SimpleNamespace(database=name, media=media, root=root)
    with on_database(name), folder_store(media):
        harbor = OrganizationFactory()
        alice = UserFactory(at=[harbor])
        people = [
            ClientFactory(
                organization=harbor, created_by=alice, last_name=last, ssn=SSN, ssn_data_quality=1
            )
            for last in ("Smith", "Quiller", "Ødegård")
        ]
        for number, person in enumerate(people):
            file_of(person, content=jpeg((50 + number, 60)))
        photo_of(people[0])
        call_command("clean_files", verbosity=0)  # as every night
        found.alice, found.tables = alice.pk, every_table()
        found.backup, _ = make(root, report=quietly)
    return found


@pytest.fixture
def there(agency):
    """The agency's own database and files."""
    with on_database(agency.database), folder_store(agency.media):
        yield agency


@pytest.fixture
def empty(databases, tmp_path):
    """An empty database, and an empty folder for files."""
    name = databases.empty()
    with on_database(name), folder_store(tmp_path / "media"):
        yield SimpleNamespace(database=name, media=tmp_path / "media")


@pytest.fixture
def copied(agency, tmp_path):
    """A copy of the backup, to be damaged."""
    return Path(shutil.copytree(agency.backup, tmp_path / "copy"))


@pytest.fixture
def stack():
    with ExitStack() as entered:
        yield entered
