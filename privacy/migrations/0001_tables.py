import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from records.migrations._at_once import AtOnce
from records.migrations._history import History


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('agencies', '0001_tables'),
        ('clients', '0001_tables'),
    ]

    operations = [
        AtOnce([
            migrations.CreateModel(name='RetentionList', fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('unchanged_since', models.DateField()),
                ('clients', models.PositiveIntegerField()),
            ], options={
                'ordering': ['-at', '-pk'],
            }),
            migrations.CreateModel(name='ClientRequest', fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('date_created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('date_updated', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('date_deleted', models.DateTimeField(blank=True, editable=False, null=True)),
                ('visibility', models.CharField(choices=[('all', 'All organizations'), ('own', 'Own organization only')], default='own', editable=False, max_length=3)),
                ('kind', models.CharField(choices=[('copy', 'A copy of the record'), ('correction', 'Correction'), ('erasure', 'Erasure'), ('accounting', 'Who has seen the record')], max_length=10, verbose_name='request')),
                ('asked_on', models.DateField(default=django.utils.timezone.localdate, verbose_name='asked on')),
                ('asked_by', models.CharField(choices=[('client', 'The client'), ('guardian', 'Parent or guardian'), ('agent', 'Somebody with a power of attorney')], max_length=10, verbose_name='asked by')),
                ('identified_by', models.CharField(choices=[('known', 'Known to the case manager in person'), ('id', 'Photo ID'), ('papers', 'Other papers'), ('asked', 'Questions about the record, answered right'), ('notary', 'Notarized letter')], max_length=10, verbose_name='how the person was identified')),
                ('text', models.TextField(blank=True, max_length=4000, verbose_name='what is asked')),
                ('due_on', models.DateField(verbose_name='due on')),
                ('state', models.CharField(choices=[('open', 'To be answered'), ('granted', 'Granted, to be carried out'), ('refused', 'Refused'), ('done', 'Carried out'), ('withdrawn', 'Withdrawn')], default='open', editable=False, max_length=10)),
                ('reason', models.TextField(blank=True, max_length=4000, verbose_name='reason')),
                ('answered_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('done_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='carried out')),
                ('answered_by', models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('client', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='clients.client')),
                ('created_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('deleted_by', models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.organization')),
                ('updated_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ], options={
                'abstract': False,
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('visibility__in', ['all', 'own'])), name='clientrequest_visibility_is_known', violation_error_message='Choose who may see this record.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('date_deleted', None), ('deleted_by', None)), models.Q(('date_deleted__isnull', False), ('deleted_by__isnull', False)), _connector='OR'), name='clientrequest_deleted_by_somebody', violation_error_message='A deletion needs who and when.'),
                    models.CheckConstraint(condition=models.Q(('kind__in', ['copy', 'correction', 'erasure', 'accounting'])), name='client_request_kind_is_known', violation_error_message='Choose what the client asks for.'),
                    models.CheckConstraint(condition=models.Q(('asked_by__in', ['client', 'guardian', 'agent'])), name='client_request_asked_by_is_known', violation_error_message='Choose who asks.'),
                    models.CheckConstraint(condition=models.Q(('identified_by__in', ['known', 'id', 'papers', 'asked', 'notary'])), name='client_request_identified', violation_error_message='Choose how the person was identified.'),
                    models.CheckConstraint(condition=models.Q(('due_on__gte', models.F('asked_on'))), name='client_request_due_after_asked', violation_error_message='A request is due on the day it was asked, or later.'),
                    models.CheckConstraint(condition=models.Q(('state__in', ['open', 'granted', 'refused', 'done', 'withdrawn'])), name='client_request_state_is_known', violation_error_message='Choose one of the listed states.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('answered_at', None), ('answered_by', None), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('answered_at__isnull', False), ('answered_by__isnull', False)), _connector='OR'), name='client_request_answered_by_somebody', violation_error_message='An answer needs who and when; an open request has none.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state', 'refused'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='client_request_refused_for_a_reason', violation_error_message='Write the reason: the client has a right to know it.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('done_at__isnull', False), ('state', 'done')), models.Q(models.Q(('state', 'done'), _negated=True), ('done_at', None)), _connector='OR'), name='client_request_done_when_carried_out', violation_error_message='A request is carried out at a time, or not yet.'),
                ],
                'default_manager_name': 'objects',
                'indexes': [
                    models.Index(fields=['client', '-asked_on'], name='client_request_by_client'),
                    models.Index(condition=models.Q(('date_deleted', None), ('state__in', ['open', 'granted'])), fields=['organization', 'due_on', 'id'], name='client_request_waiting'),
                    models.Index(fields=['organization', 'due_on', 'id'], name='client_request_of_agency'),
                ],
                'ordering': ['due_on', 'pk'],
                'verbose_name': 'request of a client',
                'verbose_name_plural': 'requests of clients',
            }),
            History('ClientRequest'),
            migrations.CreateModel(name='Erasure', fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cause', models.CharField(choices=[('request', "The client's request"), ('retention', 'The end of the retention period'), ('restored', 'Erased before a backup was restored')], max_length=10)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('files_deleted_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('client', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='erasure', to='clients.client')),
                ('request', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='privacy.clientrequest')),
            ], options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(models.Q(('cause', 'request'), ('request__isnull', False)), models.Q(('cause__in', ['retention', 'restored']), ('request', None)), _connector='OR'), name='erasure_cause_is_known', violation_error_message='An erasure has a request, or another cause.'),
                ],
                'indexes': [
                    models.Index(condition=models.Q(('files_deleted_at', None)), fields=['id'], name='erasure_files_waiting'),
                ],
                'ordering': ['pk'],
            }),
            migrations.CreateModel(name='LegalHold', fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('date_created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('date_updated', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('date_deleted', models.DateTimeField(blank=True, editable=False, null=True)),
                ('visibility', models.CharField(choices=[('all', 'All organizations'), ('own', 'Own organization only')], default='own', editable=False, max_length=3)),
                ('reason', models.CharField(max_length=200)),
                ('client', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='clients.client')),
                ('created_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('deleted_by', models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.organization')),
                ('updated_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ], options={
                'abstract': False,
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('visibility__in', ['all', 'own'])), name='legalhold_visibility_is_known', violation_error_message='Choose who may see this record.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('date_deleted', None), ('deleted_by', None)), models.Q(('date_deleted__isnull', False), ('deleted_by__isnull', False)), _connector='OR'), name='legalhold_deleted_by_somebody', violation_error_message='A deletion needs who and when.'),
                    models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='legal_hold_has_a_reason', violation_error_message='Write why nothing may be erased.'),
                ],
                'default_manager_name': 'objects',
                'ordering': ['-date_created', '-pk'],
            }),
            History('LegalHold'),
            pgtrigger.migrations.AddTrigger(model_name='clientrequest', trigger=pgtrigger.compiler.Trigger(name='follows_merge', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE survivor bigint;', func='\n    SELECT merged_into_id INTO survivor FROM clients_client WHERE id = NEW.client_id FOR KEY SHARE;\n    IF survivor IS NOT NULL THEN\n        NEW.client_id = survivor;\n    END IF;\n    RETURN NEW;\n', hash='96303dd2c9b9003d977835482bc544170a0e4aa2', operation='INSERT', pgid='pgtrigger_follows_merge_8467c', table='privacy_clientrequest', when='BEFORE'))),
            pgtrigger.migrations.AddTrigger(model_name='legalhold', trigger=pgtrigger.compiler.Trigger(name='follows_merge', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE survivor bigint;', func='\n    SELECT merged_into_id INTO survivor FROM clients_client WHERE id = NEW.client_id FOR KEY SHARE;\n    IF survivor IS NOT NULL THEN\n        NEW.client_id = survivor;\n    END IF;\n    RETURN NEW;\n', hash='dc5debe693c9bb6a6fd17728fdf737575d61a0ac', operation='INSERT', pgid='pgtrigger_follows_merge_44cfb', table='privacy_legalhold', when='BEFORE'))),
        ]),
    ]
