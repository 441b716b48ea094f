"""What the pages are called where the access log names them: in words, for people."""

import tomllib
from pathlib import Path

from django.apps import apps
from django.contrib import admin

UNKNOWN = "Unknown page"
OFFICERS = {
    "changelist": "{}",
    "change": "{}: one record",
    "history": "{}: history",
    "delete": "{}: delete",
    "add": "{}: add",
}
NAMES = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def page_name(view_name: str) -> str:
    """Return what a page is called; of one that is gone, what its address was called."""
    if name := NAMES.get(view_name):
        return name
    return _of_officers_page(view_name) or _of_former_page(view_name)


def _of_officers_page(view_name: str) -> str:
    """Of a list in the Data Quality workspace, or of one record of it."""
    place, _, name = view_name.partition(":")
    app_label, _, rest = name.partition("_")
    model, _, action = rest.partition("_")
    known = apps.all_models.get(app_label, {}).get(model)
    if place != "admin" or known is None or action not in OFFICERS:
        return ""
    if not admin.site.is_registered(known):
        return ""
    return OFFICERS[action].format(admin.site.get_model_admin(known).heading)


def _of_former_page(view_name: str) -> str:
    words = view_name.replace(":", " ").replace("_", " ").strip()
    return f"{words.capitalize()} (former page)" if words else UNKNOWN
