import records.migrations._fields
from django.conf import settings
from django.db import migrations, models

from records.migrations._indexes import UniqueByHash


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('agencies', '0008_sharing'),
        ('clients', '0012_releases'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [UniqueByHash([
        migrations.AlterField(
            model_name='client',
            name='personal_id',
            field=records.migrations._fields.UniqueKeyField(editable=False, max_length=32),
        ),
        migrations.AddConstraint(
            model_name='client',
            constraint=models.UniqueConstraint(records.migrations._fields.KeyHash('personal_id'), name='person_key_once', violation_error_message='Another row has this key.'),
        ),
    ])]
