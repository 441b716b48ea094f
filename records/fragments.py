"""Parts of pages that are rendered once in a process, with marks where a user's own words come."""

import re
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from records.widgets import raw

MOST = 1000  # kept; what is beyond is rendered each time
MARK = re.compile("\0([a-z_]+)\0")
_kept: dict[str, str] = {}


def fragment(
    template: str, values: dict[str, Any] | None = None, plain: dict[str, Any] | None = None
) -> SafeString:
    """Render a template, or take what was rendered before and put the values into it.

    Args:
        values: whatever belongs to a person or a request. They are escaped, and never kept; the
            template shows them as they are, without filters, and may ask whether there is one.
        plain: everything else that it shows or decides by, such as a label of a menu: one text is
            kept for each of them. Nothing that is about a person.
    """
    given = {name: raw(one) for name, one in (values or {}).items() if one}
    key = f"{template} {plain!r} {[*given]!r}"
    text = _kept.get(key)
    if text is None:
        text = _rendered(template, given, plain or {})
        if len(_kept) < MOST and not settings.DEBUG:
            _kept[key] = text
    return mark_safe(text % given)  # noqa: S308 -- the template's own, and what was escaped


def _rendered(template: str, given: dict[str, Any], plain: dict[str, Any]) -> str:
    marks = {name: mark_safe(f"\0{name}\0") for name in given}  # noqa: S308 -- replaced above
    text = render_to_string(template, {**plain, **marks})
    return MARK.sub(r"%(\1)s", text.replace("%", "%%"))
