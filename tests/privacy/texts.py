from django.db import models

TEXTS = (models.CharField, models.TextField, models.JSONField, models.BinaryField)


def texts_of(model: type[models.Model]) -> set[str]:
    """The columns of a model that can hold what a person typed, or what is derived from it."""
    arrays = {one.name for one in model._meta.fields if hasattr(one, "base_field")}
    arrays.discard("breaks")  # names of our own rules
    return arrays | {
        one.name
        for one in model._meta.concrete_fields
        if isinstance(one, TEXTS) and not one.choices and not one.primary_key
    }
