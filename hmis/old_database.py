"""Databases of versions whose migrations were squashed since, without a way across."""

import psycopg
from django.apps import apps
from django.conf import settings
from django.db.migrations.loader import MigrationLoader

from hmis import embedded, environment

BEFORE = "was made by an older version, and this one cannot take it over"


def refusal(database: psycopg.Connection) -> str:
    """What to do about a database of migrations that are gone, as a sentence; else empty."""
    readable = "SELECT has_table_privilege(to_regclass('django_migrations'), 'SELECT')"
    if not database.execute(readable).fetchone()[0]:  # type: ignore[index]  # always one row
        return ""
    rows = database.execute("SELECT app, name FROM django_migrations").fetchall()
    if not is_from_before({(app, name) for app, name in rows}):
        return ""
    if embedded.is_used():
        folder = environment.data_dir()
        return f"The database in {folder} {BEFORE}: delete that folder and run this again."
    name = database.info.dbname
    return f"The database {name} {BEFORE}: make a new one, and name it in DATABASE_URL."


def is_from_before(applied: set[tuple[str, str]]) -> bool:
    """Whether a database with these migrations, as (app, name), was made by ones that are gone.

    Such a one has migrations that are not on disk and lacks some that are. One that a newer
    version has migrated lacks none: the old servers go on until they are replaced.
    """
    here = str(settings.BASE_DIR)
    ours = {one.label for one in apps.get_app_configs() if one.path.rpartition("/")[0] == here}
    migrations = MigrationLoader(None, ignore_no_migrations=True).disk_migrations or {}
    on_disk = {key for key in migrations if key[0] in ours}
    replaced = {key for one in migrations.values() for key in one.replaces}
    unknown = {key for key in applied if key[0] in ours} - on_disk - replaced
    return bool(unknown and on_disk - applied)
