"""The records that a rule found, a page at a time and never counted.

A page is looked for among the newest few hundred rows of the officer's organizations, then among
four times as many, and so on: a query over all of them lets the planner walk through everybody's
rows, or join whole tables, for a page that stands at the top. Where a rule finds few, the last
count has kept which those are (`kept_rows`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import connections, router, transaction
from django.db.models import Q

from data_quality import kept_rows
from data_quality.rules.rule import Rule
from data_quality.rules.scope import Scope
from data_quality.rules.subjects import Subject, Walk, enrollments
from enrollments.listing import with_managers
from enrollments.models import Enrollment, IncomeBenefits
from records.statements import compiled

SIZE = 25
BATCH = 2000
FIRST_ROWS, GROWTH = 500, 4
ROW_BY_ROW = """
    SET LOCAL enable_seqscan = off;
    SET LOCAL enable_hashjoin = off;
    SET LOCAL enable_mergejoin = off;
    SET LOCAL plan_cache_mode = force_custom_plan;
    SET LOCAL max_parallel_workers_per_gather = 0
"""
AS_BEFORE = """
    SET LOCAL enable_seqscan TO DEFAULT;
    SET LOCAL enable_hashjoin TO DEFAULT;
    SET LOCAL enable_mergejoin TO DEFAULT;
    SET LOCAL plan_cache_mode TO DEFAULT;
    SET LOCAL max_parallel_workers_per_gather TO DEFAULT
"""


@dataclass(frozen=True)
class Item:
    """A record that a rule found, by its row; the enrollment of a client is the newest."""

    pk: int
    enrollment: Enrollment
    answers: IncomeBenefits | None = None


@dataclass(frozen=True)
class Page:
    """Items, the record that was entered last on top; `after` begins the next page."""

    items: list[Item]
    after: int | None
    is_first: bool


def found(rule: Rule, scope: Scope) -> Any:
    """The rows that break a rule: one query."""
    return rule.subject.rows(scope).filter(rule.condition(scope.today)).order_by("-pk")


def page_of(rule: Rule, scope: Scope, *, after: int | None = None) -> Page:
    """The items that come after a row, or the first ones."""
    pks = _newest(rule, scope, after, most=SIZE + 1)
    last = pks[SIZE - 1] if len(pks) > SIZE else None
    return Page(items(rule, scope, pks[:SIZE], for_page=True), last, is_first=after is None)


def item(rule: Rule, scope: Scope, pk: int) -> Item | None:
    """One record that breaks the rule."""
    pks = list(found(rule, scope).filter(pk=pk).values_list("pk", flat=True))
    return next(iter(items(rule, scope, pks)), None)


def next_item(rule: Rule, scope: Scope, after: int) -> Item | None:
    """The record after another one, whether that one still breaks the rule or not."""
    return next(iter(items(rule, scope, _newest(rule, scope, after, most=1))), None)


def _newest(rule: Rule, scope: Scope, after: int | None, *, most: int) -> list[int]:
    """The keys of the first rows that break a rule, or of those after one."""
    rows = found(rule, scope).values_list("pk", flat=True)
    with _row_by_row():
        possible = kept_rows.possible_rows(rule, scope)
        if possible is not None:
            return list(rows.filter(possible, _between(None, after))[:most])
        if not rule.within.rows:
            return _walked(rows, rule.subject.walk(scope), after, most)
    return list(rows.filter(_between(None, after))[:most])


def _walked(rows: Any, walk: Walk, after: int | None, most: int) -> list[int]:
    """The same, looked for among more and more of all rows."""
    keys: list[int] = []
    size = FIRST_ROWS
    if after is None:
        after = (_end_of(walk, None, 1) or 0) + 1
    while len(keys) < most and after:
        last = _end_of(walk, after, size)
        keys += rows.filter(_between(last, after))[: most - len(keys)]
        after, size = last, size * GROWTH
    return keys


@contextmanager
def _row_by_row() -> Iterator[None]:
    """What stands beside a row is looked up for that row: no plan reads a table of everybody's.

    Statements are planned for their values, and without parallel workers, which take longer to
    start than the statement.
    """
    alias = router.db_for_read(Enrollment)
    with transaction.atomic(using=alias, savepoint=False), connections[alias].cursor() as cursor:
        cursor.execute(ROW_BY_ROW)
        yield
        cursor.execute(AS_BEFORE)  # for the rest of a transaction that goes on


def _end_of(walk: Walk, after: int | None, size: int) -> int | None:
    """The key of the row that so many rows come to; None where there are no more than that."""
    end = slice(size - 1, size)
    ends = [
        rows.filter(_between(None, after, walk.key)).values_list(walk.key, flat=True)[end]
        for rows in walk.rows
    ]
    return max((key for end in ends for key in end), default=None)


def _between(last: int | None, after: int | None, key: str = "pk") -> Q:
    """Down from the row before `after` to `last`."""
    wanted = Q()
    if last is not None:
        wanted &= Q(**{f"{key}__gte": last})
    if after is not None:
        wanted &= Q(**{f"{key}__lt": after})
    return wanted


def batches(rule: Rule, scope: Scope) -> Iterator[list[Item]]:
    """All items, so many at a time that memory stays flat."""
    pks = found(rule, scope).values_list("pk", flat=True).iterator(chunk_size=BATCH)
    while batch := list(islice(pks, BATCH)):
        yield items(rule, scope, batch)


def items(rule: Rule, scope: Scope, pks: list[int], *, for_page: bool = False) -> list[Item]:
    """The items of these rows in their order, without what a list does not show."""
    listed = _items(rule, scope, pks)
    if for_page:
        shown = {one.enrollment.pk: one.enrollment for one in listed}
        with_managers(list(shown.values()), scope.user)
    return listed


def _items(rule: Rule, scope: Scope, pks: list[int]) -> list[Item]:
    if rule.subject is Subject.PERSON:
        rows = _shown(enrollments(scope).filter(client__in=pks))
        newest = {one.client_id: one for one in rows.newest_of_each_client()}
        return [Item(pk, newest[pk]) for pk in pks if pk in newest]
    if rule.subject is Subject.ENROLLMENT:
        by_pk = {one.pk: one for one in _enrollments(pks)}
        return [Item(pk, by_pk[pk]) for pk in pks if pk in by_pk]
    answers = {one.pk: one for one in _answers(pks)}
    theirs = {one.enrollment_id for one in answers.values()}
    by_pk = {one.pk: one for one in _enrollments(list(theirs))}
    return [Item(pk, by_pk[answers[pk].enrollment_id], answers[pk]) for pk in pks if pk in answers]


@compiled
def _enrollments(pks: list[int]) -> Any:
    return _shown(Enrollment.objects.filter(pk__in=pks).order_by())


@compiled
def _answers(pks: list[int]) -> Any:
    rows = IncomeBenefits.objects.filter(pk__in=pks).order_by()
    return rows.only("enrollment", "information_date", "data_collection_stage")


def _shown(rows: Any) -> Any:
    """Enrollments with what a list shows of them."""
    rows = rows.select_related("client", "project", "organization", "household")
    return rows.defer("client__ssn")  # decrypted on loading
