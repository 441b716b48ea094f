"""Deleted records of every kind in one list, the latest first (11.3)."""

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet, Value
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.views.decorators.http import require_GET

from agencies.models import Organization, User
from agencies.requests import UserRequest
from clients.access_log.recorder import record_list
from clients.admin.deleted_records import DeletedRecordAdmin
from clients.models import ClientRecord
from records.admin.filters import midnight
from records.form_fields import DateField
from records.keyset import EPOCH
from records.searched_select import SearchedSelect

SIZE = 50
Kinds = dict[int, DeletedRecordAdmin]  # by its number, which is the same for every user


class Place(NamedTuple):
    """Where a row stands in the list: when it was deleted, the number of its kind, its key."""

    at: datetime
    kind: int
    key: int

    def __str__(self) -> str:
        return f"{(self.at - EPOCH) // timedelta(microseconds=1)}_{self.kind}_{self.key}"


@dataclass(frozen=True)
class Line:
    """A deleted record as the list has it."""

    kind: DeletedRecordAdmin
    row: ClientRecord

    @property
    def what(self) -> str:
        return capfirst(str(self.kind.opts.verbose_name))

    @property
    def name(self) -> str:
        return self.kind.name(self.row)

    @property
    def url(self) -> str:
        return reverse(f"admin:{self.kind.place}_change", args=[self.row.pk])


@dataclass(frozen=True)
class Page:
    lines: list[Line]
    after: str
    is_first: bool


class DeletedForm(forms.Form):
    """The filters; all of them are harmless codes, numbers and dates, or the name of a user."""

    kind = forms.ChoiceField(required=False)
    client = forms.IntegerField(
        label="Client ID", required=False, min_value=1, max_value=2**63 - 1, localize=True
    )
    by = forms.CharField(label="Deleted by", required=False, max_length=100)
    since = DateField(label="Deleted from", required=False)
    until = DateField(label="Deleted to", required=False)
    organization = forms.ModelChoiceField(
        Organization.objects.none(),
        required=False,
        empty_label="All organizations",
        widget=SearchedSelect,
    )

    def __init__(self, *args: Any, user: User, kinds: Kinds, **options: Any):
        super().__init__(*args, **options)
        self.user, self.kinds = user, kinds
        names = [(one.place, capfirst(str(one.opts.verbose_name_plural))) for one in kinds.values()]
        self.fields["kind"].choices = [("", "All kinds"), *sorted(names, key=lambda name: name[1])]
        own = user.dqo_organizations
        self.fields["organization"].queryset = Organization.objects.filter(pk__in=own)
        if len(own) < 2:
            del self.fields["organization"]

    @property
    def chosen(self) -> Kinds:
        """The kinds that are asked for."""
        place = self.cleaned_data["kind"]
        return {key: one for key, one in self.kinds.items() if place in ("", one.place)}

    @property
    def condition(self) -> Q:
        """What all kinds are filtered by."""
        data, found = self.cleaned_data, Q()
        if data["client"]:
            found &= Q(client=data["client"])
        if data["by"]:
            users = User.objects.named(data["by"])
            known = users if self.user.is_superuser else users.known_to(self.user)
            found &= Q(deleted_by__in=list(known.values_list("pk", flat=True)))
        if data["since"]:
            found &= Q(date_deleted__gte=midnight(data["since"]))
        if data["until"]:
            found &= Q(date_deleted__lt=midnight(data["until"] + timedelta(days=1)))
        if data.get("organization"):
            found &= Q(organization=data["organization"])
        return found

    @property
    def address(self) -> str:
        """The query of an address with these filters."""
        values = {name: str(self[name].value() or "")[:100] for name in self.fields}
        return urlencode({name: value for name, value in values.items() if value})


@require_GET
def deleted_records(request: UserRequest) -> HttpResponse:
    """What was deleted for the officer's organizations; each leads to what it said."""
    form = DeletedForm(request.GET, user=request.user, kinds=_kinds(request))
    page = _page(request, form) if form.is_valid() else None
    context = admin.site.each_context(request) | {
        "title": "Deleted records",
        "form": form,
        "page": page,
        "has_several": len(request.user.dqo_organizations) > 1 or request.user.is_superuser,
    }
    if page:
        record_list(request, [line.row.client_id for line in page.lines])
        chosen = form.chosen.values()
        context["one_kind"] = next(iter(chosen)) if len(chosen) == 1 else None
    return render(request, "admin/clients/deleted_records.html", context)


def _kinds(request: UserRequest) -> Kinds:
    """Those that the user may see: some are for some officers only (7.5)."""
    listed = [one for one in admin.site._registry.values() if isinstance(one, DeletedRecordAdmin)]
    numbered = enumerate(sorted(listed, key=lambda one: one.opts.label))
    return {number: one for number, one in numbered if one.has_view_permission(request)}


def _page(request: UserRequest, form: DeletedForm) -> Page:
    """One query for what stands on the page and one for each kind among it, however many rows."""
    place, kinds = _place(request.GET.get("after", "")), form.chosen
    heads = [
        _head(kind.get_queryset(request).filter(form.condition), number, place)
        for number, kind in kinds.items()
    ]
    union = heads[0].union(*heads[1:], all=True) if len(heads) > 1 else heads[0]
    order = union.order_by("-date_deleted", "-source", "-id") if len(heads) > 1 else union
    found = [Place(*one) for one in order[: SIZE + 1]]
    keys = defaultdict(list)
    for one in found[:SIZE]:
        keys[one.kind].append(one.key)
    rows = {
        number: kinds[number]
        .get_queryset(request)
        .select_related(*kinds[number].list_select_related)
        .in_bulk(wanted)
        for number, wanted in keys.items()
    }
    lines = [
        Line(kinds[one.kind], rows[one.kind][one.key])
        for one in found[:SIZE]
        if one.key in rows[one.kind]  # and was not restored since
    ]
    after = str(found[SIZE - 1]) if len(found) > SIZE else ""
    return Page(lines, after, is_first=place is None)


def _head(rows: QuerySet, number: int, place: Place | None) -> QuerySet:
    """The first rows of a kind after the place where the page before ended."""
    if place:
        rows = rows.filter(date_deleted__lte=place.at)
        if number > place.kind:
            rows = rows.filter(date_deleted__lt=place.at)
        elif number == place.kind:
            rows = rows.filter(Q(date_deleted__lt=place.at) | Q(pk__lt=place.key))
    first = rows.order_by("-date_deleted", "-pk").annotate(source=Value(number))
    return first.values_list("date_deleted", "source", "id")[: SIZE + 1]


def _place(text: str) -> Place | None:
    match = re.fullmatch(r"(\d{1,16})_(\d{1,3})_(\d{1,18})", text, re.ASCII)
    if match is None:
        return None
    at, kind, key = map(int, match.groups())
    return Place(EPOCH + timedelta(microseconds=at), kind, key)
