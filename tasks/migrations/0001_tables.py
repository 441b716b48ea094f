import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models

from records.migrations._at_once import AtOnce
from records.migrations._history import History


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('agencies', '0001_tables'),
        ('clients', '0001_tables'),
        ('enrollments', '0001_tables'),
    ]

    operations = [
        AtOnce([
            migrations.CreateModel(name='CalendarFeed', fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='calendar_feed', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ]),
            migrations.CreateModel(name='Task', fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('date_created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('date_updated', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('date_deleted', models.DateTimeField(blank=True, editable=False, null=True)),
                ('visibility', models.CharField(choices=[('all', 'All organizations'), ('own', 'Own organization only')], default='own', editable=False, max_length=3)),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('text', models.CharField(max_length=200, verbose_name='task')),
                ('due_on', models.DateField(verbose_name='due on')),
                ('done_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('assigned_to', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to=settings.AUTH_USER_MODEL, verbose_name='assigned to')),
                ('client', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='clients.client')),
                ('created_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('deleted_by', models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('done_by', models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('enrollment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='enrollments.enrollment')),
                ('organization', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.organization')),
                ('updated_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ], options={
                'abstract': False,
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('visibility__in', ['all', 'own'])), name='task_visibility_is_known', violation_error_message='Choose who may see this record.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('date_deleted', None), ('deleted_by', None)), models.Q(('date_deleted__isnull', False), ('deleted_by__isnull', False)), _connector='OR'), name='task_deleted_by_somebody', violation_error_message='A deletion needs who and when.'),
                    models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='task_says_what', violation_error_message='Enter what is to be done.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('done_at', None), ('done_by', None)), models.Q(('done_at__isnull', False), ('done_by__isnull', False)), _connector='OR'), name='task_done_by_somebody', violation_error_message='A task that is done needs who and when.'),
                    models.CheckConstraint(condition=models.Q(('visibility', 'own')), name='task_stays_in_organization', violation_error_message='A task is seen by its own organization alone.'),
                ],
                'default_manager_name': 'objects',
                'indexes': [
                    models.Index(condition=models.Q(('date_deleted', None), ('done_at', None)), fields=['client', 'due_on', 'id'], name='task_client_due'),
                    models.Index(condition=models.Q(('date_deleted', None), ('done_at', None)), fields=['assigned_to', 'due_on', 'id'], name='task_assignee_due'),
                    models.Index(models.F('assigned_to'), models.OrderBy(models.F('done_at'), descending=True), models.OrderBy(models.F('id'), descending=True), condition=models.Q(('date_deleted', None), ('done_at__isnull', False)), name='task_assignee_done'),
                    models.Index(condition=models.Q(('date_deleted', None), ('done_at', None)), fields=['created_by', 'due_on', 'id'], name='task_giver_due'),
                    models.Index(models.F('organization'), models.OrderBy(models.F('date_deleted'), descending=True), condition=models.Q(('date_deleted__isnull', False)), name='task_deleted_newest'),
                ],
                'ordering': ['due_on', 'pk'],
            }),
            History('Task'),
            pgtrigger.migrations.AddTrigger(model_name='task', trigger=pgtrigger.compiler.Trigger(name='follows_merge', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE survivor bigint;', func='\n    SELECT merged_into_id INTO survivor FROM clients_client WHERE id = NEW.client_id FOR KEY SHARE;\n    IF survivor IS NOT NULL THEN\n        NEW.client_id = survivor;\n    END IF;\n    RETURN NEW;\n', hash='0886602d1305e9640369fa5db9736dd18e2ec98c', operation='INSERT', pgid='pgtrigger_follows_merge_90611', table='tasks_task', when='BEFORE'))),
            pgtrigger.migrations.AddTrigger(model_name='task', trigger=pgtrigger.compiler.Trigger(name='enrollment_is_not_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF NEW.enrollment_id IS NULL OR NEW.date_deleted IS NOT NULL OR (\n        TG_OP = 'UPDATE' AND OLD.date_deleted IS NULL AND NEW.enrollment_id = OLD.enrollment_id\n    ) THEN\n        RETURN NEW;\n    END IF;\n    PERFORM 1 FROM enrollments_enrollment\n    WHERE id = NEW.enrollment_id AND date_deleted IS NULL FOR SHARE;\n    IF NOT FOUND AND EXISTS (SELECT 1 FROM enrollments_enrollment WHERE id = NEW.enrollment_id) THEN\n        RAISE EXCEPTION 'The enrollment was deleted. Restore it first, or choose another one.'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'enrollment_is_not_deleted';\n    END IF;\n    RETURN NEW;\n", hash='55bddcc7b071c850cf606369e41ca7294930525a', operation='INSERT OR UPDATE OF "enrollment_id", "date_deleted"', pgid='pgtrigger_enrollment_is_not_deleted_90218', table='tasks_task', when='BEFORE'))),
        ]),
    ]
