"""Compare, preview, merge and undo, in the Data Quality workspace (11.2)."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from agencies import limits
from agencies.models import LimitedUse, User
from agencies.requests import UserRequest
from clients.access_log.recorder import Kind, record_views
from clients.counting import count_people
from clients.forms.duplicates import MergeForm
from clients.merge import execute
from clients.merge import undo as undoing
from clients.merge.execute import Refused, may_compare, may_merge, who_merges
from clients.merge.policies import Pair
from clients.merge.preview import Preview
from clients.merge.snapshots import Merged
from clients.models import Client, ClientMerge, DuplicateReport
from clients.querysets import ClientMergeQuerySet
from records.admin import own_organizations
from records.submissions import submit_once


@require_http_methods(["GET", "POST"])
@submit_once
def merge(request: UserRequest, client_1_id: int, client_2_id: int) -> HttpResponse:
    pair = get_pair(request, client_1_id, client_2_id)
    if isinstance(pair, ClientMerge):
        messages.info(request, "These two have already been merged.")
        return redirect(pair)
    if request.method == "GET":  # nobody is sent the other's client who may not merge
        count_people(request, pair)
        limits.spend(request.user, LimitedUse.SEARCHES)  # whether two SSNs differ is an answer
    preview = Preview(pair, request.user)
    is_allowed = may_merge(request.user, *pair)
    if request.method == "POST" and not is_allowed:
        raise PermissionDenied(who_merges(*pair))
    data = request.POST if request.method == "POST" else None
    form = MergeForm(data, preview=preview, token=uuid.uuid4())
    if form.is_valid():
        try:
            done = execute.merge(
                survivor=pair.survivor.pk, gone=pair.gone.pk, choices=form.choices, by=request.user
            )
        except Refused as refusal:
            return _refused(request, pair, refusal)
        _record_views(request, pair)
        messages.success(
            request, f"Client ID {done.merged_id} was merged into Client ID {done.survivor_id}."
        )
        return redirect(done)
    return _show(request, form)


def _refused(request: UserRequest, pair: Pair, refusal: Refused) -> HttpResponse:
    """The preview of what is there now, with what was chosen and why nothing was saved."""
    again = get_pair(request, *pair.ids)
    if isinstance(again, ClientMerge):
        messages.info(request, "These two have already been merged.")
        return redirect(again)
    preview = Preview(again, request.user)
    posted = request.POST.copy()
    posted["seen"] = preview.digest
    form = MergeForm(posted, preview=preview, token=uuid.uuid4())
    form.full_clean()
    form.add_error(None, refusal.texts)
    return _show(request, form)


def _show(request: UserRequest, form: MergeForm) -> HttpResponse:
    pair, preview = form.pair, form.preview
    _record_views(request, pair)
    reports = DuplicateReport.objects.visible_to(request.user).of_clients(*pair.ids).unresolved()
    page = {
        "form": form,
        "preview": preview,
        "survivor": pair.survivor,
        "gone": pair.gone,
        "reports": reports.select_related("created_by"),
        "is_allowed": may_merge(request.user, *pair),
        "who_merges": who_merges(*pair),
    }
    return render(request, "admin/clients/merge.html", page)


def get_pair(request: UserRequest, client_1_id: int, client_2_id: int) -> Pair | ClientMerge:
    """Return the two clients, the lower ID as the one who stays unless `?keep=` names the other.

    Two that are one client by now give their merge. Http404 for clients that the user may not see,
    or whose agencies the user does not manage.
    """
    visible = Client.objects.visible_to(request.user).current()
    remain = visible.who_remain([client_1_id, client_2_id])
    found = visible.select_related("organization").with_alias_names().with_sharing(request.user)
    found = found.in_bulk(remain.values())
    are_there = len(remain) == 2 and found.keys() >= set(remain.values())
    if not are_there or not may_compare(request.user, *found.values()):
        raise Http404
    if len(found) == 1:
        return get_object_or_404(_merges(request.user, client_1_id, client_2_id))
    first, second = (found[pk] for pk in sorted(found))
    kept = request.GET.get("keep") == str(second.pk)
    return Pair(second, first) if kept else Pair(first, second)


def may_open(user: User, client_1_id: int, client_2_id: int) -> bool:
    """Whether `get_pair` gives the user these two, whom the user may see."""
    remain = Client.objects.who_remain([client_1_id, client_2_id])
    found = Client.objects.only("organization").in_bulk(set(remain.values()))
    if len(found) == 1:
        return _merges(user, client_1_id, client_2_id).exists()
    return may_compare(user, *found.values())


def _merges(user: User, client_1_id: int, client_2_id: int) -> ClientMergeQuerySet:
    merges = ClientMerge.objects.for_officer(user).in_force()
    return merges.naming(client_1_id).naming(client_2_id)


def _record_views(request: UserRequest, pair: Pair) -> None:
    """After the merge, whose locks are stronger than those that these rows take."""
    kind = Kind.CHANGE if request.method == "POST" else Kind.VIEW
    clients = sorted(pair, key=lambda one: one.pk)
    record_views(request, clients, kind, organization=own_organizations(request)[0])


@require_http_methods(["GET", "POST"])
def merged(request: UserRequest, merge_id: int) -> HttpResponse:
    """What a merge did; a POST takes it apart again."""
    merges = ClientMerge.objects.for_officer(request.user)
    merges = merges.select_related("survivor", "merged", "by", "undone_by")
    done = get_object_or_404(merges, pk=merge_id)
    if request.method == "POST":
        return _undo(request, done)
    record_views(request, [done.survivor], Kind.VIEW, organization=own_organizations(request)[0])
    record = Merged(done, request.user)
    page = {"merge": done, "record": record, "why_not": undoing.why_not(done)}
    return render(request, "admin/clients/merged.html", page)


def _undo(request: UserRequest, done: ClientMerge) -> HttpResponse:
    try:
        notes = undoing.undo(merge_id=done.pk, by=request.user)
    except Refused as refusal:
        for text in refusal.texts:
            messages.error(request, text)
        return redirect(done)
    messages.success(
        request,
        f"Client ID {done.merged_id} and Client ID {done.survivor_id} are two clients again.",
    )
    for note in notes:
        messages.info(request, note)
    return redirect(done)
