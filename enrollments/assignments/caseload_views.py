"""My caseload: the page, its print and its CSV."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from agencies import limits
from agencies.models import LimitedUse
from agencies.requests import UserRequest
from clients.access_log.recorder import record_export, record_list
from clients.list_files import Line, csv_file
from enrollments.assignments.caseload import Case, cases
from enrollments.assignments.caseload_form import CaseloadForm, CaseloadSearchForm
from enrollments.assignments.listing import Sort, Wanted, chosen, entries
from enrollments.assignments.order import plain_order

PAGE = 30
MOST_PRINTED = 500
BATCH = 500
COLUMNS = [
    (Sort.CLIENT, "Client"),
    (Sort.DUE, "Due"),
    (None, "What is due"),
    (Sort.PROJECT, "Enrollment"),
    (Sort.NUMBER, "Client ID"),
    (Sort.SINCE, "Since"),
]
CSV_COLUMNS = (
    *("Client ID", "Last Name", "First Name", "Household", "Project", "Organization"),
    *("Project Start Date", "Case Manager Since", "Due", "What Is Due", "Status"),
)


@require_http_methods(["GET", "POST"])
def my_caseload(request: UserRequest) -> HttpResponse:
    """Everybody whom the user is a case manager of, what is due first on top.

    A search is a POST: what is typed may be a name.
    """
    found = Found(request)
    page = Paginator(found.assignment_ids, PAGE).get_page(request.GET.get("page"))
    shown = cases(request.user, found.today, list(page.object_list))
    record_list(request, [one.assignment.client_id for one in shown])
    count = page.paginator.count
    context = {
        "form": found.form,
        "search": found.search,
        "columns": found.columns,
        "page": page,
        "groups": list(_groups(shown, found.wanted)),
        "query": found.form.address,
        "is_searching": bool(found.wanted.text),
        "is_all_selected": "select" in found.data,
        "summary": f"{count:,} client{'' if count == 1 else 's'}",
    }
    return render(request, "enrollments/caseload.html", context)


@require_GET
def print_caseload(request: UserRequest) -> HttpResponse:
    """The list on paper, without its links: an export as the CSV is."""
    found = Found(request)
    ids = found.assignment_ids
    limits.require(request.user, LimitedUse.EXPORTS, len(ids[:MOST_PRINTED]))
    shown = cases(request.user, found.today, ids[:MOST_PRINTED])
    record_export(request, [one.assignment.client_id for one in shown])
    context = {
        "groups": list(_groups(shown, found.wanted)),
        "count": len(ids),
        "most": MOST_PRINTED,
        "query": found.form.address,
        "filters": list(found.filters()),
    }
    return render(request, "enrollments/caseload_print.html", context)


@require_GET
def caseload_csv(request: UserRequest) -> StreamingHttpResponse:
    return csv_file(request, "my-caseload", CSV_COLUMNS, _lines(request, Found(request)))


@dataclass(frozen=True)
class Group:
    """The cases of one household, or all that a page shows; `name` is of its first member."""

    cases: list[Case]
    name: str = ""

    @property
    def others(self) -> int:
        return len(self.cases) - 1


class Found:
    """What a request asks for, and the assignments that it gets, in order."""

    def __init__(self, request: UserRequest):
        self.request, self.today = request, timezone.localdate()
        self.data = request.POST if request.method == "POST" else request.GET
        self.search = CaseloadSearchForm(request.POST if request.method == "POST" else None)
        text = self.search.cleaned_data["text"] if self.search.is_valid() else ""
        if not text and CaseloadForm(self.data, projects=[]).is_plain:
            order = plain_order(request.user, self.today)
            self.form = CaseloadForm(self.data, projects=order.project_ids)
            self.wanted, self.assignment_ids = Wanted(), order.assignment_ids
            return
        every = entries(request.user, self.today)
        projects = {one.project_id for one in every}
        self.form = CaseloadForm(self.data, projects=projects)
        self.wanted = self.form.wanted(text)
        rows = chosen(every, self.wanted, self.today)
        self.assignment_ids = [one.assignment_id for one in rows]

    @property
    def columns(self) -> list[dict[str, Any]]:
        """The heads of the table: what each is sorted by, and the address that sorts by it."""
        return [self._column(sort, label) for sort, label in COLUMNS]

    def filters(self) -> Iterator[tuple[str, str]]:
        """What the list is narrowed to, in words."""
        for name in ("project", "due", "household"):
            field = self.form[name]
            if self.form.is_valid() and (value := self.form.cleaned_data[name]):
                known = dict(getattr(field.field, "choices", ())) if name != "project" else {}
                yield str(field.label), str(known.get(value, value))

    def _column(self, sort: Sort | None, label: str) -> dict[str, Any]:
        if sort is None:
            return {"label": label}
        is_here = sort is self.wanted.sort
        is_descending = is_here and self.wanted.is_descending
        other = f"-{sort}" if is_here and not is_descending else sort.value
        return {
            "label": label,
            "query": self.form.address_with(sort="" if other == Sort.DUE else other),
            "order": is_here and ("descending" if is_descending else "ascending"),
        }


def _groups(shown: list[Case], wanted: Wanted) -> Iterator[Group]:
    if not wanted.by_household:
        yield Group(shown)
        return
    for _, members in groupby(shown, lambda one: one.assignment.enrollment.household_id):
        listed = list(members)
        yield Group(listed, listed[0].assignment.client.sorted_name)


def _lines(request: UserRequest, found: Found) -> Iterator[Line]:
    ids = found.assignment_ids
    for start in range(0, len(ids), BATCH):
        yield from map(_line, cases(request.user, found.today, ids[start : start + BATCH]))


def _line(case: Case) -> Line:
    assignment, due = case.assignment, case.due
    client, enrollment = assignment.client, assignment.enrollment
    cells = [
        client.pk,
        client.last_name,
        client.first_name,
        enrollment.household_id,
        str(enrollment.project),
        str(assignment.organization),
        enrollment.entry_date,
        assignment.begins_on,
        due and due.on,
        due and due.what,
        case.label,
    ]
    return Line(client.pk, cells)
