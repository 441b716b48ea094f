"""Checks of the installation: its folders, its web server, its database.

`manage.py check --deploy --database default` runs all of them. `migrate` runs those of the
database, and a web server refuses to start on an error of the others (`refuse_to_serve`).
"""

import logging
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core import checks
from django.db import connections
from django.utils import timezone

from hmis import environment, old_database, rights
from hmis.faults import cause_of

logger = logging.getLogger(__name__)

INSTALLATION = "installation"
EXTENSIONS = ("btree_gin", "btree_gist", "fuzzystrmatch", "pg_trgm", "unaccent")
# Beside those of the web processes: commands of cron and whoever works with manage.py or psql.
OTHER_CONNECTIONS = 10
CLOCKS_MAY_DIFFER = timedelta(seconds=10)  # a second factor counts in steps of 30 s


def refuse_to_serve() -> None:
    """For a web server, before its first request: raise ConfigurationError on an error."""
    found = checks.run_checks(tags=[INSTALLATION]) + _database_can_be_served()
    # Not for manage.py, whose collectstatic makes them.
    if not settings.DEMO and not (Path(settings.STATIC_ROOT) / "staticfiles.json").is_file():
        message = f"There are no static files in STATIC_ROOT ({settings.STATIC_ROOT})."
        found.append(checks.Error(f"{message} Run manage.py collectstatic.", id="hmis.E002"))
    errors = [str(message.msg) for message in found if message.is_serious()]
    if errors:
        raise environment.ConfigurationError("\n".join(errors))


@checks.register(INSTALLATION)
def folders_are_writable(**kwargs: Any) -> list[checks.CheckMessage]:
    """Clients' files and uploads on their way have a folder that this account may write to."""
    folders = {}
    if settings.STORAGES["default"]["BACKEND"].endswith("FileSystemStorage"):
        folders["MEDIA_ROOT"] = settings.MEDIA_ROOT
    if settings.FILE_UPLOAD_TEMP_DIR:
        folders["UPLOAD_TEMP_DIR"] = settings.FILE_UPLOAD_TEMP_DIR
    return [
        checks.Error(
            f"{name} ({folder}) cannot be written to by the account that runs this "
            f"(number {os.geteuid()}). Give the folder to it.",
            id="hmis.E001",
        )
        for name, folder in folders.items()
        if not _may_write(Path(folder), made_if_missing=name == "MEDIA_ROOT")
    ]


def _may_write(folder: Path, *, made_if_missing: bool) -> bool:
    if not folder.exists() and made_if_missing:
        folder = next(parent for parent in folder.parents if parent.exists())
    return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)


def _database_can_be_served() -> list[checks.CheckMessage]:
    # By a connection of its own, which nobody waits long for: a server may start before its
    # database, and then its role is looked at when the next worker starts.
    parameters = connections["default"].get_connection_params()
    for name in ("pool", "cursor_factory", "context", "server_side_binding"):
        parameters.pop(name, None)
    try:
        with psycopg.connect(**parameters, autocommit=True) as database:
            if sentence := old_database.refusal(database):
                return [checks.Error(sentence, id="hmis.E008")]
            return [] if settings.DEMO else _server_role(database)
    except psycopg.OperationalError as error:
        logger.warning(
            "The database does not answer (%s): neither its version nor the server's rights were "
            "checked",
            cause_of(error),
        )
        return []


def _server_role(database: psycopg.Connection) -> list[checks.CheckMessage]:
    role = settings.DATABASE_SERVER_ROLE
    surplus = rights.role_surplus(database, role)
    if not surplus:
        return []
    return [
        checks.Error(
            f"The database role of the server, {role}, {', '.join(surplus)}: whoever gets hold of "
            "the server could change history and the access log. Name a role in DATABASE_URL that "
            "owns nothing, and the owner in DATABASE_OWNER_URL_FILE (docs/deploying.md).",
            id="hmis.E007",
        )
    ]


@checks.register(INSTALLATION, deploy=True)
def settings_are_fit_for_production(**kwargs: Any) -> list[checks.CheckMessage]:
    """What is right somewhere and wrong in most places."""
    path = environment.env_file()
    bind = settings.WEB_BIND.rpartition(":")[0].strip("[]")
    warnings = {
        "hmis.W001": (
            settings.HTTPS and not getattr(settings, "SECURE_PROXY_SSL_HEADER", None),
            "HTTPS without BEHIND_PROXY redirects for ever behind a proxy. Set BEHIND_PROXY=true "
            "where a proxy ends TLS and sets X-Forwarded-Proto.",
        ),
        "hmis.W002": (
            not settings.MFA_REQUIRED,
            "MFA_REQUIRED=false: a stolen password is enough to read clients' records.",
        ),
        "hmis.W003": (
            "localhost" in settings.DEFAULT_FROM_EMAIL + settings.HELP_DESK_EMAIL,
            "Mails go from or to an address at localhost. Set DEFAULT_FROM_EMAIL and "
            "HELP_DESK_EMAIL.",
        ),
        "hmis.W004": (
            path is not None and path.exists() and bool(path.stat().st_mode & 0o007),
            f"Every account of this machine may read {path}. chmod o= {path}",
        ),
        "hmis.W005": (
            bool(settings.ALLOW_WITHOUT_TLS),
            f"ALLOW_WITHOUT_TLS={','.join(settings.ALLOW_WITHOUT_TLS)}: whoever is on that network "
            "can read and change what is sent. docs/security/network.md",
        ),
        "hmis.W009": (
            path is not None and "DATABASE_OWNER_URL" in environment.read(path),
            f"DATABASE_OWNER_URL is in {path}, which the web server reads. Put it into a file of "
            "its own, and name that in DATABASE_OWNER_URL_FILE.",
        ),
        "hmis.W020": (
            bool(settings.PROXY_COUNT) and bind in {"", "0.0.0.0", "::"},  # noqa: S104 - compared
            f"WEB_BIND={settings.WEB_BIND} lets others than the proxy in, who could send any "
            "X-Forwarded-For and be limited by no address. Name an address that only the proxy "
            "reaches, such as 127.0.0.1.",
        ),
    }
    return _wrong(warnings)


def _wrong(found: dict[str, tuple[bool, str]]) -> list[checks.CheckMessage]:
    """The errors (E) and warnings (W) of what is wrong, each with its words."""
    kinds = {"E": checks.Error, "W": checks.Warning}
    return [
        kinds[number[len("hmis.")]](words, id=number)
        for number, (is_wrong, words) in found.items()
        if is_wrong
    ]


@checks.register(checks.Tags.database)
def database_is_fit(databases: list[str] | None = None, **kwargs: Any) -> list[checks.CheckMessage]:
    """The database that DATABASE_URL names can keep what the portal writes."""
    if not databases or "default" not in databases:
        return []
    facts = database_facts()
    return _facts_that_are_wrong(facts) + _server_rights(facts["role"]) + _cache_table()


FACTS = """
    SELECT current_setting('server_encoding') AS encoding,
           (SELECT array_agg(wanted) FROM unnest(%s::text[]) wanted
             WHERE wanted NOT IN (SELECT name FROM pg_available_extensions)) AS missing_extensions,
           (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS superuser,
           current_user AS role,
           current_database() AS database,
           has_database_privilege(current_database(), 'CREATE') AS may_create,
           current_setting('max_connections')::int
               - current_setting('superuser_reserved_connections')::int
               - coalesce(current_setting('reserved_connections', true), '0')::int AS server_limit,
           (SELECT datconnlimit FROM pg_database WHERE datname = current_database())
               AS database_limit,
           (SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user) AS role_limit,
           clock_timestamp() AS clock
"""


def database_facts() -> dict[str, Any]:
    """What the database says of itself, by the names of FACTS."""
    with connections["default"].cursor() as cursor:
        cursor.execute(FACTS, [list(EXTENSIONS)])
        names = [column.name for column in cursor.description]
        return dict(zip(names, cursor.fetchone(), strict=True))


def _facts_that_are_wrong(facts: dict[str, Any]) -> list[checks.CheckMessage]:
    database, role = facts["database"], facts["role"]
    is_servers = role == settings.DATABASE_SERVER_ROLE
    extensions = ", ".join(sorted(facts["missing_extensions"] or []))
    limits = (facts["server_limit"], facts["database_limit"], facts["role_limit"])
    limit = min(number for number in limits if number >= 0)
    size = (settings.DATABASES["default"]["OPTIONS"].get("pool") or {}).get("max_size", 0)
    wanted = settings.WEB_MACHINES * settings.WEB_WORKERS * size + OTHER_CONNECTIONS
    apart = abs(timezone.now() - facts["clock"])
    found = {
        "hmis.E003": (
            facts["encoding"] != "UTF8",
            f"The database {database} is in {facts['encoding']}: most names of the world cannot be "
            "kept. Make it again in UTF-8.",
        ),
        "hmis.E004": (
            bool(extensions),
            f"The PostgreSQL server has no {extensions}. Install its contrib extensions (Debian: "
            "postgresql-contrib).",
        ),
        "hmis.E005": (
            not is_servers and not facts["may_create"],
            f"The role {role} may not create in the database {database}. "
            f"ALTER DATABASE {database} OWNER TO {role};",
        ),
        "hmis.W006": (
            facts["superuser"] and not is_servers,
            f"The role {role} is a superuser of the server, and needs no such right. Use a role "
            "that owns its database.",
        ),
        "hmis.E006": (
            wanted > limit,
            f"{settings.WEB_MACHINES} machines (WEB_MACHINES) of {settings.WEB_WORKERS} web "
            f"processes (WEB_WORKERS) of {size} connections (DATABASE_POOL_SIZE), and "
            f"{OTHER_CONNECTIONS} for cron and manage.py, make {wanted}; the database lets {limit} "
            "in. Raise its max_connections, or lower one of the three.",
        ),
        "hmis.W007": (
            apart > CLOCKS_MAY_DIFFER,
            f"The clocks of this machine and of the database are {apart.total_seconds():.0f} s "
            "apart. Keep both by NTP.",
        ),
    }
    return _wrong(found)


def _server_rights(role: str) -> list[checks.CheckMessage]:
    """Of the server's role: it owns nothing, and has the rights of this release."""
    if settings.DEMO or role != settings.DATABASE_SERVER_ROLE:
        return []
    connections["default"].ensure_connection()
    database = connections["default"].connection
    if found := _server_role(database):
        return found
    has_tables = database.execute("SELECT to_regclass('django_migrations')").fetchone()[0]
    different = rights.difference(database, role) if has_tables else rights.Difference()
    if different.surplus or different.missing:
        message = f"{rights.in_words(role, different)} Run manage.py grant_rights."
        return [checks.Warning(message, id="hmis.W008")]
    return []


def _cache_table() -> list[checks.CheckMessage]:
    """Once a database was migrated: `check` is the first command of an installation."""
    tables = set(connections["default"].introspection.table_names())
    absent = sorted(rights.cache_tables() - tables)
    if not absent or "django_migrations" not in tables:
        return []
    message = f"The table {absent[0]}, which keeps the cache, is not there."
    return [checks.Warning(f"{message} Run manage.py createcachetable.", id="hmis.W010")]
