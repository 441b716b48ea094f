"""Databases of the benches that measure one thing only, in an embedded PostgreSQL of theirs."""

import os
from pathlib import Path

import django
import psycopg

ROOT = Path(__file__).parents[2]


def prepare(name: str, *, durable: bool = False, fresh: bool = False) -> None:
    """Point Django at the database of that name, with its tables; it is made where it is not there.

    Args:
        durable: with fsync, where commits are what something costs.
        fresh: without what an earlier run left in it.
    """
    os.environ.setdefault("HMIS_DEMO", "1")
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    from hmis import embedded

    data = Path(os.environ.get("HMIS_DATA_DIR") or ROOT / ".hmis")
    folder = "bench-mail-postgres" if durable else "bench-postgres"
    url = embedded.start(data / folder, durable=durable)
    with psycopg.connect(url, autocommit=True) as server:
        if fresh:
            server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        found = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if not found.fetchone():
            server.execute(f"CREATE DATABASE {name}")
    os.environ["DATABASE_URL"] = f"{url.rpartition('/')[0]}/{name}"
    os.environ["DJANGO_SETTINGS_MODULE"] = "hmis.settings"
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, skip_checks=True)
    call_command("createcachetable", verbosity=0)
