import django.db.models.deletion
import records.migrations._fields
from django.conf import settings
from django.db import migrations, models

from records.migrations._indexes import AddIndexOnce, DropFieldIndexes, RemoveIndexOnce, UniqueByHash


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('agencies', '0008_sharing'),
        ('casenotes', '0009_versions_by_time'),
        ('clients', '0012_releases'),
        ('enrollments', '0015_validate_draft_kinds'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddIndexOnce(
            model_name='casenote',
            index=models.Index(models.F('client'), models.OrderBy(models.F('date'), descending=True), models.OrderBy(models.F('id'), descending=True), name='note_by_client'),
        ),
        AddIndexOnce(
            model_name='service',
            index=models.Index(models.F('client'), models.OrderBy(models.F('date'), descending=True), models.OrderBy(models.F('id'), descending=True), name='service_by_client'),
        ),
        RemoveIndexOnce(
            model_name='casenote',
            name='note_client_newest',
        ),
        RemoveIndexOnce(
            model_name='service',
            name='service_client_newest',
        ),
        DropFieldIndexes([
            migrations.AlterField(
                model_name='casenote',
                name='client',
                field=models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='clients.client'),
            ),
            migrations.AlterField(
                model_name='service',
                name='client',
                field=models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='clients.client'),
            ),
        ], plain={'casenotes_casenote': ['client_id'], 'casenotes_service': ['client_id']}),
        UniqueByHash([
            migrations.AlterField(
                model_name='service',
                name='key',
                field=records.migrations._fields.UniqueKeyField(editable=False, max_length=32),
            ),
            migrations.AddConstraint(
                model_name='service',
                constraint=models.UniqueConstraint(records.migrations._fields.KeyHash('key'), name='service_key_once', violation_error_message='Another row has this key.'),
            ),
        ]),
    ]
