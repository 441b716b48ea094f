"""The order of a long caseload as it was made in the last minutes, kept in the memory of a process.

To sort thousands of cases by what is due takes longer than to show a page of them. So whoever has
more than `listing.LONG` cases gets the plain page in an order that is at most `KEPT_FOR` old, and
made again as soon as an assignment of theirs is written. It says in which order rows stand, and
nothing else: what a page shows of a row is read for it, and who may not see it any more gets none.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from threading import Lock

from django.db.models import Count, Max, QuerySet
from django.utils import timezone

from agencies.models import User
from enrollments.assignments.listing import LONG, Wanted, chosen, entries
from enrollments.models import CaseAssignment
from records.statements import compiled

KEPT_FOR = timedelta(minutes=10)
MOST_USERS = 200
State = tuple[object, ...]


@dataclass(frozen=True)
class Order:
    """IDs alone: of the assignments, what is due first on top, and of their projects."""

    assignment_ids: list[int]
    project_ids: list[int]
    state: State
    made_at: datetime


_kept: "OrderedDict[int, Order]" = OrderedDict()
_lock = Lock()


def plain_order(user: User, today: date) -> Order:
    """The order of all cases of a user, what is due first on top."""
    kept, state = _kept.get(user.pk), _state(user, today)  # before what it is about is read
    if kept and kept.state == state and timezone.now() - kept.made_at < KEPT_FOR:
        return kept
    found = entries(user, today, with_sizes=False)
    rows = chosen(found, Wanted(), today)
    is_long = len(rows) > LONG
    order = Order(
        [one.assignment_id for one in rows],
        sorted({one.project_id for one in rows}),
        state,
        timezone.now(),
    )
    with _lock:
        _kept.pop(user.pk, None)
        if is_long:
            _kept[user.pk] = order
        while len(_kept) > MOST_USERS:
            _kept.popitem(last=False)
    return order


def forget() -> None:
    """Make every order again."""
    with _lock:
        _kept.clear()


def _state(user: User, today: date) -> State:
    """What makes another order: the day, the access, and any assignment that was written."""
    return today, user.is_superuser, *sorted(user.access), *_written(user.pk)


@compiled
def _written(user_id: int) -> QuerySet:
    """How many assignments of the user there are, and when one of them was last written."""
    rows = CaseAssignment.objects.filter(case_manager=user_id).order_by().values("case_manager")
    return rows.annotate(count=Count("pk"), last=Max("date_updated")).values_list("count", "last")
