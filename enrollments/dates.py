"""Which dates of a record belong inside its enrollment (docs/adr/0025).

A model whose rows hang on an enrollment says so with a `Dated` as `in_enrollment`. Upper floors
declare their own: this module finds them by the relations of the enrollment.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import CharField, F, IntegerField, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.urls import reverse

from records.statements import compiled

if TYPE_CHECKING:
    from agencies.models import User

SHOWN = 10  # dates that a sentence lists
ONE_KEPT = "It is kept: correct its date or delete it"
MANY_KEPT = "They are kept: correct their dates or delete them"


@dataclass(frozen=True)
class Dated:
    """How the rows of a model lie within the dates of their enrollment.

    Args:
        column: the date.
        noun: what a row is called.
        number: HUD's number of the element.
        page: where a row is corrected; empty for the page of the enrollment.
        place: the columns that the address of that page takes.
        rows: which rows stay where they are when the enrollment's dates change.
        after_exit: which of them have no place after the exit.
        kind: a column that tells what a row is; all rows of a kind and a day are one thing.
        kinds: what the things are called by that column.
    """

    column: str
    noun: str
    number: str
    page: str = ""
    place: tuple[str, ...] = ("client_id", "pk")
    rows: Q = field(default_factory=Q)
    after_exit: Q = field(default_factory=Q)
    kind: str = ""
    kinds: Mapping[str, str] = field(default_factory=dict)

    def outside(self, start: Any, end: Any) -> Q:
        """The rows before `start` or after `end`: dates, expressions, or None for no such bound."""
        found = Q(pk__in=[])
        if start is not None:
            found |= Q(**{f"{self.column}__lt": start})
        if end is not None:
            found |= Q(**{f"{self.column}__gt": end}) & self.after_exit
        return self.rows & found

    def url_of(self, row: Any) -> str:
        """Where a row is corrected."""
        if not self.page:
            return reverse("enrollments:enrollment", args=[row.client_id, row.enrollment_id])
        return reverse(self.page, args=[getattr(row, name) for name in self.place])


@dataclass(frozen=True)
class Bounds:
    """The new dates of one enrollment; None where it does not become shorter at that end."""

    starts: date | None = None
    ends: date | None = None


@dataclass(frozen=True)
class Outside:
    """Something recorded that new dates would leave outside its enrollment."""

    enrollment_id: int
    noun: str
    day: date


def dated_models() -> list[Any]:
    """The models that declare `in_enrollment`."""
    enrollment = apps.get_model("enrollments", "Enrollment")
    related = {relation.related_model for relation in enrollment._meta.related_objects}
    found = [model for model in related if hasattr(model, "in_enrollment")]
    return sorted(found, key=lambda model: model._meta.label)


def left_outside(bounds: Mapping[int, Bounds], user: "User") -> list[Outside]:
    """What new dates leave outside, by enrollment, as far as the user may see it.

    One query for all enrollments with the same new dates.
    """
    together: dict[Bounds, list[int]] = defaultdict(list)
    for pk, one in bounds.items():
        together[one].append(pk)
    together.pop(Bounds(), None)
    kinds = {
        key: noun for model in dated_models() for key, noun in model.in_enrollment.kinds.items()
    }
    found = [
        Outside(enrollment_id, kinds.get(kind, noun), day)
        for one, pks in together.items()
        for noun, enrollment_id, day, kind, _ in _outside(user, pks, one.starts, one.ends)
    ]
    return sorted(found, key=lambda one: (one.noun, one.day, one.enrollment_id))


@compiled
def _outside(
    user: "User", enrollment_ids: list[int], starts: date | None, ends: date | None
) -> QuerySet[Any, Any]:
    arms = [_rows(model, user, enrollment_ids, starts, ends) for model in dated_models()]
    return arms[0].union(*arms[1:], all=False)


def _rows(
    model: Any, user: "User", enrollment_ids: list[int], starts: date | None, ends: date | None
) -> Any:
    dated: Dated = model.in_enrollment
    which = Q(enrollment__in=enrollment_ids) & dated.outside(starts, ends)
    # An assessment is several rows of a day, other records are one each.
    each = Value(0, IntegerField()) if dated.kind else F("pk")
    kind = Cast(dated.kind, CharField()) if dated.kind else Value("", CharField())
    rows = model.objects.visible_to(user).filter(which).order_by()
    rows = rows.annotate(
        of_noun=Value(dated.noun, CharField()),
        of_day=F(dated.column),
        of_kind=kind,
        each=Cast(each, IntegerField()),
    )
    return rows.values_list("of_noun", "enrollment_id", "of_day", "of_kind", "each")


def sentences(found: Iterable[Outside], names: Mapping[int, str], *, of: str) -> Iterator[str]:
    """What to check before the dates are changed, a sentence a kind.

    Args:
        names: whose enrollment it is, by primary key.
        of: the date that leaves them outside, in words.
    """
    for noun, group in groupby(found, key=lambda one: one.noun):
        rows = list(group)
        shown = [f"{names[one.enrollment_id]} {one.day:%m/%d/%Y}" for one in rows[:SHOWN]]
        more = f" and {len(rows) - SHOWN} more" if len(rows) > SHOWN else ""
        one_or_more, kept = f"{len(rows)} {noun}s are", MANY_KEPT
        if len(rows) == 1:
            one_or_more, kept = f"1 {noun} is", ONE_KEPT
        yield (
            f"{one_or_more} outside this {of}: {', '.join(shown)}{more}. "
            f"{kept}, there or from Data Quality."
        )
