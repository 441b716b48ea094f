import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from records.migrations._indexes import DropFieldIndexes


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('exchange', '0002_sources'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [DropFieldIndexes([
        migrations.AlterField(
            model_name='filecount',
            name='transfer',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='file_counts', to='exchange.transfer'),
        ),
        migrations.AlterField(
            model_name='keptfile',
            name='transfer',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='kept_files', to='exchange.transfer'),
        ),
        migrations.AlterField(
            model_name='sourcesystem',
            name='imported_by',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='transfer',
            name='confirmed_by',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
    ], plain={"exchange_filecount": ['transfer_id'], "exchange_keptfile": ['transfer_id'], "exchange_sourcesystem": ['imported_by_id'], "exchange_transfer": ['confirmed_by_id']})]
