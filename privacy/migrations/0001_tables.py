from django.db import migrations, models
from django.db.models import PROTECT, F, Index, Q
from django.utils import timezone

from records.migrations._at_once import AtOnce
from records.migrations._tables import USER, Key, Record, Silent, Table, check, each, filled, known


class Migration(migrations.Migration):
    initial = True

    dependencies = [('agencies', '0001_tables'), ('clients', '0001_tables')]

    operations = [AtOnce([
        Table('RetentionList', [
            ('at', models.DateTimeField(default=timezone.now)),
            ('unchanged_since', models.DateField()),
            ('clients', models.PositiveIntegerField()),
        ], ordering=['-at', '-pk']),
        Record('ClientRequest', [
            ('visibility', models.CharField(max_length=3, default='own', editable=False, choices=[('all', 'All organizations'), ('own', 'Own organization only')])),
            *known('kind', models.CharField(verbose_name='request', max_length=10, choices=[('copy', 'A copy of the record'), ('correction', 'Correction'), ('erasure', 'Erasure'), ('accounting', 'Who has seen the record')]), 'client_request_kind_is_known', 'Choose what the client asks for.'),
            ('asked_on', models.DateField(verbose_name='asked on', default=timezone.localdate)),
            *known('asked_by', models.CharField(verbose_name='asked by', max_length=10, choices=[('client', 'The client'), ('guardian', 'Parent or guardian'), ('agent', 'Somebody with a power of attorney')]), 'client_request_asked_by_is_known', 'Choose who asks.'),
            *known('identified_by', models.CharField(verbose_name='how the person was identified', max_length=10, choices=[('known', 'Known to the case manager in person'), ('id', 'Photo ID'), ('papers', 'Other papers'), ('asked', 'Questions about the record, answered right'), ('notary', 'Notarized letter')]), 'client_request_identified', 'Choose how the person was identified.'),
            *each(models.TextField(max_length=4000, blank=True), text='what is asked', reason='reason'),
            ('due_on', models.DateField(verbose_name='due on')),
            *known('state', models.CharField(max_length=10, default='open', editable=False, choices=[('open', 'To be answered'), ('granted', 'Granted, to be carried out'), ('refused', 'Refused'), ('done', 'Carried out'), ('withdrawn', 'Withdrawn')]), 'client_request_state_is_known', 'Choose one of the listed states.'),
            *each(models.DateTimeField(blank=True, null=True, editable=False), 'answered_at', done_at='carried out'),
            ('answered_by', Silent(USER, blank=True, null=True, editable=False)),
            ('client', Key('clients.client', PROTECT, editable=False, related_name='%(class)ss', db_index=False)),
            check('client_request_due_after_asked', Q(due_on__gte=F('asked_on')), 'A request is due on the day it was asked, or later.'),
            check('client_request_answered_by_somebody', Q(answered_at=None, answered_by=None, state='open') | Q(~Q(state='open'), answered_at__isnull=False, answered_by__isnull=False), 'An answer needs who and when; an open request has none.'),
            check('client_request_refused_for_a_reason', ~Q(state='refused') | ~Q(reason=''), 'Write the reason: the client has a right to know it.'),
            check('client_request_done_when_carried_out', Q(done_at__isnull=False, state='done') | Q(~Q(state='done'), done_at=None), 'A request is carried out at a time, or not yet.'),
            Index(name='client_request_by_client', fields=['client', '-asked_on']),
            Index(name='client_request_waiting', fields=['organization', 'due_on', 'id'], condition=Q(date_deleted=None, state__in=['open', 'granted'])),
            Index(name='client_request_of_agency', fields=['organization', 'due_on', 'id']),
        ], ordering=['due_on', 'pk'], verbose_name='request of a client', verbose_name_plural='requests of clients', history={}),
        Table('Erasure', [
            ('cause', models.CharField(max_length=10, choices=[('request', "The client's request"), ('retention', 'The end of the retention period'), ('restored', 'Erased before a backup was restored')])),
            ('at', models.DateTimeField(default=timezone.now)),
            ('files_deleted_at', models.DateTimeField(null=True)),
            ('by', Silent(USER)),
            ('client', models.OneToOneField('clients.client', related_name='erasure', on_delete=PROTECT)),
            ('request', Key('privacy.clientrequest', PROTECT, null=True, related_name='+')),
            check('erasure_cause_is_known', Q(cause='request', request__isnull=False) | Q(cause__in=['retention', 'restored'], request=None), 'An erasure has a request, or another cause.'),
            Index(name='erasure_files_waiting', fields=['id'], condition=Q(files_deleted_at=None)),
        ], ordering=['pk']),
        Record('LegalHold', [
            ('visibility', models.CharField(max_length=3, default='own', editable=False, choices=[('all', 'All organizations'), ('own', 'Own organization only')])),
            *filled('reason', models.CharField(max_length=200), 'legal_hold_has_a_reason', 'Write why nothing may be erased.'),
            ('client', Key('clients.client', PROTECT, editable=False, related_name='%(class)ss')),
        ], ordering=['-date_created', '-pk'], history={}),
    ])]
