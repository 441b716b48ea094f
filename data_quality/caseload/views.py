"""The agency's caseload: open work by project and worker, and the clients behind each number."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from agencies.models import Project, User
from agencies.requests import UserRequest
from clients.access_log.recorder import by_organization, record_list
from clients.list_files import BATCH, csv_file
from clients.list_files import Line as FileLine
from data_quality.caseload.form import WorkForm
from data_quality.caseload.work import NOBODY, Kind, Line, listed, work
from data_quality.rules.scope import Scope
from data_quality.rules.subjects import enrollments
from enrollments.contacts import last_contact
from enrollments.models import CaseAssignment, Enrollment
from records.admin import render_in_workspace

PAGE = 50
NO_MANAGER = "No case manager"
COLUMNS = (
    *("Client ID", "Last Name", "First Name", "Organization", "Project"),
    *("Project Start Date", "Project Exit Date", "Annual Assessment Due"),
    *("Case Managers", "Last Contact", "List"),
)


@dataclass(frozen=True)
class Number:
    """How many enrollments of a kind a line has, and the address of their list."""

    kind: Kind
    count: int
    url: str

    @property
    def is_late(self) -> bool:
        return self.count > 0 and self.kind in (Kind.MISSED, Kind.INCOMPLETE)


@dataclass(frozen=True)
class Row:
    """A line of the table: a project's, or a worker's within it."""

    name: str
    is_project: bool
    numbers: list[Number]


@require_GET
def overview(request: UserRequest) -> HttpResponse:
    form = _form(request)
    page: dict[str, Any] = {"title": "Caseload", "form": form, "kinds": list(Kind)}
    if scope := form.scope:
        page |= {"rows": list(_rows(form, scope)), "days": form.days_without_contact}
    return render_in_workspace(request, "data_quality/caseload.html", page)


@require_GET
def clients(request: UserRequest, listed_as: str) -> HttpResponse:
    """The clients behind a number."""
    kind, form = _kind(listed_as), _form(request)
    page: dict[str, Any] = {"title": kind.label, "kind": kind, "form": form}
    if scope := form.scope:
        found = Paginator(_listed(form, scope, kind), PAGE).get_page(request.GET.get("page"))
        _log(request, found.object_list)
        page |= {"page": found, "worker": _worker(form, scope), "query": _query(form, form.worker)}
    return render_in_workspace(request, "data_quality/caseload_list.html", page)


@require_GET
def as_csv(request: UserRequest, listed_as: str) -> HttpResponse | StreamingHttpResponse:
    kind, form = _kind(listed_as), _form(request)
    scope = form.scope
    if scope is None:
        return redirect("admin:caseload_list", kind)
    rows = _listed(form, scope, kind).iterator(chunk_size=BATCH)
    lines = (_line(one, kind) for one in rows)
    return csv_file(request, f"caseload-{kind}", COLUMNS, lines, listed=kind.value)


def _form(request: UserRequest) -> WorkForm:
    return WorkForm(
        request.GET,
        user=request.user,
        today=timezone.localdate(),
        in_force=getattr(request, "organization", None),
    )


def _kind(text: str) -> Kind:
    if text not in list(Kind):
        raise Http404
    return Kind(text)


def _rows(form: WorkForm, scope: Scope) -> Iterator[Row]:
    """Each project by name with its workers by name, and the sum on top."""
    found = work(scope, days=form.days_without_contact)
    projects = Project.objects.in_bulk(found.projects)
    users = {pk: str(user) for pk, user in User.objects.in_bulk(found.user_ids).items()}
    users[NOBODY] = NO_MANAGER
    if len(projects) > 1:
        yield Row("All projects", True, _numbers(form, Line(0, counts=found.total)))
    for pk, project in sorted(projects.items(), key=lambda one: str(one[1]).casefold()):
        yield Row(str(project), True, _numbers(form, found.projects[pk]))
        lines = found.workers[pk].items()
        for worker, line in sorted(lines, key=lambda one: users[one[0]].casefold()):
            yield Row(users[worker], False, _numbers(form, line))


def _numbers(form: WorkForm, line: Line) -> list[Number]:
    project = {"project": str(line.project)} if line.project else {}
    query = _query(form, line.worker, **project)
    return [
        Number(kind, line.counts[kind], reverse("admin:caseload_list", args=[kind]) + f"?{query}")
        for kind in Kind
    ]


def _query(form: WorkForm, worker: int | None, **other: str) -> str:
    chosen = {name: str(form[name].value() or "")[:20] for name in form.fields} | other
    chosen["worker"] = "" if worker is None else str(worker)
    return urlencode({name: text for name, text in chosen.items() if text})


def _listed(form: WorkForm, scope: Scope, kind: Kind) -> Any:
    found = listed(scope, kind, days=form.days_without_contact, worker=form.worker)
    rows = found.select_related("client", "project", "organization").defer("client__ssn")
    return rows.annotate(last_contact=last_contact()).with_case_managers(form.user)


def _worker(form: WorkForm, scope: Scope) -> str:
    """Whose part of the work is listed, in words; empty for everybody's."""
    if form.worker in (None, NOBODY):
        return "" if form.worker is None else NO_MANAGER
    seen = CaseAssignment.objects.visible_to(form.user).filter(
        case_manager=form.worker, enrollment__in=enrollments(scope).values("pk")
    )
    return next((str(one.case_manager) for one in seen.select_related("case_manager")[:1]), "")


def _log(request: UserRequest, rows: Iterable[Enrollment]) -> None:
    shown = by_organization((one.organization_id, one.client_id) for one in rows)
    for organization, client_ids in shown.items():
        record_list(request, client_ids, organization=organization)


def _line(row: Enrollment, kind: Kind) -> FileLine:
    managers = [str(one.case_manager) for one in row.active_assignments]  # type: ignore[attr-defined]
    cells = [
        row.client_id,
        row.client.last_name,
        row.client.first_name,
        str(row.organization),
        str(row.project),
        row.entry_date,
        row.exit_date,
        row.due_on if kind.is_annual else None,  # type: ignore[attr-defined]
        ", ".join(managers),
        row.last_contact,  # type: ignore[attr-defined]
        kind.label,
    ]
    return FileLine(row.client_id, cells, row.organization_id)
