"""The words that pages are made of, each whole: of templates, forms, menus and HUD's lists."""

import ast
import html
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from hud.lists import code_lists
from tests.test_floors import FLOORS, MODULES, ROOT

COMMENT = re.compile(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}|<!--.*?-->", re.S)
TAG = re.compile(r"\{%.*?%\}", re.S)
MARK = re.compile(r"<[^<>]*>|\{\{.*?\}\}|\{%.*?%\}", re.S)
QUOTED = re.compile(r'"([^"]*)"')
NAMED = re.compile(r'(?:title|aria-label|placeholder|alt)="([^"]*)"')


@cache
def labels() -> frozenset[str]:
    """Every text of the source that a page may show, without white space around it."""
    found = (*_of_templates(), *_of_python(), *_of_settings(), *_of_lists())
    return frozenset(" ".join(one.split()) for one in found)


def _of_templates() -> Iterator[str]:
    for path in sorted((ROOT / "templates").rglob("*.html")):
        yield from of_template(path.read_text())


def of_template(text: str) -> Iterator[str]:
    text = COMMENT.sub("", text)
    for tag in TAG.findall(text):
        yield from QUOTED.findall(tag)
    yield from map(html.unescape, NAMED.findall(text))
    yield from map(html.unescape, MARK.split(text))


def _of_python() -> Iterator[str]:
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def _of_settings() -> Iterator[str]:
    for package in FLOORS:
        for path in sorted((ROOT / package).rglob("*.toml")):
            if path.stem not in {"topics", "explanations"}:
                yield from _texts(tomllib.loads(path.read_text()))


def _texts(read: Any) -> Iterator[str]:
    if isinstance(read, str):
        yield read
    elif isinstance(read, dict):
        yield from (text for one in read.values() for text in _texts(one))
    elif isinstance(read, list):
        yield from (text for one in read for text in _texts(one))


def _of_lists() -> Iterator[str]:
    for one in code_lists().values():
        yield from (label for _, label in one.values)


def documents() -> list[Path]:
    return sorted((ROOT / "docs/help").glob("*.md"))
