import records.migrations._fields
from django.conf import settings
from django.db import migrations, models

from records.migrations._indexes import UniqueByHash


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('agencies', '0008_sharing'),
        ('cas', '0011_validate_kinds_of_releases'),
        ('clients', '0012_releases'),
        ('enrollments', '0015_validate_draft_kinds'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [UniqueByHash([
        migrations.AlterField(
            model_name='event',
            name='event_id',
            field=records.migrations._fields.UniqueKeyField(editable=False, max_length=32),
        ),
        migrations.AddConstraint(
            model_name='event',
            constraint=models.UniqueConstraint(records.migrations._fields.KeyHash('event_id'), name='event_key_once', violation_error_message='Another row has this key.'),
        ),
    ])]
