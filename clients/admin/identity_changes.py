"""What other organizations changed of the own clients' data, to be kept or reverted."""

from operator import attrgetter
from typing import Any, NamedTuple

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format

from agencies.requests import UserRequest
from clients.access_log.recorder import Kind, record_views
from clients.admin.lists import ClientRowsAdmin, decision_filter
from clients.identity_changes import keep_change, revert_change
from clients.models import IdentityChange
from clients.models.described import masked
from clients.models.identity_change import ALIASES, GROUPS, LABELS, RACE_ETHNICITY, Decision, agree
from hud.choices import RACES
from hud.text import as_id
from records.admin import Card, ClientFilter, column, list_card, own_organizations


class Row(NamedTuple):
    """One group of what changed: before, after, and what is on file today."""

    label: str
    before: str
    after: str
    is_current: bool


@admin.register(IdentityChange)
class IdentityChangeAdmin(ClientRowsAdmin):
    """Changes of clients that the officer's organizations filed; an administrator sees all."""

    heading = "Changes by other organizations"
    lead = (
        "Names, dates of birth and the like of your clients that users of other organizations "
        "corrected. Keep what is right; Revert restores the previous values."
    )
    icon = "edit"
    empty_title = "No changes to review"
    empty_text = (
        "When another organization corrects the data of one of your clients, it is listed here."
    )
    list_display = ["client_number", "what", "changed_for", "when", "state"]
    list_filter = [decision_filter(Decision, "review"), ClientFilter]
    list_display_links = ["client_number"]
    list_select_related = ["changed_for"]

    def get_queryset(self, request):
        return self.model.objects.for_officer(request.user).order_by(*self.ordering)

    what = column("changed", attrgetter("what"))
    when = column("when", attrgetter("at"))
    state = column("review", IdentityChange.get_decision_display)

    def change_view(self, request: UserRequest, object_id, form_url="", extra_context=None):
        change = None if as_id(object_id) is None else self.get_object(request, object_id)
        if change is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if request.method == "POST":
            return self._decide(request, change)
        record_views(
            request, [change.client], Kind.VIEW, organization=own_organizations(request)[0]
        )
        page = self.admin_site.each_context(request) | {
            "title": "Change by another organization",
            "change": change,
            "rows": rows(change),
            "can_keep": change.decision == Decision.OPEN,
            "can_revert": change.decision != Decision.REVERTED,
            "list_url": reverse("admin:clients_identitychange_changelist"),
        }
        return render(request, "admin/clients/identity_change.html", page)

    def _decide(self, request: UserRequest, change: IdentityChange) -> HttpResponse:
        if "revert" not in request.POST:
            keep_change(change=change, by=request.user)
            messages.success(request, f"Client {change.client_id}: the change was kept.")
            return redirect("admin:clients_identitychange_changelist")
        try:
            left = revert_change(change=change, by=request.user)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
            return redirect(change)
        messages.success(request, f"Client {change.client_id}: the change was reverted.")
        if left:
            messages.info(
                request, f"Changed again since then, and left as it is: {', '.join(left)}."
            )
        return redirect("admin:clients_identitychange_changelist")


def rows(change: IdentityChange) -> list[Row]:
    """What the page compares; an SSN is masked."""
    before, after = change.versions
    found = []
    for key in (key for key in GROUPS if key in change.groups):
        was, became = _shown(key, before), _shown(key, after)
        if key == "ssn" and was == became:
            became = f"{became} (another number with the same last digits)"
        found.append(Row(LABELS[key], was, became, agree(key, change.client, after)))
    if ALIASES in change.groups:
        names_of = {"insert": [], "delete": []}
        for event in change.alias_events:
            name = " ".join(filter(None, [event.first_name, event.last_name]))
            names_of.setdefault(event.pgh_label, []).append(name)
        was, became = (", ".join(names_of[label]) for label in ("delete", "insert"))
        found.append(Row(LABELS[ALIASES], was, became, is_current=True))
    return found


def _shown(key: str, version: Any) -> str:
    if key == "ssn":
        return masked(version.ssn) or str(version.get_ssn_data_quality_display())
    if key == "dob":
        quality = str(version.get_dob_data_quality_display())
        return f"{date_format(version.dob)} ({quality})" if version.dob else quality
    if key == "sex":
        return str(version.get_sex_display())
    if key == RACE_ETHNICITY:
        ticked = [label for name, label in RACES if getattr(version, name)]
        reason = [] if version.race_none is None else [str(version.get_race_none_display())]
        return ", ".join(filter(None, [*ticked, *reason, version.additional_race_ethnicity]))
    values = [getattr(version, name) for name in GROUPS[key]]
    return " ".join(str(value) for value in values if isinstance(value, str) and value)


def open_changes(rows):
    return rows.filter(decision=Decision.OPEN)


def identity_changes_card(request) -> Card:
    return list_card(request, IdentityChange, open_changes, "for you to review")
