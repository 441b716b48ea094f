"""What can be done with a file or a document check of a list (1.7)."""

from agencies.models import User
from files.models import ClientFile, DocumentCheck
from records.pages import RowAction, row_action


def file_actions(row: ClientFile | DocumentCheck, user: User) -> list[RowAction]:
    name, place = row.url_name, row.place
    actions = [row_action("Open", "eye", f"files:{name}", *place)]
    if row.stored and row.stored.is_ready:
        actions.append(row_action("Download", "download", f"files:download_{name}", *place))
    if user.may_change(row):
        delete = {"dialog": True, "danger": True}
        actions += [
            row_action("Edit", "edit", f"files:edit_{name}", *place),
            row_action("Delete", "trash", f"files:delete_{name}", *place, **delete),
        ]
    return actions
