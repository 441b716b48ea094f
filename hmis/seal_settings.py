"""The seal on the PDFs of signed releases: its key, its certificates, its time stamps.

docs/consent-seal.md. Without a key the portal works, and nobody signs a release on the screen.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from environs import Env, validate

from consent.sealing.certificates import UnfitError, certificates, seal_of
from hmis.environment import ConfigurationError, absolute, in_file, text_in

KEY, CERTIFICATE = "RELEASE_SEAL_KEY", "RELEASE_SEAL_CERTIFICATE"
TRUSTED, AUTHORITY = "RELEASE_SEAL_TRUSTED", "RELEASE_TIMESTAMP_CERTIFICATES"


def chosen(env: Env) -> dict[str, Any]:
    """The settings, with what is in the files that they name. Raises ConfigurationError."""
    folder = env.str("RELEASE_SEAL_TRUSTED", "")
    return {
        KEY: in_file(KEY),
        CERTIFICATE: in_file(CERTIFICATE),
        TRUSTED: _files_of(folder) if folder else {},
        "RELEASE_TIMESTAMP_URL": env.str("RELEASE_TIMESTAMP_URL", ""),
        AUTHORITY: in_file(AUTHORITY),
        "RELEASE_TIMESTAMP_SECONDS": env.float(
            "RELEASE_TIMESTAMP_SECONDS", 4, validate=validate.Range(0.1, 30)
        ),
    }


def unfit(settings: Mapping[str, Any]) -> Iterator[str]:
    """A sentence for each thing with which no release could be sealed or verified."""
    yield from _pair(settings.get(KEY, ""), settings.get(CERTIFICATE, ""))
    for path, text in settings.get(TRUSTED, {}).items():
        yield from _certificates(f"{path}, a file of {TRUSTED},", text)
    url, authority = settings.get("RELEASE_TIMESTAMP_URL", ""), settings.get(AUTHORITY, "")
    if url and urlsplit(url).scheme not in {"http", "https"}:
        yield "RELEASE_TIMESTAMP_URL has to begin with https:// or http://."
    if url and not authority:
        yield (
            f"RELEASE_TIMESTAMP_URL without {AUTHORITY}_FILE: nobody could verify its time stamps. "
            "Name the file with the certificates of that authority."
        )
    if authority:
        yield from _certificates(AUTHORITY, authority)


def _pair(key: str, certificate: str) -> Iterator[str]:
    if key and certificate:
        try:
            seal_of(key, certificate)
        except UnfitError as error:
            yield f"{KEY} {error}"
    elif key or certificate:
        given, missing = (KEY, CERTIFICATE) if key else (CERTIFICATE, KEY)
        yield f"There is {given} without {missing}. Name both files, or take that one out."


def _certificates(name: str, text: str) -> Iterator[str]:
    try:
        certificates(text)
    except UnfitError as error:
        yield f"{name} {error}"


def _files_of(named: str) -> dict[str, str]:
    """What is in each file of a folder whose name ends in .pem, by its path."""
    folder = absolute(named)
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix == ".pem")
    except OSError as error:
        raise ConfigurationError(
            f"{TRUSTED} ({folder}) cannot be read ({error.strerror}). It has to be a folder that "
            "the account that runs this can read."
        ) from None
    return {str(path): text_in(path, TRUSTED) for path in paths}
