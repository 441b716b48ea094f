"""Text that is stored as it is hashed."""

from typing import Any

from django.db import models

from consent.wording import check_placeholders, normalized
from records.model_fields import PlainInMigrations


class Normalized(PlainInMigrations):
    """Mixed into a field: its text is stored in one form (NFC, lines that end alike)."""

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)  # type: ignore[misc]
        return value and normalized(value)

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)  # type: ignore[misc]
        return normalized(value) if isinstance(value, str) else value


class NormalizedCharField(Normalized, models.CharField):
    pass


class NormalizedTextField(Normalized, models.TextField):
    pass


class TemplateCharField(NormalizedCharField):
    """One line with placeholders."""

    default_validators = [check_placeholders]


class TemplateTextField(NormalizedTextField):
    """Text with placeholders."""

    default_validators = [check_placeholders]
