from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from clients.forms.find import FindClientForm
from clients.models import ClientAccess

RECENT = 8


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    recent = ClientAccess.objects.recent_clients(request.user, most=RECENT)
    return render(request, "hmis/home.html", {"form": FindClientForm(), "recent": recent})
