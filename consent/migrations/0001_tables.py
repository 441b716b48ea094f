from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator, RegexValidator
from django.db import migrations, models
from django.db.models import CASCADE, PROTECT, F, Q, UniqueConstraint, functions
from django.utils import timezone

from records.migrations._at_once import AtOnce
from records.migrations._choices import LANGUAGES
from records.migrations._tables import USER, Key, Silent, Table, check, each, filled, known
from records.migrations._triggers import ONLY_ADDED

PUBLISHED_STAYS = """
    old_row := OLD;
    new_row := NEW;
    new_row.retired_at := old_row.retired_at;
    new_row.retired_by_id := old_row.retired_by_id;
    IF OLD.retired_at IS NULL AND new_row IS NOT DISTINCT FROM old_row THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'A published version never changes. Start a draft.'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'published_version_never_changes';
"""
PUBLISHED_IS_NEVER_DELETED = """
    RAISE EXCEPTION 'A published version is never deleted. Retire it.'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'published_version_is_never_deleted';
"""
PUBLISHED_TEXT_STAYS = """
    IF TG_OP <> 'INSERT' THEN versions := versions || OLD.version_id; END IF;
    IF TG_OP <> 'DELETE' THEN versions := versions || NEW.version_id; END IF;
    PERFORM 1 FROM consent_templateversion WHERE id = ANY(versions) FOR SHARE;
    IF EXISTS (
        SELECT 1 FROM consent_templateversion
        WHERE id = ANY(versions) AND published_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'The text of a published version never changes. Start a draft.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'published_text_never_changes';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [('agencies', '0001_tables'), ('clients', '0001_tables')]

    operations = [AtOnce([
        Table('ReleaseTemplate', [
            ('date_created', models.DateTimeField(default=timezone.now, editable=False)),
            ('created_by', Silent(USER, editable=False)),
            ('organization', Key('agencies.organization', PROTECT, blank=True, null=True, help_text='Left empty, it is the text of the CoC, for every organization without its own.', related_name='release_templates', db_index=False)),
            UniqueConstraint(functions.Coalesce('organization', 0), name='release_template_once', violation_error_message='This organization has its text already. Open that one.'),
        ], verbose_name='release text', history={}),
        Table('TemplateVersion', [
            ('number', models.PositiveSmallIntegerField(blank=True, null=True, editable=False)),
            ('months', models.PositiveSmallIntegerField(verbose_name='Lasts (months)', blank=True, null=True, help_text='From the day on which it is signed. Left empty, until it is revoked.', validators=[MinValueValidator(1), MaxValueValidator(120)])),
            ('is_sample', models.BooleanField(verbose_name='Sample text', default=False, help_text='Clients see that it is a sample. Untick it when your CoC has approved the text.')),
            ('date_created', models.DateTimeField(default=timezone.now, editable=False)),
            *each(models.DateTimeField(blank=True, null=True, editable=False), 'published_at', 'retired_at'),
            ('created_by', Silent(USER, editable=False)),
            *each(Silent(USER, blank=True, null=True, editable=False), 'published_by', 'retired_by'),
            ('template', Key('consent.releasetemplate', PROTECT, editable=False, related_name='versions', db_index=False)),
            UniqueConstraint(name='template_version_number_once', fields=['template', 'number'], violation_error_message='Somebody else published that number. Publish again.'),
            UniqueConstraint(name='template_version_one_draft', fields=['template'], condition=Q(published_at=None), violation_error_message='There is a draft already. Go on with that one.'),
            UniqueConstraint(name='template_version_one_in_force', fields=['template'], condition=Q(published_at__isnull=False, retired_at=None), violation_error_message='Another version is in force. Retire that one first.'),
            check('template_version_published_by_somebody', Q(number=None, published_at=None, published_by=None) | Q(number__isnull=False, published_at__isnull=False, published_by__isnull=False), 'What is published has a number, a user and a moment.'),
            check('template_version_retired_by_somebody', Q(retired_at=None, retired_by=None) | Q(published_at__isnull=False, retired_at__isnull=False, retired_by__isnull=False), 'A version is retired after it was published, by a user.'),
            check('template_version_lasts', Q(months=None) | Q(months__gte=1, months__lte=120), 'Enter 1 to 120 months, or nothing.'),
            {'name': 'published_stays', 'declare': 'DECLARE old_row consent_templateversion; new_row consent_templateversion;', 'when': 'BEFORE', 'operation': 'UPDATE', 'condition': 'WHEN (OLD."published_at" IS NOT NULL)', 'func': PUBLISHED_STAYS},
            {'name': 'published_is_never_deleted', 'when': 'BEFORE', 'operation': 'DELETE', 'condition': 'WHEN (OLD."published_at" IS NOT NULL)', 'func': PUBLISHED_IS_NEVER_DELETED},
        ], ordering=[F('number').desc(nulls_first=True)], verbose_name='version of a release text', verbose_name_plural='versions of a release text', history={'read_by': ['template']}),
        Table('TemplateText', [
            *known('language', models.CharField(max_length=7, choices=LANGUAGES), 'template_text_language_is_known', 'Choose one of the listed languages.'),
            ('title', models.CharField(max_length=200)),
            ('text', models.TextField(help_text='Plain text, an empty line between paragraphs. A short first line without a period is a heading. {client}, {organization}, {today} and {end} are filled in when somebody signs.', validators=[MaxLengthValidator(20000)])),
            ('version', Key('consent.templateversion', CASCADE, editable=False, related_name='texts', db_index=False)),
            UniqueConstraint(name='template_text_once', fields=['version', 'language'], violation_error_message='There is a text in this language already.'),
            check('template_text_says_something', Q(~Q(title=''), ~Q(text='')), 'Enter a title and a text.'),
            check('template_text_has_known_placeholders', Q(title__regex='^([^{}]|\\{(client|organization|today|end)\\})*$') & Q(text__regex='^([^{}]|\\{(client|organization|today|end)\\})*$'), 'Braces stand around {client}, {organization}, {today} and {end} alone.'),
            {'name': 'published_text_stays', 'declare': 'DECLARE versions bigint[];', 'when': 'BEFORE', 'operation': 'INSERT OR UPDATE OR DELETE', 'func': PUBLISHED_TEXT_STAYS},
        ], ordering=['language'], verbose_name='text', history={'read_by': ['version']}),
        Table('Signature', [
            ('release', models.OneToOneField('clients.release', primary_key=True, serialize=False, related_name='signature', on_delete=PROTECT)),
            *known('language', models.CharField(max_length=7, choices=LANGUAGES), 'signature_language_is_known', 'Choose one of the listed languages.'),
            *each(models.JSONField(), 'languages', 'values'),
            ('text_hash', models.CharField(max_length=64, validators=[RegexValidator('^[0-9a-f]{64}$', 'Enter a SHA-256 in hexadecimal.')])),
            ('strokes', models.JSONField(blank=True, default=list)),
            ('typed_name', models.CharField(max_length=150, blank=True)),
            ('statement', models.TextField(blank=True)),
            ('signed_at', models.DateTimeField(default=timezone.now)),
            ('version', Key('consent.templateversion', PROTECT, related_name='signatures', db_index=False)),
            ('witness', Silent(USER)),
            check('signature_has_a_hash', Q(text_hash__regex='^[0-9a-f]{64}$'), 'A signature needs the hash of the text.'),
            check('signature_by_hand_or_typed', Q(~Q(strokes=[]), statement='', typed_name='') | (Q(strokes=[]) & ~Q(typed_name='') & ~Q(statement='')), 'Sign by hand, or type the name and agree.'),
            *ONLY_ADDED,
        ]),
    ])]
