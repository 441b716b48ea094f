import datetime
import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import BtreeGistExtension, CreateExtension, TrigramExtension, UnaccentExtension
from django.db import migrations, models
from django.db.models import CASCADE, PROTECT, CheckConstraint, F, Func, Index, Q, UniqueConstraint, Value, functions
from django.db.models.expressions import CombinedExpression
from django.utils import timezone

from records.migrations._at_once import AtOnce
from records.migrations._choices import NO_ANSWER, YES_NO
from records.migrations._fields import KeyHash, UniqueKeyField
from records.migrations._history import History
from records.migrations._tables import USER, Key, Record, Silent, Table, answer, breaks, deleted_newest, each
from records.migrations._triggers import APPEND_ONLY, FOLLOWS_MERGE, NEVER_DELETED, NEVER_EDITED, NOT_TRUNCATED, changed

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
KEEPS_FORMS_OF_CLIENT = """
    IF TG_OP = 'UPDATE' THEN
        IF OLD.name_forms = NEW.name_forms THEN
            RETURN NULL;
        END IF;
        DELETE FROM clients_nameform WHERE client_id = NEW.id AND alias_id IS NULL;
    END IF;
    INSERT INTO clients_nameform (client_id, alias_id, first_key, last_key)
        SELECT NEW.id, NULL, split_part(form, E'\\t', 1), split_part(form, E'\\t', 2)
        FROM unnest(string_to_array(NEW.name_forms, E'\\n')) AS form WHERE form <> '';
    RETURN NULL;
"""
KEEPS_ORGANIZATION_OF_PAIRS = """
    UPDATE clients_possibleduplicate SET organization_1_id = NEW.organization_id
        WHERE client_1_id = NEW.id;
    UPDATE clients_possibleduplicate SET organization_2_id = NEW.organization_id
        WHERE client_2_id = NEW.id;
    RETURN NULL;
"""
GUARDIANS_UNTIL_18 = """
    UPDATE clients_release SET undecided = undecided
    WHERE client_id = NEW.id AND signed_by = 'guardian';
    RETURN NULL;
"""
KEEPS_FORMS_OF_ALIAS = """
    IF TG_OP = 'UPDATE' THEN
        IF OLD.name_forms = NEW.name_forms THEN
            UPDATE clients_nameform SET client_id = NEW.client_id
                WHERE alias_id = NEW.id AND client_id <> NEW.client_id;
            RETURN NULL;
        END IF;
        DELETE FROM clients_nameform WHERE alias_id = NEW.id;
    END IF;
    INSERT INTO clients_nameform (client_id, alias_id, first_key, last_key)
        SELECT NEW.client_id, NEW.id, split_part(form, E'\\t', 1), split_part(form, E'\\t', 2)
        FROM unnest(string_to_array(NEW.name_forms, E'\\n')) AS form WHERE form <> '';
    RETURN NULL;
"""
ORGANIZATIONS_OF_NEW_PAIR = """
    SELECT organization_id INTO NEW.organization_1_id
        FROM clients_client WHERE id = NEW.client_1_id;
    SELECT organization_id INTO NEW.organization_2_id
        FROM clients_client WHERE id = NEW.client_2_id;
    RETURN NEW;
"""
LATEST_COUNTS = """
    PERFORM 1 FROM clients_client WHERE id = NEW.client_id FOR NO KEY UPDATE;
    UPDATE clients_release answer SET
        replaced_on = LEAST(CASE
            WHEN answer.signed_by = 'guardian' AND answer.kind <> 'refused'
                AND COALESCE(answer.ends_on, 'infinity') >= adult.since THEN adult.since
        END, (
            SELECT min(later.begins_on) FROM clients_release later
            WHERE later.client_id = answer.client_id AND later.revoked_reason <> 'mistake'
                AND NOT later.undecided
                AND (later.answered_on, later.id) > (answer.answered_on, answer.id)
                AND (later.covers_id IS NOT DISTINCT FROM answer.covers_id
                    OR (later.kind = 'refused' AND later.covers_id IS NULL))
        )),
        excludes = COALESCE((
            SELECT array_agg(DISTINCT refusal.covers_id) FROM clients_release refusal
            WHERE refusal.client_id = answer.client_id AND refusal.revoked_reason <> 'mistake'
                AND refusal.kind = 'refused' AND refusal.covers_id IS NOT NULL
                AND answer.covers_id IS NULL AND answer.kind <> 'refused'
                AND ((refusal.answered_on, refusal.id) > (answer.answered_on, answer.id)
                    OR NOT EXISTS (
                        SELECT FROM clients_release later
                        WHERE later.client_id = refusal.client_id
                            AND later.covers_id = refusal.covers_id
                            AND later.revoked_reason <> 'mistake' AND NOT later.undecided
                            AND (later.answered_on, later.id) > (refusal.answered_on, refusal.id)
                    ))
        ), '{}')
    FROM clients_client client, LATERAL (
        SELECT (dob + interval '18 years')::date + CASE
            WHEN extract(day FROM dob) > extract(day FROM dob + interval '18 years') THEN 1 ELSE 0
        END AS since FROM (SELECT client.dob) born
    ) adult
    WHERE answer.client_id IN (NEW.client_id, OLD.client_id) AND client.id = answer.client_id;
    RETURN NULL;
"""


class Migration(migrations.Migration):
    """PostgreSQL's contrib modules; all are trusted, so that a database's owner may add them."""

    initial = True

    dependencies = [('agencies', '0001_tables')]

    operations = [
        TrigramExtension(),
        CreateExtension("fuzzystrmatch"),
        BtreeGistExtension(),
        UnaccentExtension(),
        AtOnce([
            Record('Alert', [
                ('text', models.CharField(verbose_name='alert', max_length=200)),
                ('begins_on', models.DateField(verbose_name='begins on', default=timezone.localdate)),
                ('ends_on', models.DateField(verbose_name='ends on', blank=True, null=True)),
                ('client', Key('clients.client', PROTECT, editable=False, related_name='%(class)ss')),
            ], constraints=[
                CheckConstraint(name='alert_ends_after_begin', condition=Q(ends_on=None) | Q(ends_on__gte=F('begins_on')), violation_error_message='The alert cannot end before it begins.'),
            ], indexes=[deleted_newest('alert_deleted_newest')], triggers=[FOLLOWS_MERGE], ordering=['-begins_on', '-pk']),
            Record('Client', [
                ('email', models.EmailField(verbose_name='e-mail', max_length=254, blank=True)),
                *each(models.CharField(max_length=100, blank=True), 'additional_race_ethnicity', address1='address', address2='address, line 2'),
                *each(models.CharField(max_length=50, blank=True), 'city', 'first_name', 'last_name', 'middle_name', name_suffix='suffix'),
                ('state', models.CharField(max_length=2, blank=True)),
                ('zip', models.CharField(verbose_name='ZIP code', max_length=10, blank=True)),
                *each(models.CharField(max_length=200, default='', editable=False, db_collation='C'), 'first_key', 'last_key', 'last_part_key'),
                ('name_forms', models.CharField(max_length=10000, default='', db_default='', editable=False, db_collation='C')),
                ('personal_id', UniqueKeyField(max_length=32, editable=False)),
                ('name_data_quality', models.PositiveSmallIntegerField(default=99, choices=[(1, 'Full name reported'), (2, 'Partial, street name, or code name reported'), NO_ANSWER])),
                ('ssn', models.TextField(verbose_name='SSN', blank=True)),
                *each(models.CharField(max_length=64, default='', editable=False), 'ssn_hash', 'ssn_last4_hash'),
                ('ssn_shape', models.CharField(max_length=10, default='', db_default='', editable=False)),
                ('ssn_data_quality', models.PositiveSmallIntegerField(verbose_name='SSN data quality', default=99, choices=[(1, 'Full SSN reported'), (2, 'Approximate or partial SSN reported'), NO_ANSWER])),
                ('dob', models.DateField(verbose_name='date of birth', blank=True, null=True)),
                ('dob_data_quality', models.PositiveSmallIntegerField(verbose_name='date of birth data quality', default=99, choices=[(1, 'Full DOB reported'), (2, 'Approximate or partial DOB reported'), NO_ANSWER])),
                ('sex', models.PositiveSmallIntegerField(default=99, choices=[(0, 'Female'), (1, 'Male'), NO_ANSWER])),
                *each(models.BooleanField(default=False),
                    'am_ind_ak_native', 'asian', 'black_af_american', 'hispanic_latinao', 'mid_east_n_african', 'native_hi_pacific', 'white',
                ),
                ('race_none', answer([(8, "Client doesn't know"), (9, 'Client prefers not to answer'), (99, 'Data not collected')])),
                ('veteran_status', models.PositiveSmallIntegerField(default=99, editable=False, choices=YES_NO)),
                ('phone', models.CharField(max_length=40, blank=True)),
                ('photo_token', models.CharField(max_length=32, blank=True, editable=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('erased_at', models.DateTimeField(blank=True, null=True, editable=False)),
                ('merged_into', Key('clients.client', PROTECT, blank=True, null=True, editable=False, related_name='merged_clients', db_index=False)),
                breaks(),
                *each(answer(YES_NO),
                    afghanistan_oef='Theater of Operations: Afghanistan (Operation Enduring Freedom)',
                    desert_storm='Theater of Operations: Persian Gulf War (Desert Storm)',
                    iraq_oif='Theater of Operations: Iraq (Operation Iraqi Freedom)', iraq_ond='Theater of Operations: Iraq (Operation New Dawn)',
                    korean_war='Theater of Operations: Korean War',
                    other_theater='Theater of Operations: Other Peace-keeping Operations or Military Interventions',
                    vietnam_war='Theater of Operations: Vietnam War', world_war_ii='Theater of Operations: World War II',
                ),
                ('discharge_status', answer([(1, 'Honorable'), (2, 'General under honorable conditions'), (4, 'Bad conduct'), (5, 'Dishonorable'), (6, 'Under other than honorable conditions (OTH)'), (7, 'Uncharacterized'), NO_ANSWER], 'Discharge Status')),
                ('military_branch', answer([(1, 'Army'), (2, 'Air Force'), (3, 'Navy'), (4, 'Marines'), (6, 'Coast Guard'), (7, 'Space Force'), NO_ANSWER], 'Branch of the Military')),
                *each(models.PositiveSmallIntegerField(blank=True, null=True),
                    year_entered_service='Year Entered Military Service', year_separated='Year Separated from Military Service',
                ),
            ], constraints=[
                CheckConstraint(name='client_name_quality_fits', condition=Q(name_data_quality__in=[1, 2, 8, 9, 99]), violation_error_message='Choose one of the listed name data qualities.'),
                CheckConstraint(name='client_ssn_shape_is_known', condition=Q(ssn_shape__in=['', 'whole', 'part', 'impossible']), violation_error_message='The shape of an SSN is one of those that are known.'),
                CheckConstraint(name='client_sex_is_known', condition=Q(sex__in=[0, 1, 8, 9, 99]), violation_error_message='Choose one of the listed answers for sex.'),
                CheckConstraint(name='client_erased_is_deleted', condition=Q(erased_at=None) | Q(date_deleted__isnull=False), violation_error_message='This record was erased and cannot be restored.'),
                CheckConstraint(name='client_erased_has_no_identity', condition=Q(erased_at=None) | Q(additional_race_ethnicity='', address1='', address2='', city='', email='', first_name='', last_name='', middle_name='', name_forms='', name_suffix='', phone='', photo_token='', ssn='', ssn_hash='', ssn_last4_hash='', state='', zip=''), violation_error_message='This record was erased: nothing is written to it.'),
                CheckConstraint(name='client_not_merged_into_itself', condition=Q(merged_into=None) | ~Q(merged_into=F('id')), violation_error_message='A client cannot be merged into itself.'),
                CheckConstraint(name='client_has_a_name', condition=~Q(first_name='', last_name='') | Q(name_data_quality__in=[8, 9, 99]) | Q(breaks__contains=['client_has_a_name']), violation_error_message='Enter a first or last name, or choose in Name Data Quality why there is none.'),
                CheckConstraint(name='client_ssn_quality_fits', condition=Q(ssn='', ssn_data_quality__in=[8, 9, 99]) | Q(~Q(ssn=''), ssn_data_quality__in=[1, 2]) | Q(breaks__contains=['client_ssn_quality_fits']), violation_error_message='An SSN is full or partial; without one, say why it is missing.'),
                CheckConstraint(name='client_dob_quality_fits', condition=Q(dob=None, dob_data_quality__in=[8, 9, 99]) | Q(dob__isnull=False, dob_data_quality__in=[1, 2]) | Q(breaks__contains=['client_dob_quality_fits']), violation_error_message='A date of birth is full or approximate; without one, say why it is missing.'),
                CheckConstraint(name='client_race_or_reason', condition=Q(race_none=None) | Q(am_ind_ak_native=False, asian=False, black_af_american=False, hispanic_latinao=False, mid_east_n_african=False, native_hi_pacific=False, race_none__in=[8, 9, 99], white=False) | Q(breaks__contains=['client_race_or_reason']), violation_error_message='Choose races and ethnicities, or the reason that there is none; not both.'),
                CheckConstraint(name='client_served_before_separated', condition=Q(year_entered_service=None) | Q(year_separated=None) | Q(year_separated__gte=F('year_entered_service')) | Q(breaks__contains=['client_served_before_separated']), violation_error_message='Enter a year of separation that is not before the entry.'),
                UniqueConstraint(KeyHash('personal_id'), name='person_key_once', violation_error_message='Another row has this key.'),
            ], indexes=[
                Index(functions.Left('last_key', 1), 'first_key', 'last_key', name='client_last1_first'),
                Index(functions.Left('last_key', 2), 'first_key', 'last_key', name='client_last2_first'),
                Index(functions.Left('last_key', 3), 'first_key', 'last_key', name='client_last3_first'),
                Index(name='client_last_first', fields=['last_key', 'first_key']),
                Index(name='client_first_last', fields=['first_key', 'last_key']),
                Index(name='client_ssn', fields=['ssn_hash'], condition=~Q(ssn_hash='')),
                Index(name='client_last4_name', fields=['ssn_last4_hash', 'last_key', 'first_key'], condition=~Q(ssn_last4_hash='')),
                Index(name='client_dob_name', fields=['dob', 'last_key', 'first_key']),
                Index(functions.ExtractYear('dob'), 'last_key', 'first_key', name='client_birth_year_name', condition=Q(dob__isnull=False)),
                Index(functions.ExtractYear('dob'), 'last_key', 'first_key', name='client_rough_dob_name', condition=Q(dob_data_quality=2)),
                Index('organization', F('id').desc(), name='client_of_organization'),
                Index(name='client_merged_into', fields=['merged_into'], condition=~Q(merged_into=None)),
            ], triggers=[
                {'name': 'keeps_name_forms', 'operation': 'INSERT OR UPDATE OF "name_forms"', 'func': KEEPS_FORMS_OF_CLIENT},
                {'name': 'keeps_organization_of_pairs', 'operation': 'UPDATE OF "organization_id"', 'condition': changed('organization_id'), 'func': KEEPS_ORGANIZATION_OF_PAIRS},
                {'name': 'guardians_until_18', 'operation': 'UPDATE OF "dob"', 'condition': changed('dob'), 'func': GUARDIANS_UNTIL_18},
            ]),
            History('Alert'),
            Table('ClientAccess', [
                ('listed', ArrayField(verbose_name='Client IDs on the list', blank=True, null=True, base_field=models.BigIntegerField())),
                ('kind', models.CharField(max_length=10, default='view', choices=[('view', 'Viewed'), ('change', 'Opened for change'), ('ssn', 'Revealed SSN'), ('list', 'Listed'), ('copy', 'Made a copy of the record'), ('export', 'Exported'), ('refused', 'Refused'), ('emergency', 'Opened in an emergency')])),
                ('page', models.CharField(max_length=60)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('request_id', models.CharField(verbose_name='request ID', max_length=36, blank=True, default='', db_default='')),
                ('client', Key('clients.client', PROTECT, blank=True, null=True, related_name='accesses', db_index=False)),
                ('organization', Silent('agencies.organization')),
                ('user', Silent(USER)),
            ], constraints=[
                CheckConstraint(name='access_kind_is_known', condition=Q(kind__in=['view', 'change', 'ssn', 'list', 'copy', 'export', 'refused', 'emergency']), violation_error_message='Choose a kind of access.'),
                CheckConstraint(name='access_to_one_or_to_a_list', condition=Q(client__isnull=False, listed__isnull=True) | (Q(client__isnull=True) & Q(listed__isnull=False) & ~Q(listed=[])), violation_error_message='Name one client, or those on the list.'),
            ], indexes=[
                Index(name='access_by_client', fields=['client', '-at']),
                Index(name='access_by_user', fields=['user', '-at']),
                Index(name='access_of_organization', fields=['organization', '-at', '-id']),
                Index(name='access_newest', fields=['-at', '-id']),
                Index(name='access_revealed_ssn', fields=['organization', '-at', '-id'], condition=Q(kind='ssn')),
                Index(name='access_views_by_user', fields=['user', '-at'], condition=~Q(kind='list')),
                GinIndex(name='access_by_listed', fields=['listed'], condition=Q(listed__isnull=False)),
            ], triggers=[APPEND_ONLY, NOT_TRUNCATED], ordering=['-at', '-id'], verbose_name_plural='client accesses'),
            Table('ClientAlias', [
                *each(models.CharField(max_length=50, blank=True), 'first_name', 'last_name'),
                *each(models.CharField(max_length=200, default='', editable=False, db_collation='C'), 'first_key', 'last_key', 'last_part_key'),
                ('name_forms', models.CharField(max_length=10000, default='', db_default='', editable=False, db_collation='C')),
                ('client', Key('clients.client', CASCADE, related_name='aliases', db_index=False)),
            ], constraints=[
                UniqueConstraint(name='alias_once', fields=['client', 'first_name', 'last_name'], violation_error_message='This alias is listed twice.'),
                CheckConstraint(name='alias_has_a_name', condition=~Q(first_name='', last_name=''), violation_error_message='Enter the first or the last name of the alias.'),
            ], indexes=[
                Index(functions.Left('last_key', 1), 'first_key', 'last_key', name='clientalias_last1_first'),
                Index(functions.Left('last_key', 2), 'first_key', 'last_key', name='clientalias_last2_first'),
                Index(functions.Left('last_key', 3), 'first_key', 'last_key', name='clientalias_last3_first'),
                Index(name='clientalias_last_first', fields=['last_key', 'first_key']),
                Index(name='clientalias_first_last', fields=['first_key', 'last_key']),
            ], triggers=[
                {'name': 'keeps_name_forms', 'operation': 'INSERT OR UPDATE OF "name_forms", "client_id"', 'func': KEEPS_FORMS_OF_ALIAS},
            ], ordering=['pk'], verbose_name_plural='client aliases'),
            History('ClientAlias', exclude=['first_key', 'last_key', 'last_part_key', 'name_forms']),
            History('Client', exclude=['first_key', 'last_key', 'last_part_key', 'name_forms', 'ssn_hash', 'ssn_last4_hash', 'ssn_shape', 'photo_token', 'erased_at'], by_time=True),
            Table('ClientMerge', [
                ('at', models.DateTimeField(default=timezone.now)),
                ('undone_at', models.DateTimeField(blank=True, null=True)),
                ('snapshot', models.JSONField()),
                ('by', Silent(USER)),
                *each(Key('clients.client', PROTECT, related_name='+'), 'merged', 'survivor'),
                ('undone_by', Silent(USER, blank=True, null=True)),
            ], constraints=[
                CheckConstraint(name='merge_of_two_clients', condition=~Q(survivor=F('merged')), violation_error_message='A client cannot be merged into itself.'),
                UniqueConstraint(name='merged_away_once', fields=['merged'], condition=Q(undone_at=None), violation_error_message='This client was merged already.'),
                CheckConstraint(name='merge_undone_by_somebody', condition=Q(undone_at=None, undone_by=None) | Q(undone_at__isnull=False, undone_by__isnull=False), violation_error_message='Say who undid the merge, and when.'),
            ], triggers=[NEVER_DELETED], ordering=['-at', '-pk']),
            History('ClientMerge', exclude=['snapshot']),
            Table('ClientSearch', [
                ('id', models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False, serialize=False)),
                ('at', models.DateTimeField(db_index=True, auto_now_add=True)),
                ('criteria_json', models.TextField()),
                ('is_held', models.BooleanField(default=False, db_default=False)),
                ('user', Key(USER, CASCADE, related_name='+', db_index=False)),
            ], verbose_name_plural='client searches'),
            Record('DuplicateReport', [
                ('comment', models.TextField(max_length=4000)),
                *each(models.DateTimeField(blank=True, null=True, editable=False), 'mailed_at', 'resolved_at'),
                ('resolution', models.CharField(max_length=10, blank=True, editable=False, choices=[('merged', 'Merged'), ('different', 'Different people'), ('withdrawn', 'Withdrawn')])),
                *each(Key('clients.client', PROTECT, related_name='+'), 'client_1', 'client_2'),
                ('resolved_by', Silent(USER, blank=True, null=True, editable=False)),
            ], constraints=[
                CheckConstraint(name='duplicate_report_of_two_clients', condition=~Q(client_1=F('client_2')), violation_error_message='Enter two different client IDs.'),
                CheckConstraint(name='duplicate_report_resolution_is_known', condition=Q(resolution__in=['', 'merged', 'different', 'withdrawn']), violation_error_message='Choose merged, different people or withdrawn.'),
                CheckConstraint(name='duplicate_report_resolved_by_somebody', condition=Q(resolution='', resolved_at=None, resolved_by=None) | Q(~Q(resolution=''), resolved_at__isnull=False, resolved_by__isnull=False), violation_error_message='Say who resolved the report, and when.'),
            ], ordering=['-date_created']),
            History('DuplicateReport', read_by=['client_1', 'client_2']),
            Table('DuplicateSearch', [
                *each(models.DateTimeField(), 'started_at', 'finished_at'),
                ('is_whole', models.BooleanField(verbose_name='all clients')),
                *each(models.PositiveIntegerField(), clients='clients compared', pairs='pairs weighed'),
            ], constraints=[
                CheckConstraint(name='duplicate_search_ends_after_start', condition=Q(finished_at__gte=F('started_at')), violation_error_message='A search cannot end before it starts.'),
            ], ordering=['-started_at'], verbose_name_plural='duplicate searches'),
            Table('EmergencyAccess', [
                ('reason', models.CharField(max_length=20, choices=[('danger', 'Somebody is in danger'), ('medical', 'Medical emergency'), ('missing', 'Missing person'), ('other', 'Another emergency')])),
                ('explanation', models.TextField()),
                ('begins_at', models.DateTimeField(default=timezone.now)),
                ('ends_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('client', Key('clients.client', PROTECT, related_name='+')),
                ('ended_by', Silent(USER, null=True)),
                ('organization', Key('agencies.organization', PROTECT, related_name='+')),
                ('user', Key(USER, PROTECT, related_name='+')),
            ], constraints=[
                CheckConstraint(name='emergency_reason_is_known', condition=Q(reason__in=['danger', 'medical', 'missing', 'other']), violation_error_message='Choose what the emergency is.'),
                CheckConstraint(name='emergency_is_explained', condition=~Q(explanation=''), violation_error_message='Write why this record is needed now.'),
                CheckConstraint(name='emergency_ends_after_begin', condition=Q(ends_at__gt=F('begins_at')), violation_error_message='Emergency access ends after it begins.'),
                CheckConstraint(name='emergency_ended_by_somebody', condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False), violation_error_message='Ending emergency access needs who and when.'),
            ], indexes=[Index(name='emergency_open_to_user', fields=['user', 'ends_at'], condition=Q(ended_at=None))], ordering=['-begins_at', '-id'], verbose_name='emergency access', verbose_name_plural='emergency accesses'),
            History('EmergencyAccess'),
            Table('FormDraft', [
                ('id', models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False, serialize=False)),
                ('page', models.CharField(max_length=200)),
                ('query', models.CharField(max_length=200, blank=True)),
                ('title', models.CharField(max_length=80)),
                ('form_token', models.UUIDField()),
                ('typed_json', models.TextField()),
                ('typed_at', models.BigIntegerField()),
                ('at', models.DateTimeField(db_index=True, auto_now=True)),
                ('client', Key('clients.client', CASCADE, null=True, related_name='+')),
                ('user', Key(USER, CASCADE, related_name='+', db_index=False)),
            ], constraints=[
                UniqueConstraint(name='form_draft_once_a_form', fields=['user', 'form_token'], violation_error_message='What was typed into this form is kept already.'),
            ], indexes=[Index(name='form_draft_user_newest', fields=['user', '-at'])], triggers=[FOLLOWS_MERGE]),
            Table('IdentityChange', [
                ('event', models.BigIntegerField(unique=True, editable=False)),
                ('groups', ArrayField(help_text='What changed: keys of LABELS.', base_field=models.CharField(max_length=20))),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('decision', models.CharField(max_length=10, default='open', choices=[('open', 'To be reviewed'), ('kept', 'Kept'), ('reverted', 'Reverted')])),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('changed_by', Silent(USER)),
                ('changed_for', Silent('agencies.organization')),
                ('client', Key('clients.client', PROTECT, related_name='identity_changes', db_index=False)),
                ('decided_by', Silent(USER, blank=True, null=True)),
            ], constraints=[
                CheckConstraint(name='identity_change_decision_known', condition=Q(decision__in=['open', 'kept', 'reverted']), violation_error_message='Choose one of the listed decisions.'),
                CheckConstraint(name='identity_change_decided_by_somebody', condition=Q(decided_at=None, decided_by=None, decision='open') | Q(~Q(decision='open'), decided_at__isnull=False, decided_by__isnull=False), violation_error_message='Say who reviewed the change, and when.'),
            ], indexes=[
                Index(name='identity_change_of_client', fields=['client', '-at']),
                Index(name='identity_change_open', fields=['-at', '-id'], condition=Q(decision='open')),
            ], ordering=['-at', '-pk']),
            History('IdentityChange'),
            Record('InterestedOther', [
                ('email', models.EmailField(verbose_name='e-mail', max_length=254, blank=True)),
                *each(models.CharField(max_length=100, blank=True), address1='address', address2='address, line 2', relationship='relationship to client'),
                *each(models.CharField(max_length=50, blank=True), 'city', 'first_name', 'last_name'),
                ('state', models.CharField(max_length=2, blank=True)),
                ('zip', models.CharField(verbose_name='ZIP code', max_length=10, blank=True)),
                ('type_description', models.CharField(verbose_name='Type/Description', max_length=100)),
                ('is_aware', models.BooleanField(verbose_name="aware of client's situation", blank=True, null=True)),
                *each(models.CharField(max_length=40, blank=True), 'home_phone', 'work_phone', 'cell_phone'),
                ('client', Key('clients.client', PROTECT, editable=False, related_name='%(class)ss')),
            ], constraints=[
                CheckConstraint(name='interested_other_has_a_type', condition=~Q(type_description=''), violation_error_message='Enter a type or description.'),
            ], indexes=[deleted_newest('other_deleted_newest')], triggers=[FOLLOWS_MERGE], ordering=['last_name', 'first_name', 'pk']),
            History('InterestedOther'),
            Table('NameForm', [
                *each(models.CharField(max_length=200, db_collation='C'), 'first_key', 'last_key'),
                ('alias', Key('clients.clientalias', CASCADE, null=True, related_name='+')),
                ('client', Key('clients.client', CASCADE, related_name='+')),
            ], indexes=[
                Index(functions.Left('last_key', 1), 'first_key', 'last_key', name='nameform_last1_first'),
                Index(functions.Left('last_key', 2), 'first_key', 'last_key', name='nameform_last2_first'),
                Index(functions.Left('last_key', 3), 'first_key', 'last_key', name='nameform_last3_first'),
                Index(name='nameform_last_first', fields=['last_key', 'first_key']),
                Index(name='nameform_first_last', fields=['first_key', 'last_key']),
            ]),
            Table('NameSpelling', [
                *each(models.TextField(db_collation='C'), 'part', 'key'),
                ('deletion_variants', ArrayField(default=list, base_field=models.IntegerField())),
                ('sound', models.GeneratedField(db_persist=True, expression=Func(F('part'), function='dmetaphone', output_field=models.TextField()), output_field=models.TextField())),
            ], constraints=[UniqueConstraint(name='spelling_once', fields=['part', 'key'])], indexes=[
                Index(name='spelling_sound', fields=['sound']),
                GinIndex(name='spelling_deletions', fields=['deletion_variants'], fastupdate=False),
            ]),
            Table('PossibleDuplicate', [
                ('score', models.FloatField(help_text='How likely they are one person, from 0 to 1, as clients.duplicates weighs it.')),
                ('reasons', ArrayField(blank=True, default=list, help_text='What agrees and what does not, in words without the data: Same date of birth.', base_field=models.CharField(max_length=60))),
                ('identity', models.CharField(max_length=32, editable=False, help_text='Keyed hash of what was compared: whether it changed since.')),
                ('found_at', models.DateTimeField(auto_now_add=True)),
                ('decision', models.CharField(max_length=10, default='open', choices=[('open', 'To be decided'), ('different', 'Different people'), ('same', 'Same person')])),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('client_1', Silent('clients.client')),
                ('client_2', Key('clients.client', PROTECT, related_name='+')),
                ('decided_by', Silent(USER, blank=True, null=True)),
                *each(Silent('agencies.organization', null=True, editable=False), 'organization_1', 'organization_2'),
            ], constraints=[
                CheckConstraint(name='possible_duplicate_in_order', condition=Q(client_1__lt=F('client_2')), violation_error_message='Name two different clients, the lower Client ID first.'),
                UniqueConstraint(name='possible_duplicate_once', fields=['client_1', 'client_2'], violation_error_message='These two clients are on the list already.'),
                CheckConstraint(name='possible_duplicate_score_fits', condition=Q(score__gte=0, score__lte=1), violation_error_message='The score is a number from 0 to 1.'),
                CheckConstraint(name='possible_duplicate_decision_is_known', condition=Q(decision__in=['open', 'different', 'same']), violation_error_message='Choose one of the listed decisions.'),
                CheckConstraint(name='possible_duplicate_decided_by_somebody', condition=Q(decided_at=None, decided_by=None, decision='open') | Q(~Q(decision='open'), decided_at__isnull=False, decided_by__isnull=False), violation_error_message='Say who decided about the pair, and when.'),
            ], indexes=[
                Index('decision', F('score').desc(), 'id', name='possible_duplicate_queue'),
                Index('organization_1', 'organization_2', 'decision', F('score').desc(), 'id', name='possible_duplicate_of_officer'),
            ], triggers=[
                {'name': 'organizations_of_new_pair', 'when': 'BEFORE', 'operation': 'INSERT', 'func': ORGANIZATIONS_OF_NEW_PAIR},
            ], ordering=['-score', 'pk']),
            History('PossibleDuplicate', exclude=['organization_1', 'organization_2']),
            Table('SSNReveal', [
                ('reason', models.CharField(max_length=20, choices=[('identity', 'Verify identity at intake'), ('benefits', 'Benefits application'), ('correction', 'Correct the record'), ('other', 'Other')])),
                ('other', models.TextField(verbose_name='other reason', blank=True)),
                ('at', models.DateTimeField(default=timezone.now)),
                ('client', Key('clients.client', PROTECT, related_name='+')),
                ('organization', Silent('agencies.organization')),
                ('user', Silent(USER)),
            ], constraints=[
                CheckConstraint(name='reveal_reason_is_known', condition=Q(reason__in=['identity', 'benefits', 'correction', 'other']), violation_error_message='Choose why the SSN is needed.'),
                CheckConstraint(name='reveal_words_are_of_other', condition=Q(reason='other') | Q(other=''), violation_error_message='Write what it is needed for only with Other.'),
            ], indexes=[Index(name='reveal_of_organization', fields=['organization', '-at', '-id'])], triggers=[APPEND_ONLY, NOT_TRUNCATED], ordering=['-at', '-id'], verbose_name='revealed SSN'),
            Table('Release', [
                ('kind', models.CharField(max_length=10, choices=[('signed', 'Signed on the screen'), ('typed', 'Signed with a typed name'), ('uploaded', 'Uploaded document'), ('verbal', 'Verbal'), ('refused', 'Refused')])),
                ('signed_by', models.CharField(max_length=10, default='client', db_default='client', choices=[('client', 'Client'), ('guardian', 'Parent or guardian')])),
                ('guardian_name', models.TextField(verbose_name='name of the parent or guardian', blank=True)),
                *each(models.DateField(default=timezone.localdate), answered_on='date of the answer', begins_on='begins on'),
                ('ends_on', models.DateField(verbose_name='ends on', blank=True, null=True)),
                ('text_hash', models.CharField(max_length=64, blank=True, editable=False)),
                ('date_created', models.DateTimeField(default=timezone.now, editable=False)),
                ('revoked_at', models.DateTimeField(verbose_name='revoked', blank=True, null=True, editable=False)),
                ('revoked_reason', models.CharField(verbose_name='reason', max_length=10, blank=True, editable=False, choices=[('client', 'The client revoked it'), ('guardian', 'The parent or guardian revoked it'), ('merge', 'Decided after a merge'), ('mistake', 'Recorded by mistake')])),
                ('undecided', models.BooleanField(default=False, db_default=False, editable=False)),
                ('replaced_on', models.DateField(blank=True, null=True, editable=False)),
                ('excludes', ArrayField(blank=True, default=list, db_default=[], editable=False, base_field=models.BigIntegerField())),
                ('client', Key('clients.client', PROTECT, editable=False, related_name='%(class)ss', db_index=False)),
                ('covers', Silent('agencies.organization', verbose_name='organization', blank=True, null=True, help_text='Leave it empty for every organization.')),
                ('created_by', Silent(USER, editable=False)),
                ('organization', Silent('agencies.organization')),
                ('revoked_by', Silent(USER, blank=True, null=True, editable=False)),
                ('witness', Silent(USER)),
            ], constraints=[
                CheckConstraint(name='release_kind_is_known', condition=Q(kind__in=['signed', 'typed', 'uploaded', 'verbal', 'refused']), violation_error_message='Choose how the client answered.'),
                CheckConstraint(name='release_ends_after_start', condition=Q(ends_on=None) | Q(ends_on__gte=F('begins_on')), violation_error_message='A release cannot end before it begins.'),
                CheckConstraint(name='release_begins_with_its_answer', condition=Q(begins_on__gte=F('answered_on')), violation_error_message='A release cannot begin before the client has answered.'),
                CheckConstraint(name='release_refused_has_no_term', condition=~Q(kind='refused') | Q(begins_on=F('answered_on'), ends_on=None), violation_error_message='A refusal counts from its day until another answer.'),
                CheckConstraint(name='release_text_is_signed', condition=Q(kind__in=['signed', 'typed'], text_hash__regex='^[0-9a-f]{64}$') | Q(kind__in=['uploaded', 'verbal', 'refused'], text_hash=''), violation_error_message='What is signed here has a text, and nothing else has one.'),
                CheckConstraint(name='release_signed_by_is_known', condition=Q(signed_by__in=['client', 'guardian']), violation_error_message='Choose who signed: the client, or a parent or guardian.'),
                CheckConstraint(name='release_guardian_signs', condition=Q(signed_by='guardian') | Q(guardian_name=''), violation_error_message='Name a parent or guardian only where one signed.'),
                CheckConstraint(name='release_revoked_by_somebody', condition=Q(revoked_at=None, revoked_by=None, revoked_reason='') | Q(revoked_at__isnull=False, revoked_by__isnull=False, revoked_reason__in=['client', 'guardian', 'merge', 'mistake']), violation_error_message='What is revoked has a reason, a user and a moment.'),
                CheckConstraint(name='release_lasts_ten_years', condition=Q(ends_on=None) | Q(ends_on__lte=CombinedExpression(F('begins_on'), '+', Value(datetime.timedelta(days=3653)))), violation_error_message='A release lasts at most ten years.'),
            ], indexes=[
                Index(name='release_in_force', fields=['client'], condition=Q(revoked_at=None) & Q(undecided=False) & ~Q(kind='refused')),
                Index('client', F('answered_on').desc(), name='release_of_client'),
                Index(name='release_together', fields=['date_created']),
                Index(name='release_ending', fields=['ends_on'], condition=Q(revoked_at=None) & Q(undecided=False) & ~Q(kind='refused') & Q(replaced_on=None)),
                Index(name='release_undecided', fields=['client'], condition=Q(replaced_on=None, revoked_at=None, undecided=True)),
                Index(name='release_cut_short', fields=['replaced_on'], condition=Q(revoked_at=None) & Q(undecided=False) & ~Q(kind='refused') & Q(replaced_on__isnull=False) & Q(signed_by='guardian')),
            ], triggers=[
                FOLLOWS_MERGE,
                {'name': 'latest_counts', 'operation': 'INSERT OR UPDATE OF "client_id", "revoked_reason", "undecided"', 'func': LATEST_COUNTS},
                NEVER_DELETED,
                {**NEVER_EDITED, 'condition': changed('id', 'organization_id', 'covers_id', 'kind', 'signed_by', 'witness_id', 'answered_on', 'begins_on', 'ends_on', 'text_hash', 'date_created', 'created_by_id')},
            ], ordering=['-answered_on', '-pk'], verbose_name='release of information', verbose_name_plural='releases of information'),
            History('Release', exclude=['replaced_on', 'excludes'], by_time=True),
        ]),
        *(
            migrations.RunSQL(STATISTICS.format(table, 1000, 1000), STATISTICS.format(table, -1, -1))
            for table in TABLES
        ),
        migrations.RunSQL(ANALYZE, "DROP FUNCTION clients_analyze()"),
    ]
