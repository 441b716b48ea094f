"""Add New Client: only after a search, with a look at who it may be already (2.5, 2.6)."""

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.forms import BoundField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from agencies import limits
from agencies.models import LimitedUse
from clients.access_log.recorder import record_list
from clients.duplicates.likely import likely_duplicates
from clients.forms.client import ClientForm
from clients.forms.find import LINE, FindClientForm
from clients.models import ClientSearch
from clients.names import without_generation
from clients.side_by_side import compare
from clients.views.find import own_search, posted
from hud.rules.dob import BirthDate, Precision
from hud.text import normalised
from records.submissions import submit_once

SOMEONE_ELSE = "someone_else"
WHOLE_NAME = "whole_name"
SHORT = 3  # letters that Find Client's hint asks for
BACK = "back"


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    search = own_search(request, request.GET.get("search"))
    if search is None:
        messages.info(request, "Search first: the client may already be in the system.")
        return redirect("clients:find")
    if request.method == "GET":
        limits.require_room(request.user, LimitedUse.NEW_CLIENTS)
    return _add(request, search)


@submit_once
def _add(request: HttpRequest, search: ClientSearch) -> HttpResponse:
    form = ClientForm(request.POST or None, initial=_searched(search), request=request)
    page = {"form": form, "search": search}
    if request.method == "POST" and form.is_valid() and BACK not in request.POST:
        page["prefixes"] = _left_as_searched(form, search)
        if WHOLE_NAME in request.POST or not page["prefixes"]:
            return _save_unless_known(request, form, search)
    return render(request, "clients/add.html", page)


def _left_as_searched(form: ClientForm, search: ClientSearch) -> list[BoundField]:
    """The names that still are the few letters that were searched: perhaps only a beginning."""
    searched = _searched(search)
    names = [name for name in ("first_name", "last_name") if searched.get(name)]
    return [
        form[name]
        for name in names
        if normalised(form.cleaned_data[name]) == normalised(searched[name])
        and len(normalised(searched[name])) <= SHORT
    ]


def _searched(search: ClientSearch) -> dict:
    """What was searched, as the new client's first values; four digits are a partial SSN."""
    boxes = FindClientForm(search.criteria)
    boxes.is_valid()
    names = ("first_name", "last_name", "dob", "ssn")
    known = {name: boxes.cleaned_data[name] for name in names if boxes.cleaned_data.get(name)}
    if "last_name" in known:
        last, generation = without_generation(known["last_name"])
        line = without_generation(boxes.cleaned_data.get(LINE, ""))[1]
        known |= {"last_name": last, "name_suffix": generation or line}
    if "dob" in known and boxes.dob_precision is not Precision.DAY:
        # As it was typed: a year alone stays one.
        known["dob"] = str(BirthDate(known["dob"], boxes.dob_precision))
    return known


def _save_unless_known(
    request: HttpRequest, form: ClientForm, search: ClientSearch
) -> HttpResponse:
    is_asked = SOMEONE_ELSE not in request.POST
    if is_asked and (found := likely_duplicates(form.instance, request.user, form.typed_aliases)):
        return _ask_who_it_is(request, form, search, found)
    limits.spend(request.user, LimitedUse.NEW_CLIENTS)
    client = form.save(by=request.user)
    messages.success(request, form.saved("Client"))
    return redirect(f"{search.choose_url}{client.pk}" if search.return_to else client)


def _ask_who_it_is(request: HttpRequest, form, search, duplicates) -> HttpResponse:
    limits.spend(request.user, LimitedUse.SEARCHES)  # as many people as one shows
    known = [one.client for one in duplicates]
    prefetch_related_objects([client for client in known if client.has_details], "aliases")
    record_list(request, known)
    columns = ["New client", *(f"Client ID {client.pk}" for client in known)]
    page = {
        "form": form,
        "search": search,
        "duplicates": duplicates,
        "columns": columns,
        "rows": compare([form.instance, *known], columns),
        "posted": posted(request, SOMEONE_ELSE, BACK),
    }
    return render(request, "clients/likely_duplicates.html", page)
