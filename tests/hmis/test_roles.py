"""The server's role owns nothing, and changes no history (docs/adr/0036)."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pghistory.models
import pgtrigger
import psycopg
import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.core.management import call_command, get_commands, load_command_class
from django.core.management.base import CommandError
from django.db import connection
from psycopg import sql
from psycopg.errors import InsufficientPrivilege

from clients.models import ClientAccess
from hmis import checks, rights, roles
from hmis.environment import ConfigurationError
from hmis.middleware.organization import OrganizationMiddleware
from tests.server_process import environment

ROOT = Path(__file__).parents[2]
SERVER = django_settings.DATABASE_SERVER_ROLE
MODELS = [
    model
    for model in apps.get_models(include_auto_created=True)
    if model._meta.managed and not model._meta.proxy
]
APPEND_ONLY = [model for model in MODELS if rights.rights_of(model) == {"SELECT", "INSERT"}]
KEPT = [model for model in MODELS if "DELETE" not in rights.rights_of(model)]


def label(model):
    return model._meta.label


@pytest.fixture
def server(django_db_setup, django_db_blocker) -> Iterator[psycopg.Connection]:
    """Logged in as the server's role itself, as whoever has taken over a web process."""
    with (
        django_db_blocker.unblock(),
        psycopg.connect(environment()["DATABASE_URL"], autocommit=True) as database,
    ):
        yield database


def test_history_and_access_log_are_append_only():
    events = [model for model in MODELS if issubclass(model, pghistory.models.Event)]
    assert len(events) > 10
    assert {*events, ClientAccess} <= set(APPEND_ONLY)


@pytest.mark.parametrize("model", APPEND_ONLY, ids=label)
def test_server_cannot_change_what_is_append_only(server, model):
    table = sql.Identifier(model._meta.db_table)
    column = sql.Identifier(model._meta.pk.column)
    # The way around the triggers: they are the owner's word, and this session's to leave out.
    triggers = model._meta.triggers
    ignored = [f"{model._meta.db_table}:{one.get_pgid(model)}" for one in triggers]
    server.execute("SELECT set_config('pgtrigger.ignore', %s, false)", [f"{{{','.join(ignored)}}}"])
    for statement in (
        "TRUNCATE {table}",
        "UPDATE {table} SET {column} = {column}",
        "DELETE FROM {table}",
        "ALTER TABLE {table} DISABLE TRIGGER ALL",
        "DROP TABLE {table}",
    ):
        with pytest.raises(InsufficientPrivilege):
            server.execute(sql.SQL(statement).format(table=table, column=column))
    server.execute(sql.SQL("SELECT FROM {table} LIMIT 1").format(table=table))


@pytest.mark.parametrize("model", KEPT, ids=label)
def test_server_cannot_delete_what_is_never_deleted(server, model):
    with pytest.raises(InsufficientPrivilege):
        server.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(model._meta.db_table)))


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id int)",
        "CREATE SCHEMA mine",
        "CREATE ROLE mine",
        "CREATE DATABASE mine",
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "DROP EXTENSION unaccent CASCADE",
        "TRUNCATE clients_client CASCADE",
        "TRUNCATE hmis_cache",
        "CREATE TRIGGER mine BEFORE INSERT ON clients_client"
        " FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('clients', 'no', now())",
        "CREATE OR REPLACE FUNCTION clients_analyze() RETURNS void LANGUAGE sql AS ''",
        "SET session_replication_role = replica",
        "SET ROLE hmis",
        "SET SESSION AUTHORIZATION hmis",
        "COPY clients_client TO '/tmp/mine'",
        "COPY clients_client TO PROGRAM 'cat'",
        "SELECT pg_read_file('/etc/passwd')",
        "SELECT setval(pg_get_serial_sequence('clients_clientaccess', 'id'), 1)",
        "ALTER DEFAULT PRIVILEGES FOR ROLE hmis GRANT ALL ON TABLES TO hmis_server",
    ],
)
def test_server_can_do_nothing_that_is_the_owners(server, statement):
    with pytest.raises(InsufficientPrivilege):
        server.execute(statement)


def test_server_has_what_its_commands_need(server):
    server.execute("CREATE TEMPORARY TABLE duplicate_row (id int)")
    server.execute("ANALYZE duplicate_row")
    server.execute("SELECT clients_analyze()")
    server.execute("SELECT pg_try_advisory_lock(1)")
    server.execute("LISTEN hmis")


def test_every_right_is_what_the_models_say(server):
    found = rights.difference(server, SERVER)
    assert (found.surplus, found.missing, found.statements) == ([], [], [])
    tables = {model._meta.db_table for model in MODELS}
    there = server.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    assert tables <= {name for (name,) in there}


def test_only_one_function_runs_as_its_owner(server):
    names = server.execute("SELECT proname FROM pg_proc WHERE prosecdef")
    assert names.fetchall() == [("clients_analyze",)]


@pytest.mark.django_db
def test_server_has_no_right_on_a_table_that_nobody_declared():
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE unnoticed (id int)")
    found = rights.difference(connection.connection, SERVER)
    assert (found.surplus, found.missing) == ([], [])
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(%s, 'unnoticed', 'SELECT')", [SERVER])
        assert cursor.fetchone() == (False,)


@pytest.mark.parametrize(
    ("statement", "surplus"),
    [
        ("GRANT TRUNCATE ON clients_clientaccess TO hmis_server", "TRUNCATE on clients_client"),
        ("GRANT UPDATE (kind) ON clients_clientaccess TO hmis_server", "UPDATE on clients_client"),
        ("GRANT DELETE ON clients_clientaccess TO PUBLIC", "DELETE on clients_clientaccess"),
        ("GRANT UPDATE ON SEQUENCE clients_client_id_seq TO hmis_server", "UPDATE on clients_"),
        ("CREATE TABLE t (id int); GRANT SELECT ON t TO hmis_server", "SELECT on t"),
    ],
)
@pytest.mark.django_db
def test_right_that_somebody_added_is_found_and_taken_back(statement, surplus):
    with connection.cursor() as cursor:
        cursor.execute(statement)
    with pytest.raises(CommandError, match=f"has too much .{surplus}"):
        call_command("grant_rights", check=True)
    call_command("grant_rights", verbosity=0)
    assert rights.difference(connection.connection, SERVER).surplus == []


@pytest.mark.parametrize(
    ("statement", "surplus"),
    [
        ("GRANT CREATE ON SCHEMA public TO hmis_server", "may create tables"),
        ("GRANT CREATE ON DATABASE {} TO hmis_server", "may create schemas"),
        ("ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO hmis_server", "rights on future tables"),
    ],
)
@pytest.mark.django_db
def test_right_to_create_is_refused_and_named(statement, surplus):
    with connection.cursor() as cursor:
        cursor.execute(
            statement.format(connection.ops.quote_name(connection.settings_dict["NAME"]))
        )
    with pytest.raises(CommandError, match=surplus):
        call_command("grant_rights", verbosity=0)


@pytest.mark.django_db
def test_missing_right_is_printed_for_the_administrator_and_granted(capsys):
    with connection.cursor() as cursor:
        cursor.execute("REVOKE INSERT ON clients_clientaccess FROM hmis_server")
    call_command("grant_rights", print=True)
    printed = capsys.readouterr().out
    assert printed == 'GRANT INSERT ON TABLE "clients_clientaccess" TO "hmis_server";\n'
    call_command("grant_rights")
    assert capsys.readouterr().out == "1 rights of hmis_server changed.\n"
    call_command("grant_rights", check=True)


@pytest.mark.django_db
def test_database_without_the_tables_of_this_release_is_not_said_to_be_right():
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA empty; SET LOCAL search_path TO empty")
        cursor.execute(f"GRANT USAGE ON SCHEMA empty TO {SERVER}")
    with pytest.raises(CommandError, match=r"tables are not there yet, such as .*Run migrate"):
        call_command("grant_rights", check=True)


@pytest.mark.django_db
def test_owner_is_given_no_rights_and_an_unknown_role_is_named():
    with pytest.raises(CommandError, match="is the owner itself"):
        call_command("grant_rights", role=connection.settings_dict["USER"])
    with pytest.raises(CommandError, match="There is no role nobody_at_all"):
        call_command("grant_rights", role="nobody_at_all")


@pytest.mark.parametrize(
    ("operation", "condition", "left"),
    [
        (pgtrigger.Update | pgtrigger.Delete, None, {"SELECT", "INSERT"}),
        (pgtrigger.Delete, None, {"SELECT", "INSERT", "UPDATE"}),
        (pgtrigger.UpdateOf("name"), None, {"SELECT", "INSERT", "UPDATE", "DELETE"}),
        (pgtrigger.Delete, pgtrigger.Q(old__id=1), {"SELECT", "INSERT", "UPDATE", "DELETE"}),
    ],
)
def test_rights_follow_from_the_triggers(operation, condition, left):
    class Meta:
        triggers = [pgtrigger.Protect(name="x", operation=operation, condition=condition)]

    model = type("Model", (), {"_meta": Meta})
    assert rights.rights_of(model) == left


def test_table_of_which_some_columns_are_never_edited_can_be_updated():
    class Meta:
        triggers = [pgtrigger.ReadOnly(name="x", exclude=["undone_by"])]

    assert rights.rights_of(type("Model", (), {"_meta": Meta})) == rights.ORDINARY


# --- Requests and commands


def test_requests_and_commands_of_the_tests_are_the_servers(portal, alice, monkeypatch):
    """So each of them shows that the server's rights are enough (tests/plugins/server_role.py)."""
    seen = []

    def note_role():
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            seen.append(cursor.fetchone()[0])

    real = OrganizationMiddleware.__call__
    with monkeypatch.context() as patch:
        patch.setattr(
            OrganizationMiddleware, "__call__", lambda *both: (note_role(), real(*both))[1]
        )
        assert portal(alice).get("/").status_code == 200
    with monkeypatch.context() as patch:
        patch.setattr(
            "clients.management.commands.find_duplicates.Command.handle",
            lambda *a, **k: note_role(),
        )
        call_command("find_duplicates")
    note_role()
    assert seen == [SERVER, SERVER, connection.settings_dict["USER"]]


def test_commands_that_change_the_schema_are_the_owners():
    names = get_commands()
    for name in ("migrate", "createcachetable", "grant_rights", "restore", "rotate_ssn_keys"):
        assert load_command_class(names[name], name).runs_as_owner
    for name in ("send_mail", "find_duplicates", "clear_expired", "clean_files", "backup", "serve"):
        assert not hasattr(load_command_class(names[name], name), "runs_as_owner")


def manage(*words: str, **settings: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=environment() | settings,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.django_db(transaction=True)
def test_command_line_is_the_owner_for_those_alone():
    assert manage("grant_rights", "--check").returncode == 0
    as_server = manage("grant_rights", DATABASE_OWNER_URL="")
    assert "is the owner itself" in as_server.stderr
    other = environment()["DATABASE_OWNER_URL"].rpartition("/")[0] + "/postgres"
    assert "name two databases" in manage("grant_rights", DATABASE_OWNER_URL=other).stderr
    assert manage("clear_expired").returncode == 0


@pytest.mark.parametrize(
    ("words", "is_owner"),
    [
        (["apply_retention"], False),
        (["apply_retention", "--to", "due.csv"], False),
        (["apply_retention", "--from", "due.csv", "--confirm", "x"], True),
        (["erase_client", "7", "--confirm=x"], True),
        (["erase_client", "7"], False),
        (["migrate"], True),
        (["send_mail"], False),
    ],
)
def test_command_may_be_the_owner_with_some_options_alone(monkeypatch, words, is_owner):
    became = []
    monkeypatch.setattr(roles, "become_owner", lambda: became.append(True))
    roles.CommandLine(["manage.py", *words]).fetch_command(words[0])
    assert bool(became) is is_owner


def test_process_of_the_tests_never_became_a_web_server():
    assert "hmis.wsgi" not in sys.modules, "it takes the owner's address away: use hmis.handler"


def test_owners_address_may_stand_in_a_file(tmp_path, monkeypatch):
    path = tmp_path / "owner-url"
    path.write_text("postgresql://the_owner@127.0.0.1/hmis\n")
    monkeypatch.setenv("DATABASE_OWNER_URL_FILE", str(path))
    monkeypatch.delenv("DATABASE_OWNER_URL")
    monkeypatch.setitem(connection.settings_dict, "NAME", "hmis")
    assert roles.owner()["USER"] == "the_owner"
    path.chmod(0)
    monkeypatch.setenv("DATABASE_OWNER_URL_FILE", str(tmp_path))
    with pytest.raises(ConfigurationError, match=r"DATABASE_OWNER_URL .* cannot be read"):
        roles.owner()


# --- Production does not start as the owner


@pytest.mark.django_db
def test_production_refuses_to_serve_as_the_owner(settings, monkeypatch):
    settings.DEMO = False
    owner = connection.settings_dict["USER"]
    monkeypatch.setattr(django_settings, "DATABASE_SERVER_ROLE", owner)
    (message,) = checks._database_can_be_served()
    assert message.id == "hmis.E007"
    assert f"{owner}, may create databases" in message.msg
    assert "owns tables" in message.msg
    settings.STATIC_ROOT = "nowhere"
    with pytest.raises(ConfigurationError, match="owns tables"):
        checks.refuse_to_serve()


@pytest.mark.django_db
def test_production_serves_as_the_role_that_owns_nothing(settings):
    settings.DEMO = False
    assert checks._database_can_be_served() == []


@pytest.mark.django_db
def test_server_may_start_before_its_database(settings, monkeypatch, caplog):
    settings.DEMO = False
    gone = {"host": "127.0.0.1", "port": 1, "connect_timeout": 1}
    monkeypatch.setattr(connection, "get_connection_params", lambda: gone)
    assert checks._database_can_be_served() == []
    assert "neither its version nor the server's rights were checked" in caplog.text
    assert "(connection failed: " in caplog.text  # and why, such as a certificate that has ended
