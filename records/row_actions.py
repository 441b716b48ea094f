"""The entries behind the one button of a row (1.7)."""

from typing import Any

from django.urls import reverse

RowAction = dict[str, Any]


def row_action(label: str, icon: str, page: str, *place: Any, **options: bool) -> RowAction:
    """What can be done with a row of a list.

    Args:
        page: the name of its URL, and `place` what stands in it.
        options: `dialog` for one that asks in a pop-up, `danger` for one in red, `post` for one
            that is sent at once, and `back` where it leads back to the list.
    """
    return {"label": label, "icon": icon, "url": reverse(page, args=place), **options}
