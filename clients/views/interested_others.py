from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from clients.forms.records import EditInterestedOtherForm, InterestedOtherForm
from clients.loading import get_client
from clients.models import InterestedOther
from clients.record_pages import RecordPages


class InterestedOtherPages(RecordPages):
    model = InterestedOther
    kind = "interested other"
    key = "other_id"
    list_page = "clients:interested_others"
    form, edit_form = InterestedOtherForm, EditInterestedOtherForm
    template = "clients/edit_interested_other.html"

    def context(self, request, parent):
        return {"sticky": True}


pages = InterestedOtherPages()


@require_GET
def interested_others(request: HttpRequest, client_id: int) -> HttpResponse:
    client = get_client(request, client_id)
    page = {
        "client": client,
        "others": client.interestedothers.visible_to(request.user).select_related("organization"),
        "deleted": pages.recently_deleted(client, request.user),
    }
    return render(request, "clients/interested_others.html", page)


@require_GET
def interested_other(request: HttpRequest, client_id: int, other_id: int) -> HttpResponse:
    client = get_client(request, client_id)
    other = get_object_or_404(client.interestedothers.visible_to(request.user), pk=other_id)
    return render(request, "clients/interested_other.html", {"client": client, "other": other})
