"""Counts what is queued, one scope after the other, and queues what has changed (ADR 16).

One process counts at a time, however many are started: the right to is an advisory lock, which ends
with the process. A count that was interrupted is begun again by the next one.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
from django.db import DatabaseError
from django.db.models import F
from django.utils import timezone

from data_quality import changes
from data_quality.counts import RuleCount, rule_counts
from data_quality.kept_rows import keys_of_few
from data_quality.models import MOST_ATTEMPTS, StoredCounts
from data_quality.rules.scope import Scope

logger = logging.getLogger(__name__)
LOCK = 0x484D4953_00000010  # the same in every release


@contextmanager
def turn(life: psycopg.Connection) -> Iterator[bool]:
    """Whether it is this process that counts."""
    found = life.execute("SELECT pg_try_advisory_lock(%s)", [LOCK]).fetchone()
    is_ours = bool(found and found[0])
    try:
        yield is_ours
    finally:
        if is_ours and not life.closed:
            life.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def run_all(*, step: Callable[[], None]) -> int:
    """Count until nothing waits, and then what has changed; return how many counts that were."""
    StoredCounts.objects.forgotten().delete()
    count = _count_queued(step)  # somebody waits for these
    queue_changed()
    return count + _count_queued(step)


def _count_queued(step: Callable[[], None]) -> int:
    count = 0
    while (row := StoredCounts.objects.queued().first()) is not None:
        count += work(row, step=step)
    return count


def queue_changed() -> int:
    """Queue the counts whose day is over or whose records have changed; return how many."""
    rows = list(StoredCounts.objects.aging().select_related("asked_by", "organization"))
    if not rows:
        return 0
    now, marks, count = timezone.now(), changes.marks(), 0
    is_complete = changes.writers_have_ended()
    for row in rows:
        mine = StoredCounts.objects.filter(pk=row.pk, queued_at=None)
        if _is_due(row):
            count += mine.update(queued_at=now, attempts=0)
        elif is_complete:  # the next comparison begins where this one ended
            mine.update(marks=marks)
    return count


def _is_due(row: StoredCounts) -> bool:
    scope = row.scope()
    return (
        scope is None
        or timezone.localdate(row.counted_at) != scope.today
        or changes.has_changed(scope, row.marks)
    )


def work(row: StoredCounts, *, step: Callable[[], None]) -> bool:
    """Count one scope; False where it fails, or its user's rights have changed.

    What fails goes to the end of the queue, and after some attempts out of it.

    Args:
        step: called before each query.
    """
    mine = StoredCounts.objects.filter(pk=row.pk)
    at, scope = timezone.now(), row.scope()
    if scope is None:
        mine.delete()
        return False
    if row.attempts >= MOST_ATTEMPTS:
        mine.update(queued_at=None)
        return False
    mine.update(attempts=F("attempts") + 1, steps_done=0)

    def noted(done: int, steps: int) -> None:
        step()
        mine.update(steps_done=done, steps=steps)

    marks = changes.marks()
    is_complete = changes.writers_have_ended()
    try:
        found = rule_counts(scope, step=noted)
    except DatabaseError:
        logger.exception("%s could not be counted", row)
        mine.update(queued_at=timezone.now())
        return False
    # A list asks for what is kept of the scopes without filters alone.
    rows = _rows_of_few(row, found, scope, step) if is_complete and not scope.is_narrowed else {}
    counts = {one.rule.key: [one.found, one.of] for one in found}
    mine.update(counts=counts, rows=rows, counted_at=at, marks=marks, attempts=0)
    mine.filter(queued_at__lte=at).update(queued_at=None)  # not one asked for in the meantime
    return True


def _rows_of_few(
    row: StoredCounts, found: list[RuleCount], scope: Scope, step: Callable[[], None]
) -> dict[str, list[int]]:
    """The rows to keep beside the counts; none where they cannot be read, which fails no count."""
    try:
        return keys_of_few(found, scope, step=step)
    except DatabaseError:
        logger.exception("%s are kept without rows", row)
        return {}
