from django.db import migrations, models
from django.db.models import PROTECT, CheckConstraint, F, Index, Q
from django.utils import timezone

from records.migrations._at_once import AtOnce
from records.migrations._history import History
from records.migrations._tables import USER, Key, Record, Silent, Table, each
from records.migrations._triggers import FOLLOWS_MERGE


class Migration(migrations.Migration):
    initial = True

    dependencies = [('agencies', '0001_tables'), ('clients', '0001_tables')]

    operations = [
        AtOnce([
            Table('RetentionList', [
                ('at', models.DateTimeField(default=timezone.now)),
                ('unchanged_since', models.DateField()),
                ('clients', models.PositiveIntegerField()),
            ], ordering=['-at', '-pk']),
            Record('ClientRequest', [
                ('visibility', models.CharField(max_length=3, default='own', editable=False, choices=[('all', 'All organizations'), ('own', 'Own organization only')])),
                ('kind', models.CharField(verbose_name='request', max_length=10, choices=[('copy', 'A copy of the record'), ('correction', 'Correction'), ('erasure', 'Erasure'), ('accounting', 'Who has seen the record')])),
                ('asked_on', models.DateField(verbose_name='asked on', default=timezone.localdate)),
                ('asked_by', models.CharField(verbose_name='asked by', max_length=10, choices=[('client', 'The client'), ('guardian', 'Parent or guardian'), ('agent', 'Somebody with a power of attorney')])),
                ('identified_by', models.CharField(verbose_name='how the person was identified', max_length=10, choices=[('known', 'Known to the case manager in person'), ('id', 'Photo ID'), ('papers', 'Other papers'), ('asked', 'Questions about the record, answered right'), ('notary', 'Notarized letter')])),
                *each(models.TextField(max_length=4000, blank=True), text='what is asked', reason='reason'),
                ('due_on', models.DateField(verbose_name='due on')),
                ('state', models.CharField(max_length=10, default='open', editable=False, choices=[('open', 'To be answered'), ('granted', 'Granted, to be carried out'), ('refused', 'Refused'), ('done', 'Carried out'), ('withdrawn', 'Withdrawn')])),
                *each(models.DateTimeField(blank=True, null=True, editable=False), 'answered_at', done_at='carried out'),
                ('answered_by', Silent(USER, blank=True, null=True, editable=False)),
                ('client', Key('clients.client', PROTECT, editable=False, related_name='%(class)ss', db_index=False)),
            ], constraints=[
                CheckConstraint(name='client_request_kind_is_known', condition=Q(kind__in=['copy', 'correction', 'erasure', 'accounting']), violation_error_message='Choose what the client asks for.'),
                CheckConstraint(name='client_request_asked_by_is_known', condition=Q(asked_by__in=['client', 'guardian', 'agent']), violation_error_message='Choose who asks.'),
                CheckConstraint(name='client_request_identified', condition=Q(identified_by__in=['known', 'id', 'papers', 'asked', 'notary']), violation_error_message='Choose how the person was identified.'),
                CheckConstraint(name='client_request_due_after_asked', condition=Q(due_on__gte=F('asked_on')), violation_error_message='A request is due on the day it was asked, or later.'),
                CheckConstraint(name='client_request_state_is_known', condition=Q(state__in=['open', 'granted', 'refused', 'done', 'withdrawn']), violation_error_message='Choose one of the listed states.'),
                CheckConstraint(name='client_request_answered_by_somebody', condition=Q(answered_at=None, answered_by=None, state='open') | Q(~Q(state='open'), answered_at__isnull=False, answered_by__isnull=False), violation_error_message='An answer needs who and when; an open request has none.'),
                CheckConstraint(name='client_request_refused_for_a_reason', condition=~Q(state='refused') | ~Q(reason=''), violation_error_message='Write the reason: the client has a right to know it.'),
                CheckConstraint(name='client_request_done_when_carried_out', condition=Q(done_at__isnull=False, state='done') | Q(~Q(state='done'), done_at=None), violation_error_message='A request is carried out at a time, or not yet.'),
            ], indexes=[
                Index(name='client_request_by_client', fields=['client', '-asked_on']),
                Index(name='client_request_waiting', fields=['organization', 'due_on', 'id'], condition=Q(date_deleted=None, state__in=['open', 'granted'])),
                Index(name='client_request_of_agency', fields=['organization', 'due_on', 'id']),
            ], triggers=[FOLLOWS_MERGE], ordering=['due_on', 'pk'], verbose_name='request of a client', verbose_name_plural='requests of clients'),
            History('ClientRequest'),
            Table('Erasure', [
                ('cause', models.CharField(max_length=10, choices=[('request', "The client's request"), ('retention', 'The end of the retention period'), ('restored', 'Erased before a backup was restored')])),
                ('at', models.DateTimeField(default=timezone.now)),
                ('files_deleted_at', models.DateTimeField(null=True)),
                ('by', Silent(USER)),
                ('client', models.OneToOneField('clients.client', related_name='erasure', on_delete=PROTECT)),
                ('request', Key('privacy.clientrequest', PROTECT, null=True, related_name='+')),
            ], constraints=[
                CheckConstraint(name='erasure_cause_is_known', condition=Q(cause='request', request__isnull=False) | Q(cause__in=['retention', 'restored'], request=None), violation_error_message='An erasure has a request, or another cause.'),
            ], indexes=[Index(name='erasure_files_waiting', fields=['id'], condition=Q(files_deleted_at=None))], ordering=['pk']),
            Record('LegalHold', [
                ('visibility', models.CharField(max_length=3, default='own', editable=False, choices=[('all', 'All organizations'), ('own', 'Own organization only')])),
                ('reason', models.CharField(max_length=200)),
                ('client', Key('clients.client', PROTECT, editable=False, related_name='%(class)ss')),
            ], constraints=[
                CheckConstraint(name='legal_hold_has_a_reason', condition=~Q(reason=''), violation_error_message='Write why nothing may be erased.'),
            ], triggers=[FOLLOWS_MERGE], ordering=['-date_created', '-pk']),
            History('LegalHold'),
        ]),
    ]
