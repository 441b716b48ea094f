"""Model fields that migrations know as Django's own, because migrations import no live code."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models.lookups import In

from records.migrations._fields import KeyHash, UniqueKeyField

PLAIN = ("django.", "records.migrations.")


def path_of(field: type[models.Field]) -> str:
    """Where migrations import a field's class from."""
    package = field.__module__
    return f"{'django.db.models' if package.startswith('django.') else package}.{field.__name__}"


def protected(to: type[models.Model] | str, **options: Any) -> models.ForeignKey:
    """A key to what is never deleted under a row, and which does not lead back to it."""
    return models.ForeignKey(to, models.PROTECT, related_name="+", **options)


class PlainInMigrations:
    """Mixed into a field: migrations see its plain class, and no default that code computes."""

    def deconstruct(self):
        name, _, args, options = super().deconstruct()
        if callable(options.get("default")) and options["default"].__module__ != "builtins":
            del options["default"]
        plain = next(kind for kind in type(self).__mro__ if kind.__module__.startswith(PLAIN))
        return name, path_of(plain), args, options

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


class KeyField(PlainInMigrations, UniqueKeyField):
    """The key of a row in the HMIS CSV: at most 32 characters, never reused."""

    def __init__(self, **options):
        defaults = {"max_length": 32, "unique": True, "default": new_key, "editable": False}
        super().__init__(**(defaults | options))


class HashedKeyField(KeyField):
    """The same in a table of millions of rows; its constraint is `key_once`."""

    def __init__(self, **options):
        super().__init__(**({"unique": False} | options))


def key_once(name: str, field: str) -> models.UniqueConstraint:
    """The constraint of a `HashedKeyField`: an index of hashes takes a third of the space."""
    return models.UniqueConstraint(
        KeyHash(field), name=name, violation_error_message="Another row has this key."
    )


def has_key(field: str, keys: Iterable[str]) -> models.Q:
    """Whose `HashedKeyField` is one of these, by the index of its constraint."""
    keys = list(keys)
    hashes = [KeyHash(models.Value(key)) for key in keys]
    return models.Q(In(KeyHash(field), hashes), **{f"{field}__in": keys})
