"""What tasks show on a client's pages (docs/adr/0005)."""

from django.db.models import QuerySet

from agencies.models import User
from agencies.requests import UserRequest
from clients.models import Client
from clients.panels import SHOWN, Panel
from records.statements import compiled
from tasks.models import Task

MOST = 20


def tasks(request: UserRequest, client: Client) -> Panel:
    """The dashboard's: what is due first."""
    rows = _due_first(request.user, client.pk, most=SHOWN)
    return Panel("tasks/tasks_panel.html", {"tasks": rows}, is_empty=not rows)


def open_tasks(request: UserRequest, client: Client) -> Panel:
    """Beside ending an assignment and handing it over: what its case manager has still to do."""
    rows = _due_first(request.user, client.pk, most=MOST)
    return Panel("tasks/assignment_panel.html", {"tasks": rows})


@compiled
def _due_first(user: User, client_id: int, *, most: int) -> QuerySet[Task]:
    rows = Task.objects.visible_to(user).of_client(client_id).open()
    return rows.listed_for(user).due_first()[:most]
