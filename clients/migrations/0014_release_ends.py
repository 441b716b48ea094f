from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models
from django.db.models.expressions import CombinedExpression

from records.migrations._indexes import AddIndexOnce


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('agencies', '0008_sharing'),
        ('clients', '0013_smaller_indexes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddIndexOnce(
            model_name='release',
            index=models.Index(condition=models.Q(('revoked_at', None), ('undecided', False), models.Q(('kind', 'refused'), _negated=True), ('replaced_on__isnull', False), ('signed_by', 'guardian')), fields=['replaced_on'], name='release_cut_short'),
        ),
        AddConstraintNotValid(
            model_name='release',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on', None), ('ends_on__lte', CombinedExpression(models.F('begins_on'), '+', models.Value(timedelta(days=3653)))), _connector='OR'), name='release_lasts_ten_years', violation_error_message='A release lasts at most ten years.'),
        ),
        ValidateConstraint('release', 'release_lasts_ten_years'),
    ]
