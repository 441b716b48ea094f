"""What the codes and counts of a security event say, in words."""

import tomllib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.dateparse import parse_date
from django.utils.module_loading import import_string

from agencies.models import Role, SecurityEvent

CODES = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def words_of(event: SecurityEvent) -> str:
    """One line; empty where the event has no details."""
    plain = partial(_plain, CODES["any"] | CODES.get(event.kind, {}))
    detail = dict(event.detail)
    words = [WORDS[key](detail.pop(key), plain) for key in WORDS if key in detail]
    names = {key: key.removesuffix("_id").replace("_", " ") for key in detail}
    words += [f"{names[key]} {plain(value)}" for key, value in detail.items()]
    line = ", ".join(filter(None, words))
    return line[:1].upper() + line[1:]


def _plain(codes: dict[str, str], value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_plain(codes, one) for one in value)
    code = str(value)
    return codes.get(code, code.replace("_", " ").replace("-", " "))


def _role(code: str, plain: Callable[[Any], str]) -> str:
    return Role(code).label if code in Role.values else plain(code)


def _day(text: str) -> str:
    day = parse_date(text)
    return f"{day:%m/%d/%Y}" if day else text


WORDS: dict[str, Callable[[Any, Callable[[Any], str]], str]] = {
    "methods": lambda codes, plain: codes and "with " + " and ".join(map(plain, codes)),
    "again": lambda is_so, _: "while logged in" if is_so else "",
    "first": lambda is_so, _: "after an invitation" if is_so else "",
    "deactivated": lambda is_so, _: "the account is deactivated" if is_so else "",
    "left": lambda count, _: f"{count} left",
    "page": lambda name, _: f"page: {import_string(settings.ACCESS_PAGE_NAMES)(name)}",
    "from": lambda code, plain: f"was {_role(code, plain)}",
    "to": lambda code, plain: f"is {_role(code, plain)}",
    "reason": lambda code, plain: f"reason: {plain(code)}",
    "why": lambda code, plain: f"reason: {plain(code)}",
    "limit": lambda code, plain: f"limit: {plain(code)}",
    "step": lambda code, plain: "" if code == "reason" else plain(code),
    "list": lambda key, plain: f"list: {plain(key)}",
    "identities": lambda code, _: (
        "identities hashed" if code == "hashed" else "identities readable"
    ),
    "projects": lambda ids, plain: "all projects" if ids == "all" else f"projects {plain(ids)}",
    "deleted_rows": lambda *_: "with deleted records",
    "start": lambda text, _: f"from {_day(text)}",
    "end": lambda text, _: f"to {_day(text)}",
    "part": lambda code, plain: f"{plain(code)} file",
    "set": lambda is_set, _: "set" if is_set else "lifted",
    "hold": lambda number, _: f"legal hold {number}",
    "access": lambda number, _: f"emergency access {number}",
    "request": lambda number, _: f"request {number}" if number else "",
    "identified": lambda code, plain: f"identified: {plain(code)}",
    "transfer": lambda number, _: f"number {number}",
    "is_administrator": lambda is_so, _: "given" if is_so else "taken away",
    "full_ssn": lambda is_so, _: "with the full SSN" if is_so else "",
    "cause": lambda code, plain: f"cause: {plain(code)}",
}
