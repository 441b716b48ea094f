"""Tables of the first migrations, as Django's CreateModel with what many of them share.

Columns of one kind stand together. `makemigrations` writes CreateModel: nobody has to use this.
"""

from functools import partial

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.migrations.operations import CreateModel
from django.db.models import PROTECT, CheckConstraint, F, Index, Q
from django.utils import timezone

from records.migrations._triggers import compile_trigger, keeps_marks

USER = settings.AUTH_USER_MODEL
Key = models.ForeignKey
ID = models.BigAutoField("ID", auto_created=True, primary_key=True, serialize=False)
VISIBILITY = [("all", "All organizations"), ("own", "Own organization only")]
Silent = partial(Key, on_delete=PROTECT, db_index=False, related_name="+")  # nobody asks by it


class Table(CreateModel):
    """A table with its constraints, indexes and triggers.

    It has an `id` where no field is a primary key, and `keeps_marks` where it has `breaks`.
    """

    def __init__(self, name, fields, *, triggers=(), **options):
        fields = list(fields)
        if not any(field.primary_key for _, field in fields):
            fields.insert(0, ("id", ID.clone()))
        super().__init__(name, fields, options)
        self.triggers = list(triggers)
        if "breaks" in dict(fields):
            self.triggers.append(keeps_marks(dict(fields), options["constraints"]))

    def state_forwards(self, app_label, state):
        super().state_forwards(app_label, state)
        compiled = [compile_trigger(app_label, self.name, **one) for one in self.triggers]
        state.models[app_label, self.name_lower].options["triggers"] = compiled


class Record(Table):
    """The table of `records.models.Record`; a column of its own takes the place of a common one."""

    def __init__(self, name, fields, *, constraints=(), **options):
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
        super().__init__(
            name,
            (dict(common) | dict(fields)).items(),
            constraints=[
                CheckConstraint(
                    name=f"{name.lower()}_visibility_is_known",
                    condition=Q(visibility__in=["all", "own"]),
                    violation_error_message="Choose who may see this record.",
                ),
                CheckConstraint(
                    name=f"{name.lower()}_deleted_by_somebody",
                    condition=Q(date_deleted=None, deleted_by=None)
                    | Q(date_deleted__isnull=False, deleted_by__isnull=False),
                    violation_error_message="A deletion needs who and when.",
                ),
                *constraints,
            ],
            default_manager_name="objects",
            **options,
        )


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
