"""Database, replica, cache and sessions: what PostgreSQL and Redis keep."""

from typing import Any

from environs import Env

from hmis import environment

REDIS_SECONDS = 2  # to connect, and for each answer


def chosen(env: Env, *, tls_ca_file: str) -> dict[str, Any]:
    """Django's settings of databases, cache and sessions, and our time-outs (docs/faults.md)."""
    default = environment.database(env) | {"ENGINE": "hmis.postgresql"}
    default["OPTIONS"] = {
        "connect_timeout": env.int("DATABASE_CONNECT_SECONDS", 2),
        # A server that is gone without a word, as after a power cut, is missed after 30 seconds.
        "keepalives_idle": 15,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 30_000,
        **default.get("OPTIONS", {}),
        "pool": {
            "min_size": 1,
            "max_size": env.int("DATABASE_POOL_SIZE", 8),
            "max_lifetime": 1800,
        },
    }
    return {
        "DATABASES": {"default": default} | _replica(env, default),
        # The role of the web server, which owns nothing; the owner's: hmis/roles.py
        "DATABASE_SERVER_ROLE": default["USER"],
        # In seconds; 0 is without end.
        "DATABASE_POOL_SECONDS": {"request": env.float("DATABASE_POOL_SECONDS", 2), "command": 20},
        "DATABASE_TIMEOUTS": {
            "request": {
                "lock_timeout": env.float("DATABASE_LOCK_SECONDS", 4),
                "statement_timeout": env.float("DATABASE_STATEMENT_SECONDS", 30),
                "idle_in_transaction_session_timeout": env.float("DATABASE_IDLE_SECONDS", 60),
            },
            "command": {
                "lock_timeout": env.float("DATABASE_COMMAND_LOCK_SECONDS", 60),
                "statement_timeout": 0,
                "idle_in_transaction_session_timeout": 0,
            },
        },
    } | _cache_and_sessions(env.str("REDIS_URL", ""), tls_ca_file)


def _replica(env: Env, default: dict[str, Any]) -> dict[str, Any]:
    """Officers' lists and exports are read there, where it is set: docs/scaling.md."""
    if not env.str("DATABASE_REPLICA_URL", ""):
        return {}
    there = environment.database(env, "DATABASE_REPLICA_URL")
    options = default["OPTIONS"] | {"connect_timeout": 2} | there.get("OPTIONS", {})
    return {"replica": default | there | {"ENGINE": default["ENGINE"], "OPTIONS": options}}


def _cache_and_sessions(redis_url: str, tls_ca_file: str) -> dict[str, Any]:
    if redis_url:
        is_verified = tls_ca_file and redis_url.startswith("rediss://")
        waits = dict.fromkeys(("socket_connect_timeout", "socket_timeout"), REDIS_SECONDS)
        cache = {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": redis_url,
            "OPTIONS": waits | ({"ssl_ca_certs": tls_ca_file} if is_verified else {}),
        }
    else:
        cache = {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "hmis_cache",
            # Used codes are remembered in it: nobody pushes them out by filling it.
            "OPTIONS": {"MAX_ENTRIES": 100_000},
        }
    kind = "cache" if redis_url else "database"
    return {
        "REDIS_URL": redis_url,
        "CACHES": {"default": cache},
        "SESSION_ENGINE": f"agencies.sessions.{kind}",
    }
