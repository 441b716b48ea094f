"""The agency's open work: its open enrollments and the exits left incomplete, with what they want.

Annual assessments are judged as the rule `annual-missing` judges them (5.03), over the officer's
own records alone (`Scope`).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BooleanField,
    Case,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    When,
)
from django.db.models.lookups import GreaterThanOrEqual, LessThan, LessThanOrEqual

from data_quality.rules.catalog import BY_KEY
from data_quality.rules.days import OF_ENROLLMENT, anniversary, as_day, closes, opens, year_of
from data_quality.rules.groups import open_today
from data_quality.rules.scope import Scope
from data_quality.rules.subjects import enrollments
from enrollments.contacts import without_contact_since
from enrollments.models import CaseAssignment, IncomeBenefits
from enrollments.querysets import active_on
from hud.choices import DataCollectionStage

NOBODY = 0  # stands for "no case manager" in an address


class Kind(StrEnum):
    """What an enrollment is listed for."""

    OPEN = "open"
    DUE = "due"
    MISSED = "missed"
    NO_CONTACT = "no-contact"
    INCOMPLETE = "incomplete"

    @property
    def label(self) -> str:
        return {
            self.OPEN: "Open enrollments",
            self.DUE: "Annual assessments due",
            self.MISSED: "Annual assessments missed",
            self.NO_CONTACT: "No contact",
            self.INCOMPLETE: "Exits incomplete",
        }[self]

    @property
    def is_annual(self) -> bool:
        return self in (Kind.DUE, Kind.MISSED)

    @property
    def page(self) -> str:
        """The page where it is done, by the name of its URL."""
        if self.is_annual:
            return "enrollments:annual"
        return f"enrollments:{'exit' if self is Kind.INCOMPLETE else 'enrollment'}"

    @property
    def action(self) -> str:
        words = {"enrollments:annual": "Annual assessment", "enrollments:exit": "Edit exit"}
        return words.get(self.page, "Open")

    def condition(self, today: date, days: int) -> Q:
        """The condition on an enrollment of `rows`; `days` without contact are too many."""
        is_open = open_today(today)
        if self is Kind.DUE:
            return is_open & annual_due(today)
        if self is Kind.MISSED:
            return is_open & BY_KEY["annual-missing"].condition(today)
        if self is Kind.NO_CONTACT:
            return is_open & without_contact_since(today - timedelta(days=days))
        return incomplete(today) if self is Kind.INCOMPLETE else is_open


def incomplete(today: date) -> Q:
    return Q(exit_date__lte=today, destination=None)


def annual_due(today: date) -> Q:
    """The window of an annual assessment is open today, and nobody has made it yet."""
    made = IncomeBenefits.objects.filter(
        enrollment=OuterRef("pk"),
        data_collection_stage=DataCollectionStage.ANNUAL,
        information_date__gte=opens(OuterRef("open_window")),
        information_date__lte=closes(OuterRef("open_window")),
    )
    return Q(open_window__isnull=False) & ~Q(Exists(made.order_by()))


def rows(scope: Scope) -> Any:
    """Enrollments with `open_window`, the anniversary whose window is open today, if any is."""
    return enrollments(scope).alias(open_window=_open_window(scope.today))


def listed(scope: Scope, kind: Kind, *, days: int, worker: int | None = None) -> Any:
    """The enrollments of a kind, by name; `due_on` is the day of the annual assessment.

    Args:
        worker: a case manager's ID, or NOBODY; None is everybody.
    """
    found = rows(scope).filter(kind.condition(scope.today, days))
    if worker is not None:
        theirs = _assignments(scope).order_by()
        if worker != NOBODY:
            theirs = theirs.filter(case_manager=worker)
        found = found.filter(Exists(theirs) if worker != NOBODY else ~Exists(theirs))
    due_on = F("last_due" if kind is Kind.MISSED else "open_window")
    return found.annotate(due_on=due_on).order_by("client__last_key", "client__first_key", "pk")


@dataclass
class Line:
    """A project, or one worker's part of it: how many enrollments there are of each kind."""

    project: int
    worker: int | None = None
    counts: Counter[Kind] = field(default_factory=Counter)


@dataclass
class Work:
    """The lines of an agency: each project, and its workers; one of several counts for each."""

    projects: dict[int, Line]
    workers: dict[int, dict[int, Line]]
    total: Counter[Kind]

    @property
    def user_ids(self) -> set[int]:
        return {pk for lines in self.workers.values() for pk in lines if pk != NOBODY}


def work(scope: Scope, *, days: int) -> Work:
    """Count the agency's open work: one statement."""
    found = rows(scope).filter(open_today(scope.today) | incomplete(scope.today))
    conditions = {f"is_{kind}": kind.condition(scope.today, days) for kind in Kind}
    flags = {name: ExpressionWrapper(one, BooleanField()) for name, one in conditions.items()}
    managers = (
        _assignments(scope).order_by("case_manager_id").values_list("case_manager_id").distinct()
    )
    annotated = found.annotate(**flags, managers=ArraySubquery(managers))
    return summed(annotated.values_list("project", "managers", *flags))


def summed(found: Iterable[tuple[Any, ...]]) -> Work:
    """Sum up rows of project, case managers, and a flag for each kind."""
    projects: dict[int, Line] = {}
    workers: dict[int, dict[int, Line]] = defaultdict(dict)
    total: Counter[Kind] = Counter()
    for project, managers, *flags in found:
        kinds = [kind for kind, is_so in zip(Kind, flags, strict=True) if is_so]
        total.update(kinds)
        projects.setdefault(project, Line(project)).counts.update(kinds)
        for worker in managers or [NOBODY]:
            line = workers[project].setdefault(worker, Line(project, worker))
            line.counts.update(kinds)
    return Work(projects, workers, total)


def _assignments(scope: Scope) -> Any:
    """Who works on an enrollment today, or did on the day of its exit."""
    rows = CaseAssignment.objects.visible_to(scope.user).filter(enrollment=OuterRef("pk"))
    return rows.filter(active_on(scope.today) | Q(ends_on=OuterRef("exit_date")))


def _open_window(today: date) -> Case:
    dues = [anniversary(OF_ENROLLMENT, today.year + one) for one in (-1, 0, 1)]
    whens = [
        When(
            Q(LessThanOrEqual(opens(due), as_day(today)))
            & Q(GreaterThanOrEqual(closes(due), as_day(today)))
            & Q(LessThan(year_of(OF_ENROLLMENT), year_of(due))),
            then=due,
        )
        for due in dues
    ]
    return Case(*whens, output_field=DateField())
