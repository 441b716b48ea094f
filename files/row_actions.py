"""What can be done with a row of a list: the entries behind its one button (1.7)."""

from typing import Any

from django.urls import reverse

from agencies.models import User
from files.models import ClientFile, DocumentCheck

Action = dict[str, Any]


def of_client_file(row: ClientFile, user: User) -> list[Action]:
    return _actions(row, user, "client_file")


def of_document_check(row: DocumentCheck, user: User) -> list[Action]:
    return _actions(row, user, "document_check")


def _actions(row: ClientFile | DocumentCheck, user: User, name: str) -> list[Action]:
    place = (row.client_id, row.pk)
    actions = [_action("Open", "eye", f"files:{name}", *place)]
    if row.stored and row.stored.is_ready:
        actions.append(_action("Download", "download", f"files:download_{name}", *place))
    if user.may_change(row):
        actions += [
            _action("Edit", "edit", f"files:edit_{name}", *place),
            _action("Delete", "trash", f"files:delete_{name}", *place)
            | {"dialog": True, "danger": True},
        ]
    return actions


def _action(label: str, icon: str, name: str, *place: int) -> Action:
    return {"label": label, "icon": icon, "url": reverse(name, args=place)}
