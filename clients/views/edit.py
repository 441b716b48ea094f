from copy import copy

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import pluralize
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from agencies.requests import UserRequest
from clients.aliases import restore_aliases
from clients.forms.edit import EditClientForm
from clients.identity_changes import record_identity_change
from clients.loading import Kind, get_client, require_details
from records.pages import say_undoable
from records.submissions import submit_once


@require_http_methods(["GET", "POST"])
@submit_once
def edit(request: HttpRequest, client_id: int) -> HttpResponse:
    client = get_client(request, client_id, kind=Kind.CHANGE, requires=require_details)
    form = EditClientForm(request.POST or None, instance=copy(client), request=request)
    if form.is_valid():
        record_identity_change(
            form.save(by=request.user),
            organization=form.chosen_organization,
            by=request.user,
            aliases_changed=form.aliases_changed,
        )
        said = form.saved("Client")
        if deleted := form.aliases_deleted:
            place = [client.pk, form.instance.version, form.chosen_organization.pk]
            aliases = f"{deleted} alias{pluralize(deleted, 'es')} deleted."
            undo = reverse("clients:restore_aliases", args=place)
            say_undoable(request, f"{said} {aliases}", undo)
        else:
            messages.success(request, said)
        return redirect(client)
    if form.changes:
        form = form.conflict_form()
        client = form.instance
    return render(request, "clients/edit.html", {"client": client, "form": form})


@require_POST
@submit_once
def restore_aliases_of(
    request: UserRequest, client_id: int, version: int, organization_id: int
) -> HttpResponse:
    """Undo what a save deleted among the aliases, for the organization that the save was for."""
    client = get_client(request, client_id, kind=Kind.CHANGE, requires=require_details)
    membership = request.user.access.get(organization_id)
    if membership is None:
        raise PermissionDenied
    organization = membership.organization
    try:
        rows = restore_aliases(
            client=client, version=version, organization=organization, by=request.user
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        if rows:
            messages.success(request, "Aliases restored." if len(rows) > 1 else "Alias restored.")
    return redirect(client)
