"""Workspaces and their left menus (1.3, 1.4). Entries name URLs, never views."""

from dataclasses import dataclass

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse


@dataclass(frozen=True)
class Entry:
    """A line of a menu.

    Args:
        model: `app.model` whose list in admin the entry is for; it decides who sees the entry.
    """

    key: str
    label: str
    url_name: str
    icon: str = ""
    needs_client: bool = False
    takes_client: bool = False
    needs_cas: bool = False
    needs_officer: bool = False
    needs_setting: str = ""
    pages: tuple[str, ...] = ()  # others that belong to the entry
    model: str = ""

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
        if self.model and view_name.startswith(f"admin:{self.model.replace('.', '_')}_"):
            return True
        return view_name in (self.url_name, *self.pages)

    def url(self, client_id: int | None) -> str | None:
        """The entry's address; None where it needs a client and none is open."""
        if not self.needs_client:
            with_client = f"?client={client_id}" if self.takes_client and client_id else ""
            return reverse(self.url_name) + with_client
        return reverse(self.url_name, args=[client_id]) if client_id else None


@dataclass(frozen=True)
class Folder:
    key: str
    label: str
    icon: str
    entries: tuple[Entry, ...]


INTAKE = ("enrollments:intake_step", "enrollments:find_for_intake")
ASSIGNMENTS = (
    "enrollments:add_case_assignment",
    "enrollments:edit_case_assignment",
    "enrollments:end_case_assignment",
    "enrollments:hand_over",
)
ENROLLMENT_PAGES = (
    "enrollments:enrollment",
    "enrollments:exit",
    "enrollments:undo_exit",
    "enrollments:add_current_living",
    "enrollments:edit_current_living",
    "enrollments:delete_current_living",
)
NOTES = (
    "casenotes:add",
    "casenotes:change",
    "casenotes:deleted",
    "casenotes:edit",
    "casenotes:found",
    "casenotes:note",
    "casenotes:print",
    "casenotes:print_several",
)
SERVICES = ("casenotes:add_service", "casenotes:edit_service", "casenotes:delete_service")
CABINET = ("files:client_file", "files:add_client_file", "files:edit_client_file")
CHECKS = ("files:document_check", "files:add_document_check", "files:edit_document_check")
EVENTS = ("cas:event", "cas:add_event", "cas:edit_event", "cas:event_result", "cas:delete_event")
PRIVACY = ("privacy:add_request", "privacy:request", "privacy:copy", "privacy:hold")
DELIVERIES = (
    "deliveries:undelivered",
    "deliveries:queue",
    "deliveries:runs",
    "deliveries:notification",
)
MAIL = ("mail:queue", "mail:sent", "mail:runs")
HOME = (
    Entry("home", "Home", "home", "home"),
    Entry(
        "notifications",
        "View Notifications",
        "cas:notifications",
        "bell",
        pages=("cas:notification",),
    ),
    Entry(
        "deliveries",
        "CAS Deliveries",
        "deliveries:unanswered",
        "mail",
        needs_cas=True,
        pages=DELIVERIES,
    ),
    Entry("mail", "Mail", "mail:undelivered", "mail", needs_officer=True, pages=MAIL),
    Entry("settings", "My Settings", "settings", "settings", pages=("cas:preferences",)),
)
CLIENTS = (
    Entry("find-client", "Find Client", "clients:find", "search"),
    Entry("client-dashboard", "Client Dashboard", "clients:dashboard", "dashboard", True),
    Entry("intake", "Intake", "enrollments:intakes", "intake", takes_client=True, pages=INTAKE),
    Folder(
        "profile",
        "Profile",
        "user",
        (
            Entry("edit-client", "Edit Client", "clients:edit", "edit", True),
            Entry(
                "case-managers",
                "Case Managers",
                "enrollments:case_managers",
                "user",
                True,
                pages=ASSIGNMENTS,
            ),
            Entry("case-notes", "Case Notes", "casenotes:notes", "note", True, pages=NOTES),
            Entry(
                "client-files",
                "Client Files",
                "files:client_files",
                "folder",
                True,
                pages=CABINET,
            ),
            Entry(
                "document-check",
                "Document Check",
                "files:document_checks",
                "document-check",
                needs_client=True,
                needs_cas=True,
                pages=CHECKS,
            ),
            Entry("client-photo", "Client Photo", "files:client_photo", "camera", True),
            Entry(
                "interested-others",
                "Interested Others",
                "clients:interested_others",
                "users",
                True,
            ),
        ),
    ),
    Folder(
        "enrollments",
        "Enrollments",
        "enrollment",
        (
            Entry(
                "enrollments",
                "Enrollments",
                "enrollments:enrollments",
                "list",
                True,
                pages=ENROLLMENT_PAGES,
            ),
            Entry("services", "Services", "casenotes:services", "service", True, pages=SERVICES),
        ),
    ),
    Folder(
        "coordinated-access",
        "Coordinated Access",
        "coordinated",
        (Entry("events", "Events", "cas:events", "event", True, pages=EVENTS),),
    ),
    Entry(
        "emergency",
        "Emergency Access",
        "clients:emergency",
        "warning",
        needs_setting="BREAK_GLASS",
    ),
    Folder(
        "privacy",
        "Privacy",
        "shield",
        (
            Entry(
                "privacy-requests",
                "Requests and Copies",
                "privacy:requests",
                "note",
                needs_client=True,
                needs_officer=True,
                pages=PRIVACY,
            ),
        ),
    ),
)


def rows_of(model: str, label: str, icon: str, *pages: str) -> Entry:
    """The entry of a model's list in admin, and of other pages that belong to it."""
    app_label, model_name = model.split(".")
    url_name = f"admin:{app_label}_{model_name}_changelist"
    return Entry(f"dq-{model_name}", label, url_name, icon, model=model, pages=pages)


DATA_QUALITY = (
    Entry("data-quality", "Data Quality", "admin:index", "quality"),
    Entry("dq-rules", "Rules", "admin:quality", "shield", pages=("admin:quality_list",)),
    Folder(
        "dq-duplicates",
        "Duplicates",
        "duplicate",
        (
            rows_of("clients.duplicatereport", "Reports", "note"),
            rows_of("clients.possibleduplicate", "Possible Duplicates", "search"),
            rows_of("clients.clientmerge", "Merges", "duplicate", "admin:clients_merge"),
        ),
    ),
    Folder(
        "dq-people",
        "People",
        "users",
        (
            rows_of("agencies.user", "Users", "user"),
            rows_of("agencies.membership", "Access", "key"),
            rows_of("agencies.invitation", "Invitations", "mail"),
        ),
    ),
    Folder(
        "dq-agency",
        "Agency",
        "organization",
        (
            rows_of("agencies.organization", "Organizations", "organization"),
            rows_of("agencies.project", "Projects", "home"),
            rows_of("casenotes.servicetype", "Service Catalog", "service"),
        ),
    ),
    rows_of("clients.identitychange", "Changes by Others", "edit"),
    rows_of("enrollments.intakedraft", "Paused Intakes", "intake"),
    rows_of("privacy.clientrequest", "Requests of Clients", "note"),
    Folder(
        "dq-deleted",
        "Deleted Records",
        "restore",
        (
            rows_of("casenotes.casenote", "Case Notes", "note"),
            rows_of("casenotes.service", "Services", "service"),
            rows_of("files.clientfile", "Client Files", "folder"),
            rows_of("files.clientphoto", "Client Photos", "camera"),
            rows_of("files.documentcheck", "Document Checks", "document-check"),
            rows_of("enrollments.enrollment", "Enrollments", "enrollment"),
            rows_of("enrollments.currentlivingsituation", "Current Living", "home"),
            rows_of("cas.event", "Coordinated Access", "event"),
            rows_of("clients.alert", "Alerts", "warning"),
            rows_of("clients.interestedother", "Interested Others", "users"),
        ),
    ),
    Folder(
        "dq-record",
        "On Record",
        "clock",
        (
            Entry("dq-trail", "Client's History", "admin:clients_clientaccess_trail", "clock"),
            Entry(
                "dq-securityalert",
                "Security Alerts",
                "admin:agencies_securityalert_changelist",
                "warning",
            ),
            Entry(
                "dq-securityevent",
                "Security Events",
                "admin:agencies_securityevent_changelist",
                "shield",
            ),
            Entry(
                "dq-clientaccess",
                "Access Log",
                "admin:clients_clientaccess_changelist",
                "eye",
            ),
            rows_of("clients.ssnreveal", "Revealed SSNs", "eye"),
            rows_of("agencies.usecount", "Limits Reached", "shield"),
            rows_of("clients.emergencyaccess", "Emergency Access", "warning"),
        ),
    ),
)
HOME_PAGES = {
    "home",
    "settings",
    "enrollments:caseload",
    "cas:notifications",
    "cas:notification",
    "cas:preferences",
    "deliveries:unanswered",
    *DELIVERIES,
    "mail:undelivered",
    *MAIL,
    "demonstration:mails",
    "demonstration:mail",
}
WORKSPACES = {"home": HOME, "clients": CLIENTS, "data-quality": DATA_QUALITY}
ALL_ENTRIES = {
    entry.key: entry
    for menu in WORKSPACES.values()
    for item in menu
    for entry in (item.entries if isinstance(item, Folder) else (item,))
}


def workspace_of(request: HttpRequest) -> str:
    """The workspace that the page belongs to."""
    match = request.resolver_match
    is_home = match is None or match.view_name in HOME_PAGES
    if match is not None and match.view_name.startswith("admin:"):
        return "data-quality"
    return "home" if is_home else "clients"


def workspaces(request: HttpRequest) -> list[dict]:
    current = workspace_of(request)
    tabs = [
        {"label": "Home", "url": reverse("home"), "active": current == "home"},
        {"label": "Clients", "url": reverse("clients:find"), "active": current == "clients"},
    ]
    if admin.site.has_permission(request):
        is_here = current == "data-quality"
        tabs.append({"label": "Data Quality", "url": reverse("admin:index"), "active": is_here})
    return tabs


def favorites_menu(request: HttpRequest, client_id: int | None) -> dict:
    """The left menu of the page's workspace with the user's pins on top."""
    pinned = request.user.pinned
    view_name = getattr(request.resolver_match, "view_name", None) or ""

    def shown(entry: Entry) -> dict | None:
        url = entry.url(client_id) if entry.is_for(request) else None
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
        is_open = any(line["active"] for line in entries)
        folder = {"key": item.key, "label": item.label, "icon": item.icon, "open": is_open}
        return folder | {"entries": entries} if entries else None

    pins = [shown(ALL_ENTRIES[key]) for key in pinned if key in ALL_ENTRIES]
    items = [shown_item(item) for item in WORKSPACES[workspace_of(request)]]
    return {"pins": [pin for pin in pins if pin], "entries": [item for item in items if item]}
