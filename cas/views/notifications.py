"""The bell and View Notifications: a user's own, to be opened, snoozed, dismissed (10.2)."""

from datetime import datetime
from functools import partial
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agencies.models import User
from agencies.requests import UserRequest
from cas.choices import Kind, Snooze
from cas.forms.notifications import FilterForm, PreferenceForm
from cas.listing import PLACES, Line, lines, waiting
from cas.models import Notification, Preference
from cas.querysets import NotificationQuerySet
from clients.access_log.recorder import record_list
from records.keyset import first_page, first_rows, keyset_page
from records.pages import RowAction, own_address, row_action
from records.querysets import UNDO_FOR
from records.statements import compiled

IN_BELL = 6
DISMISSED = "dismissed_notifications"  # in the session: when, and how many


@require_GET
def notifications(request: UserRequest) -> HttpResponse:
    now = timezone.now()
    form = FilterForm(request.GET or None)
    before = request.GET.get("before", "")
    if form.is_narrowed or before:
        rows = form.narrow(Notification.objects.of(request.user), now)
        shown = keyset_page(rows, before, "created_at")
    else:
        shown = first_page(_newest(request.user), "created_at")
    shown = shown.showing(lines(shown.rows, request.user))
    _log(request, shown.rows)
    query = {name: request.GET[name] for name in form.fields if request.GET.get(name)}
    page = {
        "form": form,
        "page": shown,
        "rows": [(line, _actions(line.notification)) for line in shown.rows],
        "query": urlencode(query),
        "shown_at": now.isoformat(),
        "undo": _undo(request, now),
    }
    return render(request, "cas/notifications.html", page)


@compiled
def _newest(user: User) -> QuerySet[Notification]:
    return first_rows(Notification.objects.of(user), "created_at")


@require_GET
def bell(request: UserRequest) -> HttpResponse:
    """The first of those that wait, for the drop-down; as a page of its own, all of them."""
    return _bell(request) if request.htmx else notifications(request)


@require_GET
def notification(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Lead to what it is about, as far as the user may still see that."""
    rows = Notification.objects.of(request.user).filter(public_id=public_id)
    row = get_object_or_404(rows)
    rows.open()
    (line,) = lines([row], request.user)
    place = _place(line, request.user)
    if place:
        return redirect(place)
    _log(request, [line])
    return render(request, "cas/notification.html", {"line": line})


@require_POST
def snooze(request: UserRequest, public_id: UUID, until: str) -> HttpResponse:
    rows = _own(request, public_id)
    if until not in Snooze.values:
        raise Http404
    chosen = Snooze(until)
    rows.snooze(chosen)
    return _back(request, f"Snoozed {chosen.label}.")


@require_POST
def dismiss(request: UserRequest, public_id: UUID) -> HttpResponse:
    at, _ = _own(request, public_id).dismiss()
    request.session[DISMISSED] = [at.isoformat(), 1]
    return _back(request)


@require_POST
def dismiss_all(request: UserRequest) -> HttpResponse:
    now = timezone.now()
    shown_at = _moment(request.POST.get("shown_at", "")) or now
    # What is snoozed comes back in its time.
    rows = Notification.objects.of(request.user).current().awake(now)
    at, many = rows.arrived_by(min(shown_at, now)).dismiss()
    request.session[DISMISSED] = [at.isoformat(), many]
    return _back(request)


@require_POST
def undo_dismiss(request: UserRequest) -> HttpResponse:
    at = _moment(request.POST.get("at", ""))
    many = Notification.objects.of(request.user).restore(dismissed_at=at) if at else 0
    request.session.pop(DISMISSED, None)
    return _back(request, "Restored." if many else "There is nothing left to restore.")


@require_POST
def restore(request: UserRequest, public_id: UUID) -> HttpResponse:
    _own(request, public_id).restore()
    return _back(request, "Restored.")


@require_http_methods(["GET", "POST"])
def preferences(request: UserRequest) -> HttpResponse:
    """How the user hears of notifications by e-mail (10.3)."""
    preference = Preference.of(request.user)
    form = PreferenceForm(request.POST or None, instance=preference)
    if form.is_valid():
        form.save()
        messages.success(request, "Preferences saved.")
        return redirect("cas:preferences")
    return render(request, "cas/preferences.html", {"form": form})


def _own(request: UserRequest, public_id: UUID) -> NotificationQuerySet:
    """The user's notification of this ID, as rows to be changed where they are still the user's."""
    rows = Notification.objects.of(request.user).filter(public_id=public_id)
    get_object_or_404(rows)
    return rows


def _place(line: Line, user: User) -> str | None:
    """The page that shows what it is about; None where the user may not see the client any more."""
    if line.client is None:
        return None
    if line.event:
        return line.event.get_absolute_url()
    kind = line.notification.what
    if kind is Kind.DOCUMENTS_VERIFIED and user.has_cas_access:
        return reverse("files:document_checks", args=[line.client.pk])
    return reverse(PLACES.get(kind, "cas:events"), args=[line.client.pk])


def _back(request: UserRequest, message: str = "") -> HttpResponse:
    """The drop-down again, or the list from which it was done."""
    if request.htmx:
        return _bell(request, message)
    if message:
        messages.success(request, message)
    return redirect(own_address(request, request.POST.get("next", reverse("cas:notifications"))))


def _bell(request: UserRequest, message: str = "") -> HttpResponse:
    now = timezone.now()
    rows = waiting(request.user, now).latest_shown_first()[:IN_BELL]
    shown = lines(list(rows), request.user)
    _log(request, shown)
    page = {
        "lines": shown,
        "snoozes": Snooze,
        "message": message,
        "is_done": request.method == "POST",
        "shown_at": now.isoformat(),
        "undo": _undo(request, now),
    }
    return render(request, "cas/bell.html", page)


def _log(request: UserRequest, shown: list[Line]) -> None:
    record_list(request, [line.client for line in shown])


def _undo(request: UserRequest, now: datetime) -> dict | None:
    """What was dismissed lately in this session, to be restored with one click."""
    text, many = request.session.get(DISMISSED, ["", 0])
    at = _moment(text)
    if at is None or not many or now - at > UNDO_FOR:
        return None
    return {"at": text, "many": many}


def _moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment and timezone.is_aware(moment) else None


def _actions(notification: Notification) -> list[RowAction]:
    """What its recipient may do; one that was resolved can only be opened or dismissed."""
    act, key = partial(row_action, post=True, back=True), notification.public_id
    look = {"label": "Open", "icon": "eye", "url": notification.get_absolute_url()}
    if notification.dismissed_at:
        return [look, act("Restore", "restore", "cas:restore", key)]
    dismiss = act("Dismiss", "check", "cas:dismiss", key)
    if notification.resolved_at:
        return [look, dismiss]
    snoozes = [act(f"Snooze {one.label}", "clock", "cas:snooze", key, one.value) for one in Snooze]
    return [look, *snoozes, dismiss]
