"""What all rows of a project's set-up have in common (HUD 2.01 to 2.09)."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from records.breaks import KeepsMarks, MayBreak, breakable, mark_of
from records.model_fields import PlainCharField, protected
from records.querysets import KeptManager, KeptQuerySet
from records.stamped import Stamped

if TYPE_CHECKING:
    from agencies.models.user import User


class SetUpQuerySet(KeptQuerySet):
    def active_on(self, day: date) -> Self:
        """What is in force on that day; the last day of a period belongs to it."""
        start, end = self.model.PERIOD  # type: ignore[attr-defined]
        ended_later = Q(**{end: None}) | Q(**{f"{end}__gte": day})
        return self.filter(ended_later, **{f"{start}__lte": day})


class SetUpManager(KeptManager.from_queryset(SetUpQuerySet)):  # type: ignore[misc]
    pass


class SetUp(Stamped, MayBreak):
    """A row with HUD's metadata: when and by whom it was written, and when it was deleted.

    Nobody is named where an import or an older version brought the row in. Deleted rows stay,
    because an export says what was deleted (`DateDeleted`). A row of an import may break the rules
    that HUD's files do not demand (`breaks`).
    """

    PERIOD: tuple[str, str]  # the columns of its first and its last day

    date_created = models.DateTimeField(default=timezone.now, editable=False)
    created_by = protected("agencies.User", null=True, editable=False, db_index=False)
    date_updated = models.DateTimeField(default=timezone.now, editable=False)
    updated_by = protected("agencies.User", null=True, editable=False, db_index=False)
    date_deleted = models.DateTimeField(null=True, blank=True, editable=False)

    objects = SetUpManager()
    with_deleted = SetUpQuerySet.as_manager()

    class Meta:
        abstract = True
        default_manager_name = "objects"
        triggers = [KeepsMarks()]

    @property
    def broken_rules(self) -> list[str]:
        """What an import brought in although it is wrong, in the words of the constraints."""
        return [
            str(rule.violation_error_message)
            for rule in self._meta.constraints
            if mark_of(rule) in self.breaks
        ]

    @property
    def lasts(self) -> str:
        """Its period in words; empty where it has none."""
        if not hasattr(self, "PERIOD"):
            return ""
        start, end = (getattr(self, name) for name in self.PERIOD)
        return f"{start:%m/%d/%Y} to {end:%m/%d/%Y}" if end else f"since {start:%m/%d/%Y}"

    def mark_deleted(self, *, by: "User") -> None:
        self._set_deleted(timezone.now(), by=by)

    def restore(self, *, by: "User") -> None:
        self._set_deleted(None, by=by)

    def _set_deleted(self, when: Any, *, by: "User") -> None:
        self.date_deleted = when
        self.stamp(by=by)
        self.save(update_fields=["date_deleted", "date_updated", "updated_by"])


class CoCCodeField(PlainCharField):
    """A Continuum of Care by its code, such as CA-501; kept in capitals."""

    def __init__(self, **options: Any):
        defaults: dict[str, Any] = {"verbose_name": "CoC code", "max_length": 6}
        super().__init__(**(defaults | options))

    def to_python(self, value):
        value = super().to_python(value)
        return value and value.strip().upper()


def code(
    choices: Iterable[Any], label: str | None = None, **options: Any
) -> models.PositiveSmallIntegerField:
    """A column that holds a code of one of HUD's lists, or nothing."""
    given: dict[str, Any] = {"null": True, "blank": True, "verbose_name": label} | options
    return models.PositiveSmallIntegerField(choices=list(choices), **given)


def known(name: str, column: str, codes: Iterable[int], message: str) -> models.CheckConstraint:
    """Codes of the column are in HUD's list."""
    return models.CheckConstraint(
        name=name,
        condition=Q(**{column: None}) | Q(**{f"{column}__in": list(codes)}),
        violation_error_message=message,
    )


def ends_after_start(name: str, start: str, end: str) -> models.CheckConstraint:
    return breakable(
        name=name,
        condition=Q(**{end: None}) | Q(**{f"{end}__gte": F(start)}),
        violation_error_message="The end date cannot be before the start date.",
    )


def written_as(name: str, column: str, pattern: str, message: str) -> models.CheckConstraint:
    """What the column holds, unless it is blank, fits a pattern of the exchange format."""
    return breakable(
        name=name,
        condition=Q(**{column: ""}) | Q(**{f"{column}__regex": pattern}),
        violation_error_message=message,
    )
