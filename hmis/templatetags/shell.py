"""The frame of a page, from fragments: nothing in them is a user's own (see records.fragments)."""

from typing import Any

from django import template
from django.core.files.storage import storages
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from hmis.help.topics import topic_of
from hmis.static_files import STYLESHEET, STYLESHEETS, HashedStaticFilesStorage
from records.fragments import fragment

register = template.Library()
register.simple_tag(fragment, name="kept")


HELP_PAGES = {"help", "help_topic", "help_questions"}  # which are no panel beside themselves
SET = ("csrf_cookie", "idle_timeout", "idle_warning", "autosave_seconds", "site_time_zone")


@register.simple_tag(takes_context=True)
def body_data(context: template.Context) -> SafeString:
    """What scripts know of the page: addresses, settings, who is logged in and for how long."""
    user = context.get("user")
    is_user = user is not None and user.is_authenticated
    values = {"user": user.pk, "session_left": str(context["session_left"])} if is_user else {}
    return fragment("shell/body_data.html", values, {name: context.get(name) for name in SET})


@register.simple_tag
def stylesheets() -> SafeString:
    """The rules of every page: one file where `collectstatic` has put it together."""
    is_one = isinstance(storages["staticfiles"], HashedStaticFilesStorage)
    names = [STYLESHEET] if is_one else STYLESHEETS
    links = ((static(name),) for name in names)
    return format_html_join("\n", '<link rel="stylesheet" href="{}">', links)


@register.simple_tag(takes_context=True)
def top_bar(context: template.Context) -> SafeString:
    """The bar at the top of every page."""
    user = context.get("user")
    if user is None or not user.is_authenticated:
        return fragment("shell/top_bar.html", plain={"site_name": context.get("site_name")})
    organization = context["organization"]
    match = context["request"].resolver_match
    topic = topic_of(context["request"])
    values = {
        "csrf_token": context["csrf_token"],
        "help_url": topic.url if topic else reverse("help"),
        "help_title": topic and topic.title,
        "organization": organization and organization.organization_name,
        "bell_count": fragment("shell/bell_count.html", {"notification_count": _count(context)}),
        "initials": f"{(user.first_name or user.email)[:1].upper()}{user.last_name[:1].upper()}",
        "user_name": user.get_full_name() or user.email,
        "email": user.email,
    }
    plain = {
        "is_user": True,
        "opens_help": not (match and match.url_name in HELP_PAGES),
        "site_name": context["site_name"],
        "has_menu": bool(context["menu"]),
        "has_more": len(context["memberships"]) > 1,
        "has_demonstration_mail": context["has_demonstration_mail"],
        "workspaces": list(context["workspaces"]),
    }
    return fragment("shell/top_bar.html", values, plain)


def _count(context: template.Context) -> str:
    return str(context["notification_count"])


@register.simple_tag(takes_context=True)
def workspaces_menu(context: template.Context) -> SafeString:
    """The workspaces once more, above the menu, for narrow screens."""
    plain = {"workspaces": list(context["workspaces"]), "label": "Workspaces in the menu"}
    return fragment("shell/workspaces.html", plain=plain)


@register.simple_tag(takes_context=True)
def side_menu(context: template.Context) -> SafeString:
    """The Favorites Menu of the page's workspace, with the user's pins on top."""
    menu = context["menu"]
    pins = [_entry(entry, "top") for entry in menu["pins"]]
    items = [_folder(item) if "entries" in item else _entry(item, "in") for item in menu["entries"]]
    values = {
        "csrf_token": context["csrf_token"],
        "next": context.get("pressed_on") or context["request"].get_full_path(),
        "pins": _joined(pins),
        "items": _joined(items),
    }
    return fragment("shell/favorites_menu.html", values)


def _entry(entry: dict[str, Any], place: str) -> SafeString:
    plain = {name: entry[name] for name in ("key", "label", "icon", "active", "pinned")}
    return fragment("shell/menu_entry.html", {"url": entry["url"]}, {**plain, "place": place})


def _folder(folder: dict[str, Any]) -> SafeString:
    plain = {name: folder[name] for name in ("key", "label", "icon", "open")}
    entries = _joined([_entry(entry, "in") for entry in folder["entries"]])
    return fragment("shell/menu_folder.html", {"entries": entries}, plain)


def _joined(parts: list[SafeString]) -> SafeString:
    return mark_safe("".join(parts))  # noqa: S308 -- each is


@register.simple_tag(takes_context=True)
def idle_dialog(context: template.Context) -> SafeString:
    """What a page shows before and after a session has ended."""
    return fragment("shell/idle_dialog.html", {"csrf_token": context["csrf_token"]})
