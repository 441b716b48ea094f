"""Parts of pages that go around what a template has; the others are in templates/components."""

from functools import cache

from crispy_forms.templatetags.crispy_forms_filters import as_crispy_field
from django import template
from django.forms import BaseForm
from django.template.loader import render_to_string
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join

register = template.Library()


@register.simple_block_tag
def table(content: str, caption: str, *columns: str, frame: bool = True, style: str = "") -> str:
    """A table around its rows; a column in parentheses has a name for screen readers only."""
    head = [(name.strip("()"), name.startswith("(")) for name in columns]
    context = {"caption": caption, "columns": head, "frame": frame, "style": style}
    return render_to_string("components/table.html", context | {"rows": content})


@register.simple_block_tag
def card(content: str, heading: str, key: str = "", *, body: bool = False, style: str = "") -> str:
    """A card under its heading; with a key, it is a region of the page."""
    context = {"heading": heading, "key": key, "body": body, "style": style, "content": content}
    return render_to_string("components/card.html", context)


@register.simple_block_tag
def fact(content: str, label: str) -> str:
    """One line of a list of facts that takes more than a value: see components/fact.html."""
    return format_html("<div><dt>{}</dt> <dd>{}</dd></div>", label, content)


@register.simple_block_tag(takes_context=True)
def panel(context: template.Context, content: str, heading: str, key: str, **words: str) -> str:
    """A client's newest records, with links to all and to Add: see components/panel.html."""
    context = {"client": context["client"], "heading": heading, "key": key, "rows": content}
    return render_to_string("components/panel.html", context | words)


@cache
def _icons() -> str:
    return static("hmis/icons.svg")


@register.simple_tag
def icon(name: str, *, turn: bool = False) -> str:
    """A drawing beside words, which say the same: no screen reader names it."""
    style = "icon turn" if turn else "icon"
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        *(style, _icons(), name),
    )


@register.simple_tag
def fields(form: BaseForm, names: str, row: str = "") -> str:
    """Some fields of a form, in their order; with the classes of a row, inside of it."""
    shown = format_html_join("\n", "{}", ((as_crispy_field(form[name]),) for name in names.split()))
    return format_html('<div class="{}">{}</div>', row, shown) if row else shown


@register.simple_tag(takes_context=True)
def repeat_block(context: template.Context, name: str) -> str:
    """What the page says in a block, once more."""
    block = context.render_context[BLOCK_CONTEXT_KEY].get_block(name)
    return block.render(context)
