"""What each column of a file is in the database, as the exchange format writes it."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.conf import settings
from django.db.models import (
    Case,
    DateTimeField,
    Exists,
    F,
    Func,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, Left, NullIf

from agencies.models import Membership, ProjectCoC
from enrollments.models import Enrollment
from exchange.export.identities import HASHED_NAMES, hashed_name
from exchange.files import NOBODY, NOT_COLLECTED, File, Kind, Place
from exchange.models.sources import SourceKey


class LocalTime(Func):
    """A moment in the agency's time zone, which PostgreSQL writes as HUD does."""

    template = "date_trunc('second', %(expressions)s)"
    arg_joiner = " AT TIME ZONE "
    output_field = DateTimeField()

    def __init__(self, moment: Any):
        super().__init__(moment, Value(settings.TIME_ZONE))


def selected(
    file: File, *, export_id: str, marker: str, is_hashed: bool, readers: Collection[int] | None
) -> list[Combinable]:
    """The expressions of a file's columns, in HUD's order.

    Args:
        marker: what stands for an SSN, which only Python decrypts.
        readers: the organizations whose users are named, others by their key alone; None for all.
    """
    columns = [_selected(place, export_id, marker, is_hashed=is_hashed) for place in file]
    if file.name != "User" or readers is None:
        return columns
    members = Membership.objects.filter(user=OuterRef("pk"), organization__in=readers).order_by()
    is_named = Q(Exists(members))
    return [
        Case(When(is_named, then=column)) if place.kind == Kind.TEXT else column
        for place, column in zip(file, columns, strict=True)
    ]


def _selected(place: Place, export_id: str, marker: str, *, is_hashed: bool) -> Combinable:
    if is_hashed and place.name in HASHED_NAMES:
        return hashed_name(place.path)
    if place.kind == Kind.EXPORT:
        return Value(export_id)
    if place.kind == Kind.SSN:
        return Case(When(**{place.path: ""}, then=None), default=Value(marker))
    written = OWN_WAYS.get(place.name) or WRITTEN.get(place.kind)
    return written(place) if written else F(place.path)


def _text(place: Place) -> Combinable:
    longest, allowed = place.target.max_length, place.column.max_length
    text: Combinable = F(place.path)
    if allowed and (longest is None or longest > allowed):
        text = Left(text, allowed)
    return NullIf(text, Value(""), output_field=TextField())


def _coc(place: Place) -> Combinable:
    """HUD 3.16 is asked of the head of the household; the file wants it of every member.

    Where no head has one, it is the project's, if that has just one.
    """
    of_household = Enrollment.objects.heads().filter(household=OuterRef("household"))
    heads = of_household.exclude(enrollment_coc="").order_by("pk").values("enrollment_coc")
    of_project = ProjectCoC.objects.filter(project=OuterRef("project")).values("project")
    codes = of_project.annotate(code=Min("coc_code"), last=Max("coc_code")).filter(code=F("last"))
    found = (Subquery(heads[:1]), Subquery(codes.values("code")))
    return Coalesce(_text(place), *found, output_field=TextField())


def _reference(place: Place) -> Combinable:
    key = F(place.path)
    return Coalesce(key, Value(NOBODY)) if place.refers_to == "User" else key


def _integer(place: Place) -> Combinable:
    number = F(place.path)
    return Coalesce(number, Value(NOT_COLLECTED)) if place.needs_answer else number


WRITTEN: Mapping[Kind, Callable[[Place], Combinable]] = {
    Kind.TEXT: _text,
    Kind.REFERENCE: _reference,
    Kind.INTEGER: _integer,
    Kind.FLAG: lambda place: Cast(place.path, IntegerField()),
    Kind.TIME: lambda place: LocalTime(F(place.path)),
}
OWN_WAYS: Mapping[str, Callable[[Place], Combinable]] = {"EnrollmentCoC": _coc}


def kept_columns(file: File, source: int, *, using: str) -> dict[str, Combinable]:
    """The columns that the standard does not know and this source's files had, with their values.

    Args:
        source: the id of the system that the rows were imported from.
        using: the database that is read.
    """
    of_source = SourceKey.objects.using(using).filter(
        system=source, file=file.name, others__isnull=False
    )
    keys = Func("others", function="jsonb_object_keys", output_field=TextField())
    names = of_source.annotate(column=keys).values_list("column", flat=True).distinct()
    rows = of_source.filter(row_id=OuterRef("pk")).order_by("pk")
    return {
        name: Subquery(rows.values_list(KeyTextTransform(name, "others"))[:1])
        for name in sorted(names)
    }
