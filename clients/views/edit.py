from copy import copy

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from clients.forms.edit import EditClientForm
from clients.identity_changes import record_identity_change
from clients.loading import Kind, get_client
from records.submissions import submit_once


@require_http_methods(["GET", "POST"])
@submit_once
def edit(request: HttpRequest, client_id: int) -> HttpResponse:
    client = get_client(request, client_id, kind=Kind.CHANGE)
    form = EditClientForm(request.POST or None, instance=copy(client), request=request)
    if form.is_valid():
        record_identity_change(
            form.save(by=request.user),
            organization=form.chosen_organization,
            by=request.user,
            aliases_changed=form.aliases_changed,
        )
        messages.success(request, form.saved("Client"))
        return redirect(client)
    if form.changes:
        form = form.conflict_form()
        client = form.instance
    return render(request, "clients/edit.html", {"client": client, "form": form})
