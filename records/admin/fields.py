"""Form fields of the workspace's pages: the portal's date field, and no pop-ups beside a select."""

from django import forms
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db import models

from records.form_fields import DateField
from records.searched_select import searched

CHOOSE = "Choose…"


class PlainFields:
    """Mixed into a ModelAdmin or an inline."""

    formfield_overrides = {
        models.DateField: {"form_class": DateField, "widget": DateField().widget},
    }

    def formfield_for_dbfield(self, db_field, request, **options):
        field = super().formfield_for_dbfield(db_field, request, **options)  # type: ignore[misc]
        # No pencil and no plus beside a select: they open pop-ups that need scripts.
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        if isinstance(field, forms.ModelChoiceField):
            field.empty_label = field.empty_label and CHOOSE
            searched(field)
        elif isinstance(field, forms.TypedChoiceField):
            field.choices = [(key, label if key != "" else CHOOSE) for key, label in field.choices]
        return field
