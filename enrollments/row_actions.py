"""What can be done with a row of a list: the entries behind its one button (1.7)."""

from typing import Any

from django.urls import reverse

from agencies.models import User
from enrollments.access import may_change_assignment
from enrollments.models import CaseAssignment, Enrollment

Action = dict[str, Any]


def of_assignment(assignment: CaseAssignment, user: User) -> list[Action]:
    if not may_change_assignment(user, assignment):
        return []
    place = (assignment.client_id, assignment.pk)
    edit = []
    if user.may_change(assignment.enrollment):
        edit = [_action("Edit dates", "edit", "edit_case_assignment", *place)]
    if assignment.is_over:
        return edit
    return [
        *edit,
        _action("Hand over", "swap", "hand_over", *place),
        _action("End", "close", "end_case_assignment", *place) | {"dialog": True},
    ]


def of_enrollment(enrollment: Enrollment, user: User) -> list[Action]:
    place = (enrollment.client_id, enrollment.pk)
    look = _action("Open", "enrollment", "enrollment", *place)
    if not user.may_change(enrollment):
        return [look]
    if enrollment.exit_date is None:
        later = [
            _action("Update assessment", "note", "update", *place),
            _action("Annual assessment", "calendar", "annual", *place),
            _action("Exit", "log-out", "exit", *place),
        ]
    else:
        later = [
            _action("Update assessment", "note", "update", *place),
            _action("Annual assessment", "calendar", "annual", *place),
            _action("Edit exit", "log-out", "exit", *place),
            _action("Exit assessment", "note", "exit_answers", *place),
            _action("Undo exit", "restore", "undo_exit", *place) | {"dialog": True},
        ]
    return [look, _action("Re-open in the workflow", "intake", "reopen", *place), *later]


def deleting(enrollment: Enrollment, user: User) -> list[Action]:
    """For an enrollment that should never have been filed; empty where the user may not."""
    if not user.may_manage_record(enrollment):
        return []
    place = (enrollment.client_id, enrollment.pk)
    return [_action("Delete", "trash", "delete_enrollment", *place) | {"dialog": True}]


def _action(label: str, icon: str, name: str, *place: int) -> Action:
    return {"label": label, "icon": icon, "url": reverse(f"enrollments:{name}", args=place)}
