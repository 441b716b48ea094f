"""Model columns of HUD's program questions, derived from the data dictionary and the CSV files."""

from collections.abc import Callable

from django.db import models

from hud.choices.situations import listed
from hud.columns import Column, csv_file
from hud.elements import Field, of_programs


def program_columns(file: str) -> Callable[[type[models.Model]], type[models.Model]]:
    """Add the columns of a file of the exchange that only some programs ask, in HUD's order."""

    def add(model: type[models.Model]) -> type[models.Model]:
        columns = {one.field: one for one in csv_file(file)}
        for one in of_programs(file):
            model.add_to_class(one.name, _column(one, columns[one.name]))
        return model

    return add


def _column(one: Field, column: Column) -> models.Field:
    """Codes, dates and numbers are empty until they are asked, a text is blank."""
    choices = listed(one.answers) if one.answers else None
    if column.type == "S":
        return models.CharField(
            one.label, max_length=column.max_length, choices=choices, blank=True, db_default=""
        )
    kind = models.DateField if column.type == "D" else models.PositiveSmallIntegerField
    return kind(one.label, choices=choices, null=True, blank=True)
