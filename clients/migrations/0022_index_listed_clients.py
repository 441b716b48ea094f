import django.contrib.postgres.indexes
from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    """Reads the whole table, while others go on writing to it."""

    atomic = False

    dependencies = [
        ('clients', '0021_access_to_lists'),
    ]

    operations = [
        ValidateConstraint(model_name='clientaccess', name='access_kind_is_known'),
        ValidateConstraint(model_name='clientaccess', name='access_to_one_or_to_a_list'),
        AddIndexConcurrently(
            model_name='clientaccess',
            index=django.contrib.postgres.indexes.GinIndex(condition=models.Q(('listed__isnull', False)), fields=['listed'], name='access_by_listed'),
        ),
    ]
