from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    """Reads the whole table, while others go on writing to it."""

    atomic = False

    dependencies = [
        ('outbox', '0002_kinds'),
    ]

    operations = [
        ValidateConstraint(model_name='delivery', name='delivery_kind_is_known'),
        ValidateConstraint(model_name='delivery', name='delivery_to_somebody'),
        AddIndexConcurrently(
            model_name='delivery',
            index=models.Index(condition=models.Q(('state__in', ['sent', 'uncertain', 'failed']), models.Q(('kind__in', ['cas']), _negated=True)), fields=['settled_at', 'id'], name='delivery_lately_settled'),
        ),
    ]
