import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.comparison
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
import records.migrations._fields
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
        ('outbox', '0001_tables'),
    ]

    operations = [
        AtOnce([
            migrations.CreateModel(name='Event', fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('visibility', models.CharField(choices=[('all', 'All organizations'), ('own', 'Own organization only')], default='all', max_length=3)),
                ('date_created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('date_updated', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('date_deleted', models.DateTimeField(blank=True, editable=False, null=True)),
                ('event_id', records.migrations._fields.UniqueKeyField(editable=False, max_length=32)),
                ('event_date', models.DateField(default=django.utils.timezone.localdate, verbose_name='date of event')),
                ('kind', models.CharField(choices=[('hud', 'Coordinated entry event'), ('matched', 'Matched to an opening'), ('missing', 'Documents missing'), ('verified', 'Documents verified'), ('inactive', 'Inactive'), ('removed', 'Removed from the queue')], default='hud', max_length=10)),
                ('event', models.PositiveSmallIntegerField(blank=True, choices=[(1, 'Referral to Prevention Assistance project'), (2, 'Problem Solving/Diversion/Rapid Resolution intervention or service'), (3, 'Referral to scheduled Coordinated Entry Crisis Needs Assessment'), (4, 'Referral to scheduled Coordinated Entry Housing Needs Assessment'), (5, 'Referral to Post-placement/ follow-up case management'), (6, 'Referral to Street Outreach project or services'), (7, 'Referral to Housing Navigation project or services'), (8, 'Referral to Non-continuum services: Ineligible for continuum services'), (9, 'Referral to Non-continuum services: No availability in continuum services'), (10, 'Referral to Emergency Shelter bed opening'), (11, 'Referral to Transitional Housing bed/unit opening'), (12, 'Referral to Joint TH-RRH project/unit/resource opening'), (13, 'Referral to RRH project resource opening'), (14, 'Referral to PSH project resource opening'), (15, 'Referral to Other PH project/unit/resource opening'), (16, 'Referral to emergency assistance/flex fund/furniture assistance'), (17, 'Referral to Emergency Housing Voucher (EHV)'), (18, 'Referral to a Housing Stability Voucher')], null=True)),
                ('prob_sol_div_rr_result', models.PositiveSmallIntegerField(blank=True, choices=[(0, 'No'), (1, 'Yes'), ('No answer', [(99, 'Data not collected')])], null=True, verbose_name='client housed or re-housed in a safe alternative')),
                ('referral_case_manage_after', models.PositiveSmallIntegerField(blank=True, choices=[(0, 'No'), (1, 'Yes'), ('No answer', [(99, 'Data not collected')])], null=True, verbose_name='enrolled in aftercare project')),
                ('location_crisis_or_ph_housing', models.CharField(blank=True, max_length=250, verbose_name='location of crisis housing or permanent housing referral')),
                ('referral_result', models.PositiveSmallIntegerField(blank=True, choices=[(1, 'Successful referral: client accepted'), (2, 'Unsuccessful referral: client rejected'), (3, 'Unsuccessful referral: provider rejected')], null=True)),
                ('no_show', models.BooleanField(default=False)),
                ('result_date', models.DateField(blank=True, null=True, verbose_name='date of result')),
                ('client', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='cas_events', to='clients.client')),
                ('created_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('deleted_by', models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('enrollment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cas_events', to='enrollments.enrollment')),
                ('organization', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.organization')),
                ('updated_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('breaks', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=63), blank=True, db_default=[], default=list, editable=False, size=None)),
            ], options={
                'abstract': False,
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('visibility__in', ['all', 'own'])), name='event_visibility_is_known', violation_error_message='Choose who may see this record.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('date_deleted', None), ('deleted_by', None)), models.Q(('date_deleted__isnull', False), ('deleted_by__isnull', False)), _connector='OR'), name='event_deleted_by_somebody', violation_error_message='A deletion needs who and when.'),
                    models.CheckConstraint(condition=models.Q(('kind__in', ['hud', 'matched', 'missing', 'verified', 'inactive', 'removed'])), name='event_kind_is_known', violation_error_message='Choose what happened.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('event__in', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18]), ('event__isnull', False), ('kind', 'hud')), models.Q(models.Q(('kind', 'hud'), _negated=True), ('event', None)), _connector='OR'), name='event_code_is_huds', violation_error_message="Choose one of HUD's events."),
                    models.CheckConstraint(condition=models.Q(('no_show', False), models.Q(('referral_result', 2), ('referral_result__isnull', False)), _connector='OR'), name='event_no_show_is_unsuccessful', violation_error_message='A no show is an unsuccessful referral.'),
                    models.CheckConstraint(condition=models.Q(('referral_result', None), models.Q(('event__in', [1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18]), ('event__isnull', False), ('referral_result__in', [1, 2, 3])), ('breaks__contains', ['event_result_only_of_a_referral']), _connector='OR'), name='event_result_only_of_a_referral', violation_error_message='Only a referral is accepted or rejected.'),
                    models.CheckConstraint(condition=models.Q(('result_date', None), ('referral_result__isnull', False), ('breaks__contains', ['event_result_date_of_a_result']), _connector='OR'), name='event_result_date_of_a_result', violation_error_message='Choose the result of this date.'),
                    models.CheckConstraint(condition=models.Q(('result_date', None), ('result_date__gte', models.F('event_date')), ('breaks__contains', ['event_result_not_before_event']), _connector='OR'), name='event_result_not_before_event', violation_error_message='Date of result cannot be before the date of the event.'),
                    models.CheckConstraint(condition=models.Q(('prob_sol_div_rr_result', None), models.Q(('event', 2), ('event__isnull', False), ('prob_sol_div_rr_result__in', [0, 1, 99])), ('breaks__contains', ['event_housed_after_problem_solving']), _connector='OR'), name='event_housed_after_problem_solving', violation_error_message='Whether the client was housed is asked of problem solving only.'),
                    models.CheckConstraint(condition=models.Q(('referral_case_manage_after', None), models.Q(('event', 5), ('event__isnull', False), ('referral_case_manage_after__in', [0, 1, 99])), ('breaks__contains', ['event_aftercare_after_follow_up']), _connector='OR'), name='event_aftercare_after_follow_up', violation_error_message='Aftercare is asked of referrals to post-placement case management only.'),
                    models.CheckConstraint(condition=models.Q(('location_crisis_or_ph_housing', ''), ('kind', 'matched'), models.Q(('event__in', [10, 11, 12, 13, 14, 15, 17, 18]), ('event__isnull', False)), ('breaks__contains', ['event_location_of_an_opening']), _connector='OR'), name='event_location_of_an_opening', violation_error_message='Only a referral to an opening or a voucher names the housing.'),
                    models.UniqueConstraint(records.migrations._fields.KeyHash('event_id'), name='event_key_once', violation_error_message='Another row has this key.'),
                ],
                'default_manager_name': 'objects',
                'indexes': [
                    models.Index(fields=['client', '-event_date', '-id'], name='cas_event_by_client'),
                    models.Index(models.F('organization'), models.OrderBy(models.F('date_deleted'), descending=True), condition=models.Q(('date_deleted__isnull', False)), name='event_deleted_newest'),
                ],
                'ordering': ['-event_date', '-pk'],
            }),
            History('Event', by_time=True),
            migrations.CreateModel(name='Notification', fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('referred', 'Referred or matched'), ('accepted', 'Referral accepted'), ('rejected', 'Referral rejected'), ('no_show', 'No show'), ('outcome', 'Outcome recorded'), ('missing', 'Documents missing'), ('verified', 'Documents verified'), ('expiring', 'Documents about to expire'), ('inactive', 'Inactivity'), ('removed', 'Removed from the queue'), ('assigned', 'Assigned to a case'), ('unassigned', 'Unassigned from a case'), ('proposed', 'Removal from the queue proposed'), ('task', 'Task assigned to you'), ('roi_ending', 'Release of Information ends soon'), ('roi_ended', 'Release of Information ended'), ('roi_gone', 'Release of Information revoked'), ('witness', 'Named as witness of a release')], max_length=10)),
                ('subject', models.CharField(max_length=80)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('moved_at', models.DateTimeField(blank=True, null=True)),
                ('opened_at', models.DateTimeField(blank=True, null=True)),
                ('snoozed_until', models.DateTimeField(blank=True, null=True)),
                ('dismissed_at', models.DateTimeField(blank=True, null=True)),
                ('resolved_at', models.DateTimeField(blank=True, null=True)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notifications', to='clients.client')),
                ('event', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notifications', to='cas.event')),
                ('recipient', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='notifications', to=settings.AUTH_USER_MODEL)),
            ], options={
                'constraints': [
                    models.UniqueConstraint(fields=('subject', 'recipient', 'kind'), name='notification_once', violation_error_message='This user has been notified already.'),
                    models.CheckConstraint(condition=models.Q(('subject', ''), _negated=True), name='notification_has_a_subject', violation_error_message='Say what the notification is about.'),
                    models.CheckConstraint(condition=models.Q(('snoozed_until', None), ('snoozed_until__gt', models.F('created_at')), _connector='OR'), name='notification_snoozed_ahead', violation_error_message='Snooze until a moment after the notification came.'),
                    models.CheckConstraint(condition=models.Q(('kind__in', ['referred', 'accepted', 'rejected', 'no_show', 'outcome', 'missing', 'verified', 'expiring', 'inactive', 'removed', 'assigned', 'unassigned', 'proposed', 'task', 'roi_ending', 'roi_ended', 'roi_gone', 'witness'])), name='notification_kind_is_known', violation_error_message='Choose one of the listed kinds of notification.'),
                ],
                'indexes': [
                    models.Index(models.F('recipient'), models.OrderBy(django.db.models.functions.comparison.Coalesce('snoozed_until', 'created_at'), descending=True), models.OrderBy(models.F('id'), descending=True), condition=models.Q(('dismissed_at', None), ('opened_at', None), ('resolved_at', None)), name='notification_bell'),
                    models.Index(fields=['recipient', '-created_at', '-id'], name='notification_newest'),
                    models.Index(condition=models.Q(('dismissed_at', None), ('opened_at', None), ('resolved_at', None)), fields=['created_at', 'id'], name='notification_unanswered'),
                ],
                'ordering': ['-created_at', '-pk'],
            }),
            migrations.CreateModel(name='DeliveryItem', fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(choices=[('first', 'First notice'), ('reminder', 'Reminder'), ('escalation', 'Escalation')], max_length=10)),
                ('round', models.PositiveSmallIntegerField(default=1)),
                ('notified_at', models.DateTimeField()),
                ('delivery', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='outbox.delivery')),
                ('recipient', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('notification', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='mailed', to='cas.notification')),
            ], options={
                'constraints': [
                    models.UniqueConstraint(fields=('notification', 'recipient', 'purpose', 'round', 'notified_at'), name='delivery_item_once', violation_error_message='This user has been mailed this already.'),
                    models.CheckConstraint(condition=models.Q(('purpose__in', ['first', 'reminder', 'escalation'])), name='delivery_item_purpose_is_known', violation_error_message='Choose first notice, reminder or escalation.'),
                    models.CheckConstraint(condition=models.Q(('round', 1), models.Q(('purpose', 'reminder'), ('round__gt', 1)), _connector='OR'), name='delivery_item_rounds_of_reminders', violation_error_message='Only reminders have a second round.'),
                ],
                'ordering': ['pk'],
            }),
            migrations.CreateModel(name='Preference', fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='cas_preference', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('mail', models.CharField(choices=[('at_once', 'At once'), ('daily', 'As a daily digest')], default='at_once', max_length=10)),
            ], options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('mail__in', ['at_once', 'daily'])), name='preference_mail_is_known', violation_error_message='Choose at once or a daily digest.'),
                ],
            }),
            migrations.CreateModel(name='Assessment', fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('visibility', models.CharField(choices=[('all', 'All organizations'), ('own', 'Own organization only')], default='all', max_length=3)),
                ('date_created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('date_updated', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('date_deleted', models.DateTimeField(blank=True, editable=False, null=True)),
                ('assessment_id', records.migrations._fields.UniqueKeyField(editable=False, max_length=32, unique=True)),
                ('assessment_date', models.DateField(default=django.utils.timezone.localdate, verbose_name='date of assessment')),
                ('assessment_location', models.CharField(max_length=250)),
                ('assessment_type', models.PositiveSmallIntegerField(choices=[(1, 'Phone'), (2, 'Virtual'), (3, 'In Person')])),
                ('assessment_level', models.PositiveSmallIntegerField(choices=[(1, 'Crisis Needs Assessment'), (2, 'Housing Needs Assessment')])),
                ('prioritization_status', models.PositiveSmallIntegerField(choices=[(1, 'Placed on prioritization list'), (2, 'Not placed on prioritization list')])),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('client', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='cas_assessments', to='clients.client')),
                ('created_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('deleted_by', models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('enrollment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cas_assessments', to='enrollments.enrollment')),
                ('organization', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.organization')),
                ('updated_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('breaks', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=63), blank=True, db_default=[], default=list, editable=False, size=None)),
            ], options={
                'abstract': False,
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('visibility__in', ['all', 'own'])), name='assessment_visibility_is_known', violation_error_message='Choose who may see this record.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('date_deleted', None), ('deleted_by', None)), models.Q(('date_deleted__isnull', False), ('deleted_by__isnull', False)), _connector='OR'), name='assessment_deleted_by_somebody', violation_error_message='A deletion needs who and when.'),
                    models.CheckConstraint(condition=models.Q(('assessment_type__in', [1, 2, 3])), name='assessment_type_is_known', violation_error_message='Choose phone, virtual or in person.'),
                    models.CheckConstraint(condition=models.Q(('assessment_level__in', [1, 2])), name='assessment_level_is_known', violation_error_message='Choose crisis needs or housing needs.'),
                    models.CheckConstraint(condition=models.Q(('prioritization_status__in', [1, 2])), name='assessment_prioritization_is_known', violation_error_message='Choose whether it placed the client on the list.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('assessment_location', ''), _negated=True), ('breaks__contains', ['assessment_has_a_location']), _connector='OR'), name='assessment_has_a_location', violation_error_message='Enter where the assessment was held.'),
                ],
                'default_manager_name': 'objects',
                'indexes': [
                    models.Index(fields=['client', '-assessment_date', '-id'], name='cas_assessment_by_client'),
                    models.Index(models.F('organization'), models.OrderBy(models.F('date_deleted'), descending=True), condition=models.Q(('date_deleted__isnull', False)), name='assessment_deleted_newest'),
                ],
                'ordering': ['-assessment_date', '-pk'],
                'verbose_name': 'coordinated entry assessment',
            }),
            History('Assessment', by_time=True),
            migrations.CreateModel(name='AssessmentQuestion', fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('visibility', models.CharField(choices=[('all', 'All organizations'), ('own', 'Own organization only')], default='all', max_length=3)),
                ('date_created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('date_updated', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('date_deleted', models.DateTimeField(blank=True, editable=False, null=True)),
                ('assessment_question_id', records.migrations._fields.UniqueKeyField(editable=False, max_length=32, unique=True)),
                ('assessment_question_group', models.CharField(blank=True, max_length=250, verbose_name='group')),
                ('assessment_question_order', models.IntegerField(blank=True, null=True, verbose_name='order')),
                ('assessment_question', models.CharField(max_length=250, verbose_name='question')),
                ('assessment_answer', models.CharField(blank=True, max_length=500, verbose_name='answer')),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='questions', to='cas.assessment')),
                ('client', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='clients.client')),
                ('created_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('deleted_by', models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.organization')),
                ('updated_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ], options={
                'abstract': False,
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('visibility__in', ['all', 'own'])), name='assessmentquestion_visibility_is_known', violation_error_message='Choose who may see this record.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('date_deleted', None), ('deleted_by', None)), models.Q(('date_deleted__isnull', False), ('deleted_by__isnull', False)), _connector='OR'), name='assessmentquestion_deleted_by_somebody', violation_error_message='A deletion needs who and when.'),
                    models.CheckConstraint(condition=models.Q(('assessment_question', ''), _negated=True), name='assessment_question_has_words', violation_error_message='Enter the question.'),
                ],
                'default_manager_name': 'objects',
                'ordering': ['assessment_question_order', 'pk'],
            }),
            History('AssessmentQuestion'),
            migrations.CreateModel(name='AssessmentResult', fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('visibility', models.CharField(choices=[('all', 'All organizations'), ('own', 'Own organization only')], default='all', max_length=3)),
                ('date_created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('date_updated', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('date_deleted', models.DateTimeField(blank=True, editable=False, null=True)),
                ('assessment_result_id', records.migrations._fields.UniqueKeyField(editable=False, max_length=32, unique=True)),
                ('assessment_result_type', models.CharField(max_length=250, verbose_name='type of result')),
                ('assessment_result', models.CharField(blank=True, max_length=250, verbose_name='result')),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='results', to='cas.assessment')),
                ('client', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='clients.client')),
                ('created_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('deleted_by', models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.organization')),
                ('updated_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ], options={
                'abstract': False,
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('visibility__in', ['all', 'own'])), name='assessmentresult_visibility_is_known', violation_error_message='Choose who may see this record.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('date_deleted', None), ('deleted_by', None)), models.Q(('date_deleted__isnull', False), ('deleted_by__isnull', False)), _connector='OR'), name='assessmentresult_deleted_by_somebody', violation_error_message='A deletion needs who and when.'),
                    models.CheckConstraint(condition=models.Q(('assessment_result_type', ''), _negated=True), name='assessment_result_has_a_type', violation_error_message='Enter the type of result.'),
                ],
                'default_manager_name': 'objects',
                'ordering': ['pk'],
            }),
            History('AssessmentResult'),
            migrations.CreateModel(name='ScheduledRun', fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('changes_from', models.DateTimeField()),
            ]),
            pgtrigger.migrations.AddTrigger(model_name='event', trigger=pgtrigger.compiler.Trigger(name='follows_merge', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE survivor bigint;', func='\n    SELECT merged_into_id INTO survivor FROM clients_client WHERE id = NEW.client_id FOR KEY SHARE;\n    IF survivor IS NOT NULL THEN\n        NEW.client_id = survivor;\n    END IF;\n    RETURN NEW;\n', hash='d82223938766fbc7f85ce013ace2895c3183ccbf', operation='INSERT', pgid='pgtrigger_follows_merge_aaf6c', table='cas_event', when='BEFORE'))),
            pgtrigger.migrations.AddTrigger(model_name='event', trigger=pgtrigger.compiler.Trigger(name='enrollment_is_not_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF NEW.enrollment_id IS NULL OR NEW.date_deleted IS NOT NULL OR (\n        TG_OP = 'UPDATE' AND OLD.date_deleted IS NULL AND NEW.enrollment_id = OLD.enrollment_id\n    ) THEN\n        RETURN NEW;\n    END IF;\n    PERFORM 1 FROM enrollments_enrollment\n    WHERE id = NEW.enrollment_id AND date_deleted IS NULL FOR SHARE;\n    IF NOT FOUND AND EXISTS (SELECT 1 FROM enrollments_enrollment WHERE id = NEW.enrollment_id) THEN\n        RAISE EXCEPTION 'The enrollment was deleted. Restore it first, or choose another one.'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'enrollment_is_not_deleted';\n    END IF;\n    RETURN NEW;\n", hash='918d0da038bff824bfa9f777d7c1066b48146e9b', operation='INSERT OR UPDATE OF "enrollment_id", "date_deleted"', pgid='pgtrigger_enrollment_is_not_deleted_d91a9', table='cas_event', when='BEFORE'))),
            pgtrigger.migrations.AddTrigger(model_name='event', trigger=pgtrigger.compiler.Trigger(name='keeps_marks', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (NEW.breaks <> '{}')", func="\n    IF NEW.breaks @> ARRAY['event_result_only_of_a_referral']::varchar[] AND (\n        NOT OLD.breaks @> ARRAY['event_result_only_of_a_referral']::varchar[] OR ROW(NEW.event, NEW.referral_result) IS DISTINCT FROM ROW(OLD.event, OLD.referral_result)\n    ) THEN\n        NEW.breaks = array_remove(NEW.breaks, 'event_result_only_of_a_referral');\n    END IF;\n\n    IF NEW.breaks @> ARRAY['event_result_date_of_a_result']::varchar[] AND (\n        NOT OLD.breaks @> ARRAY['event_result_date_of_a_result']::varchar[] OR ROW(NEW.referral_result, NEW.result_date) IS DISTINCT FROM ROW(OLD.referral_result, OLD.result_date)\n    ) THEN\n        NEW.breaks = array_remove(NEW.breaks, 'event_result_date_of_a_result');\n    END IF;\n\n    IF NEW.breaks @> ARRAY['event_result_not_before_event']::varchar[] AND (\n        NOT OLD.breaks @> ARRAY['event_result_not_before_event']::varchar[] OR ROW(NEW.event_date, NEW.result_date) IS DISTINCT FROM ROW(OLD.event_date, OLD.result_date)\n    ) THEN\n        NEW.breaks = array_remove(NEW.breaks, 'event_result_not_before_event');\n    END IF;\n\n    IF NEW.breaks @> ARRAY['event_housed_after_problem_solving']::varchar[] AND (\n        NOT OLD.breaks @> ARRAY['event_housed_after_problem_solving']::varchar[] OR ROW(NEW.event, NEW.prob_sol_div_rr_result) IS DISTINCT FROM ROW(OLD.event, OLD.prob_sol_div_rr_result)\n    ) THEN\n        NEW.breaks = array_remove(NEW.breaks, 'event_housed_after_problem_solving');\n    END IF;\n\n    IF NEW.breaks @> ARRAY['event_aftercare_after_follow_up']::varchar[] AND (\n        NOT OLD.breaks @> ARRAY['event_aftercare_after_follow_up']::varchar[] OR ROW(NEW.event, NEW.referral_case_manage_after) IS DISTINCT FROM ROW(OLD.event, OLD.referral_case_manage_after)\n    ) THEN\n        NEW.breaks = array_remove(NEW.breaks, 'event_aftercare_after_follow_up');\n    END IF;\n\n    IF NEW.breaks @> ARRAY['event_location_of_an_opening']::varchar[] AND (\n        NOT OLD.breaks @> ARRAY['event_location_of_an_opening']::varchar[] OR ROW(NEW.event, NEW.kind, NEW.location_crisis_or_ph_housing) IS DISTINCT FROM ROW(OLD.event, OLD.kind, OLD.location_crisis_or_ph_housing)\n    ) THEN\n        NEW.breaks = array_remove(NEW.breaks, 'event_location_of_an_opening');\n    END IF;\n    RETURN NEW;", hash='e31019ca298bc8d1b4cf5b7779d26d59ff70b4af', operation='UPDATE', pgid='pgtrigger_keeps_marks_be51e', table='cas_event', when='BEFORE'))),
            pgtrigger.migrations.AddTrigger(model_name='notification', trigger=pgtrigger.compiler.Trigger(name='follows_merge', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE survivor bigint;', func='\n    SELECT merged_into_id INTO survivor FROM clients_client WHERE id = NEW.client_id FOR KEY SHARE;\n    IF survivor IS NOT NULL THEN\n        NEW.client_id = survivor;\n    END IF;\n    RETURN NEW;\n', hash='dee41fd2c935ef7ed9df4ae3e1a3a4f518963c7b', operation='INSERT', pgid='pgtrigger_follows_merge_4cee1', table='cas_notification', when='BEFORE'))),
            pgtrigger.migrations.AddTrigger(model_name='assessment', trigger=pgtrigger.compiler.Trigger(name='follows_merge', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE survivor bigint;', func='\n    SELECT merged_into_id INTO survivor FROM clients_client WHERE id = NEW.client_id FOR KEY SHARE;\n    IF survivor IS NOT NULL THEN\n        NEW.client_id = survivor;\n    END IF;\n    RETURN NEW;\n', hash='20e51cb4e92334803b909f23dc876962d0d198b5', operation='INSERT', pgid='pgtrigger_follows_merge_42111', table='cas_assessment', when='BEFORE'))),
            pgtrigger.migrations.AddTrigger(model_name='assessment', trigger=pgtrigger.compiler.Trigger(name='enrollment_is_not_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF NEW.enrollment_id IS NULL OR NEW.date_deleted IS NOT NULL OR (\n        TG_OP = 'UPDATE' AND OLD.date_deleted IS NULL AND NEW.enrollment_id = OLD.enrollment_id\n    ) THEN\n        RETURN NEW;\n    END IF;\n    PERFORM 1 FROM enrollments_enrollment\n    WHERE id = NEW.enrollment_id AND date_deleted IS NULL FOR SHARE;\n    IF NOT FOUND AND EXISTS (SELECT 1 FROM enrollments_enrollment WHERE id = NEW.enrollment_id) THEN\n        RAISE EXCEPTION 'The enrollment was deleted. Restore it first, or choose another one.'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'enrollment_is_not_deleted';\n    END IF;\n    RETURN NEW;\n", hash='53fd654f6139089dfe3a9651395abe8f4b54ccaa', operation='INSERT OR UPDATE OF "enrollment_id", "date_deleted"', pgid='pgtrigger_enrollment_is_not_deleted_25c2c', table='cas_assessment', when='BEFORE'))),
            pgtrigger.migrations.AddTrigger(model_name='assessment', trigger=pgtrigger.compiler.Trigger(name='keeps_marks', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (NEW.breaks <> '{}')", func="\n    IF NEW.breaks @> ARRAY['assessment_has_a_location']::varchar[] AND (\n        NOT OLD.breaks @> ARRAY['assessment_has_a_location']::varchar[] OR ROW(NEW.assessment_location) IS DISTINCT FROM ROW(OLD.assessment_location)\n    ) THEN\n        NEW.breaks = array_remove(NEW.breaks, 'assessment_has_a_location');\n    END IF;\n    RETURN NEW;", hash='342ac02b2fece10bb58d1c4193494c34da98a7f4', operation='UPDATE', pgid='pgtrigger_keeps_marks_1b7b5', table='cas_assessment', when='BEFORE'))),
            pgtrigger.migrations.AddTrigger(model_name='assessmentquestion', trigger=pgtrigger.compiler.Trigger(name='follows_merge', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE survivor bigint;', func='\n    SELECT merged_into_id INTO survivor FROM clients_client WHERE id = NEW.client_id FOR KEY SHARE;\n    IF survivor IS NOT NULL THEN\n        NEW.client_id = survivor;\n    END IF;\n    RETURN NEW;\n', hash='236ce01a868948b0689a1f24b390d43cbd0e9644', operation='INSERT', pgid='pgtrigger_follows_merge_34b99', table='cas_assessmentquestion', when='BEFORE'))),
            pgtrigger.migrations.AddTrigger(model_name='assessmentresult', trigger=pgtrigger.compiler.Trigger(name='follows_merge', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE survivor bigint;', func='\n    SELECT merged_into_id INTO survivor FROM clients_client WHERE id = NEW.client_id FOR KEY SHARE;\n    IF survivor IS NOT NULL THEN\n        NEW.client_id = survivor;\n    END IF;\n    RETURN NEW;\n', hash='013e6f059e58010bb702cfce080a9b0663daa44a', operation='INSERT', pgid='pgtrigger_follows_merge_c2c9e', table='cas_assessmentresult', when='BEFORE'))),
        ]),
    ]
