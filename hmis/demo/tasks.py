"""Tasks of the demonstration: late, due now, ahead and done, of the case managers of today."""

from collections import Counter
from collections.abc import Iterator

from enrollments.models import CaseAssignment
from hmis.demo.context import STORY, Context, filed_like
from records.visibility import Visibility
from tasks.models import Task

TASK_EVERY = 3  # so many assignments of a case manager have one task


def tasks(context: Context) -> Iterator[Task]:
    """For some clients of each case manager, of one kind after the other."""
    kinds = STORY["tasks"]
    assigned = CaseAssignment.objects.active_on(context.today).order_by("begins_on", "pk")
    of_manager: Counter[int] = Counter()
    for row in assigned.select_related("case_manager"):
        place, rest = divmod(of_manager[row.case_manager_id], TASK_EVERY)
        of_manager[row.case_manager_id] += 1
        if rest == 0:
            yield _task(context, row, **kinds[place % len(kinds)])


def _task(
    context: Context, row: CaseAssignment, *, text: str, due: int, done: int | None = None
) -> Task:
    written = max(context.moment(max(-due, 0) + 3), row.date_created)
    finished = None if done is None else max(context.moment(done), written)
    filed = filed_like(row, at=written, by=row.case_manager)
    return Task(
        client_id=row.client_id,
        enrollment_id=row.enrollment_id,
        text=text,
        due_on=context.day(-due),
        assigned_to=row.case_manager,
        done_at=finished,
        done_by=row.case_manager if finished else None,
        **filed | {"visibility": Visibility.OWN_ORGANIZATION},
    )
