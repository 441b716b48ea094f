import records.migrations._fields
from django.db import migrations, models

from records.migrations._indexes import UniqueByHash


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('files', '0006_validate_files_of_releases'),
    ]

    operations = [UniqueByHash([
        migrations.AlterField(
            model_name='storedfile',
            name='key',
            field=records.migrations._fields.UniqueKeyField(max_length=64),
        ),
        migrations.AddConstraint(
            model_name='storedfile',
            constraint=models.UniqueConstraint(records.migrations._fields.KeyHash('key'), name='stored_file_key_once', violation_error_message='Another row has this key.'),
        ),
    ])]
