"""My tasks: what a user has to do, asked others to do, and has done, over all clients."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from agencies.requests import UserRequest
from clients.access_log.recorder import record_list
from records.keyset import keyset_page
from tasks.listing import Show, of_user
from tasks.models import Task
from tasks.views.tasks import actions_of


@require_GET
def mine(request: UserRequest) -> HttpResponse:
    show = Show.of(request.GET.get("show", ""))
    is_done = show is Show.DONE
    shown = keyset_page(
        of_user(request.user, show),
        request.GET.get("after", ""),
        "done_at" if is_done else "due_on",
        newest_first=is_done,
    )
    record_list(request, [row.client_id for row in shown.rows])
    page = {
        "page": shown.showing((row, actions_of(row, request.user)) for row in shown.rows),
        "show": show,
        "tabs": list(Show),
        "is_done": is_done,
    }
    return render(request, "tasks/mine.html", page)


@require_GET
def task(request: UserRequest, task_key: UUID) -> HttpResponse:
    """Lead from the calendar to the client's list, where the user may see the task."""
    return redirect(get_object_or_404(Task.objects.visible_to(request.user), public_id=task_key))
