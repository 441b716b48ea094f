import uuid

from django.db import migrations, models
from django.db.models import CASCADE, PROTECT, F, Index, Q, UniqueConstraint, functions
from django.utils import timezone

from records.migrations._at_once import AtOnce
from records.migrations._choices import YES_NO_ASKED
from records.migrations._fields import UniqueKeyField
from records.migrations._tables import (
    USER, Key, Record, Table, answer, breakable, breaks, check, deleted_newest, each, filled, hashed_key, known,
)
from records.migrations._triggers import FOLLOWS_MERGE


class Migration(migrations.Migration):
    initial = True

    dependencies = [('agencies', '0001_tables'), ('clients', '0001_tables'), ('enrollments', '0001_tables'), ('outbox', '0001_tables')]

    operations = [AtOnce([
        Record('Event', [
            *hashed_key('event_id', 'event_key_once'),
            ('event_date', models.DateField(verbose_name='date of event', default=timezone.localdate)),
            *known('kind', models.CharField(max_length=10, default='hud', choices=[('hud', 'Coordinated entry event'), ('matched', 'Matched to an opening'), ('missing', 'Documents missing'), ('verified', 'Documents verified'), ('inactive', 'Inactive'), ('removed', 'Removed from the queue')]), 'event_kind_is_known', 'Choose what happened.'),
            ('event', answer([(1, 'Referral to Prevention Assistance project'), (2, 'Problem Solving/Diversion/Rapid Resolution intervention or service'), (3, 'Referral to scheduled Coordinated Entry Crisis Needs Assessment'), (4, 'Referral to scheduled Coordinated Entry Housing Needs Assessment'), (5, 'Referral to Post-placement/ follow-up case management'), (6, 'Referral to Street Outreach project or services'), (7, 'Referral to Housing Navigation project or services'), (8, 'Referral to Non-continuum services: Ineligible for continuum services'), (9, 'Referral to Non-continuum services: No availability in continuum services'), (10, 'Referral to Emergency Shelter bed opening'), (11, 'Referral to Transitional Housing bed/unit opening'), (12, 'Referral to Joint TH-RRH project/unit/resource opening'), (13, 'Referral to RRH project resource opening'), (14, 'Referral to PSH project resource opening'), (15, 'Referral to Other PH project/unit/resource opening'), (16, 'Referral to emergency assistance/flex fund/furniture assistance'), (17, 'Referral to Emergency Housing Voucher (EHV)'), (18, 'Referral to a Housing Stability Voucher')])),
            *each(answer(YES_NO_ASKED),
                prob_sol_div_rr_result='client housed or re-housed in a safe alternative',
                referral_case_manage_after='enrolled in aftercare project',
            ),
            ('location_crisis_or_ph_housing', models.CharField(verbose_name='location of crisis housing or permanent housing referral', max_length=250, blank=True)),
            ('referral_result', answer([(1, 'Successful referral: client accepted'), (2, 'Unsuccessful referral: client rejected'), (3, 'Unsuccessful referral: provider rejected')])),
            ('no_show', models.BooleanField(default=False)),
            ('result_date', models.DateField(verbose_name='date of result', blank=True, null=True)),
            ('client', Key('clients.client', PROTECT, editable=False, related_name='cas_events', db_index=False)),
            ('enrollment', Key('enrollments.enrollment', PROTECT, related_name='cas_events')),
            breaks(),
            check('event_code_is_huds', Q(event__in=[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18], event__isnull=False, kind='hud') | Q(~Q(kind='hud'), event=None), "Choose one of HUD's events."),
            check('event_no_show_is_unsuccessful', Q(no_show=False) | Q(referral_result=2, referral_result__isnull=False), 'A no show is an unsuccessful referral.'),
            breakable('event_result_only_of_a_referral', Q(referral_result=None) | Q(event__in=[1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18], event__isnull=False, referral_result__in=[1, 2, 3]), 'Only a referral is accepted or rejected.'),
            breakable('event_result_date_of_a_result', Q(result_date=None) | Q(referral_result__isnull=False), 'Choose the result of this date.'),
            breakable('event_result_not_before_event', Q(result_date=None) | Q(result_date__gte=F('event_date')), 'Date of result cannot be before the date of the event.'),
            breakable('event_housed_after_problem_solving', Q(prob_sol_div_rr_result=None) | Q(event=2, event__isnull=False, prob_sol_div_rr_result__in=[0, 1, 99]), 'Whether the client was housed is asked of problem solving only.'),
            breakable('event_aftercare_after_follow_up', Q(referral_case_manage_after=None) | Q(event=5, event__isnull=False, referral_case_manage_after__in=[0, 1, 99]), 'Aftercare is asked of referrals to post-placement case management only.'),
            breakable('event_location_of_an_opening', Q(location_crisis_or_ph_housing='') | Q(kind='matched') | Q(event__in=[10, 11, 12, 13, 14, 15, 17, 18], event__isnull=False), 'Only a referral to an opening or a voucher names the housing.'),
            Index(name='cas_event_by_client', fields=['client', '-event_date', '-id']),
            deleted_newest('event_deleted_newest'),
        ], ordering=['-event_date', '-pk'], history={'by_time': True}),
        Table('Notification', [
            ('public_id', models.UUIDField(unique=True, default=uuid.uuid4, editable=False)),
            *known('kind', models.CharField(max_length=10, choices=[('referred', 'Referred or matched'), ('accepted', 'Referral accepted'), ('rejected', 'Referral rejected'), ('no_show', 'No show'), ('outcome', 'Outcome recorded'), ('missing', 'Documents missing'), ('verified', 'Documents verified'), ('expiring', 'Documents about to expire'), ('inactive', 'Inactivity'), ('removed', 'Removed from the queue'), ('assigned', 'Assigned to a case'), ('unassigned', 'Unassigned from a case'), ('proposed', 'Removal from the queue proposed'), ('task', 'Task assigned to you'), ('roi_ending', 'Release of Information ends soon'), ('roi_ended', 'Release of Information ended'), ('roi_gone', 'Release of Information revoked'), ('witness', 'Named as witness of a release')]), 'notification_kind_is_known', 'Choose one of the listed kinds of notification.'),
            *filled('subject', models.CharField(max_length=80), 'notification_has_a_subject', 'Say what the notification is about.'),
            ('created_at', models.DateTimeField(default=timezone.now, editable=False)),
            *each(models.DateTimeField(blank=True, null=True), 'moved_at', 'opened_at', 'snoozed_until', 'dismissed_at', 'resolved_at'),
            ('client', Key('clients.client', PROTECT, related_name='notifications')),
            ('event', Key('cas.event', PROTECT, blank=True, null=True, related_name='notifications')),
            ('recipient', Key(USER, CASCADE, related_name='notifications', db_index=False)),
            UniqueConstraint(name='notification_once', fields=['subject', 'recipient', 'kind'], violation_error_message='This user has been notified already.'),
            check('notification_snoozed_ahead', Q(snoozed_until=None) | Q(snoozed_until__gt=F('created_at')), 'Snooze until a moment after the notification came.'),
            Index('recipient', functions.Coalesce('snoozed_until', 'created_at').desc(), F('id').desc(), name='notification_bell', condition=Q(dismissed_at=None, opened_at=None, resolved_at=None)),
            Index(name='notification_newest', fields=['recipient', '-created_at', '-id']),
            Index(name='notification_unanswered', fields=['created_at', 'id'], condition=Q(dismissed_at=None, opened_at=None, resolved_at=None)),
            FOLLOWS_MERGE,
        ], ordering=['-created_at', '-pk']),
        Table('DeliveryItem', [
            *known('purpose', models.CharField(max_length=10, choices=[('first', 'First notice'), ('reminder', 'Reminder'), ('escalation', 'Escalation')]), 'delivery_item_purpose_is_known', 'Choose first notice, reminder or escalation.'),
            ('round', models.PositiveSmallIntegerField(default=1)),
            ('notified_at', models.DateTimeField()),
            ('delivery', Key('outbox.delivery', CASCADE, related_name='items')),
            ('recipient', Key(USER, CASCADE, related_name='+', db_index=False)),
            ('notification', Key('cas.notification', CASCADE, related_name='mailed', db_index=False)),
            UniqueConstraint(name='delivery_item_once', fields=['notification', 'recipient', 'purpose', 'round', 'notified_at'], violation_error_message='This user has been mailed this already.'),
            check('delivery_item_rounds_of_reminders', Q(round=1) | Q(purpose='reminder', round__gt=1), 'Only reminders have a second round.'),
        ], ordering=['pk']),
        Table('Preference', [
            ('user', models.OneToOneField(USER, primary_key=True, serialize=False, related_name='cas_preference', on_delete=CASCADE)),
            *known('mail', models.CharField(max_length=10, default='at_once', choices=[('at_once', 'At once'), ('daily', 'As a daily digest')]), 'preference_mail_is_known', 'Choose at once or a daily digest.'),
        ]),
        Record('Assessment', [
            ('assessment_id', UniqueKeyField(max_length=32, unique=True, editable=False)),
            ('assessment_date', models.DateField(verbose_name='date of assessment', default=timezone.localdate)),
            ('assessment_location', models.CharField(max_length=250)),
            *known('assessment_type', models.PositiveSmallIntegerField(choices=[(1, 'Phone'), (2, 'Virtual'), (3, 'In Person')]), 'assessment_type_is_known', 'Choose phone, virtual or in person.'),
            *known('assessment_level', models.PositiveSmallIntegerField(choices=[(1, 'Crisis Needs Assessment'), (2, 'Housing Needs Assessment')]), 'assessment_level_is_known', 'Choose crisis needs or housing needs.'),
            *known('prioritization_status', models.PositiveSmallIntegerField(choices=[(1, 'Placed on prioritization list'), (2, 'Not placed on prioritization list')]), 'assessment_prioritization_is_known', 'Choose whether it placed the client on the list.'),
            ('version', models.PositiveIntegerField(default=1, editable=False)),
            ('client', Key('clients.client', PROTECT, editable=False, related_name='cas_assessments', db_index=False)),
            ('enrollment', Key('enrollments.enrollment', PROTECT, related_name='cas_assessments')),
            breaks(),
            breakable('assessment_has_a_location', ~Q(assessment_location=''), 'Enter where the assessment was held.'),
            Index(name='cas_assessment_by_client', fields=['client', '-assessment_date', '-id']),
            deleted_newest('assessment_deleted_newest'),
        ], ordering=['-assessment_date', '-pk'], verbose_name='coordinated entry assessment', history={'by_time': True}),
        Record('AssessmentQuestion', [
            ('assessment_question_id', UniqueKeyField(max_length=32, unique=True, editable=False)),
            ('assessment_question_group', models.CharField(verbose_name='group', max_length=250, blank=True)),
            ('assessment_question_order', models.IntegerField(verbose_name='order', blank=True, null=True)),
            *filled('assessment_question', models.CharField(verbose_name='question', max_length=250), 'assessment_question_has_words', 'Enter the question.'),
            ('assessment_answer', models.CharField(verbose_name='answer', max_length=500, blank=True)),
            ('assessment', Key('cas.assessment', PROTECT, related_name='questions')),
            ('client', Key('clients.client', PROTECT, editable=False, related_name='%(class)ss')),
        ], ordering=['assessment_question_order', 'pk'], history={}),
        Record('AssessmentResult', [
            ('assessment_result_id', UniqueKeyField(max_length=32, unique=True, editable=False)),
            *filled('assessment_result_type', models.CharField(verbose_name='type of result', max_length=250), 'assessment_result_has_a_type', 'Enter the type of result.'),
            ('assessment_result', models.CharField(verbose_name='result', max_length=250, blank=True)),
            ('assessment', Key('cas.assessment', PROTECT, related_name='results')),
            ('client', Key('clients.client', PROTECT, editable=False, related_name='%(class)ss')),
        ], ordering=['pk'], history={}),
        Table('ScheduledRun', [
            ('day', models.DateField()),
            ('changes_from', models.DateTimeField()),
        ]),
    ])]
