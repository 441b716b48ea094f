"""The bench's own PostgreSQL, crash-safe and with memory as in production, and what it counts."""

import contextlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from hmis import embedded

ROOT = Path(__file__).parents[2]
# Of a server of 8 GB that has nothing else to do; wal_level and checkpoints as PostgreSQL has them.
SETTINGS = {
    "shared_preload_libraries": "pg_stat_statements",
    "pg_stat_statements.track_planning": "on",
    "pg_stat_statements.max": "10000",
    "shared_buffers": "2GB",
    "effective_cache_size": "6GB",
    "max_wal_size": "4GB",
    "max_connections": "120",
    "track_io_timing": "on",
}
COUNTED = """
SELECT coalesce(sum(calls), 0), coalesce(sum(total_exec_time), 0),
       coalesce(sum(total_plan_time), 0), coalesce(sum(wal_bytes), 0)
FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid JOIN pg_roles r ON r.oid = s.userid
WHERE d.datname = %s AND r.rolname = 'hmis_server' AND query !~ '^(SET|RESET|SHOW|DISCARD)'
"""
DEAREST = """
SELECT query, calls, total_exec_time / calls, total_plan_time / calls, shared_blks_hit / calls
FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid JOIN pg_roles r ON r.oid = s.userid
WHERE d.datname = %s AND r.rolname = 'hmis_server' AND query ~* '^(SELECT|INSERT|UPDATE|WITH)'
ORDER BY total_exec_time + total_plan_time DESC LIMIT %s
"""


@dataclass(frozen=True)
class Counted:
    """What PostgreSQL counted of the web server's statements; times in milliseconds."""

    queries: float
    sql: float
    planning: float
    wal: float

    def __sub__(self, other: "Counted") -> "Counted":
        pairs = zip(self.values, other.values, strict=True)
        return Counted(*(one - two for one, two in pairs))

    def __add__(self, other: "Counted") -> "Counted":
        return Counted(*(one + two for one, two in zip(self.values, other.values, strict=True)))

    def each(self, times: int) -> "Counted":
        return Counted(*(value / times for value in self.values))

    @property
    def values(self) -> tuple[float, float, float, float]:
        return self.queries, self.sql, self.planning, self.wal


NOTHING = Counted(0, 0, 0, 0)


class Cluster:
    """Starts the server on `BENCH_DATA` (`.hmis/bench`), with `SETTINGS`."""

    def __init__(self) -> None:
        self.folder = Path(os.environ.get("BENCH_DATA") or ROOT / ".hmis" / "bench")
        embedded.start(self.folder)
        if self._configure():
            embedded.stop(self.folder)
            embedded.start(self.folder)

    def _configure(self) -> bool:
        """Write the settings; True where the server has to start again for one."""
        with self.connect("postgres") as link:
            for name, value in SETTINGS.items():
                setting = sql.SQL(".").join(map(sql.Identifier, name.split(".")))
                link.execute(sql.SQL("ALTER SYSTEM SET {} = {}").format(setting, value))
            link.execute("SELECT pg_reload_conf()")
            found = link.execute("SELECT current_setting('shared_preload_libraries')").fetchone()
            return found != (SETTINGS["shared_preload_libraries"],)

    @property
    def _facts(self) -> dict:
        return json.loads((self.folder / "connection.json").read_text())

    def url(self, database: str, role: str = "postgres") -> str:
        passwords = {"postgres": "superuser_password", "hmis": "password"}
        password = self._facts[passwords.get(role, "server_password")]
        return f"postgresql://{role}:{password}@127.0.0.1:{self._facts['port']}/{database}"

    def connect(self, database: str) -> psycopg.Connection:
        return psycopg.connect(self.url(database), autocommit=True)

    def has(self, database: str) -> bool:
        with self.connect("postgres") as link:
            found = link.execute("SELECT FROM pg_database WHERE datname = %s", [database])
            return found.fetchone() is not None

    def create(self, database: str, *, template: str) -> None:
        options = f"OWNER hmis TEMPLATE {template} STRATEGY file_copy"
        with self.connect("postgres") as link:
            link.execute(f"CREATE DATABASE {database} {options}")
        with self.connect(database) as link:
            link.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")

    def vacuum(self, database: str) -> None:
        with self.connect(database) as link:
            link.execute("VACUUM ANALYZE")

    def rename(self, database: str, name: str) -> None:
        with self.connect("postgres") as link:
            link.execute(f"ALTER DATABASE {database} RENAME TO {name}")

    def drop(self, database: str) -> None:
        with self.connect("postgres") as link:
            link.execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")


class Statistics:
    """What the server counts of one database."""

    def __init__(self, cluster: Cluster, database: str) -> None:
        self.database = database
        self.link = cluster.connect(database)

    def counted(self) -> Counted:
        row = self.link.execute(COUNTED, [self.database]).fetchone()
        return Counted(*map(float, row))

    def dearest(self, most: int) -> list[tuple]:
        return self.link.execute(DEAREST, [self.database, most]).fetchall()

    def reset(self) -> None:
        self.link.execute("SELECT pg_stat_statements_reset()")

    def backends(self) -> list[int]:
        """The processes that serve the web server's connections."""
        rows = self.link.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = %s AND usename = 'hmis_server'",
            [self.database],
        )
        return [pid for (pid,) in rows]

    def size(self) -> int:
        """Bytes of the database."""
        return self.link.execute("SELECT pg_database_size(%s)", [self.database]).fetchone()[0]


def processor_ms(pids: list[int]) -> float:
    """The processor time that these processes have used, all their threads, in milliseconds."""
    total = 0
    for pid in pids:
        for task in _tasks(pid):
            with contextlib.suppress(OSError, ValueError):
                total += int((task / "schedstat").read_text().split()[0])
    return total / 1e6


def _tasks(pid: int) -> Iterator[Path]:
    with contextlib.suppress(OSError):
        yield from (Path("/proc") / str(pid) / "task").iterdir()
