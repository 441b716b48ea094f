"""Data Quality, Rules: what HUD's rules find among the records of an officer's organizations."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from clients.access_log.recorder import by_organization, record_list
from data_quality import correction_task, export, lists
from data_quality.correction_task import CorrectionTask
from data_quality.counts import Overview
from data_quality.forms import ScopeForm
from data_quality.models import StoredCounts
from data_quality.rules.catalog import BY_KEY
from data_quality.rules.rule import Rule
from data_quality.rules.scope import Scope
from records.admin import render_in_workspace

LONGEST_ID = 18
Find = Callable[[Rule, Scope, int], lists.Item | None]


@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Each rule with its count, of how many, by HUD's elements.

    They are counted in the background (`background.py`): the page shows the last count, says when
    that was, and has it made again where it is old or something was fixed.
    """
    has_fixed = correction_task.end(request)
    form = _form(request)
    page: dict[str, Any] = {"title": "Data quality rules", "form": form}
    if form.scope:
        stored = StoredCounts.objects.opened(form.scope, again=has_fixed)
        page |= {"stored": stored, "overview": Overview(stored, in_full="all" in request.GET)}
    return render_in_workspace(request, "data_quality/overview.html", page)


@require_POST
def count(request: HttpRequest) -> HttpResponse:
    """Have the rules counted again."""
    form = _form(request)
    if form.scope:
        StoredCounts.objects.opened(form.scope, again=True)
    return _back_to(form, "quality")


@require_GET
def progress(request: HttpRequest) -> HttpResponse:
    """How far a count is, for a page that asks every few seconds; the whole page once it is over.

    A page that is left open does not keep its user logged in, and queues nothing.
    """
    form = _form(request)
    stored = form.scope and StoredCounts.objects.of(form.scope).first()
    page = {"stored": stored, "form": form}
    response = render(request, "data_quality/progress.html", page)
    if stored is None or stored.queued_at is None:
        response["HX-Refresh"] = "true"
    return response


progress.is_no_use = True  # type: ignore[attr-defined]


@require_GET
def found(request: HttpRequest, key: str) -> HttpResponse:
    """The records that a rule found, each with the way to fix it."""
    rule, form = _rule(key), _form(request)
    scope, page = form.scope, None
    if scope:
        page = lists.page_of(rule, scope, after=_number(request.GET.get("after", "")))
        rows = (one.enrollment for one in page.items)
        shown = by_organization((one.organization_id, one.client_id) for one in rows)
        for organization, clients in shown.items():
            record_list(request, clients, organization=organization)
    context = {
        "title": rule.title,
        "rule": rule,
        "form": form,
        "page": page,
        "has_several": len(request.user.dqo_organizations) > 1,
    }
    return render_in_workspace(request, "data_quality/list.html", context)


@require_GET
def as_csv(request: HttpRequest, key: str) -> HttpResponse | StreamingHttpResponse:
    rule, form = _rule(key), _form(request)
    scope = form.scope
    if scope is None:
        return _back_to(form, "quality_list", key)
    return export.as_csv(rule, scope, request=request)


@require_POST
def fix(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Go to the page where a record is fixed."""
    answer = _go_to(lists.item, request, key, pk)
    if answer is None:
        messages.info(request, "That record has already been fixed or is no longer on this list.")
    return answer or _back_to(_form(request), "quality_list", key)


@require_POST
def fix_next(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Go to the page where the record after this one is fixed."""
    answer = _go_to(lists.next_item, request, key, pk)
    if answer is None:
        messages.success(request, "That was the last record of this list.")
    return answer or _back_to(_form(request), "quality_list", key)


def _go_to(find: Find, request: HttpRequest, key: str, pk: int) -> HttpResponse | None:
    """The way to a record of the list that breaks the rule; None where there is none."""
    rule, form = _rule(key), _form(request)
    if form.scope is None:
        raise Http404
    item = find(rule, form.scope, pk) if len(str(pk)) <= LONGEST_ID else None
    if item is None:
        return None
    task = CorrectionTask(rule.key, item.pk, item.enrollment.client_id, form.address)
    correction_task.begin(request, task)
    return redirect(rule.address(item.enrollment, answers=item.answers))


def _back_to(form: ScopeForm, page: str, *key: str) -> HttpResponse:
    """Redirect to a page with the filters of the form."""
    url = reverse(f"admin:{page}", args=key)
    return redirect(f"{url}?{form.address}" if form.address else url)


def _rule(key: str) -> Rule:
    if key not in BY_KEY:
        raise Http404
    return BY_KEY[key]


def _form(request: HttpRequest) -> ScopeForm:
    return ScopeForm(request.GET, user=request.user, today=timezone.localdate())


def _number(text: str) -> int | None:
    is_number = text.isascii() and text.isdecimal() and len(text) <= LONGEST_ID
    return int(text) if is_number else None
