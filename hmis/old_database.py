"""Databases of versions before 1.0.0, whose migrations were squashed without a way across."""

import psycopg
from django.apps import apps
from django.conf import settings
from django.db.migrations.loader import MigrationLoader

from hmis import embedded, environment

BEFORE = "was made by a version before 1.0.0, which this version cannot take over"


def refusal(database: psycopg.Connection) -> str:
    """What to do about a database of a version before 1.0.0, as a sentence; else empty.

    Such a one has migrations that are not on disk and lacks some that are. One that a newer
    version has migrated lacks none: the old servers go on until they are replaced.
    """
    readable = "SELECT has_table_privilege(to_regclass('django_migrations'), 'SELECT')"
    if not database.execute(readable).fetchone()[0]:  # type: ignore[index]  # always one row
        return ""
    here = str(settings.BASE_DIR)
    ours = {one.label for one in apps.get_app_configs() if one.path.rpartition("/")[0] == here}
    rows = database.execute("SELECT app, name FROM django_migrations").fetchall()
    applied = {(app, name) for app, name in rows if app in ours}
    loader = MigrationLoader(None)
    on_disk = {key for key in loader.disk_migrations if key[0] in ours}
    replaced = {key for one in loader.disk_migrations.values() for key in one.replaces}
    if not applied - on_disk - replaced or not on_disk - applied:
        return ""
    if embedded.is_used():
        folder = environment.data_dir()
        return f"The database in {folder} {BEFORE}: delete that folder and run this again."
    name = database.info.dbname
    return f"The database {name} {BEFORE}: make a new one, and name it in DATABASE_URL."
