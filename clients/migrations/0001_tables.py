import datetime
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
import django.db.models.functions.text
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
import records.migrations._fields
import uuid
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension, CreateExtension, TrigramExtension, UnaccentExtension
from django.db import migrations, models

from records.migrations._at_once import AtOnce
from records.migrations._history import History

# Let the planner know names well: with the usual sample it takes a common beginning for a rare
# one, and sorts all of its rows where the index has them in order.
STATISTICS = "ALTER TABLE {} ALTER COLUMN first_key SET STATISTICS {}, ALTER COLUMN last_key SET STATISTICS {}"
TABLES = ("clients_client", "clients_clientalias")

# ANALYZE is the owner's alone, and find_duplicates runs as the server's role (docs/adr/0036). It
# takes no argument, and its search path is fixed: whoever calls it can choose nothing.
ANALYZE = """
CREATE FUNCTION clients_analyze() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    ANALYZE clients_client;
END $$
"""


class Migration(migrations.Migration):
    """PostgreSQL's contrib modules; all are trusted, so that a database's owner may add them."""

    initial = True

    dependencies = [
        ('agencies', '0001_tables'),
    ]

    operations = [
        TrigramExtension(),
        CreateExtension("fuzzystrmatch"),
        BtreeGistExtension(),
        UnaccentExtension(),
        AtOnce([
            migrations.CreateModel(name='Alert', fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('visibility', models.CharField(choices=[('all', 'All organizations'), ('own', 'Own organization only')], default='all', max_length=3)),
                ('date_created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('date_updated', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('date_deleted', models.DateTimeField(blank=True, editable=False, null=True)),
                ('text', models.CharField(max_length=200, verbose_name='alert')),
                ('begins_on', models.DateField(default=django.utils.timezone.localdate, verbose_name='begins on')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='ends on')),
                ('created_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('deleted_by', models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.organization')),
                ('updated_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('client', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='clients.client')),
            ], options={
                'abstract': False,
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('visibility__in', ['all', 'own'])), name='alert_visibility_is_known', violation_error_message='Choose who may see this record.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('date_deleted', None), ('deleted_by', None)), models.Q(('date_deleted__isnull', False), ('deleted_by__isnull', False)), _connector='OR'), name='alert_deleted_by_somebody', violation_error_message='A deletion needs who and when.'),
                    models.CheckConstraint(condition=models.Q(('ends_on', None), ('ends_on__gte', models.F('begins_on')), _connector='OR'), name='alert_ends_after_begin', violation_error_message='The alert cannot end before it begins.'),
                ],
                'default_manager_name': 'objects',
                'indexes': [
                    models.Index(models.F('organization'), models.OrderBy(models.F('date_deleted'), descending=True), condition=models.Q(('date_deleted__isnull', False)), name='alert_deleted_newest'),
                ],
                'ordering': ['-begins_on', '-pk'],
            }),
            migrations.CreateModel(name='Client', fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('visibility', models.CharField(choices=[('all', 'All organizations'), ('own', 'Own organization only')], default='all', max_length=3)),
                ('date_created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('date_updated', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('date_deleted', models.DateTimeField(blank=True, editable=False, null=True)),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('address1', models.CharField(blank=True, max_length=100, verbose_name='address')),
                ('address2', models.CharField(blank=True, max_length=100, verbose_name='address, line 2')),
                ('city', models.CharField(blank=True, max_length=50)),
                ('state', models.CharField(blank=True, max_length=2)),
                ('zip', models.CharField(blank=True, max_length=10, verbose_name='ZIP code')),
                ('first_name', models.CharField(blank=True, max_length=50)),
                ('last_name', models.CharField(blank=True, max_length=50)),
                ('first_key', models.CharField(db_collation='C', default='', editable=False, max_length=200)),
                ('last_key', models.CharField(db_collation='C', default='', editable=False, max_length=200)),
                ('last_part_key', models.CharField(db_collation='C', default='', editable=False, max_length=200)),
                ('name_forms', models.CharField(db_collation='C', db_default='', default='', editable=False, max_length=10000)),
                ('personal_id', records.migrations._fields.UniqueKeyField(editable=False, max_length=32)),
                ('middle_name', models.CharField(blank=True, max_length=50)),
                ('name_suffix', models.CharField(blank=True, max_length=50, verbose_name='suffix')),
                ('name_data_quality', models.PositiveSmallIntegerField(choices=[(1, 'Full name reported'), (2, 'Partial, street name, or code name reported'), ('No answer', [(8, "Client doesn't know"), (9, 'Client prefers not to answer'), (99, 'Data not collected')])], default=99)),
                ('ssn', models.TextField(blank=True, verbose_name='SSN')),
                ('ssn_hash', models.CharField(default='', editable=False, max_length=64)),
                ('ssn_last4_hash', models.CharField(default='', editable=False, max_length=64)),
                ('ssn_shape', models.CharField(db_default='', default='', editable=False, max_length=10)),
                ('ssn_data_quality', models.PositiveSmallIntegerField(choices=[(1, 'Full SSN reported'), (2, 'Approximate or partial SSN reported'), ('No answer', [(8, "Client doesn't know"), (9, 'Client prefers not to answer'), (99, 'Data not collected')])], default=99, verbose_name='SSN data quality')),
                ('dob', models.DateField(blank=True, null=True, verbose_name='date of birth')),
                ('dob_data_quality', models.PositiveSmallIntegerField(choices=[(1, 'Full DOB reported'), (2, 'Approximate or partial DOB reported'), ('No answer', [(8, "Client doesn't know"), (9, 'Client prefers not to answer'), (99, 'Data not collected')])], default=99, verbose_name='date of birth data quality')),
                ('sex', models.PositiveSmallIntegerField(choices=[(0, 'Female'), (1, 'Male'), ('No answer', [(8, "Client doesn't know"), (9, 'Client prefers not to answer'), (99, 'Data not collected')])], default=99)),
                ('am_ind_ak_native', models.BooleanField(default=False)),
                ('asian', models.BooleanField(default=False)),
                ('black_af_american', models.BooleanField(default=False)),
                ('hispanic_latinao', models.BooleanField(default=False)),
                ('mid_east_n_african', models.BooleanField(default=False)),
                ('native_hi_pacific', models.BooleanField(default=False)),
                ('white', models.BooleanField(default=False)),
                ('race_none', models.PositiveSmallIntegerField(blank=True, choices=[(8, "Client doesn't know"), (9, 'Client prefers not to answer'), (99, 'Data not collected')], null=True)),
                ('additional_race_ethnicity', models.CharField(blank=True, max_length=100)),
                ('veteran_status', models.PositiveSmallIntegerField(choices=[(0, 'No'), (1, 'Yes'), ('No answer', [(8, "Client doesn't know"), (9, 'Client prefers not to answer'), (99, 'Data not collected')])], default=99, editable=False)),
                ('phone', models.CharField(blank=True, max_length=40)),
                ('photo_token', models.CharField(blank=True, editable=False, max_length=32)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('erased_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('created_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('deleted_by', models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('merged_into', models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged_clients', to='clients.client')),
                ('organization', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.organization')),
                ('updated_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('breaks', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=63), blank=True, db_default=[], default=list, editable=False, size=None)),
                ('afghanistan_oef', models.PositiveSmallIntegerField(blank=True, choices=[(0, 'No'), (1, 'Yes'), ('No answer', [(8, "Client doesn't know"), (9, 'Client prefers not to answer'), (99, 'Data not collected')])], null=True, verbose_name='Theater of Operations: Afghanistan (Operation Enduring Freedom)')),
                ('desert_storm', models.PositiveSmallIntegerField(blank=True, choices=[(0, 'No'), (1, 'Yes'), ('No answer', [(8, "Client doesn't know"), (9, 'Client prefers not to answer'), (99, 'Data not collected')])], null=True, verbose_name='Theater of Operations: Persian Gulf War (Desert Storm)')),
                ('discharge_status', models.PositiveSmallIntegerField(blank=True, choices=[(1, 'Honorable'), (2, 'General under honorable conditions'), (4, 'Bad conduct'), (5, 'Dishonorable'), (6, 'Under other than honorable conditions (OTH)'), (7, 'Uncharacterized'), ('No answer', [(8, "Client doesn't know"), (9, 'Client prefers not to answer'), (99, 'Data not collected')])], null=True, verbose_name='Discharge Status')),
                ('iraq_oif', models.PositiveSmallIntegerField(blank=True, choices=[(0, 'No'), (1, 'Yes'), ('No answer', [(8, "Client doesn't know"), (9, 'Client prefers not to answer'), (99, 'Data not collected')])], null=True, verbose_name='Theater of Operations: Iraq (Operation Iraqi Freedom)')),
                ('iraq_ond', models.PositiveSmallIntegerField(blank=True, choices=[(0, 'No'), (1, 'Yes'), ('No answer', [(8, "Client doesn't know"), (9, 'Client prefers not to answer'), (99, 'Data not collected')])], null=True, verbose_name='Theater of Operations: Iraq (Operation New Dawn)')),
                ('korean_war', models.PositiveSmallIntegerField(blank=True, choices=[(0, 'No'), (1, 'Yes'), ('No answer', [(8, "Client doesn't know"), (9, 'Client prefers not to answer'), (99, 'Data not collected')])], null=True, verbose_name='Theater of Operations: Korean War')),
                ('military_branch', models.PositiveSmallIntegerField(blank=True, choices=[(1, 'Army'), (2, 'Air Force'), (3, 'Navy'), (4, 'Marines'), (6, 'Coast Guard'), (7, 'Space Force'), ('No answer', [(8, "Client doesn't know"), (9, 'Client prefers not to answer'), (99, 'Data not collected')])], null=True, verbose_name='Branch of the Military')),
                ('other_theater', models.PositiveSmallIntegerField(blank=True, choices=[(0, 'No'), (1, 'Yes'), ('No answer', [(8, "Client doesn't know"), (9, 'Client prefers not to answer'), (99, 'Data not collected')])], null=True, verbose_name='Theater of Operations: Other Peace-keeping Operations or Military Interventions')),
                ('vietnam_war', models.PositiveSmallIntegerField(blank=True, choices=[(0, 'No'), (1, 'Yes'), ('No answer', [(8, "Client doesn't know"), (9, 'Client prefers not to answer'), (99, 'Data not collected')])], null=True, verbose_name='Theater of Operations: Vietnam War')),
                ('world_war_ii', models.PositiveSmallIntegerField(blank=True, choices=[(0, 'No'), (1, 'Yes'), ('No answer', [(8, "Client doesn't know"), (9, 'Client prefers not to answer'), (99, 'Data not collected')])], null=True, verbose_name='Theater of Operations: World War II')),
                ('year_entered_service', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='Year Entered Military Service')),
                ('year_separated', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='Year Separated from Military Service')),
            ], options={
                'abstract': False,
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('visibility__in', ['all', 'own'])), name='client_visibility_is_known', violation_error_message='Choose who may see this record.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('date_deleted', None), ('deleted_by', None)), models.Q(('date_deleted__isnull', False), ('deleted_by__isnull', False)), _connector='OR'), name='client_deleted_by_somebody', violation_error_message='A deletion needs who and when.'),
                    models.CheckConstraint(condition=models.Q(('name_data_quality__in', [1, 2, 8, 9, 99])), name='client_name_quality_fits', violation_error_message='Choose one of the listed name data qualities.'),
                    models.CheckConstraint(condition=models.Q(('ssn_shape__in', ['', 'whole', 'part', 'impossible'])), name='client_ssn_shape_is_known', violation_error_message='The shape of an SSN is one of those that are known.'),
                    models.CheckConstraint(condition=models.Q(('sex__in', [0, 1, 8, 9, 99])), name='client_sex_is_known', violation_error_message='Choose one of the listed answers for sex.'),
                    models.CheckConstraint(condition=models.Q(('erased_at', None), ('date_deleted__isnull', False), _connector='OR'), name='client_erased_is_deleted', violation_error_message='This record was erased and cannot be restored.'),
                    models.CheckConstraint(condition=models.Q(('erased_at', None), models.Q(('additional_race_ethnicity', ''), ('address1', ''), ('address2', ''), ('city', ''), ('email', ''), ('first_name', ''), ('last_name', ''), ('middle_name', ''), ('name_forms', ''), ('name_suffix', ''), ('phone', ''), ('photo_token', ''), ('ssn', ''), ('ssn_hash', ''), ('ssn_last4_hash', ''), ('state', ''), ('zip', '')), _connector='OR'), name='client_erased_has_no_identity', violation_error_message='This record was erased: nothing is written to it.'),
                    models.CheckConstraint(condition=models.Q(('merged_into', None), models.Q(('merged_into', models.F('id')), _negated=True), _connector='OR'), name='client_not_merged_into_itself', violation_error_message='A client cannot be merged into itself.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('first_name', ''), ('last_name', ''), _negated=True), ('name_data_quality__in', [8, 9, 99]), ('breaks__contains', ['client_has_a_name']), _connector='OR'), name='client_has_a_name', violation_error_message='Enter a first or last name, or choose in Name Data Quality why there is none.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('ssn', ''), ('ssn_data_quality__in', [8, 9, 99])), models.Q(models.Q(('ssn', ''), _negated=True), ('ssn_data_quality__in', [1, 2])), ('breaks__contains', ['client_ssn_quality_fits']), _connector='OR'), name='client_ssn_quality_fits', violation_error_message='An SSN is full or partial; without one, say why it is missing.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('dob', None), ('dob_data_quality__in', [8, 9, 99])), models.Q(('dob__isnull', False), ('dob_data_quality__in', [1, 2])), ('breaks__contains', ['client_dob_quality_fits']), _connector='OR'), name='client_dob_quality_fits', violation_error_message='A date of birth is full or approximate; without one, say why it is missing.'),
                    models.CheckConstraint(condition=models.Q(('race_none', None), models.Q(('am_ind_ak_native', False), ('asian', False), ('black_af_american', False), ('hispanic_latinao', False), ('mid_east_n_african', False), ('native_hi_pacific', False), ('race_none__in', [8, 9, 99]), ('white', False)), ('breaks__contains', ['client_race_or_reason']), _connector='OR'), name='client_race_or_reason', violation_error_message='Choose races and ethnicities, or the reason that there is none; not both.'),
                    models.CheckConstraint(condition=models.Q(('year_entered_service', None), ('year_separated', None), ('year_separated__gte', models.F('year_entered_service')), ('breaks__contains', ['client_served_before_separated']), _connector='OR'), name='client_served_before_separated', violation_error_message='Enter a year of separation that is not before the entry.'),
                    models.UniqueConstraint(records.migrations._fields.KeyHash('personal_id'), name='person_key_once', violation_error_message='Another row has this key.'),
                ],
                'default_manager_name': 'objects',
                'indexes': [
                    models.Index(django.db.models.functions.text.Left('last_key', 1), models.F('first_key'), models.F('last_key'), name='client_last1_first'),
                    models.Index(django.db.models.functions.text.Left('last_key', 2), models.F('first_key'), models.F('last_key'), name='client_last2_first'),
                    models.Index(django.db.models.functions.text.Left('last_key', 3), models.F('first_key'), models.F('last_key'), name='client_last3_first'),
                    models.Index(fields=['last_key', 'first_key'], name='client_last_first'),
                    models.Index(fields=['first_key', 'last_key'], name='client_first_last'),
                    models.Index(condition=models.Q(('ssn_hash', ''), _negated=True), fields=['ssn_hash'], name='client_ssn'),
                    models.Index(condition=models.Q(('ssn_last4_hash', ''), _negated=True), fields=['ssn_last4_hash', 'last_key', 'first_key'], name='client_last4_name'),
                    models.Index(fields=['dob', 'last_key', 'first_key'], name='client_dob_name'),
                    models.Index(django.db.models.functions.datetime.ExtractYear('dob'), models.F('last_key'), models.F('first_key'), condition=models.Q(('dob__isnull', False)), name='client_birth_year_name'),
                    models.Index(django.db.models.functions.datetime.ExtractYear('dob'), models.F('last_key'), models.F('first_key'), condition=models.Q(('dob_data_quality', 2)), name='client_rough_dob_name'),
                    models.Index(models.F('organization'), models.OrderBy(models.F('id'), descending=True), name='client_of_organization'),
                    models.Index(condition=models.Q(('merged_into', None), _negated=True), fields=['merged_into'], name='client_merged_into'),
                ],
            }),
            History('Alert'),
            migrations.CreateModel(name='ClientAccess', fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('listed', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, null=True, size=None, verbose_name='Client IDs on the list')),
                ('kind', models.CharField(choices=[('view', 'Viewed'), ('change', 'Opened for change'), ('ssn', 'Revealed SSN'), ('list', 'Listed'), ('copy', 'Made a copy of the record'), ('export', 'Exported'), ('refused', 'Refused'), ('emergency', 'Opened in an emergency')], default='view', max_length=10)),
                ('page', models.CharField(max_length=60)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('request_id', models.CharField(blank=True, db_default='', default='', max_length=36, verbose_name='request ID')),
                ('client', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='accesses', to='clients.client')),
                ('organization', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.organization')),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ], options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('kind__in', ['view', 'change', 'ssn', 'list', 'copy', 'export', 'refused', 'emergency'])), name='access_kind_is_known', violation_error_message='Choose a kind of access.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('client__isnull', False), ('listed__isnull', True)), models.Q(('client__isnull', True), ('listed__isnull', False), models.Q(('listed', []), _negated=True)), _connector='OR'), name='access_to_one_or_to_a_list', violation_error_message='Name one client, or those on the list.'),
                ],
                'indexes': [
                    models.Index(fields=['client', '-at'], name='access_by_client'),
                    models.Index(fields=['user', '-at'], name='access_by_user'),
                    models.Index(fields=['organization', '-at', '-id'], name='access_of_organization'),
                    models.Index(fields=['-at', '-id'], name='access_newest'),
                    models.Index(condition=models.Q(('kind', 'ssn')), fields=['organization', '-at', '-id'], name='access_revealed_ssn'),
                    models.Index(condition=models.Q(('kind', 'list'), _negated=True), fields=['user', '-at'], name='access_views_by_user'),
                    django.contrib.postgres.indexes.GinIndex(condition=models.Q(('listed__isnull', False)), fields=['listed'], name='access_by_listed'),
                ],
                'ordering': ['-at', '-id'],
                'verbose_name_plural': 'client accesses',
            }),
            migrations.CreateModel(name='ClientAlias', fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_name', models.CharField(blank=True, max_length=50)),
                ('last_name', models.CharField(blank=True, max_length=50)),
                ('first_key', models.CharField(db_collation='C', default='', editable=False, max_length=200)),
                ('last_key', models.CharField(db_collation='C', default='', editable=False, max_length=200)),
                ('last_part_key', models.CharField(db_collation='C', default='', editable=False, max_length=200)),
                ('name_forms', models.CharField(db_collation='C', db_default='', default='', editable=False, max_length=10000)),
                ('client', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='aliases', to='clients.client')),
            ], options={
                'abstract': False,
                'constraints': [
                    models.UniqueConstraint(fields=('client', 'first_name', 'last_name'), name='alias_once', violation_error_message='This alias is listed twice.'),
                    models.CheckConstraint(condition=models.Q(('first_name', ''), ('last_name', ''), _negated=True), name='alias_has_a_name', violation_error_message='Enter the first or the last name of the alias.'),
                ],
                'indexes': [
                    models.Index(django.db.models.functions.text.Left('last_key', 1), models.F('first_key'), models.F('last_key'), name='clientalias_last1_first'),
                    models.Index(django.db.models.functions.text.Left('last_key', 2), models.F('first_key'), models.F('last_key'), name='clientalias_last2_first'),
                    models.Index(django.db.models.functions.text.Left('last_key', 3), models.F('first_key'), models.F('last_key'), name='clientalias_last3_first'),
                    models.Index(fields=['last_key', 'first_key'], name='clientalias_last_first'),
                    models.Index(fields=['first_key', 'last_key'], name='clientalias_first_last'),
                ],
                'ordering': ['pk'],
                'verbose_name_plural': 'client aliases',
            }),
            History('ClientAlias', exclude=['first_key', 'last_key', 'last_part_key', 'name_forms']),
            History('Client', exclude=['first_key', 'last_key', 'last_part_key', 'name_forms', 'ssn_hash', 'ssn_last4_hash', 'ssn_shape', 'photo_token', 'erased_at'], by_time=True),
            migrations.CreateModel(name='ClientMerge', fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('undone_at', models.DateTimeField(blank=True, null=True)),
                ('snapshot', models.JSONField()),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('merged', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clients.client')),
                ('survivor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clients.client')),
                ('undone_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ], options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('survivor', models.F('merged')), _negated=True), name='merge_of_two_clients', violation_error_message='A client cannot be merged into itself.'),
                    models.UniqueConstraint(condition=models.Q(('undone_at', None)), fields=('merged',), name='merged_away_once', violation_error_message='This client was merged already.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('undone_at', None), ('undone_by', None)), models.Q(('undone_at__isnull', False), ('undone_by__isnull', False)), _connector='OR'), name='merge_undone_by_somebody', violation_error_message='Say who undid the merge, and when.'),
                ],
                'ordering': ['-at', '-pk'],
            }),
            History('ClientMerge', exclude=['snapshot']),
            migrations.CreateModel(name='ClientSearch', fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField(auto_now_add=True, db_index=True)),
                ('criteria_json', models.TextField()),
                ('is_held', models.BooleanField(db_default=False, default=False)),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ], options={
                'abstract': False,
            }),
            migrations.CreateModel(name='DuplicateReport', fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('visibility', models.CharField(choices=[('all', 'All organizations'), ('own', 'Own organization only')], default='all', max_length=3)),
                ('date_created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('date_updated', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('date_deleted', models.DateTimeField(blank=True, editable=False, null=True)),
                ('comment', models.TextField(max_length=4000)),
                ('mailed_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('resolution', models.CharField(blank=True, choices=[('merged', 'Merged'), ('different', 'Different people'), ('withdrawn', 'Withdrawn')], editable=False, max_length=10)),
                ('resolved_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('client_1', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clients.client')),
                ('client_2', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clients.client')),
                ('created_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('deleted_by', models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.organization')),
                ('resolved_by', models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('updated_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ], options={
                'abstract': False,
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('visibility__in', ['all', 'own'])), name='duplicatereport_visibility_is_known', violation_error_message='Choose who may see this record.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('date_deleted', None), ('deleted_by', None)), models.Q(('date_deleted__isnull', False), ('deleted_by__isnull', False)), _connector='OR'), name='duplicatereport_deleted_by_somebody', violation_error_message='A deletion needs who and when.'),
                    models.CheckConstraint(condition=models.Q(('client_1', models.F('client_2')), _negated=True), name='duplicate_report_of_two_clients', violation_error_message='Enter two different client IDs.'),
                    models.CheckConstraint(condition=models.Q(('resolution__in', ['', 'merged', 'different', 'withdrawn'])), name='duplicate_report_resolution_is_known', violation_error_message='Choose merged, different people or withdrawn.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('resolution', ''), ('resolved_at', None), ('resolved_by', None)), models.Q(models.Q(('resolution', ''), _negated=True), ('resolved_at__isnull', False), ('resolved_by__isnull', False)), _connector='OR'), name='duplicate_report_resolved_by_somebody', violation_error_message='Say who resolved the report, and when.'),
                ],
                'default_manager_name': 'objects',
                'ordering': ['-date_created'],
            }),
            History('DuplicateReport', read_by=['client_1', 'client_2']),
            migrations.CreateModel(name='DuplicateSearch', fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('started_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField()),
                ('is_whole', models.BooleanField(verbose_name='all clients')),
                ('clients', models.PositiveIntegerField(verbose_name='clients compared')),
                ('pairs', models.PositiveIntegerField(verbose_name='pairs weighed')),
            ], options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('finished_at__gte', models.F('started_at'))), name='duplicate_search_ends_after_start', violation_error_message='A search cannot end before it starts.'),
                ],
                'ordering': ['-started_at'],
                'verbose_name_plural': 'duplicate searches',
            }),
            migrations.CreateModel(name='EmergencyAccess', fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(choices=[('danger', 'Somebody is in danger'), ('medical', 'Medical emergency'), ('missing', 'Missing person'), ('other', 'Another emergency')], max_length=20)),
                ('explanation', models.TextField()),
                ('begins_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('ends_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clients.client')),
                ('ended_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.organization')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ], options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('reason__in', ['danger', 'medical', 'missing', 'other'])), name='emergency_reason_is_known', violation_error_message='Choose what the emergency is.'),
                    models.CheckConstraint(condition=models.Q(('explanation', ''), _negated=True), name='emergency_is_explained', violation_error_message='Write why this record is needed now.'),
                    models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('begins_at'))), name='emergency_ends_after_begin', violation_error_message='Emergency access ends after it begins.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('ended_by', None)), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False)), _connector='OR'), name='emergency_ended_by_somebody', violation_error_message='Ending emergency access needs who and when.'),
                ],
                'indexes': [
                    models.Index(condition=models.Q(('ended_at', None)), fields=['user', 'ends_at'], name='emergency_open_to_user'),
                ],
                'ordering': ['-begins_at', '-id'],
                'verbose_name': 'emergency access',
                'verbose_name_plural': 'emergency accesses',
            }),
            History('EmergencyAccess'),
            migrations.CreateModel(name='FormDraft', fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('page', models.CharField(max_length=200)),
                ('query', models.CharField(blank=True, max_length=200)),
                ('title', models.CharField(max_length=80)),
                ('form_token', models.UUIDField()),
                ('typed_json', models.TextField()),
                ('typed_at', models.BigIntegerField()),
                ('at', models.DateTimeField(auto_now=True, db_index=True)),
                ('client', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='clients.client')),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ], options={
                'constraints': [
                    models.UniqueConstraint(fields=('user', 'form_token'), name='form_draft_once_a_form', violation_error_message='What was typed into this form is kept already.'),
                ],
                'indexes': [
                    models.Index(fields=['user', '-at'], name='form_draft_user_newest'),
                ],
            }),
            migrations.CreateModel(name='IdentityChange', fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('event', models.BigIntegerField(editable=False, unique=True)),
                ('groups', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), help_text='What changed: keys of LABELS.', size=None)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('decision', models.CharField(choices=[('open', 'To be reviewed'), ('kept', 'Kept'), ('reverted', 'Reverted')], default='open', max_length=10)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('changed_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('changed_for', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.organization')),
                ('client', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='identity_changes', to='clients.client')),
                ('decided_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ], options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('decision__in', ['open', 'kept', 'reverted'])), name='identity_change_decision_known', violation_error_message='Choose one of the listed decisions.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('decision', 'open')), models.Q(models.Q(('decision', 'open'), _negated=True), ('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='identity_change_decided_by_somebody', violation_error_message='Say who reviewed the change, and when.'),
                ],
                'indexes': [
                    models.Index(fields=['client', '-at'], name='identity_change_of_client'),
                    models.Index(condition=models.Q(('decision', 'open')), fields=['-at', '-id'], name='identity_change_open'),
                ],
                'ordering': ['-at', '-pk'],
            }),
            History('IdentityChange'),
            migrations.CreateModel(name='InterestedOther', fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('visibility', models.CharField(choices=[('all', 'All organizations'), ('own', 'Own organization only')], default='all', max_length=3)),
                ('date_created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('date_updated', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('date_deleted', models.DateTimeField(blank=True, editable=False, null=True)),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('address1', models.CharField(blank=True, max_length=100, verbose_name='address')),
                ('address2', models.CharField(blank=True, max_length=100, verbose_name='address, line 2')),
                ('city', models.CharField(blank=True, max_length=50)),
                ('state', models.CharField(blank=True, max_length=2)),
                ('zip', models.CharField(blank=True, max_length=10, verbose_name='ZIP code')),
                ('type_description', models.CharField(max_length=100, verbose_name='Type/Description')),
                ('relationship', models.CharField(blank=True, max_length=100, verbose_name='relationship to client')),
                ('is_aware', models.BooleanField(blank=True, null=True, verbose_name="aware of client's situation")),
                ('first_name', models.CharField(blank=True, max_length=50)),
                ('last_name', models.CharField(blank=True, max_length=50)),
                ('home_phone', models.CharField(blank=True, max_length=40)),
                ('work_phone', models.CharField(blank=True, max_length=40)),
                ('cell_phone', models.CharField(blank=True, max_length=40)),
                ('client', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='clients.client')),
                ('created_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('deleted_by', models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.organization')),
                ('updated_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ], options={
                'abstract': False,
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('visibility__in', ['all', 'own'])), name='interestedother_visibility_is_known', violation_error_message='Choose who may see this record.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('date_deleted', None), ('deleted_by', None)), models.Q(('date_deleted__isnull', False), ('deleted_by__isnull', False)), _connector='OR'), name='interestedother_deleted_by_somebody', violation_error_message='A deletion needs who and when.'),
                    models.CheckConstraint(condition=models.Q(('type_description', ''), _negated=True), name='interested_other_has_a_type', violation_error_message='Enter a type or description.'),
                ],
                'default_manager_name': 'objects',
                'indexes': [
                    models.Index(models.F('organization'), models.OrderBy(models.F('date_deleted'), descending=True), condition=models.Q(('date_deleted__isnull', False)), name='other_deleted_newest'),
                ],
                'ordering': ['last_name', 'first_name', 'pk'],
            }),
            History('InterestedOther'),
            migrations.CreateModel(name='NameForm', fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_key', models.CharField(db_collation='C', max_length=200)),
                ('last_key', models.CharField(db_collation='C', max_length=200)),
                ('alias', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='clients.clientalias')),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='clients.client')),
            ], options={
                'indexes': [
                    models.Index(django.db.models.functions.text.Left('last_key', 1), models.F('first_key'), models.F('last_key'), name='nameform_last1_first'),
                    models.Index(django.db.models.functions.text.Left('last_key', 2), models.F('first_key'), models.F('last_key'), name='nameform_last2_first'),
                    models.Index(django.db.models.functions.text.Left('last_key', 3), models.F('first_key'), models.F('last_key'), name='nameform_last3_first'),
                    models.Index(fields=['last_key', 'first_key'], name='nameform_last_first'),
                    models.Index(fields=['first_key', 'last_key'], name='nameform_first_last'),
                ],
            }),
            migrations.CreateModel(name='NameSpelling', fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.TextField(db_collation='C')),
                ('key', models.TextField(db_collation='C')),
                ('deletion_variants', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), default=list, size=None)),
                ('sound', models.GeneratedField(db_persist=True, expression=models.Func(models.F('part'), function='dmetaphone', output_field=models.TextField()), output_field=models.TextField())),
            ], options={
                'constraints': [
                    models.UniqueConstraint(fields=('part', 'key'), name='spelling_once'),
                ],
                'indexes': [
                    models.Index(fields=['sound'], name='spelling_sound'),
                    django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['deletion_variants'], name='spelling_deletions'),
                ],
            }),
            migrations.CreateModel(name='PossibleDuplicate', fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('score', models.FloatField(help_text='How likely they are one person, from 0 to 1, as clients.duplicates weighs it.')),
                ('reasons', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), blank=True, default=list, help_text='What agrees and what does not, in words without the data: Same date of birth.', size=None)),
                ('identity', models.CharField(editable=False, help_text='Keyed hash of what was compared: whether it changed since.', max_length=32)),
                ('found_at', models.DateTimeField(auto_now_add=True)),
                ('decision', models.CharField(choices=[('open', 'To be decided'), ('different', 'Different people'), ('same', 'Same person')], default='open', max_length=10)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('client_1', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clients.client')),
                ('client_2', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clients.client')),
                ('decided_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organization_1', models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.organization')),
                ('organization_2', models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.organization')),
            ], options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('client_1__lt', models.F('client_2'))), name='possible_duplicate_in_order', violation_error_message='Name two different clients, the lower Client ID first.'),
                    models.UniqueConstraint(fields=('client_1', 'client_2'), name='possible_duplicate_once', violation_error_message='These two clients are on the list already.'),
                    models.CheckConstraint(condition=models.Q(('score__gte', 0), ('score__lte', 1)), name='possible_duplicate_score_fits', violation_error_message='The score is a number from 0 to 1.'),
                    models.CheckConstraint(condition=models.Q(('decision__in', ['open', 'different', 'same'])), name='possible_duplicate_decision_is_known', violation_error_message='Choose one of the listed decisions.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('decision', 'open')), models.Q(models.Q(('decision', 'open'), _negated=True), ('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='possible_duplicate_decided_by_somebody', violation_error_message='Say who decided about the pair, and when.'),
                ],
                'indexes': [
                    models.Index(models.F('decision'), models.OrderBy(models.F('score'), descending=True), models.F('id'), name='possible_duplicate_queue'),
                    models.Index(models.F('organization_1'), models.F('organization_2'), models.F('decision'), models.OrderBy(models.F('score'), descending=True), models.F('id'), name='possible_duplicate_of_officer'),
                ],
                'ordering': ['-score', 'pk'],
            }),
            History('PossibleDuplicate', exclude=['organization_1', 'organization_2']),
            migrations.CreateModel(name='SSNReveal', fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(choices=[('identity', 'Verify identity at intake'), ('benefits', 'Benefits application'), ('correction', 'Correct the record'), ('other', 'Other')], max_length=20)),
                ('other', models.TextField(blank=True, verbose_name='other reason')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clients.client')),
                ('organization', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.organization')),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ], options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('reason__in', ['identity', 'benefits', 'correction', 'other'])), name='reveal_reason_is_known', violation_error_message='Choose why the SSN is needed.'),
                    models.CheckConstraint(condition=models.Q(('reason', 'other'), ('other', ''), _connector='OR'), name='reveal_words_are_of_other', violation_error_message='Write what it is needed for only with Other.'),
                ],
                'indexes': [
                    models.Index(fields=['organization', '-at', '-id'], name='reveal_of_organization'),
                ],
                'ordering': ['-at', '-id'],
                'verbose_name': 'revealed SSN',
            }),
            migrations.CreateModel(name='Release', fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('signed', 'Signed on the screen'), ('typed', 'Signed with a typed name'), ('uploaded', 'Uploaded document'), ('verbal', 'Verbal'), ('refused', 'Refused')], max_length=10)),
                ('signed_by', models.CharField(choices=[('client', 'Client'), ('guardian', 'Parent or guardian')], db_default='client', default='client', max_length=10)),
                ('guardian_name', models.TextField(blank=True, verbose_name='name of the parent or guardian')),
                ('answered_on', models.DateField(default=django.utils.timezone.localdate, verbose_name='date of the answer')),
                ('begins_on', models.DateField(default=django.utils.timezone.localdate, verbose_name='begins on')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='ends on')),
                ('text_hash', models.CharField(blank=True, editable=False, max_length=64)),
                ('date_created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('revoked_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='revoked')),
                ('revoked_reason', models.CharField(blank=True, choices=[('client', 'The client revoked it'), ('guardian', 'The parent or guardian revoked it'), ('merge', 'Decided after a merge'), ('mistake', 'Recorded by mistake')], editable=False, max_length=10, verbose_name='reason')),
                ('undecided', models.BooleanField(db_default=False, default=False, editable=False)),
                ('replaced_on', models.DateField(blank=True, editable=False, null=True)),
                ('excludes', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, db_default=[], default=list, editable=False, size=None)),
                ('client', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='clients.client')),
                ('covers', models.ForeignKey(blank=True, db_index=False, help_text='Leave it empty for every organization.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.organization', verbose_name='organization')),
                ('created_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.organization')),
                ('revoked_by', models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('witness', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ], options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('kind__in', ['signed', 'typed', 'uploaded', 'verbal', 'refused'])), name='release_kind_is_known', violation_error_message='Choose how the client answered.'),
                    models.CheckConstraint(condition=models.Q(('ends_on', None), ('ends_on__gte', models.F('begins_on')), _connector='OR'), name='release_ends_after_start', violation_error_message='A release cannot end before it begins.'),
                    models.CheckConstraint(condition=models.Q(('begins_on__gte', models.F('answered_on'))), name='release_begins_with_its_answer', violation_error_message='A release cannot begin before the client has answered.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('kind', 'refused'), _negated=True), models.Q(('begins_on', models.F('answered_on')), ('ends_on', None)), _connector='OR'), name='release_refused_has_no_term', violation_error_message='A refusal counts from its day until another answer.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['signed', 'typed']), ('text_hash__regex', '^[0-9a-f]{64}$')), models.Q(('kind__in', ['uploaded', 'verbal', 'refused']), ('text_hash', '')), _connector='OR'), name='release_text_is_signed', violation_error_message='What is signed here has a text, and nothing else has one.'),
                    models.CheckConstraint(condition=models.Q(('signed_by__in', ['client', 'guardian'])), name='release_signed_by_is_known', violation_error_message='Choose who signed: the client, or a parent or guardian.'),
                    models.CheckConstraint(condition=models.Q(('signed_by', 'guardian'), ('guardian_name', ''), _connector='OR'), name='release_guardian_signs', violation_error_message='Name a parent or guardian only where one signed.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('revoked_at', None), ('revoked_by', None), ('revoked_reason', '')), models.Q(('revoked_at__isnull', False), ('revoked_by__isnull', False), ('revoked_reason__in', ['client', 'guardian', 'merge', 'mistake'])), _connector='OR'), name='release_revoked_by_somebody', violation_error_message='What is revoked has a reason, a user and a moment.'),
                    models.CheckConstraint(condition=models.Q(('ends_on', None), ('ends_on__lte', django.db.models.expressions.CombinedExpression(models.F('begins_on'), '+', models.Value(datetime.timedelta(days=3653)))), _connector='OR'), name='release_lasts_ten_years', violation_error_message='A release lasts at most ten years.'),
                ],
                'indexes': [
                    models.Index(condition=models.Q(('revoked_at', None), ('undecided', False), models.Q(('kind', 'refused'), _negated=True)), fields=['client'], name='release_in_force'),
                    models.Index(models.F('client'), models.OrderBy(models.F('answered_on'), descending=True), name='release_of_client'),
                    models.Index(fields=['date_created'], name='release_together'),
                    models.Index(condition=models.Q(('revoked_at', None), ('undecided', False), models.Q(('kind', 'refused'), _negated=True), ('replaced_on', None)), fields=['ends_on'], name='release_ending'),
                    models.Index(condition=models.Q(('replaced_on', None), ('revoked_at', None), ('undecided', True)), fields=['client'], name='release_undecided'),
                    models.Index(condition=models.Q(('revoked_at', None), ('undecided', False), models.Q(('kind', 'refused'), _negated=True), ('replaced_on__isnull', False), ('signed_by', 'guardian')), fields=['replaced_on'], name='release_cut_short'),
                ],
                'ordering': ['-answered_on', '-pk'],
                'verbose_name': 'release of information',
                'verbose_name_plural': 'releases of information',
            }),
            History('Release', exclude=['replaced_on', 'excludes'], by_time=True),
            pgtrigger.migrations.AddTrigger(model_name='alert', trigger=pgtrigger.compiler.Trigger(name='follows_merge', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE survivor bigint;', func='\n    SELECT merged_into_id INTO survivor FROM clients_client WHERE id = NEW.client_id FOR KEY SHARE;\n    IF survivor IS NOT NULL THEN\n        NEW.client_id = survivor;\n    END IF;\n    RETURN NEW;\n', hash='7402dddc0531023e3026cb2a99506628b01f1632', operation='INSERT', pgid='pgtrigger_follows_merge_24eb8', table='clients_alert', when='BEFORE'))),
            pgtrigger.migrations.AddTrigger(model_name='client', trigger=pgtrigger.compiler.Trigger(name='keeps_name_forms', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF TG_OP = 'UPDATE' THEN\n        IF OLD.name_forms = NEW.name_forms THEN\n            RETURN NULL;\n        END IF;\n        DELETE FROM clients_nameform WHERE client_id = NEW.id AND alias_id IS NULL;\n    END IF;\n    INSERT INTO clients_nameform (client_id, alias_id, first_key, last_key)\n        SELECT NEW.id, NULL, split_part(form, E'\\t', 1), split_part(form, E'\\t', 2)\n        FROM unnest(string_to_array(NEW.name_forms, E'\\n')) AS form WHERE form <> '';\n    RETURN NULL;\n", hash='a12a9c06b637a439c4d99859705e80b4f2d46f70', operation='INSERT OR UPDATE OF "name_forms"', pgid='pgtrigger_keeps_name_forms_acbc3', table='clients_client', when='AFTER'))),
            pgtrigger.migrations.AddTrigger(model_name='client', trigger=pgtrigger.compiler.Trigger(name='keeps_marks', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (NEW.breaks <> '{}')", func="\n    IF NEW.breaks @> ARRAY['client_has_a_name']::varchar[] AND (\n        NOT OLD.breaks @> ARRAY['client_has_a_name']::varchar[] OR ROW(NEW.first_name, NEW.last_name, NEW.name_data_quality) IS DISTINCT FROM ROW(OLD.first_name, OLD.last_name, OLD.name_data_quality)\n    ) THEN\n        NEW.breaks = array_remove(NEW.breaks, 'client_has_a_name');\n    END IF;\n\n    IF NEW.breaks @> ARRAY['client_ssn_quality_fits']::varchar[] AND (\n        NOT OLD.breaks @> ARRAY['client_ssn_quality_fits']::varchar[] OR ROW((NEW.ssn = ''), NEW.ssn_data_quality) IS DISTINCT FROM ROW((OLD.ssn = ''), OLD.ssn_data_quality)\n    ) THEN\n        NEW.breaks = array_remove(NEW.breaks, 'client_ssn_quality_fits');\n    END IF;\n\n    IF NEW.breaks @> ARRAY['client_dob_quality_fits']::varchar[] AND (\n        NOT OLD.breaks @> ARRAY['client_dob_quality_fits']::varchar[] OR ROW(NEW.dob, NEW.dob_data_quality) IS DISTINCT FROM ROW(OLD.dob, OLD.dob_data_quality)\n    ) THEN\n        NEW.breaks = array_remove(NEW.breaks, 'client_dob_quality_fits');\n    END IF;\n\n    IF NEW.breaks @> ARRAY['client_race_or_reason']::varchar[] AND (\n        NOT OLD.breaks @> ARRAY['client_race_or_reason']::varchar[] OR ROW(NEW.am_ind_ak_native, NEW.asian, NEW.black_af_american, NEW.hispanic_latinao, NEW.mid_east_n_african, NEW.native_hi_pacific, NEW.race_none, NEW.white) IS DISTINCT FROM ROW(OLD.am_ind_ak_native, OLD.asian, OLD.black_af_american, OLD.hispanic_latinao, OLD.mid_east_n_african, OLD.native_hi_pacific, OLD.race_none, OLD.white)\n    ) THEN\n        NEW.breaks = array_remove(NEW.breaks, 'client_race_or_reason');\n    END IF;\n\n    IF NEW.breaks @> ARRAY['client_served_before_separated']::varchar[] AND (\n        NOT OLD.breaks @> ARRAY['client_served_before_separated']::varchar[] OR ROW(NEW.year_entered_service, NEW.year_separated) IS DISTINCT FROM ROW(OLD.year_entered_service, OLD.year_separated)\n    ) THEN\n        NEW.breaks = array_remove(NEW.breaks, 'client_served_before_separated');\n    END IF;\n    RETURN NEW;", hash='e49ace66c3a01aacc87dfbf518bf5ca262de8347', operation='UPDATE', pgid='pgtrigger_keeps_marks_2d34f', table='clients_client', when='BEFORE'))),
            pgtrigger.migrations.AddTrigger(model_name='client', trigger=pgtrigger.compiler.Trigger(name='keeps_organization_of_pairs', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."organization_id" IS DISTINCT FROM (NEW."organization_id"))', func='\n    UPDATE clients_possibleduplicate SET organization_1_id = NEW.organization_id\n        WHERE client_1_id = NEW.id;\n    UPDATE clients_possibleduplicate SET organization_2_id = NEW.organization_id\n        WHERE client_2_id = NEW.id;\n    RETURN NULL;\n', hash='a0ec9394ef4d28272935b7af0cff63eba0daacd6', operation='UPDATE OF "organization_id"', pgid='pgtrigger_keeps_organization_of_pairs_eabc9', table='clients_client', when='AFTER'))),
            pgtrigger.migrations.AddTrigger(model_name='client', trigger=pgtrigger.compiler.Trigger(name='guardians_until_18', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."dob" IS DISTINCT FROM (NEW."dob"))', func="\n    UPDATE clients_release SET undecided = undecided\n    WHERE client_id = NEW.id AND signed_by = 'guardian';\n    RETURN NULL;\n", hash='ba3dae46ae9d958ded909f47b0f86974ecfe44e3', operation='UPDATE OF "dob"', pgid='pgtrigger_guardians_until_18_80023', table='clients_client', when='AFTER'))),
            pgtrigger.migrations.AddTrigger(model_name='clientaccess', trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='996a457c52c83458fb1b5404c070253a0268ac6e', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_b8383', table='clients_clientaccess', when='BEFORE'))),
            pgtrigger.migrations.AddTrigger(model_name='clientaccess', trigger=pgtrigger.compiler.Trigger(name='not_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'Rows of % are only ever added', TG_TABLE_NAME;", hash='571a1a3345492a2ae30c9114dae2f92b92b75185', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_not_truncated_4fcbf', table='clients_clientaccess', when='BEFORE'))),
            pgtrigger.migrations.AddTrigger(model_name='clientalias', trigger=pgtrigger.compiler.Trigger(name='keeps_name_forms', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF TG_OP = 'UPDATE' THEN\n        IF OLD.name_forms = NEW.name_forms THEN\n            UPDATE clients_nameform SET client_id = NEW.client_id\n                WHERE alias_id = NEW.id AND client_id <> NEW.client_id;\n            RETURN NULL;\n        END IF;\n        DELETE FROM clients_nameform WHERE alias_id = NEW.id;\n    END IF;\n    INSERT INTO clients_nameform (client_id, alias_id, first_key, last_key)\n        SELECT NEW.client_id, NEW.id, split_part(form, E'\\t', 1), split_part(form, E'\\t', 2)\n        FROM unnest(string_to_array(NEW.name_forms, E'\\n')) AS form WHERE form <> '';\n    RETURN NULL;\n", hash='1c25483445f3577d55efa55c5eeadb5f1e1d2308', operation='INSERT OR UPDATE OF "name_forms", "client_id"', pgid='pgtrigger_keeps_name_forms_41268', table='clients_clientalias', when='AFTER'))),
            pgtrigger.migrations.AddTrigger(model_name='clientmerge', trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='7161b83bd484b2102f853e37f32c0182220c3b48', operation='DELETE', pgid='pgtrigger_never_deleted_99261', table='clients_clientmerge', when='BEFORE'))),
            pgtrigger.migrations.AddTrigger(model_name='formdraft', trigger=pgtrigger.compiler.Trigger(name='follows_merge', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE survivor bigint;', func='\n    SELECT merged_into_id INTO survivor FROM clients_client WHERE id = NEW.client_id FOR KEY SHARE;\n    IF survivor IS NOT NULL THEN\n        NEW.client_id = survivor;\n    END IF;\n    RETURN NEW;\n', hash='dc9bbda63889373e955fb6d538f2a1fcca1871a1', operation='INSERT', pgid='pgtrigger_follows_merge_360f3', table='clients_formdraft', when='BEFORE'))),
            pgtrigger.migrations.AddTrigger(model_name='interestedother', trigger=pgtrigger.compiler.Trigger(name='follows_merge', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE survivor bigint;', func='\n    SELECT merged_into_id INTO survivor FROM clients_client WHERE id = NEW.client_id FOR KEY SHARE;\n    IF survivor IS NOT NULL THEN\n        NEW.client_id = survivor;\n    END IF;\n    RETURN NEW;\n', hash='8a90453494af690fa7e4b0dfc0bf27203a64fef9', operation='INSERT', pgid='pgtrigger_follows_merge_b1a95', table='clients_interestedother', when='BEFORE'))),
            pgtrigger.migrations.AddTrigger(model_name='possibleduplicate', trigger=pgtrigger.compiler.Trigger(name='organizations_of_new_pair', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n    SELECT organization_id INTO NEW.organization_1_id\n        FROM clients_client WHERE id = NEW.client_1_id;\n    SELECT organization_id INTO NEW.organization_2_id\n        FROM clients_client WHERE id = NEW.client_2_id;\n    RETURN NEW;\n', hash='355f3d24043f75a9e8ade1d7ba30dcd08fbe0500', operation='INSERT', pgid='pgtrigger_organizations_of_new_pair_cd5c9', table='clients_possibleduplicate', when='BEFORE'))),
            pgtrigger.migrations.AddTrigger(model_name='ssnreveal', trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='636e187b5daf02169a2b285b4a70626aa19a656d', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_2eef5', table='clients_ssnreveal', when='BEFORE'))),
            pgtrigger.migrations.AddTrigger(model_name='ssnreveal', trigger=pgtrigger.compiler.Trigger(name='not_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'Rows of % are only ever added', TG_TABLE_NAME;", hash='dfae830a65adc3fe9612bc8f8bce01bb987d2d3a', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_not_truncated_fea6e', table='clients_ssnreveal', when='BEFORE'))),
            pgtrigger.migrations.AddTrigger(model_name='release', trigger=pgtrigger.compiler.Trigger(name='follows_merge', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE survivor bigint;', func='\n    SELECT merged_into_id INTO survivor FROM clients_client WHERE id = NEW.client_id FOR KEY SHARE;\n    IF survivor IS NOT NULL THEN\n        NEW.client_id = survivor;\n    END IF;\n    RETURN NEW;\n', hash='21207eddc9da81020e838c23583280fea369aeb9', operation='INSERT', pgid='pgtrigger_follows_merge_899fd', table='clients_release', when='BEFORE'))),
            pgtrigger.migrations.AddTrigger(model_name='release', trigger=pgtrigger.compiler.Trigger(name='latest_counts', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    PERFORM 1 FROM clients_client WHERE id = NEW.client_id FOR NO KEY UPDATE;\n    UPDATE clients_release answer SET\n        replaced_on = LEAST(CASE\n            WHEN answer.signed_by = 'guardian' AND answer.kind <> 'refused'\n                AND COALESCE(answer.ends_on, 'infinity') >= adult.since THEN adult.since\n        END, (\n            SELECT min(later.begins_on) FROM clients_release later\n            WHERE later.client_id = answer.client_id AND later.revoked_reason <> 'mistake'\n                AND NOT later.undecided\n                AND (later.answered_on, later.id) > (answer.answered_on, answer.id)\n                AND (later.covers_id IS NOT DISTINCT FROM answer.covers_id\n                    OR (later.kind = 'refused' AND later.covers_id IS NULL))\n        )),\n        excludes = COALESCE((\n            SELECT array_agg(DISTINCT refusal.covers_id) FROM clients_release refusal\n            WHERE refusal.client_id = answer.client_id AND refusal.revoked_reason <> 'mistake'\n                AND refusal.kind = 'refused' AND refusal.covers_id IS NOT NULL\n                AND answer.covers_id IS NULL AND answer.kind <> 'refused'\n                AND ((refusal.answered_on, refusal.id) > (answer.answered_on, answer.id)\n                    OR NOT EXISTS (\n                        SELECT FROM clients_release later\n                        WHERE later.client_id = refusal.client_id\n                            AND later.covers_id = refusal.covers_id\n                            AND later.revoked_reason <> 'mistake' AND NOT later.undecided\n                            AND (later.answered_on, later.id) > (refusal.answered_on, refusal.id)\n                    ))\n        ), '{}')\n    FROM clients_client client, LATERAL (\n        SELECT (dob + interval '18 years')::date + CASE\n            WHEN extract(day FROM dob) > extract(day FROM dob + interval '18 years') THEN 1 ELSE 0\n        END AS since FROM (SELECT client.dob) born\n    ) adult\n    WHERE answer.client_id IN (NEW.client_id, OLD.client_id) AND client.id = answer.client_id;\n    RETURN NULL;\n", hash='71380421f66f786bfa2a14a9424087cda051377d', operation='INSERT OR UPDATE OF "client_id", "revoked_reason", "undecided"', pgid='pgtrigger_latest_counts_75cfb', table='clients_release', when='AFTER'))),
            pgtrigger.migrations.AddTrigger(model_name='release', trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='8b33043b0f2c0b34e3b2accaf3e824004754fda6', operation='DELETE', pgid='pgtrigger_never_deleted_23e99', table='clients_release', when='BEFORE'))),
            pgtrigger.migrations.AddTrigger(model_name='release', trigger=pgtrigger.compiler.Trigger(name='never_edited', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."organization_id" IS DISTINCT FROM (NEW."organization_id") OR OLD."covers_id" IS DISTINCT FROM (NEW."covers_id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."signed_by" IS DISTINCT FROM (NEW."signed_by") OR OLD."witness_id" IS DISTINCT FROM (NEW."witness_id") OR OLD."answered_on" IS DISTINCT FROM (NEW."answered_on") OR OLD."begins_on" IS DISTINCT FROM (NEW."begins_on") OR OLD."ends_on" IS DISTINCT FROM (NEW."ends_on") OR OLD."text_hash" IS DISTINCT FROM (NEW."text_hash") OR OLD."date_created" IS DISTINCT FROM (NEW."date_created") OR OLD."created_by_id" IS DISTINCT FROM (NEW."created_by_id"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='1047ac2584874d738434f12bea791d88db0b8b7a', operation='UPDATE', pgid='pgtrigger_never_edited_b12f5', table='clients_release', when='BEFORE'))),
        ]),
        *(
            migrations.RunSQL(STATISTICS.format(table, 1000, 1000), STATISTICS.format(table, -1, -1))
            for table in TABLES
        ),
        migrations.RunSQL(ANALYZE, "DROP FUNCTION clients_analyze()"),
    ]
