"""Columns that are encrypted or derived from another column as the row is written."""

from typing import Any

from django.db import models

from clients.encryption import decrypt, encrypt, keyed_hash
from clients.names import last_part, name_forms
from hud.rules import ssn as ssn_rules
from hud.text import normalised
from records.model_fields import PlainInMigrations

LONGEST_KEY = 200


class EncryptedTextField(PlainInMigrations, models.TextField):
    """Text that the database only ever holds encrypted."""

    def get_prep_value(self, value):
        return encrypt(value) if value else value

    def from_db_value(self, value, expression, connection):
        return decrypt(value) if value else value


class DerivedField(PlainInMigrations, models.CharField):
    """A column computed from the column `source` whenever a row is inserted or saved."""

    usual: dict[str, Any] = {"max_length": 64}

    def __init__(self, source: str = "", **options):
        self.source = source
        super().__init__(**({"editable": False, "default": ""} | self.usual | options))

    def clone(self):
        field = super().clone()
        field.source = self.source
        return field

    def derive(self, value: str) -> str:
        raise NotImplementedError

    def pre_save(self, model_instance, add):
        value = self.derive(getattr(model_instance, self.source) or "")
        setattr(model_instance, self.attname, value)
        return value


class NameKeyField(DerivedField):
    """A name as it is searched: no accents, lower case, letters and digits only.

    The "C" collation lets one index serve equality, prefixes and their order.
    """

    usual = {"max_length": LONGEST_KEY, "db_collation": "C"}

    def derive(self, value: str) -> str:
        # A few signs of other scripts come apart into eighteen letters each.
        return normalised(value)[: self.max_length]


class LastPartKeyField(NameKeyField):
    """The last word of a double last name as it is searched; empty for a single one."""

    def derive(self, value: str) -> str:
        return last_part(value)[: self.max_length]


class NameFormsField(DerivedField):
    """The other ways to begin the name, a line for each with a tab between first and last key.

    A trigger keeps the table of `NameForm` as this column says, whoever writes it.
    """

    usual = {"max_length": 10_000, "db_collation": "C", "db_default": ""}

    def pre_save(self, model_instance, add):
        middle = getattr(model_instance, "middle_name", "")
        forms = name_forms(model_instance.first_name, middle, model_instance.last_name)
        value = "\n".join("\t".join(key[:LONGEST_KEY] for key in form) for form in forms)
        setattr(model_instance, self.attname, value)
        return value


class SSNHashField(DerivedField):
    """Finds a complete SSN without reading it."""

    def derive(self, value: str) -> str:
        return keyed_hash(value) if value.isdigit() and len(value) == 9 else ""


class LastFourHashField(DerivedField):
    """Finds an SSN by its last four digits."""

    def derive(self, value: str) -> str:
        return keyed_hash(value[-4:]) if value[-4:].isdigit() and len(value) == 9 else ""


class SSNShapeField(DerivedField):
    """Whether an SSN is whole, a part or impossible: rules in SQL cannot read the number itself.

    The database has its default too, so that an older release can write while a newer one starts.
    """

    usual = {"max_length": 10, "db_default": ""}

    def derive(self, value: str) -> str:
        return ssn_rules.shape(value).value
