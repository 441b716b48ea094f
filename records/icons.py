"""Drawings beside words, which say the same: no screen reader names them."""

from functools import cache

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString


@cache
def icon(name: str, *, turn: bool = False) -> SafeString:
    """An icon of static/hmis/icons.svg by its name; with `turn` it points down when it is open."""
    style = "icon turn" if turn else "icon"
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        *(style, static("hmis/icons.svg"), name),
    )
