"""A client's tasks: their list, the pages that add, edit, delete and restore them, Done."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from agencies.models import User
from agencies.requests import UserRequest
from clients.loading import Kind, get_changeable, get_client
from clients.record_pages import RecordPages
from enrollments.forms.refusals import explained
from records.keyset import keyset_page
from records.pages import RowAction, own_address, row_action, say_undoable
from records.submissions import submit_once
from tasks import actions
from tasks.forms import EditTaskForm, TaskForm
from tasks.listing import Show
from tasks.models import Task


class TaskPages(RecordPages):
    model = Task
    kind = "task"
    key = "task_id"
    list_page = Task.list_page
    form, edit_form = TaskForm, EditTaskForm
    template = "tasks/edit_task.html"

    def rows(self, parent):
        return super().rows(parent).select_related("organization", "updated_by")

    def save(self, request, form):
        task = actions.save_task(task=form.instance, by=request.user)
        if task.assigned_to_id == request.user.pk:
            return form.saved("Task")
        return form.saved(f"Task for {task.assigned_to}")

    def answer(self, request, parent, form, done_url, **page):
        """What the database refuses, as of an enrollment that was deleted, stands on the form."""
        with explained(form):
            return super().answer(request, parent, form, done_url, **page)
        return super().answer(request, parent, form, done_url, **page)


pages = TaskPages()


@require_GET
def tasks(request: UserRequest, client_id: int) -> HttpResponse:
    client = get_client(request, client_id)
    is_done = request.GET.get("show") == Show.DONE
    rows = Task.objects.visible_to(request.user).of_client(client.pk).listed_for(request.user)
    rows = rows.done() if is_done else rows.open()
    shown = keyset_page(
        rows,
        request.GET.get("after", ""),
        "done_at" if is_done else "due_on",
        newest_first=is_done,
    )
    page = {
        "client": client,
        "page": shown.showing((row, actions_of(row, request.user)) for row in shown.rows),
        "is_done": is_done,
        "deleted": pages.recently_deleted(client, request.user),
    }
    return render(request, "tasks/tasks.html", page)


@require_POST
@submit_once
def done(request: UserRequest, client_id: int, task_id: int) -> HttpResponse:
    task = _changeable(request, client_id, task_id)
    if actions.finish(task=task, by=request.user):
        back = {"next": _list_of(request, task)}
        say_undoable(request, "Task done.", reverse("tasks:reopen", args=task.place, query=back))
    return _back(request, task)


@require_POST
@submit_once
def reopen(request: UserRequest, client_id: int, task_id: int) -> HttpResponse:
    task = _changeable(request, client_id, task_id)
    if actions.reopen(task=task, by=request.user):
        messages.success(request, "Task reopened.")
    return _back(request, task)


def actions_of(task: Task, user: User) -> list[RowAction]:
    """What can be done with a row of a list beside Done, which has a button of its own."""
    if not user.may_change(task):
        return []
    delete = {"dialog": True, "danger": True}
    first = (
        row_action("Edit", "edit", "tasks:edit_task", *task.place)
        if task.is_open
        else row_action("Reopen", "restore", "tasks:reopen", *task.place, post=True, back=True)
    )
    return [first, row_action("Delete", "trash", "tasks:delete_task", *task.place, **delete)]


def _changeable(request: UserRequest, client_id: int, task_id: int) -> Task:
    client = get_client(request, client_id, kind=Kind.CHANGE)
    rows = Task.with_deleted.present().of_client(client.pk)
    return get_changeable(request, rows, task_id)


def _back(request: UserRequest, task: Task) -> HttpResponse:
    return redirect(_list_of(request, task))


def _list_of(request: UserRequest, task: Task) -> str:
    """The list from which it was done, or undone: the client's, My tasks or Home."""
    wanted = request.POST.get("next") or request.GET.get("next")
    return own_address(request, wanted or reverse("tasks:tasks", args=[task.client_id]))
