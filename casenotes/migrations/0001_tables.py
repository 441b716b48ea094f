import uuid

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import BtreeGinExtension
from django.contrib.postgres.search import SearchVectorField
from django.core.validators import MinValueValidator
from django.db import migrations, models
from django.db.models import CASCADE, PROTECT, F, Func, Index, Q, UniqueConstraint
from django.utils import timezone

from records.migrations._at_once import AtOnce
from records.migrations._tables import (
    USER, Key, Record, Table, answer, breakable, breaks, check, deleted_newest, each, filled, hashed_key, known,
)
from records.migrations._triggers import FOLLOWS_MERGE

# Declared immutable, which unaccent() itself is not: its rules are a file that an administrator
# might change. The names are qualified because a restored dump creates indexes without a search
# path. Punctuation is taken out first: the parser would take 12/05 for a file, a.b for a host.
# The cost keeps the planner from computing the words of every row instead of using the index.
UNACCENT = r"""
DO $$
DECLARE
    place text := (SELECT quote_ident(nspname) FROM pg_extension
                   JOIN pg_namespace ON pg_namespace.oid = extnamespace WHERE extname = 'unaccent');
BEGIN
    EXECUTE format(
        'CREATE FUNCTION casenotes_unaccent(typed text) RETURNS text'
        ' LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE'
        ' AS $body$ SELECT %1$s.unaccent(''%1$s.unaccent''::regdictionary, typed) $body$', place);
    EXECUTE format(
        'CREATE FUNCTION casenotes_words(title text, body text) RETURNS tsvector'
        ' LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 5000'
        ' AS $body$ SELECT to_tsvector(''pg_catalog.simple'', %1$s.casenotes_unaccent(translate('
        '     title || chr(10) || body, %2$L, repeat('' '', 32)))) $body$',
        quote_ident(current_schema()), '!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~');
END $$
"""
DROP = "DROP FUNCTION casenotes_words(text, text); DROP FUNCTION casenotes_unaccent(text)"


class Migration(migrations.Migration):
    """The words of a note without accents, and an index of them together with the client."""

    initial = True

    dependencies = [('agencies', '0001_tables'), ('clients', '0001_tables'), ('enrollments', '0001_tables')]

    operations = [
        BtreeGinExtension(),
        migrations.RunSQL(UNACCENT, DROP),
        AtOnce([
            Record('CaseNote', [
                ('visibility', models.CharField(verbose_name='who may see this note', max_length=3, default='own', choices=[('all', 'All organizations'), ('own', 'Own organization only')])),
                ('date', models.DateField(default=timezone.localdate)),
                *filled('title', models.CharField(max_length=200), 'note_has_a_title', 'Enter a title.'),
                *filled('text', models.TextField(), 'note_has_a_text', 'Write the note.'),
                ('read_only', models.BooleanField(verbose_name='Read Only', default=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('client', Key('clients.client', PROTECT, editable=False, related_name='%(class)ss', db_index=False)),
                ('enrollment', Key('enrollments.enrollment', PROTECT, verbose_name='Default Enrollment', blank=True, null=True, related_name='case_notes')),
                check('note_text_fits', Q(text__length__lte=200000), 'A note has at most 200,000 characters. Split it in two.'),
                check('note_read_only_is_not_deleted', Q(read_only=False) | Q(date_deleted=None), 'A Read Only note cannot be deleted.'),
                deleted_newest('note_deleted_newest'),
                GinIndex('client', Func(F('title'), F('text'), function='casenotes_words', output_field=SearchVectorField()), name='note_words', fastupdate=False),
                Index('client', F('date').desc(), F('id').desc(), name='note_by_client'),
            ], ordering=['-date', '-pk'], history={'by_time': True}),
            Table('NoteDraft', [
                ('id', models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False, serialize=False)),
                ('form_token', models.UUIDField()),
                ('typed_json', models.TextField()),
                ('typed_at', models.BigIntegerField()),
                ('at', models.DateTimeField(db_index=True, auto_now=True)),
                ('client', Key('clients.client', CASCADE, related_name='+')),
                ('note', Key('casenotes.casenote', CASCADE, null=True, related_name='+')),
                ('user', Key(USER, CASCADE, related_name='+', db_index=False)),
                ('discarded_at', models.DateTimeField(blank=True, null=True)),
                UniqueConstraint(name='draft_once_a_form', fields=['user', 'form_token']),
                Index(name='draft_user_newest', fields=['user', '-at']),
                FOLLOWS_MERGE,
            ]),
            Table('NoteSearch', [
                ('id', models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False, serialize=False)),
                ('at', models.DateTimeField(db_index=True, auto_now_add=True)),
                ('criteria_json', models.TextField()),
                ('client', Key('clients.client', CASCADE, related_name='+')),
                ('user', Key(USER, CASCADE, related_name='+', db_index=False)),
                FOLLOWS_MERGE,
            ], verbose_name_plural='note searches'),
            Record('Service', [
                *hashed_key('key', 'service_key_once'),
                ('date', models.DateField(default=timezone.localdate)),
                ('units', models.DecimalField(validators=[MinValueValidator(0.01, 'Enter more than 0.')], max_digits=9, decimal_places=2)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('client', Key('clients.client', PROTECT, editable=False, related_name='%(class)ss', db_index=False)),
                ('enrollment', Key('enrollments.enrollment', PROTECT, related_name='services')),
                ('note', Key('casenotes.casenote', PROTECT, blank=True, null=True, editable=False, related_name='services')),
                ('service_type', Key('casenotes.servicetype', PROTECT, verbose_name='service', related_name='services')),
                ('fa_amount', models.DecimalField(verbose_name='amount of financial assistance', blank=True, null=True, max_digits=12, decimal_places=2)),
                *each(models.DateField(blank=True, null=True), fa_end_date='financial assistance end date', fa_start_date='financial assistance start date'),
                *each(models.CharField(max_length=50, blank=True, default='', db_default=''),
                    moving_on_other_type='specify other moving on assistance', other_type_provided='specify other',
                ),
                *known('referral_outcome', answer([(1, 'Attained'), (2, 'Not attained'), (3, 'Unknown')]), 'service_referral_outcome_is_known', 'Choose one of the listed referral outcomes.'),
                ('sub_type_provided', models.PositiveSmallIntegerField(verbose_name='sub type', blank=True, null=True)),
                breaks(),
                check('service_units_above_zero', Q(units__gt=0), 'Enter more than 0 units.'),
                check('service_sub_type_is_known', Q(sub_type_provided=None) | Q(sub_type_provided__in=[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]), 'Choose one of the listed types of service.'),
                breakable('service_amount_not_negative', Q(fa_amount=None) | Q(fa_amount__gte=0), 'The amount of financial assistance is not negative.'),
                breakable('service_assistance_ends_after_start', Q(fa_start_date=None) | Q(fa_end_date=None) | Q(fa_end_date__gte=F('fa_start_date')), 'Financial assistance cannot end before it starts.'),
                deleted_newest('service_deleted_newest'),
                Index('client', F('date').desc(), F('id').desc(), name='service_by_client'),
            ], ordering=['-date', '-pk'], history={'by_time': True}),
            Table('ServiceType', [
                *filled('name', models.CharField(max_length=200), 'service_type_has_a_name', "Enter the service's name."),
                *known('unit', models.CharField(max_length=7, default='count', choices=[('count', 'Count'), ('minutes', 'Minutes'), ('dollars', 'Dollars')]), 'service_unit_is_known', 'Choose count, minutes or dollars.'),
                ('record_type', answer([(141, 'PATH Service'), (142, 'RHY Service Connections'), (143, 'HOPWA Service'), (144, 'SSVF Service'), (151, 'HOPWA Financial Assistance'), (152, 'SSVF Financial Assistance'), (161, 'PATH Referral'), (200, 'Bed Night'), (210, 'HUD-VASH OTH Voucher Tracking'), (300, 'Moving On Assistance')], 'HUD record type')),
                ('type_provided', models.PositiveSmallIntegerField(verbose_name='HUD type provided', blank=True, null=True)),
                ('is_active', models.BooleanField(verbose_name='active', default=True, help_text='Only active services can be chosen for new rows.')),
                ('date_created', models.DateTimeField(auto_now_add=True)),
                ('date_updated', models.DateTimeField(auto_now=True)),
                ('organization', Key('agencies.organization', PROTECT, related_name='service_types', db_index=False)),
                UniqueConstraint(name='service_type_once_in_organization', fields=['organization', 'name'], violation_error_message='This organization has a service of that name already.'),
                check('service_hud_codes_go_together', Q(record_type=None, type_provided=None) | Q(record_type__in=[141, 142, 143, 144, 151, 152, 161, 200, 210, 300], record_type__isnull=False, type_provided__isnull=False), "Choose HUD's record type and the type provided, or none."),
            ], ordering=['name'], verbose_name='service', verbose_name_plural='service catalog', history={}),
        ]),
    ]
