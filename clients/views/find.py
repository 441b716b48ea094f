"""Find Client (2.1-2.4) and the global search (1.6)."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agencies import limits
from agencies.models import LimitedUse
from agencies.requests import UserRequest
from clients.access_log.recorder import record_list, record_refusal
from clients.forms.find import FindClientForm, boxes_from_text
from clients.list_files import Line, csv_file
from clients.models import Client, ClientSearch
from clients.search import Order, exact_matches, near_matches
from records.pages import partial
from records.statements import compiled

COLUMNS = (
    *("Client ID", "Last Name", "First Name", "Middle Name", "Suffix", "Also Known As"),
    *("Date of Birth", "Age", "Sex", "Organization", "Near Match"),
)


def save_search(
    request: HttpRequest | UserRequest, form: FindClientForm, *, return_to: str = ""
) -> ClientSearch:
    """Count a search and store it; beyond the limit its results are held, and it is not lost."""
    refusal = limits.count(request.user, LimitedUse.SEARCHES)
    return form.save_search(user=request.user, return_to=return_to, is_held=refusal is not None)


def release(request: HttpRequest, search: ClientSearch) -> None:
    """Let the results of a held search be seen, once its user may go on.

    Raises:
        LimitReachedError: while the user may not.
    """
    limits.require_room(request.user, LimitedUse.SEARCHES)
    search.is_held = False
    search.save(update_fields=["is_held"])


def posted(request: HttpRequest, *left_out: str) -> list[tuple[str, str]]:
    """What was typed, to be sent once more with a decision, but for the buttons `left_out`."""
    return [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in {"csrfmiddlewaretoken", *left_out}
    ]


def own_search(request: HttpRequest, search_id: str | None) -> ClientSearch | None:
    """The user's own search of that id; None where there is none."""
    try:
        return ClientSearch.objects.filter(pk=search_id or None, user=request.user).first()
    except ValidationError:
        return None


@require_http_methods(["GET", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    form = FindClientForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        before = own_search(request, request.POST.get("search", ""))
        return_to = before.return_to if before else ""
        return redirect(save_search(request, form, return_to=return_to))
    return render(request, "clients/find.html", {"form": form})


@require_GET
def results(request: UserRequest, search_id) -> HttpResponse:
    page = _found(request, search_id)
    if matches := page.get("matches"):
        record_list(request, [*matches.clients, *(one.client for one in page["near"])])
        _record_refusal(request, page["form"].cleaned_data["client_id"], found=matches.ids)
    return render(request, partial(request, "clients/find.html", "results"), page)


def _record_refusal(request: UserRequest, client_id: int | None, *, found: list[int]) -> None:
    """Log who was asked for by ID and may not be opened; not who is left out by another box."""
    if client_id is None or found:
        return
    if not Client.objects.openable_by(request.user).numbered(client_id).exists():
        record_refusal(request, [client_id])


@require_GET
def results_csv(request: UserRequest, search_id) -> HttpResponse:
    """The page of results as it is sorted; no SSN, not even masked."""
    page = _found(request, search_id)
    if "matches" not in page:
        return redirect("clients:results", search_id)
    lines = [_line(client, "") for client in page["matches"].clients]
    lines += [_line(one.client, ", ".join(one.reasons)) for one in page["near"]]
    return csv_file(request, "clients", COLUMNS, lines)


def _line(client: Client, near: str) -> Line:
    cells = [
        client.pk,
        client.last_name,
        client.first_name,
        client.middle_name,
        client.name_suffix,
        client.matched_alias or "",
        client.born if client.dob else "",
        client.age,
        client.get_sex_display(),
        str(client.organization),
        near,
    ]
    return Line(client.pk, cells)


def _found(request: HttpRequest, search_id) -> dict[str, Any]:
    """A page of a search's results, or the form alone where it is not understood any more."""
    search = _searches.first(request.user.pk, search_id)
    if search is None:
        raise Http404
    if search.is_held:
        release(request, search)
    form = FindClientForm(search.criteria)
    if not form.is_valid():
        return {"form": form}
    order = Order.of(request.GET.get("sort"))
    matches = exact_matches(
        form.criteria, request.user, order=order, number=request.GET.get("page")
    )
    is_first = matches.page.number == 1
    if not is_first or order is not Order.BEST:  # other people: a search of its own (R16.1)
        limits.require(request.user, LimitedUse.SEARCHES)
    near = near_matches(form.criteria, request.user, exclude=matches.ids) if is_first else []
    return {"form": form, "search": search, "matches": matches, "near": near, "order": order}


@compiled
def _searches(user_id: int, search_id: UUID) -> QuerySet[ClientSearch]:
    return ClientSearch.objects.filter(pk=search_id, user=user_id)


@require_POST
def search(request: HttpRequest) -> HttpResponse:
    boxes = boxes_from_text(request.POST.get("q", "")[:200])
    form = FindClientForm(boxes)
    if not form.is_valid():
        return render(request, "clients/find.html", {"form": form})
    if client_id := form.cleaned_data["client_id"]:
        client = Client.objects.visible_to(request.user).numbered(client_id).first()
        if client:
            return redirect(client)
    return redirect(save_search(request, form))
