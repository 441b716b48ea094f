import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from records.migrations._indexes import DropFieldIndexes


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('records', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [DropFieldIndexes([
        migrations.AlterField(
            model_name='submission',
            name='user',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
    ], plain={"records_submission": ['user_id']})]
