"""What can be done with a row of a list: the entries behind its one button (1.7)."""

from agencies.models import User
from enrollments.access import may_change_assignment
from enrollments.models import CaseAssignment, Enrollment
from records.pages import RowAction, row_action


def of_assignment(assignment: CaseAssignment, user: User) -> list[RowAction]:
    if not may_change_assignment(user, assignment):
        return []
    place = (assignment.client_id, assignment.pk)
    edit = []
    if user.may_change(assignment.enrollment):
        edit = [row_action("Edit dates", "edit", "enrollments:edit_case_assignment", *place)]
    if assignment.is_over:
        return edit
    return [
        *edit,
        row_action("Hand over", "swap", "enrollments:hand_over", *place),
        row_action("End", "close", "enrollments:end_case_assignment", *place, dialog=True),
    ]


def of_enrollment(enrollment: Enrollment, user: User) -> list[RowAction]:
    place = (enrollment.client_id, enrollment.pk)
    look = row_action("Open", "enrollment", "enrollments:enrollment", *place)
    if not user.may_change(enrollment):
        return [look]
    actions = [
        look,
        row_action("Re-open in the workflow", "intake", "enrollments:reopen", *place),
        row_action("Update assessment", "note", "enrollments:update", *place),
        row_action("Annual assessment", "calendar", "enrollments:annual", *place),
    ]
    if enrollment.exit_date is None:
        return [*actions, row_action("Exit", "log-out", "enrollments:exit", *place)]
    return [
        *actions,
        row_action("Edit exit", "log-out", "enrollments:exit", *place),
        row_action("Exit assessment", "note", "enrollments:exit_answers", *place),
        row_action("Undo exit", "restore", "enrollments:undo_exit", *place, dialog=True),
    ]


def deleting(enrollment: Enrollment, user: User) -> list[RowAction]:
    """For an enrollment that should never have been filed; empty where the user may not."""
    if not user.may_manage_record(enrollment):
        return []
    place = (enrollment.client_id, enrollment.pk)
    return [row_action("Delete", "trash", "enrollments:delete_enrollment", *place, dialog=True)]
