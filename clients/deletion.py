"""Deleting a row of a client's record, and restoring it: the same wherever it is done."""

from dataclasses import dataclass
from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from agencies.requests import UserRequest
from clients.models import Client, ClientRecord
from records.constraints import constraint_messages
from records.pages import leave

UNDO_FOR = timedelta(hours=1)  # for so long, who deleted a row may restore it on its list


@dataclass(frozen=True)
class Deletion:
    """How a screen deletes its rows: what they are called, and the list that it leads back to.

    A second click, of a double one perhaps, ends where the first one did.
    """

    kind: str
    back: str

    def delete(self, request: UserRequest, client: Client, row: ClientRecord) -> HttpResponse:
        """GET asks; POST marks the row deleted."""
        if request.method == "POST" and not row.date_deleted:
            row.mark_deleted(by=request.user)
            messages.success(request, f"{self.kind.capitalize()} deleted.")
        if row.date_deleted:
            return leave(request, self.back, client.pk)
        page = {
            "client": client,
            "what": row.display_name,
            "kind": self.kind,
            "list_url": reverse(self.back, args=[client.pk]),
        }
        return render(request, "clients/confirm_deletion.html", page)

    def restore(self, request: UserRequest, client: Client, row: ClientRecord) -> HttpResponse:
        """What it hangs on may have been deleted since; then the database says so."""
        if row.date_deleted:
            try:
                with constraint_messages():
                    row.restore(by=request.user)
            except ValidationError as error:
                messages.error(request, f"It was not restored. {' '.join(error.messages)}")
            else:
                messages.success(request, f"{self.kind.capitalize()} restored.")
        return redirect(self.back, client.pk)
