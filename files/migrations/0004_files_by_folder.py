import django.db.models.functions.text
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('files', '0003_versions_by_time'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='storedfile',
            index=models.Index(django.db.models.functions.text.Left('key', 9), name='stored_file_folder'),
        ),
    ]
