"""Where the settings come from: the environment of this process, else `.env` beside manage.py.

The one place that decides it, for manage.py and for every web server alike.
"""

import io
import os
from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from dotenv.parser import parse_stream
from environs import Env

BASE_DIR = Path(__file__).resolve().parent.parent
NO_DATABASE = (
    "There is no DATABASE_URL. Set it, in the environment or in .env, to a PostgreSQL database "
    "such as postgresql://user:password@host:5432/hmis; or set HMIS_DEMO=true for a demonstration "
    "that manage.py gives a database of its own."
)
# May each stand in a file that NAME_FILE names, or among systemd's credentials: docs/deploying.md
SECRETS = (
    "SECRET_KEY",
    "SECRET_KEY_FALLBACKS",
    "SSN_ENCRYPTION_KEYS",
    "SSN_HASH_KEY",
    "DATABASE_URL",
    "DATABASE_REPLICA_URL",
    "EMAIL_URL",
    "REDIS_URL",
    "S3_ACCESS_KEY_ID",
    "S3_SECRET_ACCESS_KEY",
)
# A key in PEM has several lines, and stands in such a file alone.
KEY_FILES = ("RELEASE_SEAL_KEY",)
FALSE = {"", "0", "false", "f", "no", "n", "off"}


class ConfigurationError(ImproperlyConfigured):
    """The settings cannot be used; the message is one sentence for whoever installs this."""


def load() -> None:
    """Add what `.env` says to the environment of this process, whose own variables win.

    HMIS_ENV_FILE names another file; blank, none is read. Then come the secrets that stand in files
    of their own (`SECRETS`).
    Raises ConfigurationError where a file cannot be read or understood.
    """
    path = env_file()
    for name, value in (read(path) if path else {}).items():
        try:
            os.environ.setdefault(name, value)
        except ValueError as error:
            raise ConfigurationError(f"{path}: {name} cannot be used: {error}.") from None
    for name in SECRETS:
        if value := secret(name):
            os.environ[name] = value


def secret(name: str) -> str:
    """A secret setting: its own value, or what the file says that NAME_FILE or systemd names.

    Raises ConfigurationError where both are given, or the file cannot be read or is empty; the
    message does not repeat what is in it.
    """
    given, path = os.environ.get(name, ""), secret_file(name)
    if path is None:
        return given
    value = text_in(path, name)
    if not value or "\0" in value or "\n" in value:
        raise ConfigurationError(f"The file of {name} ({path}) has to hold the value in one line.")
    if given and given != value:
        raise ConfigurationError(
            f"{name} is given twice: by itself and by the file {path}. Take one of them out."
        )
    return value


def in_file(name: str) -> str:
    """What a key or a certificate says that stands in a file alone; empty where none is named.

    Raises ConfigurationError where it is given by itself, or the file cannot be read or is empty.
    """
    if os.environ.get(name):
        raise ConfigurationError(
            f"{name} has several lines. Put it into a file, and name that in {name}_FILE."
        )
    path = secret_file(name)
    if path is None:
        return ""
    if not (text := text_in(path, name)):
        raise ConfigurationError(f"The file of {name} ({path}) is empty.")
    return text


def text_in(path: Path, name: str) -> str:
    """What is in the file of a setting. Raises ConfigurationError where it cannot be read."""
    try:
        return path.read_bytes().decode().strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text in UTF-8"
        raise ConfigurationError(
            f"The file of {name} ({path}) cannot be read ({reason}). The account that runs this "
            "has to be able to read it: see its owner and mode."
        ) from None


def secret_file(name: str) -> Path | None:
    """The file that holds a secret: the one of NAME_FILE, else systemd's credential of its name."""
    if named := os.environ.get(f"{name}_FILE"):
        return absolute(named)
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    path = Path(folder, name) if folder else None
    return path if path and path.is_file() else None


def env_file() -> Path | None:
    """The file that `load` reads, or None. One that HMIS_ENV_FILE names has to be there."""
    named = os.environ.get("HMIS_ENV_FILE")
    if named is None:
        path = BASE_DIR / ".env"
        return path if os.path.lexists(path) else None
    return absolute(named) if named else None


def read(path: Path) -> dict[str, str]:
    """What a file of lines NAME=value says; values may be quoted, and are taken as they are.

    `export` before a name and comments after a blank and `#` are left out; `$` means nothing.
    Raises ConfigurationError with the number of the line.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigurationError(f"{path} is not a text file in UTF-8.") from None
    except OSError as error:
        raise ConfigurationError(
            f"{path} cannot be read ({error.strerror}). The account that runs this has to be able "
            "to read it: see its owner and mode."
        ) from None
    values = {}
    for binding in parse_stream(io.StringIO(text)):
        if binding.error or (binding.key and binding.value is None):
            # Not the line itself: it may hold a password.
            blank = len(binding.original.string) - len(binding.original.string.lstrip())
            line = binding.original.line + binding.original.string[:blank].count("\n")
            raise ConfigurationError(
                f"{path}, line {line}, cannot be understood. Write NAME=value, and put a value "
                "that holds quotes into the other kind of quotes."
            )
        if binding.key:
            values[binding.key] = binding.value or ""
    return values


def absolute(path: str) -> Path:
    """A path of the settings: relative to the folder of manage.py, wherever one works."""
    return BASE_DIR / Path(path).expanduser()


def database(env: Env, name: str = "DATABASE_URL") -> dict[str, Any]:
    """The database that a setting names, as an entry of DATABASES. Raises ConfigurationError."""
    address = env.str(name, "")
    if not address:
        raise ConfigurationError(NO_DATABASE)
    return database_of(name, address)


def database_of(name: str, address: str) -> dict[str, Any]:
    """The database of an address, as an entry of DATABASES; `name` is the setting's, for errors.

    Raises ConfigurationError, which does not repeat the address: there is a password in it.
    """
    try:
        entry = dict(dj_database_url.parse(address))
    except (ValueError, dj_database_url.UnknownSchemeError):
        entry = {}
    if entry.get("ENGINE") != "django.db.backends.postgresql" or not entry.get("NAME"):
        raise ConfigurationError(
            f"{name} cannot be understood. Write postgresql://user:password@host:5432/name, "
            "with what is special in a password as %-codes: @ is %40, / is %2F, # is %23, : is %3A."
        )
    return entry


def data_dir() -> Path:
    """Where the embedded database and the demonstration's keys live."""
    return absolute(os.environ.get("HMIS_DATA_DIR") or ".hmis")


def needs_embedded_database() -> bool:
    """Whether this is a demonstration that has to bring its own database, after `load`.

    A checkout in which nobody has written a `.env` is a demonstration. Whoever has written one
    decides in it: no database is ever brought in place of one that was meant to be there.
    """
    if os.environ.get("DATABASE_URL"):
        return False
    demo = os.environ.get("HMIS_DEMO")
    if demo is None and env_file() is None:
        os.environ["HMIS_DEMO"] = "true"
        return True
    if demo is None or demo.strip().lower() in FALSE:
        raise ConfigurationError(NO_DATABASE)
    return True
