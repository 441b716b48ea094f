"""The records that a rule found, a page at a time and never counted."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from data_quality.rules.rule import Rule
from data_quality.rules.scope import Scope
from data_quality.rules.subjects import Subject, enrollments
from enrollments.models import Enrollment, IncomeBenefits

SIZE = 25
BATCH = 2000


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
    rows = found(rule, scope)
    if after is not None:
        rows = rows.filter(pk__lt=after)
    pks = list(rows.values_list("pk", flat=True)[: SIZE + 1])
    last = pks[SIZE - 1] if len(pks) > SIZE else None
    return Page(items(rule, scope, pks[:SIZE], for_page=True), last, is_first=after is None)


def item(rule: Rule, scope: Scope, pk: int) -> Item | None:
    """One record that breaks the rule."""
    pks = list(found(rule, scope).filter(pk=pk).values_list("pk", flat=True))
    return next(iter(items(rule, scope, pks)), None)


def next_item(rule: Rule, scope: Scope, after: int) -> Item | None:
    """The record after another one, whether that one still breaks the rule or not."""
    rows = found(rule, scope).filter(pk__lt=after)
    return next(iter(items(rule, scope, list(rows.values_list("pk", flat=True)[:1]))), None)


def batches(rule: Rule, scope: Scope) -> Iterator[list[Item]]:
    """All items, so many at a time that memory stays flat."""
    pks = found(rule, scope).values_list("pk", flat=True).iterator(chunk_size=BATCH)
    while batch := list(islice(pks, BATCH)):
        yield items(rule, scope, batch)


def items(rule: Rule, scope: Scope, pks: list[int], *, for_page: bool = False) -> list[Item]:
    """The items of these rows in their order, without what a list does not show."""
    rows = enrollments(scope) if rule.subject is Subject.PERSON else Enrollment.objects.order_by()
    rows = rows.select_related("client", "project", "organization", "household")
    rows = rows.defer("client__ssn")  # decrypted on loading
    if for_page:
        rows = rows.with_case_managers(scope.user)
    if rule.subject is Subject.PERSON:
        newest = {one.client_id: one for one in rows.filter(client__in=pks).newest_of_each_client()}
        return [Item(pk, newest[pk]) for pk in pks if pk in newest]
    if rule.subject is Subject.ENROLLMENT:
        by_pk = rows.in_bulk(pks)
        return [Item(pk, by_pk[pk]) for pk in pks if pk in by_pk]
    answers = IncomeBenefits.objects.only(
        "enrollment", "information_date", "data_collection_stage"
    ).in_bulk(pks)
    by_pk = rows.in_bulk({one.enrollment_id for one in answers.values()})
    return [Item(pk, by_pk[answers[pk].enrollment_id], answers[pk]) for pk in pks if pk in answers]


def by_organization(listed: Iterable[Item]) -> dict[int, set[int]]:
    """The clients of a list, by the organization that answers for their records."""
    clients = defaultdict(set)
    for one in listed:
        clients[one.enrollment.organization_id].add(one.enrollment.client_id)
    return clients
