"""Texts that are kept in files, as HTML: CommonMark, in which HTML of its own is shown as text."""

from collections.abc import Sequence

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

BREAKS = {"softbreak", "hardbreak"}
_PARSER = MarkdownIt("commonmark", {"html": False, "linkify": False, "typographer": False})


def parsed(text: str) -> list[Token]:
    """The parts of a text in order, as markdown-it has them."""
    return _PARSER.parse(text)


def as_html(tokens: Sequence[Token]) -> SafeString:
    """What was parsed as HTML; whatever is in it that looks like HTML is escaped."""
    html = _PARSER.renderer.render(tokens, _PARSER.options, {})
    return mark_safe(html)  # noqa: S308 -- markdown-it's own, without HTML of the text


def html_of(text: str) -> SafeString:
    return as_html(parsed(text))


def words_of(tokens: Sequence[Token]) -> str:
    """The text alone, without marks and pictures."""
    parts = []
    for token in tokens:
        if token.type == "inline":
            inside = token.children or ()
            shown = [one for one in inside if one.type != "image"]
            parts.append("".join(" " if one.type in BREAKS else one.content for one in shown))
    return " ".join(parts)
