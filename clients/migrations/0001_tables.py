import datetime
import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import BtreeGistExtension, CreateExtension, TrigramExtension, UnaccentExtension
from django.db import migrations, models
from django.db.models import CASCADE, PROTECT, F, Func, Index, Q, UniqueConstraint, Value, functions
from django.db.models.expressions import CombinedExpression
from django.utils import timezone

from records.migrations._at_once import AtOnce
from records.migrations._choices import NO_ANSWER, YES_NO
from records.migrations._tables import (
    USER, Key, Record, Silent, Table, answer, breakable, breaks, check, deleted_newest, each, filled, hashed_key,
    known,
)
from records.migrations._triggers import FOLLOWS_MERGE, NEVER_DELETED, NEVER_EDITED, ONLY_ADDED, changed

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
KEEPS_FORMS = """
    IF TG_OP = 'UPDATE' THEN
        IF OLD.name_forms = NEW.name_forms THEN
            {moved}RETURN NULL;
        END IF;
        DELETE FROM clients_nameform WHERE {which};
    END IF;
    INSERT INTO clients_nameform (client_id, alias_id, first_key, last_key)
        SELECT {whose}, split_part(form, E'\\t', 1), split_part(form, E'\\t', 2)
        FROM unnest(string_to_array(NEW.name_forms, E'\\n')) AS form WHERE form <> '';
    RETURN NULL;
"""
MOVES_FORMS = """UPDATE clients_nameform SET client_id = NEW.client_id
                WHERE alias_id = NEW.id AND client_id <> NEW.client_id;
            """
KEEPS_FORMS_OF_CLIENT = KEEPS_FORMS.format(moved='', which='client_id = NEW.id AND alias_id IS NULL', whose='NEW.id, NULL')
KEEPS_FORMS_OF_ALIAS = KEEPS_FORMS.format(moved=MOVES_FORMS, which='alias_id = NEW.id', whose='NEW.client_id, NEW.id')
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
                check('alert_ends_after_begin', Q(ends_on=None) | Q(ends_on__gte=F('begins_on')), 'The alert cannot end before it begins.'),
                deleted_newest('alert_deleted_newest'),
            ], ordering=['-begins_on', '-pk'], history={}),
            Record('Client', [
                ('email', models.EmailField(verbose_name='e-mail', max_length=254, blank=True)),
                *each(models.CharField(max_length=100, blank=True), 'additional_race_ethnicity', address1='address', address2='address, line 2'),
                *each(models.CharField(max_length=50, blank=True), 'city', 'first_name', 'last_name', 'middle_name', name_suffix='suffix'),
                ('state', models.CharField(max_length=2, blank=True)),
                ('zip', models.CharField(verbose_name='ZIP code', max_length=10, blank=True)),
                *each(models.CharField(max_length=200, default='', editable=False, db_collation='C'), 'first_key', 'last_key', 'last_part_key'),
                ('name_forms', models.CharField(max_length=10000, default='', db_default='', editable=False, db_collation='C')),
                *hashed_key('personal_id', 'person_key_once'),
                *known('name_data_quality', models.PositiveSmallIntegerField(default=99, choices=[(1, 'Full name reported'), (2, 'Partial, street name, or code name reported'), NO_ANSWER]), 'client_name_quality_fits', 'Choose one of the listed name data qualities.'),
                ('ssn', models.TextField(verbose_name='SSN', blank=True)),
                *each(models.CharField(max_length=64, default='', editable=False), 'ssn_hash', 'ssn_last4_hash'),
                ('ssn_shape', models.CharField(max_length=10, default='', db_default='', editable=False)),
                ('ssn_data_quality', models.PositiveSmallIntegerField(verbose_name='SSN data quality', default=99, choices=[(1, 'Full SSN reported'), (2, 'Approximate or partial SSN reported'), NO_ANSWER])),
                ('dob', models.DateField(verbose_name='date of birth', blank=True, null=True)),
                ('dob_data_quality', models.PositiveSmallIntegerField(verbose_name='date of birth data quality', default=99, choices=[(1, 'Full DOB reported'), (2, 'Approximate or partial DOB reported'), NO_ANSWER])),
                *known('sex', models.PositiveSmallIntegerField(default=99, choices=[(0, 'Female'), (1, 'Male'), NO_ANSWER]), 'client_sex_is_known', 'Choose one of the listed answers for sex.'),
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
                check('client_ssn_shape_is_known', Q(ssn_shape__in=['', 'whole', 'part', 'impossible']), 'The shape of an SSN is one of those that are known.'),
                check('client_erased_is_deleted', Q(erased_at=None) | Q(date_deleted__isnull=False), 'This record was erased and cannot be restored.'),
                check('client_erased_has_no_identity', Q(erased_at=None) | Q(additional_race_ethnicity='', address1='', address2='', city='', email='', first_name='', last_name='', middle_name='', name_forms='', name_suffix='', phone='', photo_token='', ssn='', ssn_hash='', ssn_last4_hash='', state='', zip=''), 'This record was erased: nothing is written to it.'),
                check('client_not_merged_into_itself', Q(merged_into=None) | ~Q(merged_into=F('id')), 'A client cannot be merged into itself.'),
                breakable('client_has_a_name', ~Q(first_name='', last_name='') | Q(name_data_quality__in=[8, 9, 99]), 'Enter a first or last name, or choose in Name Data Quality why there is none.'),
                breakable('client_ssn_quality_fits', Q(ssn='', ssn_data_quality__in=[8, 9, 99]) | Q(~Q(ssn=''), ssn_data_quality__in=[1, 2]), 'An SSN is full or partial; without one, say why it is missing.'),
                breakable('client_dob_quality_fits', Q(dob=None, dob_data_quality__in=[8, 9, 99]) | Q(dob__isnull=False, dob_data_quality__in=[1, 2]), 'A date of birth is full or approximate; without one, say why it is missing.'),
                breakable('client_race_or_reason', Q(race_none=None) | Q(am_ind_ak_native=False, asian=False, black_af_american=False, hispanic_latinao=False, mid_east_n_african=False, native_hi_pacific=False, race_none__in=[8, 9, 99], white=False), 'Choose races and ethnicities, or the reason that there is none; not both.'),
                breakable('client_served_before_separated', Q(year_entered_service=None) | Q(year_separated=None) | Q(year_separated__gte=F('year_entered_service')), 'Enter a year of separation that is not before the entry.'),
                *(Index(functions.Left('last_key', n), 'first_key', 'last_key', name=f'client_last{n}_first') for n in (1, 2, 3)),
                Index(name='client_last_first', fields=['last_key', 'first_key']),
                Index(name='client_first_last', fields=['first_key', 'last_key']),
                Index(name='client_ssn', fields=['ssn_hash'], condition=~Q(ssn_hash='')),
                Index(name='client_last4_name', fields=['ssn_last4_hash', 'last_key', 'first_key'], condition=~Q(ssn_last4_hash='')),
                Index(name='client_dob_name', fields=['dob', 'last_key', 'first_key']),
                Index(functions.ExtractYear('dob'), 'last_key', 'first_key', name='client_birth_year_name', condition=Q(dob__isnull=False)),
                Index(functions.ExtractYear('dob'), 'last_key', 'first_key', name='client_rough_dob_name', condition=Q(dob_data_quality=2)),
                Index('organization', F('id').desc(), name='client_of_organization'),
                Index(name='client_merged_into', fields=['merged_into'], condition=~Q(merged_into=None)),
                {'name': 'keeps_name_forms', 'operation': 'INSERT OR UPDATE OF "name_forms"', 'func': KEEPS_FORMS_OF_CLIENT},
                {'name': 'keeps_organization_of_pairs', 'operation': 'UPDATE OF "organization_id"', 'condition': changed('organization_id'), 'func': KEEPS_ORGANIZATION_OF_PAIRS},
                {'name': 'guardians_until_18', 'operation': 'UPDATE OF "dob"', 'condition': changed('dob'), 'func': GUARDIANS_UNTIL_18},
            ], history={'exclude': ['first_key', 'last_key', 'last_part_key', 'name_forms', 'ssn_hash', 'ssn_last4_hash', 'ssn_shape', 'photo_token', 'erased_at'], 'by_time': True}),
            Table('ClientAccess', [
                ('listed', ArrayField(verbose_name='Client IDs on the list', blank=True, null=True, base_field=models.BigIntegerField())),
                *known('kind', models.CharField(max_length=10, default='view', choices=[('view', 'Viewed'), ('change', 'Opened for change'), ('ssn', 'Revealed SSN'), ('list', 'Listed'), ('copy', 'Made a copy of the record'), ('export', 'Exported'), ('refused', 'Refused'), ('emergency', 'Opened in an emergency')]), 'access_kind_is_known', 'Choose a kind of access.'),
                ('page', models.CharField(max_length=60)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('request_id', models.CharField(verbose_name='request ID', max_length=36, blank=True, default='', db_default='')),
                ('client', Key('clients.client', PROTECT, blank=True, null=True, related_name='accesses', db_index=False)),
                ('organization', Silent('agencies.organization')),
                ('user', Silent(USER)),
                check('access_to_one_or_to_a_list', Q(client__isnull=False, listed__isnull=True) | (Q(client__isnull=True) & Q(listed__isnull=False) & ~Q(listed=[])), 'Name one client, or those on the list.'),
                Index(name='access_by_client', fields=['client', '-at']),
                Index(name='access_by_user', fields=['user', '-at']),
                Index(name='access_of_organization', fields=['organization', '-at', '-id']),
                Index(name='access_newest', fields=['-at', '-id']),
                Index(name='access_revealed_ssn', fields=['organization', '-at', '-id'], condition=Q(kind='ssn')),
                Index(name='access_views_by_user', fields=['user', '-at'], condition=~Q(kind='list')),
                GinIndex(name='access_by_listed', fields=['listed'], condition=Q(listed__isnull=False)),
                *ONLY_ADDED,
            ], ordering=['-at', '-id'], verbose_name_plural='client accesses'),
            Table('ClientAlias', [
                *each(models.CharField(max_length=50, blank=True), 'first_name', 'last_name'),
                *each(models.CharField(max_length=200, default='', editable=False, db_collation='C'), 'first_key', 'last_key', 'last_part_key'),
                ('name_forms', models.CharField(max_length=10000, default='', db_default='', editable=False, db_collation='C')),
                ('client', Key('clients.client', CASCADE, related_name='aliases', db_index=False)),
                UniqueConstraint(name='alias_once', fields=['client', 'first_name', 'last_name'], violation_error_message='This alias is listed twice.'),
                check('alias_has_a_name', ~Q(first_name='', last_name=''), 'Enter the first or the last name of the alias.'),
                *(Index(functions.Left('last_key', n), 'first_key', 'last_key', name=f'clientalias_last{n}_first') for n in (1, 2, 3)),
                Index(name='clientalias_last_first', fields=['last_key', 'first_key']),
                Index(name='clientalias_first_last', fields=['first_key', 'last_key']),
                {'name': 'keeps_name_forms', 'operation': 'INSERT OR UPDATE OF "name_forms", "client_id"', 'func': KEEPS_FORMS_OF_ALIAS},
            ], ordering=['pk'], verbose_name_plural='client aliases', history={'exclude': ['first_key', 'last_key', 'last_part_key', 'name_forms']}),
            Table('ClientMerge', [
                ('at', models.DateTimeField(default=timezone.now)),
                ('undone_at', models.DateTimeField(blank=True, null=True)),
                ('snapshot', models.JSONField()),
                ('by', Silent(USER)),
                *each(Key('clients.client', PROTECT, related_name='+'), 'merged', 'survivor'),
                ('undone_by', Silent(USER, blank=True, null=True)),
                check('merge_of_two_clients', ~Q(survivor=F('merged')), 'A client cannot be merged into itself.'),
                UniqueConstraint(name='merged_away_once', fields=['merged'], condition=Q(undone_at=None), violation_error_message='This client was merged already.'),
                check('merge_undone_by_somebody', Q(undone_at=None, undone_by=None) | Q(undone_at__isnull=False, undone_by__isnull=False), 'Say who undid the merge, and when.'),
                NEVER_DELETED,
            ], ordering=['-at', '-pk'], history={'exclude': ['snapshot']}),
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
                *known('resolution', models.CharField(max_length=10, blank=True, editable=False, choices=[('merged', 'Merged'), ('different', 'Different people'), ('withdrawn', 'Withdrawn')]), 'duplicate_report_resolution_is_known', 'Choose merged, different people or withdrawn.'),
                *each(Key('clients.client', PROTECT, related_name='+'), 'client_1', 'client_2'),
                ('resolved_by', Silent(USER, blank=True, null=True, editable=False)),
                check('duplicate_report_of_two_clients', ~Q(client_1=F('client_2')), 'Enter two different client IDs.'),
                check('duplicate_report_resolved_by_somebody', Q(resolution='', resolved_at=None, resolved_by=None) | Q(~Q(resolution=''), resolved_at__isnull=False, resolved_by__isnull=False), 'Say who resolved the report, and when.'),
            ], ordering=['-date_created'], history={'read_by': ['client_1', 'client_2']}),
            Table('DuplicateSearch', [
                *each(models.DateTimeField(), 'started_at', 'finished_at'),
                ('is_whole', models.BooleanField(verbose_name='all clients')),
                *each(models.PositiveIntegerField(), clients='clients compared', pairs='pairs weighed'),
                check('duplicate_search_ends_after_start', Q(finished_at__gte=F('started_at')), 'A search cannot end before it starts.'),
            ], ordering=['-started_at'], verbose_name_plural='duplicate searches'),
            Table('EmergencyAccess', [
                *known('reason', models.CharField(max_length=20, choices=[('danger', 'Somebody is in danger'), ('medical', 'Medical emergency'), ('missing', 'Missing person'), ('other', 'Another emergency')]), 'emergency_reason_is_known', 'Choose what the emergency is.'),
                *filled('explanation', models.TextField(), 'emergency_is_explained', 'Write why this record is needed now.'),
                ('begins_at', models.DateTimeField(default=timezone.now)),
                ('ends_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('client', Key('clients.client', PROTECT, related_name='+')),
                ('ended_by', Silent(USER, null=True)),
                ('organization', Key('agencies.organization', PROTECT, related_name='+')),
                ('user', Key(USER, PROTECT, related_name='+')),
                check('emergency_ends_after_begin', Q(ends_at__gt=F('begins_at')), 'Emergency access ends after it begins.'),
                check('emergency_ended_by_somebody', Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False), 'Ending emergency access needs who and when.'),
                Index(name='emergency_open_to_user', fields=['user', 'ends_at'], condition=Q(ended_at=None)),
            ], ordering=['-begins_at', '-id'], verbose_name='emergency access', verbose_name_plural='emergency accesses', history={}),
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
                UniqueConstraint(name='form_draft_once_a_form', fields=['user', 'form_token'], violation_error_message='What was typed into this form is kept already.'),
                Index(name='form_draft_user_newest', fields=['user', '-at']),
                FOLLOWS_MERGE,
            ]),
            Table('IdentityChange', [
                ('event', models.BigIntegerField(unique=True, editable=False)),
                ('groups', ArrayField(help_text='What changed: keys of LABELS.', base_field=models.CharField(max_length=20))),
                ('at', models.DateTimeField(auto_now_add=True)),
                *known('decision', models.CharField(max_length=10, default='open', choices=[('open', 'To be reviewed'), ('kept', 'Kept'), ('reverted', 'Reverted')]), 'identity_change_decision_known', 'Choose one of the listed decisions.'),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('changed_by', Silent(USER)),
                ('changed_for', Silent('agencies.organization')),
                ('client', Key('clients.client', PROTECT, related_name='identity_changes', db_index=False)),
                ('decided_by', Silent(USER, blank=True, null=True)),
                check('identity_change_decided_by_somebody', Q(decided_at=None, decided_by=None, decision='open') | Q(~Q(decision='open'), decided_at__isnull=False, decided_by__isnull=False), 'Say who reviewed the change, and when.'),
                Index(name='identity_change_of_client', fields=['client', '-at']),
                Index(name='identity_change_open', fields=['-at', '-id'], condition=Q(decision='open')),
            ], ordering=['-at', '-pk'], history={}),
            Record('InterestedOther', [
                ('email', models.EmailField(verbose_name='e-mail', max_length=254, blank=True)),
                *each(models.CharField(max_length=100, blank=True), address1='address', address2='address, line 2', relationship='relationship to client'),
                *each(models.CharField(max_length=50, blank=True), 'city', 'first_name', 'last_name'),
                ('state', models.CharField(max_length=2, blank=True)),
                ('zip', models.CharField(verbose_name='ZIP code', max_length=10, blank=True)),
                *filled('type_description', models.CharField(verbose_name='Type/Description', max_length=100), 'interested_other_has_a_type', 'Enter a type or description.'),
                ('is_aware', models.BooleanField(verbose_name="aware of client's situation", blank=True, null=True)),
                *each(models.CharField(max_length=40, blank=True), 'home_phone', 'work_phone', 'cell_phone'),
                ('client', Key('clients.client', PROTECT, editable=False, related_name='%(class)ss')),
                deleted_newest('other_deleted_newest'),
            ], ordering=['last_name', 'first_name', 'pk'], history={}),
            Table('NameForm', [
                *each(models.CharField(max_length=200, db_collation='C'), 'first_key', 'last_key'),
                ('alias', Key('clients.clientalias', CASCADE, null=True, related_name='+')),
                ('client', Key('clients.client', CASCADE, related_name='+')),
                *(Index(functions.Left('last_key', n), 'first_key', 'last_key', name=f'nameform_last{n}_first') for n in (1, 2, 3)),
                Index(name='nameform_last_first', fields=['last_key', 'first_key']),
                Index(name='nameform_first_last', fields=['first_key', 'last_key']),
            ]),
            Table('NameSpelling', [
                *each(models.TextField(db_collation='C'), 'part', 'key'),
                ('deletion_variants', ArrayField(default=list, base_field=models.IntegerField())),
                ('sound', models.GeneratedField(db_persist=True, expression=Func(F('part'), function='dmetaphone', output_field=models.TextField()), output_field=models.TextField())),
                UniqueConstraint(name='spelling_once', fields=['part', 'key']),
                Index(name='spelling_sound', fields=['sound']),
                GinIndex(name='spelling_deletions', fields=['deletion_variants'], fastupdate=False),
            ]),
            Table('PossibleDuplicate', [
                ('score', models.FloatField(help_text='How likely they are one person, from 0 to 1, as clients.duplicates weighs it.')),
                ('reasons', ArrayField(blank=True, default=list, help_text='What agrees and what does not, in words without the data: Same date of birth.', base_field=models.CharField(max_length=60))),
                ('identity', models.CharField(max_length=32, editable=False, help_text='Keyed hash of what was compared: whether it changed since.')),
                ('found_at', models.DateTimeField(auto_now_add=True)),
                *known('decision', models.CharField(max_length=10, default='open', choices=[('open', 'To be decided'), ('different', 'Different people'), ('same', 'Same person')]), 'possible_duplicate_decision_is_known', 'Choose one of the listed decisions.'),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('client_1', Silent('clients.client')),
                ('client_2', Key('clients.client', PROTECT, related_name='+')),
                ('decided_by', Silent(USER, blank=True, null=True)),
                *each(Silent('agencies.organization', null=True, editable=False), 'organization_1', 'organization_2'),
                check('possible_duplicate_in_order', Q(client_1__lt=F('client_2')), 'Name two different clients, the lower Client ID first.'),
                UniqueConstraint(name='possible_duplicate_once', fields=['client_1', 'client_2'], violation_error_message='These two clients are on the list already.'),
                check('possible_duplicate_score_fits', Q(score__gte=0, score__lte=1), 'The score is a number from 0 to 1.'),
                check('possible_duplicate_decided_by_somebody', Q(decided_at=None, decided_by=None, decision='open') | Q(~Q(decision='open'), decided_at__isnull=False, decided_by__isnull=False), 'Say who decided about the pair, and when.'),
                Index('decision', F('score').desc(), 'id', name='possible_duplicate_queue'),
                Index('organization_1', 'organization_2', 'decision', F('score').desc(), 'id', name='possible_duplicate_of_officer'),
                {'name': 'organizations_of_new_pair', 'when': 'BEFORE', 'operation': 'INSERT', 'func': ORGANIZATIONS_OF_NEW_PAIR},
            ], ordering=['-score', 'pk'], history={'exclude': ['organization_1', 'organization_2']}),
            Table('SSNReveal', [
                *known('reason', models.CharField(max_length=20, choices=[('identity', 'Verify identity at intake'), ('benefits', 'Benefits application'), ('correction', 'Correct the record'), ('other', 'Other')]), 'reveal_reason_is_known', 'Choose why the SSN is needed.'),
                ('other', models.TextField(verbose_name='other reason', blank=True)),
                ('at', models.DateTimeField(default=timezone.now)),
                ('client', Key('clients.client', PROTECT, related_name='+')),
                ('organization', Silent('agencies.organization')),
                ('user', Silent(USER)),
                check('reveal_words_are_of_other', Q(reason='other') | Q(other=''), 'Write what it is needed for only with Other.'),
                Index(name='reveal_of_organization', fields=['organization', '-at', '-id']),
                *ONLY_ADDED,
            ], ordering=['-at', '-id'], verbose_name='revealed SSN'),
            Table('Release', [
                *known('kind', models.CharField(max_length=10, choices=[('signed', 'Signed on the screen'), ('typed', 'Signed with a typed name'), ('uploaded', 'Uploaded document'), ('verbal', 'Verbal'), ('refused', 'Refused')]), 'release_kind_is_known', 'Choose how the client answered.'),
                *known('signed_by', models.CharField(max_length=10, default='client', db_default='client', choices=[('client', 'Client'), ('guardian', 'Parent or guardian')]), 'release_signed_by_is_known', 'Choose who signed: the client, or a parent or guardian.'),
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
                check('release_ends_after_start', Q(ends_on=None) | Q(ends_on__gte=F('begins_on')), 'A release cannot end before it begins.'),
                check('release_begins_with_its_answer', Q(begins_on__gte=F('answered_on')), 'A release cannot begin before the client has answered.'),
                check('release_refused_has_no_term', ~Q(kind='refused') | Q(begins_on=F('answered_on'), ends_on=None), 'A refusal counts from its day until another answer.'),
                check('release_text_is_signed', Q(kind__in=['signed', 'typed'], text_hash__regex='^[0-9a-f]{64}$') | Q(kind__in=['uploaded', 'verbal', 'refused'], text_hash=''), 'What is signed here has a text, and nothing else has one.'),
                check('release_guardian_signs', Q(signed_by='guardian') | Q(guardian_name=''), 'Name a parent or guardian only where one signed.'),
                check('release_revoked_by_somebody', Q(revoked_at=None, revoked_by=None, revoked_reason='') | Q(revoked_at__isnull=False, revoked_by__isnull=False, revoked_reason__in=['client', 'guardian', 'merge', 'mistake']), 'What is revoked has a reason, a user and a moment.'),
                check('release_lasts_ten_years', Q(ends_on=None) | Q(ends_on__lte=CombinedExpression(F('begins_on'), '+', Value(datetime.timedelta(days=3653)))), 'A release lasts at most ten years.'),
                Index(name='release_in_force', fields=['client'], condition=Q(revoked_at=None) & Q(undecided=False) & ~Q(kind='refused')),
                Index('client', F('answered_on').desc(), name='release_of_client'),
                Index(name='release_together', fields=['date_created']),
                Index(name='release_ending', fields=['ends_on'], condition=Q(revoked_at=None) & Q(undecided=False) & ~Q(kind='refused') & Q(replaced_on=None)),
                Index(name='release_undecided', fields=['client'], condition=Q(replaced_on=None, revoked_at=None, undecided=True)),
                Index(name='release_cut_short', fields=['replaced_on'], condition=Q(revoked_at=None) & Q(undecided=False) & ~Q(kind='refused') & Q(replaced_on__isnull=False) & Q(signed_by='guardian')),
                FOLLOWS_MERGE,
                {'name': 'latest_counts', 'operation': 'INSERT OR UPDATE OF "client_id", "revoked_reason", "undecided"', 'func': LATEST_COUNTS},
                NEVER_DELETED,
                {**NEVER_EDITED, 'condition': changed('id', 'organization_id', 'covers_id', 'kind', 'signed_by', 'witness_id', 'answered_on', 'begins_on', 'ends_on', 'text_hash', 'date_created', 'created_by_id')},
            ], ordering=['-answered_on', '-pk'], verbose_name='release of information', verbose_name_plural='releases of information', history={'exclude': ['replaced_on', 'excludes'], 'by_time': True}),
        ]),
        *(
            migrations.RunSQL(STATISTICS.format(table, 1000, 1000), STATISTICS.format(table, -1, -1))
            for table in TABLES
        ),
        migrations.RunSQL(ANALYZE, "DROP FUNCTION clients_analyze()"),
    ]
