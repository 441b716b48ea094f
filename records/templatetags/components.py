"""Parts of pages, written by Python: each is there dozens of times. See templates/components."""

import re
from collections.abc import Iterable
from typing import Any

from django import template
from django.forms import BaseForm
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from records import icons
from records.explained import explained
from records.form_html import control_html, errors_html, field_html, form_html
from records.pages import RowAction
from records.widgets import text

ADMIN_ICON = re.compile(r'<img src="[^"]*/icon-(yes|no|unknown)[^"/]*" alt="[^"]*">')
NUMBER = re.compile(r"[\d\s.,:/$%()+•-]+")
ANSWERS = {"yes": "Yes", "no": "No", "unknown": "—"}

register = template.Library()
register.filter("as_field", field_html)
register.filter("as_fields", form_html)
register.filter("as_errors", errors_html)
register.filter("as_control", control_html)


@register.simple_block_tag
def table(content: str, caption: str, *columns: str, frame: bool = True, style: str = "") -> str:
    """A table around its rows; a column in parentheses has a name for screen readers only."""
    start, end = ('<div class="table-frame">', "</div>") if frame else ("", "")
    head = "".join(f'<th scope="col">{_column(name)}</th>' for name in columns)
    titled = f'<caption class="visually-hidden">{text(caption)}</caption>' if caption else ""
    return SafeString(
        f'{start}<table class="{_classes("table table-cards", style)}">{titled}'
        f"<thead><tr>{head}</tr></thead><tbody>{content}</tbody></table>{end}"
    )


def _column(name: str) -> str:
    shown = text(name.strip("()"))
    return f'<span class="visually-hidden">{shown}</span>' if name.startswith("(") else shown


def _classes(first: str, more: str) -> str:
    return f"{first} {text(more)}" if more else first


@register.simple_block_tag
def card(content: str, heading: str, key: str = "", *, body: bool = False, style: str = "") -> str:
    """A card under its heading; with a key, it is a region of the page."""
    named, id_ = (f' aria-labelledby="{text(key)}"', f' id="{text(key)}"') if key else ("", "")
    inner = f'<div class="card-body">{content}</div>' if body else content
    return SafeString(
        f'<section class="{_classes("card", style)}"{named}><div class="card-head">'
        f"<h2{id_}>{text(heading)}</h2></div>{inner}</section>"
    )


@register.simple_tag
def badge(words: Any, tone: str = "", icon: str = "") -> SafeString:
    """A word or two in a colored frame, with an icon before them."""
    drawn = icons.icon(icon) if icon else ""
    return SafeString(
        f'<span class="{_classes("badge", tone and f"badge-{tone}")}">{drawn}{text(words)}</span>'
    )


@register.simple_tag
def value(label: Any, of: Any, none: Any = "Not given", *, wide: bool = False) -> SafeString:
    """One line of a list of facts: a label and its value, or what says that there is none."""
    style = ' class="wide"' if wide else ""
    if of or of == 0:
        number = ' class="num"' if NUMBER.fullmatch(str(of)) else ""
        shown = f"<dd{number}><bdi>{text(of)}</bdi></dd>"
    else:
        shown = f'<dd class="none">{text(none)}</dd>'
    return SafeString(f"<div{style}><dt>{text(label)}</dt>\n{shown}</div>")


@register.simple_block_tag
def fact(content: str, label: str) -> str:
    """One line of a list of facts that takes more than a value: see `value`."""
    return format_html("<div><dt>{}</dt> <dd>{}</dd></div>", label, content)


@register.simple_block_tag(takes_context=True)
def panel(context: template.Context, content: str, heading: str, key: str, **words: str) -> str:
    """A client's newest records, with links to all and to Add; one line where there are none.

    Words: `list_url`, `add_url`, `nouns` and `noun` for screen readers, `none` where there are no
    records, `style` of the list.
    """
    see_all = _panel_link(words["list_url"], "", "See all", words["nouns"])
    add = ""
    if words.get("add_url") and not getattr(context["client"], "is_emergency", False):
        add = _panel_link(words["add_url"], icons.icon("plus"), "Add", words["noun"])
    if content.strip():
        slim, none, links = "", "", see_all + add
        rows = f'<ul class="{_classes("list", words.get("style", ""))}">{content}</ul>'
    else:
        slim, links, rows = " card-slim", add or see_all, ""
        none = f'<p class="muted">{text(none_seen(context["client"], words["none"]))}</p>'
    return SafeString(
        f'<section class="card{slim}" aria-labelledby="{key}-panel"><div class="card-head">'
        f'<h2 id="{key}-panel">{text(heading)}</h2>{none}<div class="actions">{links}</div></div>'
        f"{rows}</section>"
    )


@register.simple_tag
def none_seen(client: Any, none: str) -> str:
    """What stands where there are no records; for want of a release there may be others."""
    return "None that you see." if getattr(client, "may_hide", False) else none


def _panel_link(url: str, drawn: str, word: str, nouns: str) -> str:
    hidden = f'<span class="visually-hidden"> {text(nouns)}</span>'
    return f'<a class="btn btn-quiet btn-sm" href="{text(url)}">{drawn}{word}{hidden}</a>\n'


@register.simple_tag(takes_context=True)
def row_actions(
    context: template.Context, actions: Iterable[RowAction], subject: Any
) -> SafeString:
    """The menu behind the one button of a row."""
    shown = text(subject)
    items = "".join(_sent(context, one) if one.get("post") else _linked(one) for one in actions)
    return SafeString(
        f'<details class="row-actions" data-menu><summary aria-label="Actions for {shown}" '
        f'title="Actions">{icons.icon("more")}</summary><ul class="menu">{items}</ul></details>'
    )


def _named(action: RowAction) -> str:
    drawn = icons.icon(action["icon"]) if action["icon"] else ""
    return f"{drawn}{text(action['label'])}"


def _danger(action: RowAction) -> str:
    return ' class="danger"' if action.get("danger") else ""


def _linked(action: RowAction) -> str:
    url = text(action["url"])
    dialog = f' hx-get="{url}" hx-target="#dialog"' if action.get("dialog") else ""
    return f'<li><a href="{url}"{_danger(action)}{dialog}>{_named(action)}</a></li>'


def _sent(context: template.Context, action: RowAction) -> str:
    token = conditional_escape(str(context.get("csrf_token", "")))
    address = text(context["request"].get_full_path())
    back = f'<input type="hidden" name="next" value="{address}">' if action.get("back") else ""
    return (
        f'<li><form method="post" action="{text(action["url"])}">'
        f'<input type="hidden" name="csrfmiddlewaretoken" value="{token}">{back}'
        f'<button type="submit"{_danger(action)}>{_named(action)}</button></form></li>'
    )


register.simple_tag(icons.icon, name="icon")
register.simple_tag(explained)


@register.filter
def in_words(contents: str) -> str:
    """What admin shows of a field that nobody may change; a yes or no is a word, not its icon."""
    found = ADMIN_ICON.fullmatch(contents)
    return ANSWERS[found[1]] if found else contents


@register.simple_tag
def fields(form: BaseForm, names: str, row: str = "") -> SafeString:
    """Some fields of a form, in their order; with the classes of a row, inside of it."""
    shown = "\n".join(field_html(form[name]) for name in names.split())
    return SafeString(f'<div class="{row}">{shown}</div>' if row else shown)


@register.simple_tag(takes_context=True)
def repeat_block(context: template.Context, name: str) -> str:
    """What the page says in a block, once more."""
    block = context.render_context[BLOCK_CONTEXT_KEY].get_block(name)
    return block.render(context)
