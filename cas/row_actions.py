"""What can be done with an event or a notification of a list (1.7)."""

from functools import partial

from agencies.models import User
from cas.choices import Snooze
from cas.models import Event, Notification
from records.pages import RowAction, row_action


def of_event(event: Event, user: User) -> list[RowAction]:
    look = row_action("Open", "eye", "cas:event", *event.place)
    if not user.may_change(event):
        return [look]
    label = "Edit result" if event.has_result else "Record result"
    result = row_action(label, "check", "cas:event_result", *event.place)
    delete = {"dialog": True, "danger": True}
    return [
        look,
        *([result] if event.takes_a_result else []),
        row_action("Edit", "edit", "cas:edit_event", *event.place),
        row_action("Delete", "trash", "cas:delete_event", *event.place, **delete),
    ]


def of_notification(notification: Notification) -> list[RowAction]:
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
