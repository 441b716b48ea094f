"""The texts of docs/help, and which page each belongs to (topics.toml).

A page is named like its URL (`clients:find`). The steps of the intake share one URL and are told
apart by their slug: `enrollments:intake_step/family`. An asterisk stands for any ending.
"""

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache, cached_property, lru_cache
from itertools import groupby
from pathlib import Path

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import ResolverMatch, reverse
from django.utils.safestring import SafeString
from markdown_it.token import Token
from PIL import Image

from hmis.environment import BASE_DIR
from records.markdown import as_html, parsed, words_of

FOLDER = BASE_DIR / "docs" / "help"
STATIC = "../../static/"  # where the texts find pictures, seen from their folder
BEFORE_BODY = 6  # tokens: a heading and a paragraph open, have their text, and close
SETTINGS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
WITHOUT: dict[str, list[str]] = SETTINGS["without"]


@dataclass(frozen=True)
class Topic:
    """One task, on one page of paper.

    Args:
        key: the name of its file, and of its address.
        group: the heading under which the index lists it.
        pages: the pages whose question mark opens it.
        words: what else somebody would search for.
        is_open: whether it is read without logging in.
    """

    key: str
    group: str
    pages: tuple[str, ...]
    words: str = ""
    is_open: bool = False

    @cached_property
    def source(self) -> str:
        """The text as it is written."""
        return (FOLDER / f"{self.key}.md").read_text(encoding="utf-8")

    @cached_property
    def _tokens(self) -> list[Token]:
        return parsed(self.source)

    @cached_property
    def title(self) -> str:
        """The heading of the text, its first line."""
        return words_of(self._tokens[: BEFORE_BODY // 2])

    @cached_property
    def lead(self) -> str:
        """What it is about: the first paragraph."""
        return words_of(self._tokens[BEFORE_BODY // 2 : BEFORE_BODY])

    @property
    def body(self) -> list[Token]:
        """The steps, and what follows them."""
        return self._tokens[BEFORE_BODY:]

    @cached_property
    def text(self) -> str:
        """The words of the body, for the search."""
        return words_of(self.body)

    @cached_property
    def html(self) -> SafeString:
        """The body, its links leading to pages and its pictures to the files that are served."""
        body = parsed(self.source)[BEFORE_BODY:]
        for token in _inside(body):
            if token.type == "link_open":
                token.attrSet("href", _address(str(token.attrGet("href"))))
            elif token.type == "image":
                _show(token)
        return as_html(body)

    @property
    def url(self) -> str:
        return reverse("help_topic", args=[self.key])


def _inside(tokens: Iterable[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _inside(token.children or ())


def _show(token: Token) -> None:
    """Let a picture be served, with its size, so that nothing moves when it comes."""
    written = str(token.attrGet("src"))
    with Image.open(FOLDER / written) as picture:
        token.attrSet("width", picture.width)
        token.attrSet("height", picture.height)
    token.attrSet("src", static(written.removeprefix(STATIC)))
    token.attrSet("loading", "lazy")


def _address(written: str) -> str:
    """Where a link of a text leads: another text is a page."""
    name, dot, _ = written.partition(".md")
    return reverse("help_topic", args=[name]) if dot and "/" not in name else written


@cache
def topics() -> dict[str, Topic]:
    """All of them by key, in the order of the index."""
    return {
        key: Topic(
            key,
            group,
            tuple(read.get("pages", ())),
            read.get("words", ""),
            read.get("open", False),
        )
        for group, keys in SETTINGS["topics"].items()
        for key, read in keys.items()
    }


def groups() -> list[tuple[str, list[Topic]]]:
    """The topics under their headings."""
    by_group = groupby(topics().values(), lambda one: one.group)
    return [(group, list(found)) for group, found in by_group]


def name_of(request: HttpRequest) -> str:
    """What the page of a request is called in topics.toml; "" where no page was found."""
    match = request.resolver_match
    if match is None:
        return ""
    slug = match.kwargs.get("slug")
    return f"{match.view_name}/{slug}" if slug else match.view_name or ""


@lru_cache(maxsize=1024)
def topics_of(page: str) -> tuple[Topic, ...]:
    """The topics of a page: one, or none where it has none."""
    return tuple(one for one in topics().values() if is_named(page, one.pages))


def is_named(page: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(page, one) for one in patterns)


def is_open(match: ResolverMatch) -> bool:
    """Whether an address is of a topic that is read without logging in, or as a document."""
    found = topics().get(match.kwargs.get("topic", ""))
    return match.view_name in {"help_topic", "help_document"} and bool(found and found.is_open)


def topic_of(request: HttpRequest) -> Topic | None:
    """The topic whose steps are those of the page."""
    return next(iter(topics_of(name_of(request))), None)
