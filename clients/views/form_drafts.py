"""Autosave of forms. What is typed arrives every few seconds and prolongs no session."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_POST

from clients import form_drafts
from clients.access_log.recorder import record_list
from clients.models import FormDraft

NOBODY_ELSES = {"state": "another user"}


@require_http_methods(["GET", "POST"])
def drafts(request: HttpRequest) -> HttpResponse:
    """POST keeps the state of a form; GET gives back what was left on the page of that path."""
    if request.method == "GET":
        draft = form_drafts.waiting_on(request.GET.get("page", ""), request.user)
        record_list(request, [draft and draft.client_id])
        found = draft and {
            "id": str(draft.pk),
            "token": str(draft.form_token),
            "typed_at": draft.typed_at,
            "fields": draft.fields,
        }
        return JsonResponse({"keys": form_drafts.copy_keys(request.user), "draft": found})
    if request.POST.get("user") != str(request.user.pk):
        return JsonResponse(NOBODY_ELSES, status=409)
    state = form_drafts.keep(
        request=request,
        page=request.POST.get("page", ""),
        query=request.POST.get("query", ""),
        title=request.POST.get("title", ""),
        typed=request.POST,
    )
    return JsonResponse({"state": state})


drafts.is_no_use = True  # the keys themselves are use of the session, and are reported as such


@require_POST
def discard(request: HttpRequest, draft_id) -> HttpResponse:
    get_object_or_404(FormDraft.objects.filter(user=request.user), pk=draft_id).delete()
    return JsonResponse({"state": "discarded"})
