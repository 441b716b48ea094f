"""Data Quality ▸ Releases After a Merge: what officers decide there (docs/adr/0055)."""

from operator import attrgetter
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from agencies.requests import UserRequest
from clients.access_log.recorder import Kind, record_views
from clients.admin.lists import ClientRowsAdmin, column
from clients.models import Release
from consent.undecided import Undecided, decide, digest, undecided_of, waiting_for
from hud.text import as_id
from records.admin import Card, ClientFilter, list_card, own_organizations

LIST = "admin:clients_release_changelist"
NOT_WAITING = (
    "That release no longer waits for a decision, or its client belongs to another organization."
)


class DecisionForm(forms.Form):
    """Which of the undecided releases hold.

    Args:
        rows: what the officer sees; what is posted is compared with it when it is saved.
    """

    seen = forms.CharField(widget=forms.HiddenInput)
    kept = forms.TypedMultipleChoiceField(
        label="Releases that hold", coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any, *, rows: list[Undecided]):
        super().__init__(data, initial={"seen": digest(rows)})
        self.rows = rows
        self.fields["kept"].choices = [(one.release.pk, str(one.release)) for one in rows]

    @property
    def lines(self) -> list[tuple[Undecided, bool]]:
        """Each release, and whether it is ticked."""
        ticked = set(map(str, self["kept"].value() or []))
        return [(one, str(one.release.pk) in ticked) for one in self.rows]


@admin.register(Release)
class UndecidedReleaseAdmin(ClientRowsAdmin):
    """Releases of merged clients that the officer's organizations filed."""

    heading = "Releases After a Merge"
    lead = (
        "The two clients of a merge had not agreed to the same, and these releases open nothing "
        "until you decide which of them hold, or the client answers again."
    )
    icon = "share"
    empty_title = "Nothing to decide"
    empty_text = "When merged clients had agreed to different things, it is listed here."
    list_display = ["client_number", "kind", "whom", "answered_on", "ends"]
    list_filter = [ClientFilter]
    list_display_links = ["client_number"]
    list_select_related = ["client", "covers"]
    ordering = ["client_id", "-answered_on", "-pk"]

    def get_queryset(self, request):
        return waiting_for(request.user, self.model.objects.all()).order_by(*self.ordering)

    whom = column("covers", lambda row: row.covers or "All organizations")
    ends = column("ends on", attrgetter("last_day"))

    def change_view(self, request: UserRequest, object_id, form_url="", extra_context=None):
        try:
            return self._decision(request, object_id)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
            return redirect(LIST)

    def _decision(self, request: UserRequest, object_id: str) -> HttpResponse:
        """The page on which the releases of one client are decided, and what it sends."""
        row = None if as_id(object_id) is None else self.get_object(request, object_id)
        if row is None:
            raise ValidationError(NOT_WAITING, code="stale")
        client = row.client
        form = DecisionForm(request.POST or None, rows=undecided_of(client))
        if form.is_valid():
            kept, seen = set(form.cleaned_data["kept"]), form.cleaned_data["seen"]
            decide(client_id=client.pk, kept=kept, seen=seen, by=request.user)
            messages.success(request, f"Client {client.pk}: your decision was saved.")
            return redirect(LIST)
        record_views(request, [client], Kind.VIEW, organization=own_organizations(request)[0])
        page = self.admin_site.each_context(request) | {
            "title": "Releases After a Merge",
            "client": client,
            "form": form,
            "list_url": reverse(LIST),
        }
        return render(request, "admin/consent/undecided.html", page)


def undecided_card(request) -> Card:
    return list_card(request, Release, QuerySet.all, "of merged clients, waiting for a decision")
