"""Workspaces and their left menus (1.3, 1.4) of menus.toml. Entries name URLs, never views."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest

from clients.models import Client
from records.addresses import address


@dataclass(frozen=True)
class Entry:
    """A line of a menu."""

    key: str
    label: str
    url_name: str
    icon: str = ""
    needs_client: bool = False
    takes_client: bool = False
    needs_cas: bool = False
    needs_officer: bool = False
    needs_setting: str = ""
    changes_client: bool = False  # so that emergency access, which only reads, never leads there
    pages: tuple[str, ...] = ()  # others that belong to the entry
    models: tuple[str, ...] = ()  # whose pages in admin belong to the entry
    model: str = ""  # `app.model` whose list in admin it leads to, and whose admin says who sees it

    def is_for(self, request: HttpRequest) -> bool:
        """Whether the user may know that the entry exists."""
        if self.needs_setting and not getattr(settings, self.needs_setting):
            return False
        if self.model:
            model_admin = admin.site.get_model_admin(apps.get_model(self.model))
            return model_admin.has_view_permission(request)
        if self.url_name.startswith("admin:"):
            return admin.site.has_permission(request)
        if self.needs_officer and not request.user.dqo_organizations:
            return request.user.is_superuser
        return not self.needs_cas or request.user.has_cas_access

    def is_at(self, view_name: str) -> bool:
        """Whether the page of that name belongs to the entry."""
        models = (self.model, *self.models) if self.model else self.models
        if any(view_name.startswith(f"admin:{one.replace('.', '_')}_") for one in models):
            return True
        return view_name in (self.url_name, *self.pages)

    def url(self, client: Client | None) -> str | None:
        """The entry's address; None where it needs a client and none is open, or none to change."""
        if not self.needs_client:
            with_client = f"?client={client.pk}" if self.takes_client and client else ""
            return address(self.url_name) + with_client
        if client is None or (self.changes_client and client.is_emergency):
            return None
        return address(self.url_name, client.pk)


@dataclass(frozen=True)
class Folder:
    """Lines that fold away; open on their own pages, and some wherever a client is open."""

    key: str
    label: str
    icon: str
    entries: tuple[Entry, ...]
    opens_with_client: bool = False


HOME_PAGES = {"demonstration:mails", "demonstration:mail"}


def _item(read: dict[str, Any]) -> Entry | Folder:
    """An entry or folder of menus.toml; an entry that names a model leads to its list in admin."""
    if "entries" in read:
        return Folder(**read | {"entries": tuple(map(_item, read["entries"]))})
    if model := read.get("model"):
        app_label, model_name = model.split(".")
        url_name = f"admin:{app_label}_{model_name}_changelist"
        read = {"key": f"dq-{model_name}", "url_name": url_name} | read
    lists = {name: tuple(read.get(name, ())) for name in ("pages", "models")}
    return Entry(**read | lists)


MENUS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
WORKSPACES = {name: tuple(map(_item, menu)) for name, menu in MENUS.items()}
ALL_ENTRIES = {
    entry.key: entry
    for menu in WORKSPACES.values()
    for item in menu
    for entry in (item.entries if isinstance(item, Folder) else (item,))
}


def workspace_of(request: HttpRequest) -> str:
    """The workspace that the page belongs to."""
    match = request.resolver_match
    view_name = match.view_name if match else "home"
    if view_name.startswith("admin:"):
        return "data-quality"
    is_home = view_name in HOME_PAGES or any(one.is_at(view_name) for one in WORKSPACES["home"])
    return "home" if is_home else "clients"


def workspaces(request: HttpRequest) -> list[dict]:
    current = workspace_of(request)
    tabs = [
        {"label": "Home", "url": address("home"), "active": current == "home"},
        {"label": "Clients", "url": address("clients:find"), "active": current == "clients"},
    ]
    if admin.site.has_permission(request):
        is_here = current == "data-quality"
        tabs.append({"label": "Data Quality", "url": address("admin:index"), "active": is_here})
    return tabs


def favorites_menu(request: HttpRequest, client: Client | None) -> dict:
    """The left menu of the page's workspace with the user's pins on top."""
    pinned = request.user.pinned
    view_name = getattr(request.resolver_match, "view_name", None) or ""

    def shown(entry: Entry) -> dict | None:
        url = entry.url(client) if entry.is_for(request) else None
        return url and {
            "key": entry.key,
            "label": entry.label,
            "icon": entry.icon,
            "url": url,
            "active": entry.is_at(view_name),
            "pinned": entry.key in pinned,
        }

    def shown_item(item: Entry | Folder) -> dict | None:
        if isinstance(item, Entry):
            return shown(item)
        entries = [line for line in map(shown, item.entries) if line]
        is_here = any(line["active"] for line in entries)
        is_open = is_here or (item.opens_with_client and client is not None)
        folder = {"key": item.key, "label": item.label, "icon": item.icon, "open": is_open}
        return folder | {"entries": entries} if entries else None

    pins = [shown(ALL_ENTRIES[key]) for key in pinned if key in ALL_ENTRIES]
    items = [shown_item(item) for item in WORKSPACES[workspace_of(request)]]
    return {"pins": [pin for pin in pins if pin], "entries": [item for item in items if item]}
