from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models
from django.db.models import CASCADE, PROTECT, F, Index, Q, UniqueConstraint, functions
from django.utils import timezone

from records.migrations._at_once import AtOnce
from records.migrations._tables import USER, Key, Silent, Table, check, each, filled, known


class Migration(migrations.Migration):
    initial = True

    dependencies = [('agencies', '0001_tables')]

    operations = [AtOnce([
        Table('Transfer', [
            *known('kind', models.CharField(max_length=10, choices=[('export', 'Export'), ('import', 'Import')]), 'transfer_kind_is_known', 'Choose export or import.'),
            *each(models.DateField(blank=True, null=True), 'starts_on', 'ends_on'),
            *each(models.BooleanField(default=False), 'is_hashed', 'is_encrypted', 'is_complete'),
            ('passphrase', models.TextField(blank=True)),
            ('source_name', models.CharField(max_length=100, blank=True)),
            ('state', models.CharField(max_length=10, default='queued', choices=[('queued', 'Queued'), ('running', 'Running'), ('waiting', 'Checked: waits for you'), ('done', 'Done'), ('failed', 'Failed'), ('canceled', 'Canceled'), ('expired', 'Expired')])),
            ('asked_at', models.DateTimeField(default=timezone.now)),
            *each(models.DateTimeField(blank=True, null=True), 'confirmed_at', 'cancel_asked_at', 'started_at', 'ended_at', 'seen_at', 'expires_at'),
            ('attempts', models.PositiveIntegerField(default=0)),
            *each(models.PositiveSmallIntegerField(default=0), 'interruptions', 'files_done', 'files_total'),
            ('file', models.CharField(max_length=50, blank=True)),
            *each(models.PositiveBigIntegerField(default=0), 'rows_done', 'rows_total'),
            ('problem', models.CharField(max_length=500, blank=True)),
            ('asked_by', Key(USER, PROTECT, related_name='+')),
            ('confirmed_by', Silent(USER, blank=True, null=True)),
            ('organization', Key('agencies.organization', PROTECT, blank=True, null=True, related_name='+')),
            ('projects', models.ManyToManyField('agencies.project', blank=True, related_name='+')),
            UniqueConstraint(functions.Coalesce('organization', 0), name='transfer_one_running', condition=Q(state='running'), violation_error_message='Another export or import of this organization is running.'),
            check('transfer_period_is_whole', Q(ends_on=None, starts_on=None) | Q(ends_on__isnull=False, starts_on__isnull=False, starts_on__lte=F('ends_on')), 'Enter both days of the period, the earlier one first.'),
            check('transfer_import_has_no_export_options', Q(kind='export') | Q(is_complete=False, is_hashed=False, starts_on=None), 'Only an export has a period and hashed identities.'),
            check('transfer_import_is_confirmed', Q(confirmed_at=None, confirmed_by=None) | Q(confirmed_at__isnull=False, confirmed_by__isnull=False, kind='import'), 'Only imports are confirmed: say by whom, and when.'),
            check('transfer_waits_to_be_confirmed', ~Q(state='waiting') | Q(confirmed_at=None, kind='import'), 'Only an import that nobody has confirmed waits for that.'),
            check('transfer_passphrase_is_wiped', Q(passphrase='') | Q(is_encrypted=True, state__in=['queued', 'running', 'waiting']), 'A passphrase is kept only until the work is done.'),
            check('transfer_state_is_whole', Q(ended_at=None, expires_at=None, problem='', state__in=['queued', 'running']) | Q(ended_at=None, expires_at__isnull=False, state='waiting') | Q(ended_at__isnull=False, expires_at__isnull=False, state__in=['done', 'failed', 'canceled', 'expired']), 'Choose one of the listed states; say when it ended and expires, and only when it has.'),
            check('transfer_failed_for_a_reason', ~Q(state='failed') | ~Q(problem=''), 'Say why it failed.'),
            Index(name='transfer_open', fields=['id'], condition=Q(state__in=['queued', 'running'])),
            Index(name='transfer_expires', fields=['expires_at'], condition=~Q(state='expired')),
        ], ordering=['-pk']),
        Table('KeptFile', [
            *known('part', models.CharField(max_length=10, choices=[('upload', 'Uploaded file'), ('result', 'Exported file')]), 'kept_file_part_is_known', 'Choose one of the listed kinds of file.'),
            ('store_key', models.CharField(max_length=64)),
            ('seal', models.TextField()),
            ('size', models.PositiveBigIntegerField(default=0)),
            ('transfer', Key('exchange.transfer', CASCADE, related_name='kept_files', db_index=False)),
            UniqueConstraint(name='kept_file_once', fields=['transfer', 'part'], violation_error_message='An export or import has one file of each kind.'),
            UniqueConstraint(name='kept_file_has_its_own_key', fields=['store_key'], violation_error_message='Another file is stored under this key.'),
            check('kept_file_can_be_read', Q(~Q(store_key=''), ~Q(seal='')), 'Say where the file is and how it is read.'),
        ], ordering=['pk']),
        Table('Finding', [
            ('file', models.CharField(max_length=50, blank=True)),
            ('column', models.CharField(max_length=100, blank=True)),
            ('rule', models.CharField(max_length=50)),
            ('message', models.CharField(max_length=500)),
            ('count', models.PositiveBigIntegerField()),
            ('rows', ArrayField(default=list, base_field=models.IntegerField())),
            ('transfer', Key('exchange.transfer', CASCADE, related_name='findings')),
        ], ordering=['pk']),
        Table('FileCount', [
            ('file', models.CharField(max_length=50)),
            *each(models.PositiveBigIntegerField(default=0), 'rows', 'new', 'changed', 'unchanged', 'refused'),
            ('transfer', Key('exchange.transfer', CASCADE, related_name='file_counts', db_index=False)),
            UniqueConstraint(name='file_count_once', fields=['transfer', 'file'], violation_error_message='A file is counted once.'),
        ], ordering=['pk']),
        Table('SourceSystem', [
            *filled('name', models.CharField(max_length=100), 'source_system_has_a_name', 'Enter the name of the system that the files come from.'),
            ('imported_at', models.DateTimeField(blank=True, null=True)),
            ('imported_by', Silent(USER, blank=True, null=True)),
            ('organization', Key('agencies.organization', PROTECT, blank=True, null=True, related_name='+')),
            UniqueConstraint('name', functions.Coalesce('organization', 0), name='source_system_once', violation_error_message='This system is known already.'),
        ], ordering=['name']),
        Table('SourceKey', [
            ('file', models.CharField(max_length=25)),
            ('key', models.CharField(max_length=32)),
            ('row_id', models.BigIntegerField()),
            ('others', models.JSONField(blank=True, null=True)),
            ('system', Key('exchange.sourcesystem', CASCADE, related_name='+', db_index=False)),
            UniqueConstraint(name='source_key_once', fields=['system', 'file', 'key'], violation_error_message='This key is known already.'),
            Index(name='source_key_of_row', fields=['file', 'row_id']),
        ]),
    ])]
