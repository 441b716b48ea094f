import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
import records.migrations._fields
import uuid
from django.conf import settings
from django.contrib.postgres.operations import BtreeGinExtension
from django.db import migrations, models

from records.migrations._at_once import AtOnce
from records.migrations._history import History

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

    dependencies = [
        ('agencies', '0001_tables'),
        ('clients', '0001_tables'),
        ('enrollments', '0001_tables'),
    ]

    operations = [
        BtreeGinExtension(),
        migrations.RunSQL(UNACCENT, DROP),
        AtOnce([
            migrations.CreateModel(name='CaseNote', fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('date_created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('date_updated', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('date_deleted', models.DateTimeField(blank=True, editable=False, null=True)),
                ('visibility', models.CharField(choices=[('all', 'All organizations'), ('own', 'Own organization only')], default='own', max_length=3, verbose_name='who may see this note')),
                ('date', models.DateField(default=django.utils.timezone.localdate)),
                ('title', models.CharField(max_length=200)),
                ('text', models.TextField()),
                ('read_only', models.BooleanField(default=False, verbose_name='Read Only')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('client', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='clients.client')),
                ('created_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('deleted_by', models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('enrollment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='case_notes', to='enrollments.enrollment', verbose_name='Default Enrollment')),
                ('organization', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.organization')),
                ('updated_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ], options={
                'abstract': False,
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('visibility__in', ['all', 'own'])), name='casenote_visibility_is_known', violation_error_message='Choose who may see this record.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('date_deleted', None), ('deleted_by', None)), models.Q(('date_deleted__isnull', False), ('deleted_by__isnull', False)), _connector='OR'), name='casenote_deleted_by_somebody', violation_error_message='A deletion needs who and when.'),
                    models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='note_has_a_title', violation_error_message='Enter a title.'),
                    models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='note_has_a_text', violation_error_message='Write the note.'),
                    models.CheckConstraint(condition=models.Q(('text__length__lte', 200000)), name='note_text_fits', violation_error_message='A note has at most 200,000 characters. Split it in two.'),
                    models.CheckConstraint(condition=models.Q(('read_only', False), ('date_deleted', None), _connector='OR'), name='note_read_only_is_not_deleted', violation_error_message='A Read Only note cannot be deleted.'),
                ],
                'default_manager_name': 'objects',
                'indexes': [
                    models.Index(models.F('organization'), models.OrderBy(models.F('date_deleted'), descending=True), condition=models.Q(('date_deleted__isnull', False)), name='note_deleted_newest'),
                    django.contrib.postgres.indexes.GinIndex(models.F('client'), models.Func(models.F('title'), models.F('text'), function='casenotes_words', output_field=django.contrib.postgres.search.SearchVectorField()), fastupdate=False, name='note_words'),
                    models.Index(models.F('client'), models.OrderBy(models.F('date'), descending=True), models.OrderBy(models.F('id'), descending=True), name='note_by_client'),
                ],
                'ordering': ['-date', '-pk'],
            }),
            History('CaseNote', by_time=True),
            migrations.CreateModel(name='NoteDraft', fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('form_token', models.UUIDField()),
                ('typed_json', models.TextField()),
                ('typed_at', models.BigIntegerField()),
                ('at', models.DateTimeField(auto_now=True, db_index=True)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='clients.client')),
                ('note', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='casenotes.casenote')),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('discarded_at', models.DateTimeField(blank=True, null=True)),
            ], options={
                'constraints': [
                    models.UniqueConstraint(fields=('user', 'form_token'), name='draft_once_a_form'),
                ],
                'indexes': [
                    models.Index(fields=['user', '-at'], name='draft_user_newest'),
                ],
            }),
            migrations.CreateModel(name='NoteSearch', fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField(auto_now_add=True, db_index=True)),
                ('criteria_json', models.TextField()),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='clients.client')),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ], options={
                'abstract': False,
            }),
            migrations.CreateModel(name='Service', fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('visibility', models.CharField(choices=[('all', 'All organizations'), ('own', 'Own organization only')], default='all', max_length=3)),
                ('date_created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('date_updated', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('date_deleted', models.DateTimeField(blank=True, editable=False, null=True)),
                ('key', records.migrations._fields.UniqueKeyField(editable=False, max_length=32)),
                ('date', models.DateField(default=django.utils.timezone.localdate)),
                ('units', models.DecimalField(decimal_places=2, max_digits=9, validators=[django.core.validators.MinValueValidator(0.01, 'Enter more than 0.')])),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('client', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='clients.client')),
                ('created_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('deleted_by', models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('enrollment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='services', to='enrollments.enrollment')),
                ('note', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='services', to='casenotes.casenote')),
                ('organization', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.organization')),
                ('updated_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('service_type', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='services', to='casenotes.servicetype', verbose_name='service')),
                ('fa_amount', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name='amount of financial assistance')),
                ('fa_end_date', models.DateField(blank=True, null=True, verbose_name='financial assistance end date')),
                ('fa_start_date', models.DateField(blank=True, null=True, verbose_name='financial assistance start date')),
                ('moving_on_other_type', models.CharField(blank=True, db_default='', default='', max_length=50, verbose_name='specify other moving on assistance')),
                ('other_type_provided', models.CharField(blank=True, db_default='', default='', max_length=50, verbose_name='specify other')),
                ('referral_outcome', models.PositiveSmallIntegerField(blank=True, choices=[(1, 'Attained'), (2, 'Not attained'), (3, 'Unknown')], null=True)),
                ('sub_type_provided', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='sub type')),
                ('breaks', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=63), blank=True, db_default=[], default=list, editable=False, size=None)),
            ], options={
                'abstract': False,
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('visibility__in', ['all', 'own'])), name='service_visibility_is_known', violation_error_message='Choose who may see this record.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('date_deleted', None), ('deleted_by', None)), models.Q(('date_deleted__isnull', False), ('deleted_by__isnull', False)), _connector='OR'), name='service_deleted_by_somebody', violation_error_message='A deletion needs who and when.'),
                    models.CheckConstraint(condition=models.Q(('units__gt', 0)), name='service_units_above_zero', violation_error_message='Enter more than 0 units.'),
                    models.CheckConstraint(condition=models.Q(('sub_type_provided', None), ('sub_type_provided__in', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]), _connector='OR'), name='service_sub_type_is_known', violation_error_message='Choose one of the listed types of service.'),
                    models.CheckConstraint(condition=models.Q(('referral_outcome', None), ('referral_outcome__in', [1, 2, 3]), _connector='OR'), name='service_referral_outcome_is_known', violation_error_message='Choose one of the listed referral outcomes.'),
                    models.CheckConstraint(condition=models.Q(('fa_amount', None), ('fa_amount__gte', 0), ('breaks__contains', ['service_amount_not_negative']), _connector='OR'), name='service_amount_not_negative', violation_error_message='The amount of financial assistance is not negative.'),
                    models.CheckConstraint(condition=models.Q(('fa_start_date', None), ('fa_end_date', None), ('fa_end_date__gte', models.F('fa_start_date')), ('breaks__contains', ['service_assistance_ends_after_start']), _connector='OR'), name='service_assistance_ends_after_start', violation_error_message='Financial assistance cannot end before it starts.'),
                    models.UniqueConstraint(records.migrations._fields.KeyHash('key'), name='service_key_once', violation_error_message='Another row has this key.'),
                ],
                'default_manager_name': 'objects',
                'indexes': [
                    models.Index(models.F('organization'), models.OrderBy(models.F('date_deleted'), descending=True), condition=models.Q(('date_deleted__isnull', False)), name='service_deleted_newest'),
                    models.Index(models.F('client'), models.OrderBy(models.F('date'), descending=True), models.OrderBy(models.F('id'), descending=True), name='service_by_client'),
                ],
                'ordering': ['-date', '-pk'],
            }),
            migrations.CreateModel(name='ServiceType', fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('unit', models.CharField(choices=[('count', 'Count'), ('minutes', 'Minutes'), ('dollars', 'Dollars')], default='count', max_length=7)),
                ('record_type', models.PositiveSmallIntegerField(blank=True, choices=[(141, 'PATH Service'), (142, 'RHY Service Connections'), (143, 'HOPWA Service'), (144, 'SSVF Service'), (151, 'HOPWA Financial Assistance'), (152, 'SSVF Financial Assistance'), (161, 'PATH Referral'), (200, 'Bed Night'), (210, 'HUD-VASH OTH Voucher Tracking'), (300, 'Moving On Assistance')], null=True, verbose_name='HUD record type')),
                ('type_provided', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='HUD type provided')),
                ('is_active', models.BooleanField(default=True, help_text='Only active services can be chosen for new rows.', verbose_name='active')),
                ('date_created', models.DateTimeField(auto_now_add=True)),
                ('date_updated', models.DateTimeField(auto_now=True)),
                ('organization', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='service_types', to='agencies.organization')),
            ], options={
                'constraints': [
                    models.UniqueConstraint(fields=('organization', 'name'), name='service_type_once_in_organization', violation_error_message='This organization has a service of that name already.'),
                    models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='service_type_has_a_name', violation_error_message="Enter the service's name."),
                    models.CheckConstraint(condition=models.Q(('unit__in', ['count', 'minutes', 'dollars'])), name='service_unit_is_known', violation_error_message='Choose count, minutes or dollars.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('record_type', None), ('type_provided', None)), models.Q(('record_type__in', [141, 142, 143, 144, 151, 152, 161, 200, 210, 300]), ('record_type__isnull', False), ('type_provided__isnull', False)), _connector='OR'), name='service_hud_codes_go_together', violation_error_message="Choose HUD's record type and the type provided, or none."),
                ],
                'ordering': ['name'],
                'verbose_name': 'service',
                'verbose_name_plural': 'service catalog',
            }),
            History('Service', by_time=True),
            History('ServiceType'),
            pgtrigger.migrations.AddTrigger(model_name='casenote', trigger=pgtrigger.compiler.Trigger(name='follows_merge', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE survivor bigint;', func='\n    SELECT merged_into_id INTO survivor FROM clients_client WHERE id = NEW.client_id FOR KEY SHARE;\n    IF survivor IS NOT NULL THEN\n        NEW.client_id = survivor;\n    END IF;\n    RETURN NEW;\n', hash='6c34bb9bcc96ed1c96e6d62ebeabe08e9b5b69ea', operation='INSERT', pgid='pgtrigger_follows_merge_eec90', table='casenotes_casenote', when='BEFORE'))),
            pgtrigger.migrations.AddTrigger(model_name='casenote', trigger=pgtrigger.compiler.Trigger(name='enrollment_is_not_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF NEW.enrollment_id IS NULL OR NEW.date_deleted IS NOT NULL OR (\n        TG_OP = 'UPDATE' AND OLD.date_deleted IS NULL AND NEW.enrollment_id = OLD.enrollment_id\n    ) THEN\n        RETURN NEW;\n    END IF;\n    PERFORM 1 FROM enrollments_enrollment\n    WHERE id = NEW.enrollment_id AND date_deleted IS NULL FOR SHARE;\n    IF NOT FOUND AND EXISTS (SELECT 1 FROM enrollments_enrollment WHERE id = NEW.enrollment_id) THEN\n        RAISE EXCEPTION 'The enrollment was deleted. Restore it first, or choose another one.'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'enrollment_is_not_deleted';\n    END IF;\n    RETURN NEW;\n", hash='eec787fdfd3996dcded2c3056bd6b9e0cf3f839d', operation='INSERT OR UPDATE OF "enrollment_id", "date_deleted"', pgid='pgtrigger_enrollment_is_not_deleted_516f8', table='casenotes_casenote', when='BEFORE'))),
            pgtrigger.migrations.AddTrigger(model_name='notedraft', trigger=pgtrigger.compiler.Trigger(name='follows_merge', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE survivor bigint;', func='\n    SELECT merged_into_id INTO survivor FROM clients_client WHERE id = NEW.client_id FOR KEY SHARE;\n    IF survivor IS NOT NULL THEN\n        NEW.client_id = survivor;\n    END IF;\n    RETURN NEW;\n', hash='2151d87b534d3112ee884fbb53b8436904013f19', operation='INSERT', pgid='pgtrigger_follows_merge_8bb4f', table='casenotes_notedraft', when='BEFORE'))),
            pgtrigger.migrations.AddTrigger(model_name='notesearch', trigger=pgtrigger.compiler.Trigger(name='follows_merge', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE survivor bigint;', func='\n    SELECT merged_into_id INTO survivor FROM clients_client WHERE id = NEW.client_id FOR KEY SHARE;\n    IF survivor IS NOT NULL THEN\n        NEW.client_id = survivor;\n    END IF;\n    RETURN NEW;\n', hash='43222b51d11cc486ea907614ca55a4b8e9359da6', operation='INSERT', pgid='pgtrigger_follows_merge_39c70', table='casenotes_notesearch', when='BEFORE'))),
            pgtrigger.migrations.AddTrigger(model_name='service', trigger=pgtrigger.compiler.Trigger(name='follows_merge', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE survivor bigint;', func='\n    SELECT merged_into_id INTO survivor FROM clients_client WHERE id = NEW.client_id FOR KEY SHARE;\n    IF survivor IS NOT NULL THEN\n        NEW.client_id = survivor;\n    END IF;\n    RETURN NEW;\n', hash='9914334795d52eb8333bea481f1f52ec2ea7d1d9', operation='INSERT', pgid='pgtrigger_follows_merge_dc1da', table='casenotes_service', when='BEFORE'))),
            pgtrigger.migrations.AddTrigger(model_name='service', trigger=pgtrigger.compiler.Trigger(name='enrollment_is_not_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF NEW.enrollment_id IS NULL OR NEW.date_deleted IS NOT NULL OR (\n        TG_OP = 'UPDATE' AND OLD.date_deleted IS NULL AND NEW.enrollment_id = OLD.enrollment_id\n    ) THEN\n        RETURN NEW;\n    END IF;\n    PERFORM 1 FROM enrollments_enrollment\n    WHERE id = NEW.enrollment_id AND date_deleted IS NULL FOR SHARE;\n    IF NOT FOUND AND EXISTS (SELECT 1 FROM enrollments_enrollment WHERE id = NEW.enrollment_id) THEN\n        RAISE EXCEPTION 'The enrollment was deleted. Restore it first, or choose another one.'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'enrollment_is_not_deleted';\n    END IF;\n    RETURN NEW;\n", hash='437cef2329378a13a2c8d9e30ac1e48426e21040', operation='INSERT OR UPDATE OF "enrollment_id", "date_deleted"', pgid='pgtrigger_enrollment_is_not_deleted_006ca', table='casenotes_service', when='BEFORE'))),
            pgtrigger.migrations.AddTrigger(model_name='service', trigger=pgtrigger.compiler.Trigger(name='keeps_marks', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (NEW.breaks <> '{}')", func="\n    IF NEW.breaks @> ARRAY['service_amount_not_negative']::varchar[] AND (\n        NOT OLD.breaks @> ARRAY['service_amount_not_negative']::varchar[] OR ROW(NEW.fa_amount) IS DISTINCT FROM ROW(OLD.fa_amount)\n    ) THEN\n        NEW.breaks = array_remove(NEW.breaks, 'service_amount_not_negative');\n    END IF;\n\n    IF NEW.breaks @> ARRAY['service_assistance_ends_after_start']::varchar[] AND (\n        NOT OLD.breaks @> ARRAY['service_assistance_ends_after_start']::varchar[] OR ROW(NEW.fa_end_date, NEW.fa_start_date) IS DISTINCT FROM ROW(OLD.fa_end_date, OLD.fa_start_date)\n    ) THEN\n        NEW.breaks = array_remove(NEW.breaks, 'service_assistance_ends_after_start');\n    END IF;\n    RETURN NEW;", hash='7b54564cea86d40a21dd242bfb3e08a980359993', operation='UPDATE', pgid='pgtrigger_keeps_marks_3d8f2', table='casenotes_service', when='BEFORE'))),
        ]),
    ]
