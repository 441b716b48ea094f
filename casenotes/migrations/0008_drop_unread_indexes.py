import django.db.models.deletion
import records.migrations._fields
from django.conf import settings
from django.db import migrations, models

from records.migrations._indexes import DropFieldIndexes


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('agencies', '0005_drop_unread_indexes'),
        ('casenotes', '0007_amounts_of_services_in_dollars'),
        ('enrollments', '0011_drop_unread_indexes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [DropFieldIndexes([
        migrations.AlterField(
            model_name='casenote',
            name='created_by',
            field=models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='casenote',
            name='deleted_by',
            field=models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='casenote',
            name='organization',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.organization'),
        ),
        migrations.AlterField(
            model_name='casenote',
            name='updated_by',
            field=models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='casenoteevent',
            name='created_by',
            field=models.ForeignKey(db_constraint=False, db_index=False, editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='casenoteevent',
            name='deleted_by',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='casenoteevent',
            name='enrollment',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='enrollments.enrollment', verbose_name='Default Enrollment'),
        ),
        migrations.AlterField(
            model_name='casenoteevent',
            name='organization',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='agencies.organization'),
        ),
        migrations.AlterField(
            model_name='casenoteevent',
            name='updated_by',
            field=models.ForeignKey(db_constraint=False, db_index=False, editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='notedraft',
            name='user',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='notesearch',
            name='user',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='service',
            name='created_by',
            field=models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='service',
            name='deleted_by',
            field=models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='service',
            name='key',
            field=records.migrations._fields.UniqueKeyField(editable=False, max_length=32, unique=True),
        ),
        migrations.AlterField(
            model_name='service',
            name='organization',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.organization'),
        ),
        migrations.AlterField(
            model_name='service',
            name='updated_by',
            field=models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='serviceevent',
            name='created_by',
            field=models.ForeignKey(db_constraint=False, db_index=False, editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='serviceevent',
            name='deleted_by',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='serviceevent',
            name='enrollment',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='enrollments.enrollment'),
        ),
        migrations.AlterField(
            model_name='serviceevent',
            name='key',
            field=records.migrations._fields.UniqueKeyField(editable=False, max_length=32),
        ),
        migrations.AlterField(
            model_name='serviceevent',
            name='note',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='casenotes.casenote'),
        ),
        migrations.AlterField(
            model_name='serviceevent',
            name='organization',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='agencies.organization'),
        ),
        migrations.AlterField(
            model_name='serviceevent',
            name='service_type',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='casenotes.servicetype', verbose_name='service'),
        ),
        migrations.AlterField(
            model_name='serviceevent',
            name='updated_by',
            field=models.ForeignKey(db_constraint=False, db_index=False, editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='servicetype',
            name='organization',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='service_types', to='agencies.organization'),
        ),
        migrations.AlterField(
            model_name='servicetypeevent',
            name='organization',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='agencies.organization'),
        ),
    ], plain={"casenotes_casenote": ['created_by_id', 'deleted_by_id', 'organization_id', 'updated_by_id'], "casenotes_casenoteevent": ['created_by_id', 'deleted_by_id', 'enrollment_id', 'organization_id', 'updated_by_id'], "casenotes_notedraft": ['user_id'], "casenotes_notesearch": ['user_id'], "casenotes_service": ['created_by_id', 'deleted_by_id', 'organization_id', 'updated_by_id'], "casenotes_serviceevent": ['created_by_id', 'deleted_by_id', 'enrollment_id', 'note_id', 'organization_id', 'service_type_id', 'updated_by_id'], "casenotes_servicetype": ['organization_id'], "casenotes_servicetypeevent": ['organization_id']}, like={"casenotes_service": ['key']})]
