"""What the codes and counts of a security event say, in words."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from agencies.models import Role, SecurityEvent

METHODS = {
    "password": "password",
    "authenticator": "authenticator app",
    "recovery_code": "recovery code",
    "password_reset": "password reset",
}


def words_of(event: SecurityEvent) -> str:
    """One line; empty where the event has no details."""
    detail = dict(event.detail)
    words = [WORDS[key](detail.pop(key)) for key in WORDS if key in detail]
    words += [f"{_plain(key)} {value}" for key, value in detail.items()]
    line = ", ".join(filter(None, words))
    return line[:1].upper() + line[1:]


def _plain(code: str) -> str:
    return str(code).replace("_", " ")


def _role(code: str) -> str:
    return Role(code).label if code in Role.values else _plain(code)


WORDS: dict[str, Callable[[Any], str]] = {
    "methods": lambda codes: (
        codes and "with " + " and ".join(METHODS.get(one, _plain(one)) for one in codes)
    ),
    "again": lambda is_so: "while logged in" if is_so else "",
    "deactivated": lambda is_so: "the account is deactivated" if is_so else "",
    "left": lambda count: f"{count} left",
    "page": lambda name: f"page: {import_string(settings.ACCESS_PAGE_NAMES)(name)}",
    "from": lambda code: f"was {_role(code)}",
    "to": lambda code: f"is {_role(code)}",
    "reason": lambda code: f"reason: {_plain(code)}",
    "why": lambda code: f"reason: {_plain(code)}",
    "limit": lambda code: f"limit: {_plain(code)}",
    "list": lambda key: f"list: {_plain(key)}",
    "set": lambda is_set: "set" if is_set else "lifted",
    "hold": lambda number: f"legal hold {number}",
    "access": lambda number: f"emergency access {number}",
    "request": lambda number: f"request {number}" if number else "",
    "identified": lambda code: f"identified: {_plain(code)}",
    "transfer": lambda number: f"number {number}",
    "is_administrator": lambda is_so: "given" if is_so else "taken away",
}
