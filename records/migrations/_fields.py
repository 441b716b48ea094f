"""Fields that migrations name, beside Django's own."""

from django.db import models


class UniqueKeyField(models.CharField):
    """Unique text of which nobody looks for the beginning.

    Django gives unique text of the type `varchar` a second index for LIKE; this has the same type
    by its other name.
    """

    def db_type(self, connection):
        return super().db_type(connection).replace("varchar", "character varying")


class KeyHash(models.Func):
    """What an index has of a key: 8 bytes instead of 33.

    Among ten million keys, three in a million times two have the same.
    """

    function = "hashtextextended"
    template = "%(function)s(%(expressions)s, 0)"
    output_field = models.BigIntegerField()
