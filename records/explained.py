"""What a question means, on the page that asks it: closed until somebody opens it."""

from functools import cache

from django.utils.safestring import SafeString

from hud.explanations import Explanation, beside
from records.icons import icon
from records.markdown import html_of
from records.widgets import text


def explained(field: str, label: str = "") -> SafeString:
    """The explanations of a question; empty where there is none.

    Args:
        field: the name of its column.
        label: how it is asked, for those who hear the page.
    """
    found = beside(field)
    if not found:
        return SafeString("")
    of = f'<span class="visually-hidden">: {text(label)}</span>' if label else ""
    shown = "".join(map(_html, found))
    return SafeString(
        f'<details class="explained no-print"><summary>{icon("help")}What this means{of}</summary>'
        f'<div class="explanation">{shown}</div></details>'
    )


@cache
def _html(one: Explanation) -> str:
    return f"<p><strong>{text(one.heading)}</strong></p>{html_of(one.text)}"
