"""Tables of the first migrations, as Django's CreateModel with what many of them share.

A table is one list, as in SQL: its columns, constraints, indexes and triggers. Columns of one kind
stand together, and a constraint that follows from a column stands with it. `makemigrations` writes
CreateModel: nobody has to use this.
"""

from functools import partial

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.migrations.operations import CreateModel
from django.db.models import PROTECT, CheckConstraint, F, Index, Q, UniqueConstraint
from django.utils import timezone

from records.migrations._fields import KeyHash, UniqueKeyField
from records.migrations._history import History
from records.migrations._triggers import (
    ENROLLMENT_IS_NOT_DELETED,
    FOLLOWS_MERGE,
    compile_trigger,
    keeps_marks,
)

USER = settings.AUTH_USER_MODEL
Key = models.ForeignKey
ID = models.BigAutoField("ID", auto_created=True, primary_key=True, serialize=False)
VISIBILITY = [("all", "All organizations"), ("own", "Own organization only")]
Silent = partial(Key, on_delete=PROTECT, db_index=False, related_name="+")  # nobody asks by it


class Table(CreateModel):
    """A table with its constraints, indexes, triggers and history.

    It has an `id` where no field is a primary key, and `keeps_marks` where it has `breaks`.

    Args:
        parts: columns as (name, field), triggers as the arguments of `compile_trigger`,
            constraints and indexes.
        history: arguments of the History that `AtOnce` makes; None where no versions are kept.
        options: those of the model.

    Raises:
        TypeError: for a part that is none of these, such as columns that no `*` took apart.
    """

    def __init__(self, name, parts, *, history=None, **options):
        parts = list(parts)
        for part in parts:
            if not isinstance(part, (tuple, dict, models.BaseConstraint, Index)):
                raise TypeError(f"{part!r} is no part of the table {name}.")
        fields = _of(tuple, parts)
        if not any(field.primary_key for _, field in fields):
            fields.insert(0, ("id", ID.clone()))
        options |= {"constraints": _of(models.BaseConstraint, parts), "indexes": _of(Index, parts)}
        super().__init__(name, fields, options)
        self.triggers = _of(dict, parts)
        if "breaks" in dict(fields):
            self.triggers.append(keeps_marks(dict(fields), options["constraints"]))
        self.histories = [] if history is None else [History(name, **history)]

    def state_forwards(self, app_label, state):
        super().state_forwards(app_label, state)
        compiled = [compile_trigger(app_label, self.name, **one) for one in self.triggers]
        state.models[app_label, self.name_lower].options["triggers"] = compiled


class Record(Table):
    """The table of `records.models.Record`; a column of its own takes the place of a common one.

    That of a client follows merges, and stands under no enrollment that was deleted.
    """

    def __init__(self, name, parts, **options):
        parts = list(parts)
        own = dict(_of(tuple, parts))
        common = [
            ("visibility", models.CharField(choices=VISIBILITY, default="all", max_length=3)),
            *each(
                models.DateTimeField(default=timezone.now, editable=False),
                "date_created",
                "date_updated",
            ),
            ("date_deleted", models.DateTimeField(blank=True, editable=False, null=True)),
            *each(Silent(USER, editable=False), "created_by", "updated_by"),
            ("deleted_by", Silent(USER, blank=True, editable=False, null=True)),
            ("organization", Silent("agencies.organization")),
        ]
        constraints = [
            check(
                f"{name.lower()}_visibility_is_known",
                Q(visibility__in=["all", "own"]),
                "Choose who may see this record.",
            ),
            check(
                f"{name.lower()}_deleted_by_somebody",
                Q(date_deleted=None, deleted_by=None)
                | Q(date_deleted__isnull=False, deleted_by__isnull=False),
                "A deletion needs who and when.",
            ),
        ]
        of_client = {"client": FOLLOWS_MERGE, "enrollment": ENROLLMENT_IS_NOT_DELETED}
        super().__init__(
            name,
            [
                *(dict(common) | own).items(),
                *constraints,
                *(part for part in parts if not isinstance(part, tuple)),
                *(trigger for column, trigger in of_client.items() if column in own),
            ],
            default_manager_name="objects",
            **options,
        )


def _of(kind, parts):
    return [part for part in parts if isinstance(part, kind)]


def check(name, condition, message):
    """A constraint; `message` is what people read whose row it refuses."""
    return CheckConstraint(name=name, condition=condition, violation_error_message=message)


def breakable(name, condition, message):
    """A constraint that a row may break whose `breaks` names it."""
    return check(name, condition | Q(breaks__contains=[name]), message)


def known(name, field, constraint, message):
    """A column that holds one of its choices, and the constraint of that name that says so."""
    codes = [code for code, _ in field.flatchoices]
    if field.blank and not field.null:
        codes.insert(0, "")
    condition = Q(**{f"{name}__in": codes})
    yield name, field
    yield check(constraint, Q(**{name: None}) | condition if field.null else condition, message)


def filled(name, field, constraint, message):
    """A text that is never empty, and the constraint of that name that says so."""
    yield name, field
    yield check(constraint, ~Q(**{name: ""}), message)


def hashed_key(name, constraint):
    """A key that is unique by its hash, and the constraint of that name that says so."""
    yield name, UniqueKeyField(max_length=32, editable=False)
    message = "Another row has this key."
    yield UniqueConstraint(KeyHash(name), name=constraint, violation_error_message=message)


def each(field, *names, **labels):
    """Columns of one kind: those by name, and those with a label of their own."""
    for name in names:
        yield name, field.clone()
    for name, label in labels.items():
        column = field.clone()
        column.verbose_name = column._verbose_name = label
        yield name, column


def answer(choices, label=None):
    """A column with an answer from a list to a question that need not be asked."""
    return models.PositiveSmallIntegerField(label, blank=True, choices=choices, null=True)


def breaks():
    """The column of the rules that a row may break."""
    names = models.CharField(max_length=63)
    return "breaks", ArrayField(names, blank=True, db_default=[], default=list, editable=False)


def deleted_newest(name):
    """The index of an organization's deleted rows."""
    is_deleted = Q(date_deleted__isnull=False)
    return Index("organization", F("date_deleted").desc(), condition=is_deleted, name=name)
