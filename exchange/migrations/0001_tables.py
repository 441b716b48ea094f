import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.comparison
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from records.migrations._at_once import AtOnce


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('agencies', '0001_tables'),
    ]

    operations = [
        AtOnce([
            migrations.CreateModel(name='Transfer', fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('export', 'Export'), ('import', 'Import')], max_length=10)),
                ('starts_on', models.DateField(blank=True, null=True)),
                ('ends_on', models.DateField(blank=True, null=True)),
                ('is_hashed', models.BooleanField(default=False)),
                ('is_encrypted', models.BooleanField(default=False)),
                ('passphrase', models.TextField(blank=True)),
                ('is_complete', models.BooleanField(default=False)),
                ('source_name', models.CharField(blank=True, max_length=100)),
                ('state', models.CharField(choices=[('queued', 'Queued'), ('running', 'Running'), ('waiting', 'Checked: waits for you'), ('done', 'Done'), ('failed', 'Failed'), ('canceled', 'Canceled'), ('expired', 'Expired')], default='queued', max_length=10)),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('cancel_asked_at', models.DateTimeField(blank=True, null=True)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('interruptions', models.PositiveSmallIntegerField(default=0)),
                ('started_at', models.DateTimeField(blank=True, null=True)),
                ('file', models.CharField(blank=True, max_length=50)),
                ('rows_done', models.PositiveBigIntegerField(default=0)),
                ('rows_total', models.PositiveBigIntegerField(default=0)),
                ('files_done', models.PositiveSmallIntegerField(default=0)),
                ('files_total', models.PositiveSmallIntegerField(default=0)),
                ('problem', models.CharField(blank=True, max_length=500)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('seen_at', models.DateTimeField(blank=True, null=True)),
                ('expires_at', models.DateTimeField(blank=True, null=True)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('confirmed_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.organization')),
                ('projects', models.ManyToManyField(blank=True, related_name='+', to='agencies.project')),
            ], options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('kind__in', ['export', 'import'])), name='transfer_kind_is_known', violation_error_message='Choose export or import.'),
                    models.UniqueConstraint(django.db.models.functions.comparison.Coalesce('organization', 0), condition=models.Q(('state', 'running')), name='transfer_one_running', violation_error_message='Another export or import of this organization is running.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('ends_on', None), ('starts_on', None)), models.Q(('ends_on__isnull', False), ('starts_on__isnull', False), ('starts_on__lte', models.F('ends_on'))), _connector='OR'), name='transfer_period_is_whole', violation_error_message='Enter both days of the period, the earlier one first.'),
                    models.CheckConstraint(condition=models.Q(('kind', 'export'), models.Q(('is_complete', False), ('is_hashed', False), ('starts_on', None)), _connector='OR'), name='transfer_import_has_no_export_options', violation_error_message='Only an export has a period and hashed identities.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at', None), ('confirmed_by', None)), models.Q(('confirmed_at__isnull', False), ('confirmed_by__isnull', False), ('kind', 'import')), _connector='OR'), name='transfer_import_is_confirmed', violation_error_message='Only imports are confirmed: say by whom, and when.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state', 'waiting'), _negated=True), models.Q(('confirmed_at', None), ('kind', 'import')), _connector='OR'), name='transfer_waits_to_be_confirmed', violation_error_message='Only an import that nobody has confirmed waits for that.'),
                    models.CheckConstraint(condition=models.Q(('passphrase', ''), models.Q(('is_encrypted', True), ('state__in', ['queued', 'running', 'waiting'])), _connector='OR'), name='transfer_passphrase_is_wiped', violation_error_message='A passphrase is kept only until the work is done.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('expires_at', None), ('problem', ''), ('state__in', ['queued', 'running'])), models.Q(('ended_at', None), ('expires_at__isnull', False), ('state', 'waiting')), models.Q(('ended_at__isnull', False), ('expires_at__isnull', False), ('state__in', ['done', 'failed', 'canceled', 'expired'])), _connector='OR'), name='transfer_state_is_whole', violation_error_message='Choose one of the listed states; say when it ended and expires, and only when it has.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state', 'failed'), _negated=True), models.Q(('problem', ''), _negated=True), _connector='OR'), name='transfer_failed_for_a_reason', violation_error_message='Say why it failed.'),
                ],
                'indexes': [
                    models.Index(condition=models.Q(('state__in', ['queued', 'running'])), fields=['id'], name='transfer_open'),
                    models.Index(condition=models.Q(('state', 'expired'), _negated=True), fields=['expires_at'], name='transfer_expires'),
                ],
                'ordering': ['-pk'],
            }),
            migrations.CreateModel(name='KeptFile', fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.CharField(choices=[('upload', 'Uploaded file'), ('result', 'Exported file')], max_length=10)),
                ('store_key', models.CharField(max_length=64)),
                ('seal', models.TextField()),
                ('size', models.PositiveBigIntegerField(default=0)),
                ('transfer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='kept_files', to='exchange.transfer')),
            ], options={
                'constraints': [
                    models.UniqueConstraint(fields=('transfer', 'part'), name='kept_file_once', violation_error_message='An export or import has one file of each kind.'),
                    models.UniqueConstraint(fields=('store_key',), name='kept_file_has_its_own_key', violation_error_message='Another file is stored under this key.'),
                    models.CheckConstraint(condition=models.Q(('part__in', ['upload', 'result'])), name='kept_file_part_is_known', violation_error_message='Choose one of the listed kinds of file.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('store_key', ''), _negated=True), models.Q(('seal', ''), _negated=True)), name='kept_file_can_be_read', violation_error_message='Say where the file is and how it is read.'),
                ],
                'ordering': ['pk'],
            }),
            migrations.CreateModel(name='Finding', fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.CharField(blank=True, max_length=50)),
                ('column', models.CharField(blank=True, max_length=100)),
                ('rule', models.CharField(max_length=50)),
                ('message', models.CharField(max_length=500)),
                ('count', models.PositiveBigIntegerField()),
                ('rows', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), default=list, size=None)),
                ('transfer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='findings', to='exchange.transfer')),
            ], options={
                'ordering': ['pk'],
            }),
            migrations.CreateModel(name='FileCount', fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.CharField(max_length=50)),
                ('rows', models.PositiveBigIntegerField(default=0)),
                ('new', models.PositiveBigIntegerField(default=0)),
                ('changed', models.PositiveBigIntegerField(default=0)),
                ('unchanged', models.PositiveBigIntegerField(default=0)),
                ('refused', models.PositiveBigIntegerField(default=0)),
                ('transfer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='file_counts', to='exchange.transfer')),
            ], options={
                'constraints': [
                    models.UniqueConstraint(fields=('transfer', 'file'), name='file_count_once', violation_error_message='A file is counted once.'),
                ],
                'ordering': ['pk'],
            }),
            migrations.CreateModel(name='SourceSystem', fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100)),
                ('imported_at', models.DateTimeField(blank=True, null=True)),
                ('imported_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.organization')),
            ], options={
                'constraints': [
                    models.UniqueConstraint(models.F('name'), django.db.models.functions.comparison.Coalesce('organization', 0), name='source_system_once', violation_error_message='This system is known already.'),
                    models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='source_system_has_a_name', violation_error_message='Enter the name of the system that the files come from.'),
                ],
                'ordering': ['name'],
            }),
            migrations.CreateModel(name='SourceKey', fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.CharField(max_length=25)),
                ('key', models.CharField(max_length=32)),
                ('row_id', models.BigIntegerField()),
                ('others', models.JSONField(blank=True, null=True)),
                ('system', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='exchange.sourcesystem')),
            ], options={
                'constraints': [
                    models.UniqueConstraint(fields=('system', 'file', 'key'), name='source_key_once', violation_error_message='This key is known already.'),
                ],
                'indexes': [
                    models.Index(fields=['file', 'row_id'], name='source_key_of_row'),
                ],
            }),
        ]),
    ]
