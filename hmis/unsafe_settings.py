"""Combinations of settings with which nothing starts: neither manage.py nor a web server.

The last line of settings.py asks `refuse`. What needs Django or the database to be seen is in
`hmis.checks`.
"""

import base64
import binascii
import logging
import re
import ssl
import zoneinfo
from collections.abc import Iterator, Mapping
from functools import cache
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from django.http.request import validate_host

from hmis import seal_settings
from hmis.environment import ConfigurationError

# RFC 2606: nobody's; .env.example uses them. (The top level .example stays for tests.)
EXAMPLE_DOMAIN = re.compile(r"(^|[.@])example\.(org|com|net)$")
PLACEHOLDER = re.compile(r"change.?me|insecure|placeholder|your.?(secret|key)|example", re.I)
EXAMPLE_PASSWORDS = {"password", "postgres", "hmis", "secret", "changeme"}
DATABASE_URLS = {"default": "DATABASE_URL", "replica": "DATABASE_REPLICA_URL"}
S3_PARTS = ("S3_ENDPOINT_URL", "S3_REGION", "S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY")
SHORTEST_KEY = 32  # characters
FEWEST_CHARACTERS = 8  # different ones in a key

SCANNER = re.compile(r"unix:.+|(tls:)?\S+:\d{1,5}")

# What ALLOW_WITHOUT_TLS may name: connections over a network that nobody else is on.
CONNECTIONS = ("database", "mail", "redis", "files", "clamav")

Settings = Mapping[str, Any]
logger = logging.getLogger("hmis.security")


def refuse(settings: Settings, environment: Mapping[str, str]) -> None:
    """Raise ConfigurationError with a sentence for each thing that is unsafe.

    settings: the names of the settings module. environment: of this process, `.env` included.
    """
    found = list(_times(settings))
    found += _demonstration(settings) if settings["DEMO"] else _production(settings)
    found += _file_store(settings, environment)
    found += _scanner_and_authorities(settings)
    found += seal_settings.unfit(settings)
    if found:
        log_refusal(len(found))
        raise ConfigurationError("\n".join(found))


@cache  # manage.py has the settings imported twice, if the first time fails
def log_refusal(count: int) -> None:
    logger.critical("Refused to start: %d settings are unsafe", count)


def is_local(host: str) -> bool:
    """Whether a host is this machine: a loopback address, a socket's folder or no host at all."""
    host = host.strip("[]")
    if not host or host.startswith("/") or host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _demonstration(settings: Settings) -> Iterator[str]:
    for alias, database in settings["DATABASES"].items():
        host = database.get("HOST") or ""
        if not is_local(host):
            yield (
                f"HMIS_DEMO is for a demonstration on one machine, and {DATABASE_URLS[alias]} "
                f"names a server elsewhere ({host}). Set HMIS_DEMO=false, or a database of this "
                "machine."
            )
    real = [name for name in settings["ALLOWED_HOSTS"] if not is_local(name)]
    if real:
        yield (
            f"HMIS_DEMO has no second factor and published passwords, and ALLOWED_HOSTS opens it "
            f"under {', '.join(real)}. Set HMIS_DEMO=false, or leave ALLOWED_HOSTS out."
        )


def _production(settings: Settings) -> Iterator[str]:
    if settings["DEBUG"]:
        yield "DEBUG shows settings and clients' data to everybody. Set DEBUG=false."
    if not settings["HTTPS"] and not settings["ALLOW_PLAIN_HTTP"]:
        yield (
            "HTTPS=false sends passwords and clients' data in the clear. Set HTTPS=true, or "
            "ALLOW_PLAIN_HTTP=true too where no network lies between browser and server."
        )
    yield from _keys(settings)
    yield from _hosts(settings)
    yield from _examples(settings)
    yield from _clear_connections(settings)


def _clear_connections(settings: Settings) -> Iterator[str]:
    """What leaves this machine leaves it in TLS, and to a server whose certificate was verified."""
    allowed = settings["ALLOW_WITHOUT_TLS"]
    if unknown := [name for name in allowed if name not in CONNECTIONS]:
        yield f"ALLOW_WITHOUT_TLS names {', '.join(unknown)}. Choose from {', '.join(CONNECTIONS)}."
    found = {
        "mail": _mail(settings),
        "redis": _by_scheme("Sessions", settings, "REDIS_URL", "redis://", "rediss://"),
        "files": _by_scheme("Clients' files", settings, "S3_ENDPOINT_URL", "http://", "https://"),
        "clamav": _scanner(settings["CLAMAV_ADDRESS"]),
    }
    for alias, database in settings["DATABASES"].items():
        found["database"] = found.get("database") or unverified_database(
            DATABASE_URLS[alias], database
        )
    yield from (words for name, words in found.items() if words and name not in allowed)


def _mail(settings: Settings) -> str:
    is_in_tls = settings.get("EMAIL_USE_TLS") or settings.get("EMAIL_USE_SSL")
    if is_in_tls or is_local(settings.get("EMAIL_HOST") or ""):
        return ""
    return _in_the_clear("Mail", "EMAIL_URL", "smtps:// or submission://")


def _by_scheme(what: str, settings: Settings, name: str, clear: str, verified: str) -> str:
    address = settings[name] or ""
    if not address.startswith(clear) or is_local(urlsplit(address).hostname or ""):
        return ""
    return _in_the_clear(what, name, verified)


def _scanner(address: str) -> str:
    if address.startswith(("unix:", "tls:")) or is_local(address.rpartition(":")[0]):
        return ""
    return _in_the_clear("Uploads", "CLAMAV_ADDRESS", "tls: and a stunnel before the daemon")


def unverified_database(name: str, database: Mapping[str, Any]) -> str:
    """A sentence where a connection to a database elsewhere does not verify its server."""
    options = database.get("OPTIONS") or {}
    if is_local(database.get("HOST") or "") or options.get("sslmode") == "verify-full":
        return ""
    return (
        f"{name} names a server elsewhere, and does not verify that it is that server. Add "
        "?sslmode=verify-full&sslrootcert=/etc/hmis/ca.pem to it, or name database in "
        "ALLOW_WITHOUT_TLS where nobody else is on the network."
    )


def _in_the_clear(what: str, setting: str, verified: str) -> str:
    return (
        f"{what} would leave this machine in the clear ({setting}). Use {verified}, or name the "
        "connection in ALLOW_WITHOUT_TLS where nobody else is on the network."
    )


def _keys(settings: Settings) -> Iterator[str]:
    plain = {name: settings[name] for name in ("SECRET_KEY", "SSN_HASH_KEY")}
    for number, key in enumerate(settings["SECRET_KEY_FALLBACKS"], 1):
        plain[f"SECRET_KEY_FALLBACKS ({number})"] = key
    for name, key in plain.items():
        if len(key) < SHORTEST_KEY or len(set(key)) < FEWEST_CHARACTERS or PLACEHOLDER.search(key):
            yield (
                f"{name} is too short or no random one. Make one: "
                'python -c "import secrets; print(secrets.token_urlsafe(50))"'
            )
    encrypting = {
        f"SSN_ENCRYPTION_KEYS ({number})": key
        for number, key in enumerate(settings["SSN_ENCRYPTION_KEYS"], 1)
    }
    for name, key in encrypting.items():
        if not _is_fernet_key(key):
            yield (
                f"{name} is no key of cryptography's Fernet. Make one: python -c "
                '"from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'
            )
    names: dict[str, str] = {}
    for name, key in (plain | encrypting).items():
        if key in names:
            yield f"{names[key]} and {name} are the same key. Make one for each."
        names.setdefault(key, name)


def _is_fernet_key(key: str) -> bool:
    try:
        raw = base64.urlsafe_b64decode(key)
    except (ValueError, binascii.Error):
        return False
    return len(raw) == 32 and len(set(raw)) >= FEWEST_CHARACTERS


def _hosts(settings: Settings) -> Iterator[str]:
    hosts = [name.strip() for name in settings["ALLOWED_HOSTS"] if name.strip()]
    if not hosts:
        yield "ALLOWED_HOSTS is empty. Set it to the host that users type, such as hmis.city.gov."
    if "*" in hosts:
        yield "ALLOWED_HOSTS=* lets anybody choose the address in our links. Name the hosts."
    site = settings["SITE_URL"]
    address = urlsplit(site)
    if not site:
        yield "There is no SITE_URL. Set it to the portal's address, for the links in mails."
    elif not address.hostname or address.query or address.fragment:
        yield "SITE_URL is no address. Write it as https://hmis.city.gov/"
    elif settings["HTTPS"] and address.scheme != "https":
        yield "SITE_URL has to begin with https://, for the links in mails."
    elif hosts and not validate_host(address.hostname, hosts):
        yield f"SITE_URL names {address.hostname}, which is not among ALLOWED_HOSTS."


def _examples(settings: Settings) -> Iterator[str]:
    named = {
        **{
            DATABASE_URLS[alias]: [database.get("HOST") or ""]
            for alias, database in settings["DATABASES"].items()
        },
        "ALLOWED_HOSTS": settings["ALLOWED_HOSTS"],
        "CSRF_TRUSTED_ORIGINS": [
            urlsplit(origin).hostname or "" for origin in settings["CSRF_TRUSTED_ORIGINS"]
        ],
        "SITE_URL": [urlsplit(settings["SITE_URL"]).hostname or ""],
        "EMAIL_URL": [settings.get("EMAIL_HOST") or ""],
        "DEFAULT_FROM_EMAIL": [settings["DEFAULT_FROM_EMAIL"].rstrip("> ")],
        "HELP_DESK_EMAIL": [settings["HELP_DESK_EMAIL"]],
    }
    for name, values in named.items():
        for value in values:
            if EXAMPLE_DOMAIN.search(value.strip().lower()):
                yield f"{name} still has the value of an example ({value}). Set your own."
    for alias, database in settings["DATABASES"].items():
        password = database.get("PASSWORD") or ""
        if password.lower() in EXAMPLE_PASSWORDS or (password and password == database.get("USER")):
            yield (
                f"The password in {DATABASE_URLS[alias]} is the one of an example. Give the role "
                "another one."
            )


def _file_store(settings: Settings, environment: Mapping[str, str]) -> Iterator[str]:
    given = [name for name in S3_PARTS if environment.get(name)]
    if environment.get("S3_BUCKET"):
        keys = {"S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY"}
        if len(keys & set(given)) == 1:
            yield f"Of the S3 store's keys there is only {(keys & set(given)).pop()}. Set both."
    elif given:
        yield (
            f"{', '.join(given)} without S3_BUCKET: clients' files would go to a folder of this "
            "machine. Set S3_BUCKET, or take the others out."
        )
    elif environment.get("SIGNED_DOWNLOADS", "").strip().lower() in {"1", "true", "yes", "on"}:
        yield "SIGNED_DOWNLOADS needs an S3 store. Set S3_BUCKET, or SIGNED_DOWNLOADS=false."


def _scanner_and_authorities(settings: Settings) -> Iterator[str]:
    if (address := settings["CLAMAV_ADDRESS"]) and not SCANNER.fullmatch(address):
        yield (
            "CLAMAV_ADDRESS cannot be understood. Write unix:/run/clamav/clamd.ctl, "
            "127.0.0.1:3310 or tls:clamav.city.gov:3311."
        )
    if path := settings["TLS_CA_FILE"]:
        try:
            ssl.create_default_context(cafile=path)
        except ssl.SSLError:
            yield f"TLS_CA_FILE ({path}) has no certificates in PEM."
        except OSError as error:
            yield f"TLS_CA_FILE ({path}) cannot be read ({error.strerror})."


def _times(settings: Settings) -> Iterator[str]:
    zone = settings["TIME_ZONE"]
    try:
        zoneinfo.ZoneInfo(zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        yield f"TIME_ZONE={zone} is no name of a time zone. Write one such as America/New_York."
    if 0 < settings["IDLE_TIMEOUT"] <= settings["IDLE_WARNING"]:
        yield "IDLE_WARNING_SECONDS has to be less than IDLE_TIMEOUT_MINUTES."
