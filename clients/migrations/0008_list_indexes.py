from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

from records.migrations._at_once import AtOnce


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('clients', '0007_validate_military_service'),
    ]

    operations = [AtOnce([
        AddIndexConcurrently(
            model_name='client',
            index=models.Index(models.F('organization'), models.OrderBy(models.F('id'), descending=True), name='client_of_organization'),
        ),
        AddIndexConcurrently(
            model_name='client',
            index=models.Index(condition=models.Q(('merged_into', None), _negated=True), fields=['merged_into'], name='client_merged_into'),
        ),
    ])]
