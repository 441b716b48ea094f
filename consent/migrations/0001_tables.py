import django.core.validators
import django.db.models.deletion
import django.db.models.functions.comparison
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from records.migrations._at_once import AtOnce
from records.migrations._history import History


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('agencies', '0001_tables'),
        ('clients', '0001_tables'),
    ]

    operations = [
        AtOnce([
            migrations.CreateModel(name='ReleaseTemplate', fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('date_created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('created_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(blank=True, db_index=False, help_text='Left empty, it is the text of the CoC, for every organization without its own.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='release_templates', to='agencies.organization')),
            ], options={
                'constraints': [
                    models.UniqueConstraint(django.db.models.functions.comparison.Coalesce('organization', 0), name='release_template_once', violation_error_message='This organization has its text already. Open that one.'),
                ],
                'verbose_name': 'release text',
            }),
            migrations.CreateModel(name='TemplateVersion', fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(blank=True, editable=False, null=True)),
                ('months', models.PositiveSmallIntegerField(blank=True, help_text='From the day on which it is signed. Left empty, until it is revoked.', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(120)], verbose_name='Lasts (months)')),
                ('is_sample', models.BooleanField(default=False, help_text='Clients see that it is a sample. Untick it when your CoC has approved the text.', verbose_name='Sample text')),
                ('date_created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('published_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('retired_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('created_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('published_by', models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('retired_by', models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('template', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='consent.releasetemplate')),
            ], options={
                'constraints': [
                    models.UniqueConstraint(fields=('template', 'number'), name='template_version_number_once', violation_error_message='Somebody else published that number. Publish again.'),
                    models.UniqueConstraint(condition=models.Q(('published_at', None)), fields=('template',), name='template_version_one_draft', violation_error_message='There is a draft already. Go on with that one.'),
                    models.UniqueConstraint(condition=models.Q(('published_at__isnull', False), ('retired_at', None)), fields=('template',), name='template_version_one_in_force', violation_error_message='Another version is in force. Retire that one first.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('number', None), ('published_at', None), ('published_by', None)), models.Q(('number__isnull', False), ('published_at__isnull', False), ('published_by__isnull', False)), _connector='OR'), name='template_version_published_by_somebody', violation_error_message='What is published has a number, a user and a moment.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('retired_at', None), ('retired_by', None)), models.Q(('published_at__isnull', False), ('retired_at__isnull', False), ('retired_by__isnull', False)), _connector='OR'), name='template_version_retired_by_somebody', violation_error_message='A version is retired after it was published, by a user.'),
                    models.CheckConstraint(condition=models.Q(('months', None), models.Q(('months__gte', 1), ('months__lte', 120)), _connector='OR'), name='template_version_lasts', violation_error_message='Enter 1 to 120 months, or nothing.'),
                ],
                'ordering': [models.OrderBy(models.F('number'), descending=True, nulls_first=True)],
                'verbose_name': 'version of a release text',
                'verbose_name_plural': 'versions of a release text',
            }),
            migrations.CreateModel(name='TemplateText', fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(choices=[('en', 'English'), ('es', 'Spanish'), ('am', 'Amharic'), ('ar', 'Arabic'), ('zh-Hans', 'Chinese, simplified'), ('zh-Hant', 'Chinese, traditional'), ('fa', 'Dari or Farsi'), ('fr', 'French'), ('ht', 'Haitian Creole'), ('ko', 'Korean'), ('ps', 'Pashto'), ('pt', 'Portuguese'), ('ru', 'Russian'), ('so', 'Somali'), ('tl', 'Tagalog'), ('uk', 'Ukrainian'), ('ur', 'Urdu'), ('vi', 'Vietnamese')], max_length=7)),
                ('title', models.CharField(max_length=200)),
                ('text', models.TextField(help_text='Plain text, an empty line between paragraphs. A short first line without a period is a heading. {client}, {organization}, {today} and {end} are filled in when somebody signs.', validators=[django.core.validators.MaxLengthValidator(20000)])),
                ('version', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='texts', to='consent.templateversion')),
            ], options={
                'constraints': [
                    models.UniqueConstraint(fields=('version', 'language'), name='template_text_once', violation_error_message='There is a text in this language already.'),
                    models.CheckConstraint(condition=models.Q(('language__in', ['en', 'es', 'am', 'ar', 'zh-Hans', 'zh-Hant', 'fa', 'fr', 'ht', 'ko', 'ps', 'pt', 'ru', 'so', 'tl', 'uk', 'ur', 'vi'])), name='template_text_language_is_known', violation_error_message='Choose one of the listed languages.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('title', ''), _negated=True), models.Q(('text', ''), _negated=True)), name='template_text_says_something', violation_error_message='Enter a title and a text.'),
                    models.CheckConstraint(condition=models.Q(('title__regex', '^([^{}]|\\{(client|organization|today|end)\\})*$'), ('text__regex', '^([^{}]|\\{(client|organization|today|end)\\})*$')), name='template_text_has_known_placeholders', violation_error_message='Braces stand around {client}, {organization}, {today} and {end} alone.'),
                ],
                'ordering': ['language'],
                'verbose_name': 'text',
            }),
            migrations.CreateModel(name='Signature', fields=[
                ('release', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='signature', serialize=False, to='clients.release')),
                ('language', models.CharField(choices=[('en', 'English'), ('es', 'Spanish'), ('am', 'Amharic'), ('ar', 'Arabic'), ('zh-Hans', 'Chinese, simplified'), ('zh-Hant', 'Chinese, traditional'), ('fa', 'Dari or Farsi'), ('fr', 'French'), ('ht', 'Haitian Creole'), ('ko', 'Korean'), ('ps', 'Pashto'), ('pt', 'Portuguese'), ('ru', 'Russian'), ('so', 'Somali'), ('tl', 'Tagalog'), ('uk', 'Ukrainian'), ('ur', 'Urdu'), ('vi', 'Vietnamese')], max_length=7)),
                ('languages', models.JSONField()),
                ('values', models.JSONField()),
                ('text_hash', models.CharField(max_length=64, validators=[django.core.validators.RegexValidator('^[0-9a-f]{64}$', 'Enter a SHA-256 in hexadecimal.')])),
                ('strokes', models.JSONField(blank=True, default=list)),
                ('typed_name', models.CharField(blank=True, max_length=150)),
                ('statement', models.TextField(blank=True)),
                ('signed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('version', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='consent.templateversion')),
                ('witness', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ], options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('language__in', ['en', 'es', 'am', 'ar', 'zh-Hans', 'zh-Hant', 'fa', 'fr', 'ht', 'ko', 'ps', 'pt', 'ru', 'so', 'tl', 'uk', 'ur', 'vi'])), name='signature_language_is_known', violation_error_message='Choose one of the listed languages.'),
                    models.CheckConstraint(condition=models.Q(('text_hash__regex', '^[0-9a-f]{64}$')), name='signature_has_a_hash', violation_error_message='A signature needs the hash of the text.'),
                    models.CheckConstraint(condition=models.Q(models.Q(models.Q(('strokes', []), _negated=True), ('statement', ''), ('typed_name', '')), models.Q(('strokes', []), models.Q(('typed_name', ''), _negated=True), models.Q(('statement', ''), _negated=True)), _connector='OR'), name='signature_by_hand_or_typed', violation_error_message='Sign by hand, or type the name and agree.'),
                ],
            }),
            History('ReleaseTemplate'),
            History('TemplateVersion', read_by=['template']),
            History('TemplateText', read_by=['version']),
            pgtrigger.migrations.AddTrigger(model_name='templateversion', trigger=pgtrigger.compiler.Trigger(name='published_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."published_at" IS NOT NULL)', declare='DECLARE old_row consent_templateversion; new_row consent_templateversion;', func="\n    old_row := OLD;\n    new_row := NEW;\n    new_row.retired_at := old_row.retired_at;\n    new_row.retired_by_id := old_row.retired_by_id;\n    IF OLD.retired_at IS NULL AND new_row IS NOT DISTINCT FROM old_row THEN\n        RETURN NEW;\n    END IF;\n    RAISE EXCEPTION 'A published version never changes. Start a draft.'\n    USING ERRCODE = 'check_violation', CONSTRAINT = 'published_version_never_changes';\n", hash='d7d8ece29529a189ade9dd1f038dcfddf945b95e', operation='UPDATE', pgid='pgtrigger_published_stays_f4882', table='consent_templateversion', when='BEFORE'))),
            pgtrigger.migrations.AddTrigger(model_name='templateversion', trigger=pgtrigger.compiler.Trigger(name='published_is_never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."published_at" IS NOT NULL)', func="\n    RAISE EXCEPTION 'A published version is never deleted. Retire it.'\n    USING ERRCODE = 'check_violation', CONSTRAINT = 'published_version_is_never_deleted';\n", hash='bee415047c178afd1908ea1812bf565989488276', operation='DELETE', pgid='pgtrigger_published_is_never_deleted_2d9ce', table='consent_templateversion', when='BEFORE'))),
            pgtrigger.migrations.AddTrigger(model_name='templatetext', trigger=pgtrigger.compiler.Trigger(name='published_text_stays', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE versions bigint[];', func="\n    IF TG_OP <> 'INSERT' THEN versions := versions || OLD.version_id; END IF;\n    IF TG_OP <> 'DELETE' THEN versions := versions || NEW.version_id; END IF;\n    PERFORM 1 FROM consent_templateversion WHERE id = ANY(versions) FOR SHARE;\n    IF EXISTS (\n        SELECT 1 FROM consent_templateversion\n        WHERE id = ANY(versions) AND published_at IS NOT NULL\n    ) THEN\n        RAISE EXCEPTION 'The text of a published version never changes. Start a draft.'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'published_text_never_changes';\n    END IF;\n    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n    RETURN NEW;\n", hash='0ba74b680cecf05e10219394ef2ea2d1b24b3a83', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_published_text_stays_5fabe', table='consent_templatetext', when='BEFORE'))),
            pgtrigger.migrations.AddTrigger(model_name='signature', trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='9a639cc7c0298409355577c07567cc3ac8b09ddf', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_6a4fc', table='consent_signature', when='BEFORE'))),
            pgtrigger.migrations.AddTrigger(model_name='signature', trigger=pgtrigger.compiler.Trigger(name='not_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'Rows of % are only ever added', TG_TABLE_NAME;", hash='7758c40cbe961343324d238fd14f44b84770eea8', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_not_truncated_dc675', table='consent_signature', when='BEFORE'))),
        ]),
    ]
