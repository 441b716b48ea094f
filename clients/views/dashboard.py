from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from clients.access import get_client
from clients.accounting import may_account


@require_GET
def dashboard(request: HttpRequest, client_id: int) -> HttpResponse:
    client = get_client(request, client_id)
    if client.merged_note:
        messages.info(request, client.merged_note)
        return redirect(client)
    page = {"client": client, "may_account": may_account(request.user, client)}
    return render(request, "clients/dashboard.html", page)
