"""Revoke a release, and take that back within the hour (13.1)."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from agencies.requests import UserRequest
from clients.access_log.recorder import record_list, record_views
from clients.loading import Kind, get_client
from clients.models import Client, Release
from consent import actions
from consent.forms import RevokeForm
from consent.groups import answered_together, undoable_by
from consent.listing import back_after_mistake, listed, may_be_revoked
from consent.standing import in_force
from consent.views.leading_back import is_seen, to_list
from enrollments.forms.refusals import explained
from records.pages import leave, say_undoable
from records.submissions import submit_once


@require_http_methods(["GET", "POST"])
@submit_once
def revoke(request: UserRequest, client_id: int, release_id: int) -> HttpResponse:
    """For the client, and for those of the household who answered together."""
    client = get_client(request, client_id, kind=Kind.CHANGE, lock=False)
    row = get_object_or_404(listed(request.user, client.pk), pk=release_id)
    if not may_be_revoked(row, request.user):  # a second click, or somebody was quicker
        return leave(request, "consent:release", client.pk, row.pk)
    row.client = client
    together = answered_together(row, request.user)
    others = [one for one in together if may_be_revoked(one, request.user)]
    record_list(request, [one.client_id for one in others])
    form = RevokeForm(request.POST or None, releases=[row, *others], request=request)
    if form.is_valid():
        with explained(form):
            reason = Release.Reason(form.cleaned_data["reason"])
            actions.revoke(releases=form.releases, reason=reason, by=request.user)
            return _revoked(request, client, row)
    goes_on = [one for one in in_force(client) if one.pk != row.pk]
    page = {
        "client": client,
        "release": row,
        "form": form,
        "goes_on": goes_on,
        "back": back_after_mistake(row) if form.may_be_mistake else [],
    }
    return render(request, "consent/revoke.html", page)


@require_POST
@submit_once
def undo(request: UserRequest, release_id: int) -> HttpResponse:
    """By whoever revoked it, who need not see the client any more: the revocation did that."""
    row = get_object_or_404(undoable_by(request.user).select_related("client"), pk=release_id)
    record_views(request, [row.client], Kind.CHANGE)
    try:
        actions.undo_revocation(release=row, by=request.user)
    except ValidationError as error:
        messages.error(request, f"It was not undone. {' '.join(error.messages)}")
    else:
        messages.success(request, "Undone: it counts again.")
    return to_list(request, row.client_id)


def _revoked(request: UserRequest, client: Client, release: Release) -> HttpResponse:
    what = "Refusal" if release.is_refusal else "Release"
    more = (
        ""
        if is_seen(request, client.pk)
        else " Your organization does not see this client any more."
    )
    undo_url = reverse("consent:undo_revocation", args=[release.pk])
    say_undoable(request, f"{what} revoked.{more}", undo_url)
    return to_list(request, client.pk)
