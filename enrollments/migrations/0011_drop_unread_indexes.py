import django.contrib.postgres.functions
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
import records.migrations._fields
from django.conf import settings
from django.db import migrations, models

from records.migrations._indexes import DropFieldIndexes


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('agencies', '0005_drop_unread_indexes'),
        ('clients', '0009_drop_unread_indexes'),
        ('enrollments', '0010_list_indexes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [DropFieldIndexes([
        migrations.AlterField(
            model_name='caseassignment',
            name='case_manager',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='case_assignments', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='caseassignment',
            name='created_by',
            field=models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='caseassignment',
            name='deleted_by',
            field=models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='caseassignment',
            name='organization',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.organization'),
        ),
        migrations.AlterField(
            model_name='caseassignment',
            name='updated_by',
            field=models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='caseassignmentevent',
            name='case_manager',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='caseassignmentevent',
            name='created_by',
            field=models.ForeignKey(db_constraint=False, db_index=False, editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='caseassignmentevent',
            name='deleted_by',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='caseassignmentevent',
            name='enrollment',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='enrollments.enrollment'),
        ),
        migrations.AlterField(
            model_name='caseassignmentevent',
            name='organization',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='agencies.organization'),
        ),
        migrations.AlterField(
            model_name='caseassignmentevent',
            name='updated_by',
            field=models.ForeignKey(db_constraint=False, db_index=False, editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='currentlivingsituation',
            name='created_by',
            field=models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='currentlivingsituation',
            name='deleted_by',
            field=models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='currentlivingsituation',
            name='enrollment',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='current_living_situations', to='enrollments.enrollment'),
        ),
        migrations.AlterField(
            model_name='currentlivingsituation',
            name='key',
            field=records.migrations._fields.UniqueKeyField(editable=False, max_length=32, unique=True),
        ),
        migrations.AlterField(
            model_name='currentlivingsituation',
            name='organization',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.organization'),
        ),
        migrations.AlterField(
            model_name='currentlivingsituation',
            name='updated_by',
            field=models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='currentlivingsituationevent',
            name='created_by',
            field=models.ForeignKey(db_constraint=False, db_index=False, editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='currentlivingsituationevent',
            name='deleted_by',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='currentlivingsituationevent',
            name='enrollment',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='enrollments.enrollment'),
        ),
        migrations.AlterField(
            model_name='currentlivingsituationevent',
            name='key',
            field=records.migrations._fields.UniqueKeyField(editable=False, max_length=32),
        ),
        migrations.AlterField(
            model_name='currentlivingsituationevent',
            name='organization',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='agencies.organization'),
        ),
        migrations.AlterField(
            model_name='currentlivingsituationevent',
            name='updated_by',
            field=models.ForeignKey(db_constraint=False, db_index=False, editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='disability',
            name='created_by',
            field=models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='disability',
            name='deleted_by',
            field=models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='disability',
            name='key',
            field=records.migrations._fields.UniqueKeyField(editable=False, max_length=32, unique=True),
        ),
        migrations.AlterField(
            model_name='disability',
            name='organization',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.organization'),
        ),
        migrations.AlterField(
            model_name='disability',
            name='updated_by',
            field=models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='disabilityevent',
            name='created_by',
            field=models.ForeignKey(db_constraint=False, db_index=False, editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='disabilityevent',
            name='deleted_by',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='disabilityevent',
            name='enrollment',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='enrollments.enrollment'),
        ),
        migrations.AlterField(
            model_name='disabilityevent',
            name='key',
            field=records.migrations._fields.UniqueKeyField(editable=False, max_length=32),
        ),
        migrations.AlterField(
            model_name='disabilityevent',
            name='organization',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='agencies.organization'),
        ),
        migrations.AlterField(
            model_name='disabilityevent',
            name='updated_by',
            field=models.ForeignKey(db_constraint=False, db_index=False, editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='employmenteducation',
            name='created_by',
            field=models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='employmenteducation',
            name='deleted_by',
            field=models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='employmenteducation',
            name='key',
            field=records.migrations._fields.UniqueKeyField(editable=False, max_length=32, unique=True),
        ),
        migrations.AlterField(
            model_name='employmenteducation',
            name='organization',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.organization'),
        ),
        migrations.AlterField(
            model_name='employmenteducation',
            name='updated_by',
            field=models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='employmenteducationevent',
            name='created_by',
            field=models.ForeignKey(db_constraint=False, db_index=False, editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='employmenteducationevent',
            name='deleted_by',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='employmenteducationevent',
            name='enrollment',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='enrollments.enrollment'),
        ),
        migrations.AlterField(
            model_name='employmenteducationevent',
            name='key',
            field=records.migrations._fields.UniqueKeyField(editable=False, max_length=32),
        ),
        migrations.AlterField(
            model_name='employmenteducationevent',
            name='organization',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='agencies.organization'),
        ),
        migrations.AlterField(
            model_name='employmenteducationevent',
            name='updated_by',
            field=models.ForeignKey(db_constraint=False, db_index=False, editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='enrollment',
            name='client',
            field=models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='clients.client'),
        ),
        migrations.AlterField(
            model_name='enrollment',
            name='created_by',
            field=models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='enrollment',
            name='deleted_by',
            field=models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='enrollment',
            name='enrollment_id',
            field=records.migrations._fields.UniqueKeyField(editable=False, max_length=32, unique=True),
        ),
        migrations.AlterField(
            model_name='enrollment',
            name='exit_id',
            field=records.migrations._fields.UniqueKeyField(db_default=django.db.models.functions.text.Replace(django.db.models.functions.comparison.Cast(django.contrib.postgres.functions.RandomUUID(), models.TextField()), models.Value('-'), models.Value('')), editable=False, max_length=32, unique=True),
        ),
        migrations.AlterField(
            model_name='enrollment',
            name='organization',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.organization'),
        ),
        migrations.AlterField(
            model_name='enrollment',
            name='project',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='enrollments', to='agencies.project'),
        ),
        migrations.AlterField(
            model_name='enrollment',
            name='updated_by',
            field=models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='enrollmentevent',
            name='created_by',
            field=models.ForeignKey(db_constraint=False, db_index=False, editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='enrollmentevent',
            name='deleted_by',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='enrollmentevent',
            name='enrollment_id',
            field=records.migrations._fields.UniqueKeyField(editable=False, max_length=32),
        ),
        migrations.AlterField(
            model_name='enrollmentevent',
            name='household',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='enrollments.household'),
        ),
        migrations.AlterField(
            model_name='enrollmentevent',
            name='organization',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='agencies.organization'),
        ),
        migrations.AlterField(
            model_name='enrollmentevent',
            name='project',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='agencies.project'),
        ),
        migrations.AlterField(
            model_name='enrollmentevent',
            name='updated_by',
            field=models.ForeignKey(db_constraint=False, db_index=False, editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='healthanddv',
            name='created_by',
            field=models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='healthanddv',
            name='deleted_by',
            field=models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='healthanddv',
            name='key',
            field=records.migrations._fields.UniqueKeyField(editable=False, max_length=32, unique=True),
        ),
        migrations.AlterField(
            model_name='healthanddv',
            name='organization',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.organization'),
        ),
        migrations.AlterField(
            model_name='healthanddv',
            name='updated_by',
            field=models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='healthanddvevent',
            name='created_by',
            field=models.ForeignKey(db_constraint=False, db_index=False, editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='healthanddvevent',
            name='deleted_by',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='healthanddvevent',
            name='enrollment',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='enrollments.enrollment'),
        ),
        migrations.AlterField(
            model_name='healthanddvevent',
            name='key',
            field=records.migrations._fields.UniqueKeyField(editable=False, max_length=32),
        ),
        migrations.AlterField(
            model_name='healthanddvevent',
            name='organization',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='agencies.organization'),
        ),
        migrations.AlterField(
            model_name='healthanddvevent',
            name='updated_by',
            field=models.ForeignKey(db_constraint=False, db_index=False, editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='household',
            name='household_id',
            field=records.migrations._fields.UniqueKeyField(editable=False, max_length=32, unique=True),
        ),
        migrations.AlterField(
            model_name='householdevent',
            name='household_id',
            field=records.migrations._fields.UniqueKeyField(editable=False, max_length=32),
        ),
        migrations.AlterField(
            model_name='incomebenefits',
            name='created_by',
            field=models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='incomebenefits',
            name='deleted_by',
            field=models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='incomebenefits',
            name='key',
            field=records.migrations._fields.UniqueKeyField(editable=False, max_length=32, unique=True),
        ),
        migrations.AlterField(
            model_name='incomebenefits',
            name='organization',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.organization'),
        ),
        migrations.AlterField(
            model_name='incomebenefits',
            name='updated_by',
            field=models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='incomebenefitsevent',
            name='created_by',
            field=models.ForeignKey(db_constraint=False, db_index=False, editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='incomebenefitsevent',
            name='deleted_by',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='incomebenefitsevent',
            name='enrollment',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='enrollments.enrollment'),
        ),
        migrations.AlterField(
            model_name='incomebenefitsevent',
            name='key',
            field=records.migrations._fields.UniqueKeyField(editable=False, max_length=32),
        ),
        migrations.AlterField(
            model_name='incomebenefitsevent',
            name='organization',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='agencies.organization'),
        ),
        migrations.AlterField(
            model_name='incomebenefitsevent',
            name='updated_by',
            field=models.ForeignKey(db_constraint=False, db_index=False, editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='intakedraft',
            name='created_by',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='intake_drafts', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='intakedraft',
            name='organization',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.organization'),
        ),
        migrations.AlterField(
            model_name='youtheducationstatus',
            name='created_by',
            field=models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='youtheducationstatus',
            name='deleted_by',
            field=models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='youtheducationstatus',
            name='key',
            field=records.migrations._fields.UniqueKeyField(editable=False, max_length=32, unique=True),
        ),
        migrations.AlterField(
            model_name='youtheducationstatus',
            name='organization',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.organization'),
        ),
        migrations.AlterField(
            model_name='youtheducationstatus',
            name='updated_by',
            field=models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='youtheducationstatusevent',
            name='created_by',
            field=models.ForeignKey(db_constraint=False, db_index=False, editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='youtheducationstatusevent',
            name='deleted_by',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='youtheducationstatusevent',
            name='enrollment',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='enrollments.enrollment'),
        ),
        migrations.AlterField(
            model_name='youtheducationstatusevent',
            name='key',
            field=records.migrations._fields.UniqueKeyField(editable=False, max_length=32),
        ),
        migrations.AlterField(
            model_name='youtheducationstatusevent',
            name='organization',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='agencies.organization'),
        ),
        migrations.AlterField(
            model_name='youtheducationstatusevent',
            name='updated_by',
            field=models.ForeignKey(db_constraint=False, db_index=False, editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
    ], plain={"enrollments_caseassignment": ['case_manager_id', 'created_by_id', 'deleted_by_id', 'organization_id', 'updated_by_id'], "enrollments_caseassignmentevent": ['case_manager_id', 'created_by_id', 'deleted_by_id', 'enrollment_id', 'organization_id', 'updated_by_id'], "enrollments_currentlivingsituation": ['created_by_id', 'deleted_by_id', 'enrollment_id', 'organization_id', 'updated_by_id'], "enrollments_currentlivingsituationevent": ['created_by_id', 'deleted_by_id', 'enrollment_id', 'organization_id', 'updated_by_id'], "enrollments_disability": ['created_by_id', 'deleted_by_id', 'organization_id', 'updated_by_id'], "enrollments_disabilityevent": ['created_by_id', 'deleted_by_id', 'enrollment_id', 'organization_id', 'updated_by_id'], "enrollments_employmenteducation": ['created_by_id', 'deleted_by_id', 'organization_id', 'updated_by_id'], "enrollments_employmenteducationevent": ['created_by_id', 'deleted_by_id', 'enrollment_id', 'organization_id', 'updated_by_id'], "enrollments_enrollment": ['client_id', 'created_by_id', 'deleted_by_id', 'organization_id', 'project_id', 'updated_by_id'], "enrollments_enrollmentevent": ['created_by_id', 'deleted_by_id', 'household_id', 'organization_id', 'project_id', 'updated_by_id'], "enrollments_healthanddv": ['created_by_id', 'deleted_by_id', 'organization_id', 'updated_by_id'], "enrollments_healthanddvevent": ['created_by_id', 'deleted_by_id', 'enrollment_id', 'organization_id', 'updated_by_id'], "enrollments_incomebenefits": ['created_by_id', 'deleted_by_id', 'organization_id', 'updated_by_id'], "enrollments_incomebenefitsevent": ['created_by_id', 'deleted_by_id', 'enrollment_id', 'organization_id', 'updated_by_id'], "enrollments_intakedraft": ['created_by_id', 'organization_id'], "enrollments_youtheducationstatus": ['created_by_id', 'deleted_by_id', 'organization_id', 'updated_by_id'], "enrollments_youtheducationstatusevent": ['created_by_id', 'deleted_by_id', 'enrollment_id', 'organization_id', 'updated_by_id']}, like={"enrollments_currentlivingsituation": ['key'], "enrollments_disability": ['key'], "enrollments_employmenteducation": ['key'], "enrollments_enrollment": ['enrollment_id', 'exit_id'], "enrollments_healthanddv": ['key'], "enrollments_household": ['household_id'], "enrollments_incomebenefits": ['key'], "enrollments_youtheducationstatus": ['key']})]
