"""Model fields that migrations know as Django's own, because migrations import no live code."""

import uuid

from django.db import models


class PlainInMigrations:
    """Mixed into a field: migrations see its Django class, and no default that code computes."""

    def deconstruct(self):
        name, _, args, options = super().deconstruct()
        if callable(options.get("default")) and options["default"].__module__ != "builtins":
            del options["default"]
        plain = next(kind for kind in type(self).__mro__ if kind.__module__.startswith("django."))
        return name, f"django.db.models.{plain.__name__}", args, options

    def clone(self):
        field = super().clone()
        field.default = self.default
        return field


class PlainCharField(PlainInMigrations, models.CharField):
    pass


class PlainDateField(PlainInMigrations, models.DateField):
    pass


def new_key() -> str:
    """Return a random key of 32 hexadecimal digits."""
    return uuid.uuid4().hex


class KeyField(PlainCharField):
    """The key of a row in the HMIS CSV: at most 32 characters, never reused."""

    def __init__(self, **options):
        defaults = {"max_length": 32, "unique": True, "default": new_key, "editable": False}
        super().__init__(**(defaults | options))
