from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

from records.migrations._at_once import AtOnce


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('enrollments', '0009_counseling_is_no_or_yes'),
    ]

    operations = [AtOnce([
        AddIndexConcurrently(
            model_name='enrollment',
            index=models.Index(models.F('organization'), models.OrderBy(models.F('id'), descending=True), name='enrollment_of_organization'),
        ),
        AddIndexConcurrently(
            model_name='incomebenefits',
            index=models.Index(models.F('organization'), models.OrderBy(models.F('id'), descending=True), name='income_of_organization'),
        ),
        AddIndexConcurrently(
            model_name='intakedraft',
            index=models.Index(condition=models.Q(models.Q(('answers_json', ''), _negated=True), ('discarded_at__isnull', False)), fields=['discarded_at'], name='draft_discarded'),
        ),
    ])]
