"""Fields that migrations name, beside Django's own."""

from django.db import models


class UniqueKeyField(models.CharField):
    """Unique text of which nobody looks for the beginning.

    Django gives unique text of the type `varchar` a second index for LIKE; this has the same type
    by its other name.
    """

    def db_type(self, connection):
        return super().db_type(connection).replace("varchar", "character varying")
