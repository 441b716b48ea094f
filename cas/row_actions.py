"""What can be done with a row of a list: the entries behind its one button (1.7)."""

from typing import Any

from django.urls import reverse

from agencies.models import User
from cas.choices import Snooze
from cas.models import Event, Notification

Action = dict[str, Any]


def of_event(event: Event, user: User) -> list[Action]:
    look = _action("Open", "eye", "event", event)
    if not user.may_change(event):
        return [look]
    label = "Edit result" if event.has_result else "Record result"
    result = [_action(label, "check", "event_result", event)] if event.takes_a_result else []
    delete = {"dialog": True, "danger": True}
    return [
        look,
        *result,
        _action("Edit", "edit", "edit_event", event),
        _action("Delete", "trash", "delete_event", event) | delete,
    ]


def _action(label: str, icon: str, name: str, event: Event) -> Action:
    place = [event.client_id, event.pk]
    return {"label": label, "icon": icon, "url": reverse(f"cas:{name}", args=place)}


def of_notification(notification: Notification) -> list[Action]:
    """What its recipient may do; one that was resolved can only be opened or dismissed."""
    look = {"label": "Open", "icon": "eye", "url": notification.get_absolute_url()}
    if notification.dismissed_at:
        return [look, _notification_action("Restore", "restore", "restore", notification)]
    dismiss = _notification_action("Dismiss", "check", "dismiss", notification)
    if notification.resolved_at:
        return [look, dismiss]
    snoozes = [
        _notification_action(f"Snooze {one.label}", "clock", "snooze", notification, one.value)
        for one in Snooze
    ]
    return [look, *snoozes, dismiss]


def _notification_action(
    label: str, icon: str, name: str, notification: Notification, *more: str
) -> Action:
    url = reverse(f"cas:{name}", args=[notification.public_id, *more])
    return {"label": label, "icon": icon, "url": url, "post": True, "back": True}
