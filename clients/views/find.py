"""Find Client (2.1-2.4) and the global search (1.6)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clients.access_log.recorder import record_list
from clients.forms.find import FindClientForm, boxes_from_text
from clients.models import Client, ClientSearch
from clients.search import exact_matches, near_matches
from clients.views.searches import own_search, release, save_search
from records.pages import partial


@require_http_methods(["GET", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    form = FindClientForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect(save_search(request, form, return_to=_return_to(request)))
    return render(request, "clients/find.html", {"form": form})


def _return_to(request: HttpRequest) -> str:
    """The page that the search before this one was made for."""
    before = own_search(request, request.POST.get("search", ""))
    return before.return_to if before else ""


@require_GET
def results(request: HttpRequest, search_id) -> HttpResponse:
    search = get_object_or_404(ClientSearch, pk=search_id, user=request.user)
    if search.is_held:
        release(request, search)
    form = FindClientForm(search.criteria)
    if not form.is_valid():
        return render(request, "clients/find.html", {"form": form})
    matches = exact_matches(form.criteria, request.user)
    near = near_matches(
        form.criteria, request.user, exclude=[client.pk for client in matches.clients]
    )
    record_list(request, [*matches.clients, *(one.client for one in near)])
    page = {"form": form, "search": search, "matches": matches, "near": near}
    return render(request, partial(request, "clients/find.html", "results"), page)


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
