"""What the menu behind the button of a note's row offers."""

from agencies.models import User
from casenotes.models import CaseNote, NoteAction
from records.pages import RowAction, row_action


def note_actions(note: CaseNote, user: User, *, is_emergency: bool) -> list[RowAction]:
    """Reading, editing and printing are pages; the rest asks in the pop-up, chosen beforehand."""
    place, rights = (note.client_id, note.pk), note.rights_of(user)
    actions = [row_action("Open", "eye", "casenotes:note", *place)]
    if rights["edit"] or rights["untick"]:
        actions.append(row_action("Edit", "edit", "casenotes:edit", *place))
    if rights["print"] and not is_emergency:
        actions.append(row_action("Print", "print", "casenotes:print", *place))
        actions.append(row_action("PDF", "download", "casenotes:pdf", *place))
    for one in NoteAction:
        if one.is_open_to(user, note):
            asked = row_action(
                one.short,
                one.icon,
                "casenotes:change",
                *place,
                dialog=True,
                danger=one == NoteAction.DELETE,
            )
            actions.append(asked | {"url": f"{asked['url']}?action={one}"})
    return actions
