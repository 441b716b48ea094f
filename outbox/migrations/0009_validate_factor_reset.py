from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    """Reads the whole table, while others go on writing to it."""

    atomic = False

    dependencies = [
        ('outbox', '0008_factor_reset'),
    ]

    operations = [ValidateConstraint(model_name='delivery', name='delivery_kind_is_known')]
