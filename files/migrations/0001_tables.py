import uuid

from django.db import migrations, models
from django.db.models import PROTECT, Index, Q, UniqueConstraint, functions
from django.utils import timezone

from records.migrations._at_once import AtOnce
from records.migrations._fields import KeyHash, UniqueKeyField
from records.migrations._tables import Key, Record, Silent, Table, check, deleted_newest, each, filled, known

RELEASE_FILE_STAYS = """
    IF TG_OP = 'UPDATE' THEN
        kept := OLD;
        kept.client_id := NEW.client_id;
        kept.date_updated := NEW.date_updated;
        kept.updated_by_id := NEW.updated_by_id;
        IF NEW IS NOT DISTINCT FROM kept THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'The file of a release is never changed or deleted. Revoke the release.'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'release_file_stays';
"""
STORED_FILE_OF_RELEASE_STAYS = """
    IF NOT EXISTS (
        SELECT 1 FROM files_clientfile WHERE stored_id = OLD.id AND release_id IS NOT NULL
    ) THEN
        RETURN COALESCE(NEW, OLD);
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.status <> 'purged' THEN
        kept := OLD;
        kept.status := NEW.status;
        kept.thumbnail_key := NEW.thumbnail_key;
        IF NEW IS NOT DISTINCT FROM kept THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'The file of a release is never changed or deleted. Revoke the release.'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'release_file_stays';
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [('agencies', '0001_tables'), ('clients', '0001_tables')]

    operations = [AtOnce([
        Record('ClientFile', [
            *filled('document_name', models.CharField(max_length=150), 'file_has_a_name', 'Enter a document name.'),
            *known('category', models.CharField(max_length=10, blank=True, choices=[('id', 'Identification'), ('birth', 'Birth certificate'), ('ssn', 'Social Security card'), ('income', 'Income and benefits'), ('housing', 'Lease and housing'), ('consent', 'Consent and release'), ('letter', 'Letter or reference'), ('other', 'Other')]), 'file_category_is_known', 'Choose one of the listed categories.'),
            ('expires_on', models.DateField(verbose_name='expires on', blank=True, null=True)),
            ('client', Key('clients.client', PROTECT, editable=False, related_name='%(class)ss', db_index=False)),
            ('stored', models.OneToOneField('files.storedfile', editable=False, related_name='client_file', on_delete=PROTECT)),
            ('release', Silent('clients.release', blank=True, null=True, editable=False)),
            UniqueConstraint(name='one_file_of_a_release', fields=['release'], condition=Q(release__isnull=False), violation_error_message='This release has its file already.'),
            check('file_of_release_is_consent', Q(release=None) | Q(category='consent'), 'The file of a release is filed under Consent and release.'),
            check('file_of_release_is_not_deleted', Q(release=None) | Q(date_deleted=None), 'The file of a release is not deleted. Revoke the release.'),
            Index(name='file_by_client', fields=['client', '-date_created']),
            deleted_newest('file_deleted_newest'),
            {'name': 'release_file_stays', 'declare': 'DECLARE kept files_clientfile%ROWTYPE;', 'when': 'BEFORE', 'operation': 'UPDATE OR DELETE', 'condition': 'WHEN (OLD."release_id" IS NOT NULL)', 'func': RELEASE_FILE_STAYS},
        ], ordering=['-date_created', '-pk'], history={'by_time': True}),
        Record('ClientPhoto', [
            ('token', UniqueKeyField(max_length=32, unique=True, editable=False)),
            ('client', Key('clients.client', PROTECT, editable=False, related_name='%(class)ss')),
            ('stored', models.OneToOneField('files.storedfile', editable=False, related_name='client_photo', on_delete=PROTECT)),
            UniqueConstraint(name='one_photo_of_a_client', fields=['client'], condition=Q(date_deleted=None), violation_error_message='This client has a photo already. Delete it first.'),
            check('photo_is_everybodys', Q(visibility='all'), 'Whoever may see a client sees the photo too.'),
            deleted_newest('photo_deleted_newest'),
        ], history={}),
        Record('DocumentCheck', [
            *known('checklist', models.CharField(max_length=10, choices=[('homeless', 'Homeless'), ('disability', 'Disability')]), 'check_has_a_checklist', 'Choose Homeless or Disability.'),
            *each(models.CharField(max_length=150), 'acceptable_document', item='item requiring verification'),
            ('comments', models.TextField(max_length=4000, blank=True)),
            ('verified_on', models.DateField(verbose_name='verification date', default=timezone.localdate)),
            ('client', Key('clients.client', PROTECT, editable=False, related_name='%(class)ss', db_index=False)),
            ('stored', models.OneToOneField('files.storedfile', blank=True, null=True, editable=False, related_name='document_check', on_delete=PROTECT)),
            check('check_says_what_was_verified', Q(~Q(item=''), ~Q(acceptable_document='')), 'Enter the item and the document that verifies it.'),
            Index(name='check_by_client', fields=['client', '-verified_on']),
            deleted_newest('check_deleted_newest'),
        ], ordering=['-verified_on', '-pk'], history={'by_time': True}),
        Table('FileStore', [
            ('identity', models.UUIDField(default=uuid.uuid4)),
            check('one_file_store_of_a_database', Q(id=1), 'A database has one file store.'),
        ]),
        Table('StoredFile', [
            ('key', UniqueKeyField(max_length=64)),
            ('thumbnail_key', models.CharField(max_length=64, blank=True)),
            *known('kind', models.CharField(max_length=10, choices=[('pdf', 'PDF'), ('jpeg', 'JPEG picture'), ('png', 'PNG picture'), ('gif', 'GIF picture'), ('webp', 'WebP picture'), ('heic', 'HEIC picture'), ('tiff', 'TIFF picture'), ('text', 'Plain text'), ('docx', 'Word document'), ('xlsx', 'Excel workbook'), ('pptx', 'PowerPoint presentation'), ('odt', 'OpenDocument text'), ('ods', 'OpenDocument spreadsheet'), ('odp', 'OpenDocument presentation'), ('doc', 'Word 97 document'), ('xls', 'Excel 97 workbook')]), 'stored_file_kind_is_known', 'Files of this kind are not kept.'),
            ('size', models.PositiveBigIntegerField()),
            ('pages', models.PositiveIntegerField(default=0)),
            ('sha256', models.CharField(max_length=64)),
            *known('status', models.CharField(max_length=10, default='ready', choices=[('pending', 'Waiting for the virus scan'), ('ready', 'Ready'), ('refused', 'Refused: the virus scan found something'), ('lost', 'Not in the file store any more'), ('purged', 'Deleted for good')]), 'stored_file_status_is_known', 'Choose one of the listed states.'),
            ('stored_at', models.DateTimeField(default=timezone.now)),
            check('stored_file_is_not_empty', Q(size__gt=0) & ~Q(key=''), 'An empty file is not kept.'),
            UniqueConstraint(KeyHash('key'), name='stored_file_key_once', violation_error_message='Another row has this key.'),
            Index(name='stored_file_pending', fields=['id'], condition=Q(status='pending')),
            Index(functions.Left('key', 9), name='stored_file_folder'),
            {'name': 'release_file_stays', 'declare': 'DECLARE kept files_storedfile%ROWTYPE;', 'when': 'BEFORE', 'operation': 'UPDATE OR DELETE', 'func': STORED_FILE_OF_RELEASE_STAYS},
        ], history={}),
    ])]
