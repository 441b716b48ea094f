import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
import records.migrations._fields
import uuid
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
            migrations.CreateModel(name='ClientFile', fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('visibility', models.CharField(choices=[('all', 'All organizations'), ('own', 'Own organization only')], default='all', max_length=3)),
                ('date_created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('date_updated', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('date_deleted', models.DateTimeField(blank=True, editable=False, null=True)),
                ('document_name', models.CharField(max_length=150)),
                ('category', models.CharField(blank=True, choices=[('id', 'Identification'), ('birth', 'Birth certificate'), ('ssn', 'Social Security card'), ('income', 'Income and benefits'), ('housing', 'Lease and housing'), ('consent', 'Consent and release'), ('letter', 'Letter or reference'), ('other', 'Other')], max_length=10)),
                ('expires_on', models.DateField(blank=True, null=True, verbose_name='expires on')),
                ('client', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='clients.client')),
                ('created_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('deleted_by', models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.organization')),
                ('updated_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('stored', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='client_file', to='files.storedfile')),
                ('release', models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clients.release')),
            ], options={
                'abstract': False,
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('visibility__in', ['all', 'own'])), name='clientfile_visibility_is_known', violation_error_message='Choose who may see this record.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('date_deleted', None), ('deleted_by', None)), models.Q(('date_deleted__isnull', False), ('deleted_by__isnull', False)), _connector='OR'), name='clientfile_deleted_by_somebody', violation_error_message='A deletion needs who and when.'),
                    models.CheckConstraint(condition=models.Q(('document_name', ''), _negated=True), name='file_has_a_name', violation_error_message='Enter a document name.'),
                    models.CheckConstraint(condition=models.Q(('category__in', ['', 'id', 'birth', 'ssn', 'income', 'housing', 'consent', 'letter', 'other'])), name='file_category_is_known', violation_error_message='Choose one of the listed categories.'),
                    models.UniqueConstraint(condition=models.Q(('release__isnull', False)), fields=('release',), name='one_file_of_a_release', violation_error_message='This release has its file already.'),
                    models.CheckConstraint(condition=models.Q(('release', None), ('category', 'consent'), _connector='OR'), name='file_of_release_is_consent', violation_error_message='The file of a release is filed under Consent and release.'),
                    models.CheckConstraint(condition=models.Q(('release', None), ('date_deleted', None), _connector='OR'), name='file_of_release_is_not_deleted', violation_error_message='The file of a release is not deleted. Revoke the release.'),
                ],
                'default_manager_name': 'objects',
                'indexes': [
                    models.Index(fields=['client', '-date_created'], name='file_by_client'),
                    models.Index(models.F('organization'), models.OrderBy(models.F('date_deleted'), descending=True), condition=models.Q(('date_deleted__isnull', False)), name='file_deleted_newest'),
                ],
                'ordering': ['-date_created', '-pk'],
            }),
            migrations.CreateModel(name='ClientPhoto', fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('visibility', models.CharField(choices=[('all', 'All organizations'), ('own', 'Own organization only')], default='all', max_length=3)),
                ('date_created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('date_updated', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('date_deleted', models.DateTimeField(blank=True, editable=False, null=True)),
                ('token', records.migrations._fields.UniqueKeyField(editable=False, max_length=32, unique=True)),
                ('client', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='clients.client')),
                ('created_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('deleted_by', models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.organization')),
                ('updated_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('stored', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='client_photo', to='files.storedfile')),
            ], options={
                'abstract': False,
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('visibility__in', ['all', 'own'])), name='clientphoto_visibility_is_known', violation_error_message='Choose who may see this record.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('date_deleted', None), ('deleted_by', None)), models.Q(('date_deleted__isnull', False), ('deleted_by__isnull', False)), _connector='OR'), name='clientphoto_deleted_by_somebody', violation_error_message='A deletion needs who and when.'),
                    models.UniqueConstraint(condition=models.Q(('date_deleted', None)), fields=('client',), name='one_photo_of_a_client', violation_error_message='This client has a photo already. Delete it first.'),
                    models.CheckConstraint(condition=models.Q(('visibility', 'all')), name='photo_is_everybodys', violation_error_message='Whoever may see a client sees the photo too.'),
                ],
                'default_manager_name': 'objects',
                'indexes': [
                    models.Index(models.F('organization'), models.OrderBy(models.F('date_deleted'), descending=True), condition=models.Q(('date_deleted__isnull', False)), name='photo_deleted_newest'),
                ],
            }),
            migrations.CreateModel(name='DocumentCheck', fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('visibility', models.CharField(choices=[('all', 'All organizations'), ('own', 'Own organization only')], default='all', max_length=3)),
                ('date_created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('date_updated', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('date_deleted', models.DateTimeField(blank=True, editable=False, null=True)),
                ('checklist', models.CharField(choices=[('homeless', 'Homeless'), ('disability', 'Disability')], max_length=10)),
                ('item', models.CharField(max_length=150, verbose_name='item requiring verification')),
                ('acceptable_document', models.CharField(max_length=150)),
                ('comments', models.TextField(blank=True, max_length=4000)),
                ('verified_on', models.DateField(default=django.utils.timezone.localdate, verbose_name='verification date')),
                ('client', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='clients.client')),
                ('created_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('deleted_by', models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.organization')),
                ('updated_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('stored', models.OneToOneField(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='document_check', to='files.storedfile')),
            ], options={
                'abstract': False,
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('visibility__in', ['all', 'own'])), name='documentcheck_visibility_is_known', violation_error_message='Choose who may see this record.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('date_deleted', None), ('deleted_by', None)), models.Q(('date_deleted__isnull', False), ('deleted_by__isnull', False)), _connector='OR'), name='documentcheck_deleted_by_somebody', violation_error_message='A deletion needs who and when.'),
                    models.CheckConstraint(condition=models.Q(('checklist__in', ['homeless', 'disability'])), name='check_has_a_checklist', violation_error_message='Choose Homeless or Disability.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('item', ''), _negated=True), models.Q(('acceptable_document', ''), _negated=True)), name='check_says_what_was_verified', violation_error_message='Enter the item and the document that verifies it.'),
                ],
                'default_manager_name': 'objects',
                'indexes': [
                    models.Index(fields=['client', '-verified_on'], name='check_by_client'),
                    models.Index(models.F('organization'), models.OrderBy(models.F('date_deleted'), descending=True), condition=models.Q(('date_deleted__isnull', False)), name='check_deleted_newest'),
                ],
                'ordering': ['-verified_on', '-pk'],
            }),
            migrations.CreateModel(name='FileStore', fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('identity', models.UUIDField(default=uuid.uuid4)),
            ], options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('id', 1)), name='one_file_store_of_a_database', violation_error_message='A database has one file store.'),
                ],
            }),
            migrations.CreateModel(name='StoredFile', fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', records.migrations._fields.UniqueKeyField(max_length=64)),
                ('thumbnail_key', models.CharField(blank=True, max_length=64)),
                ('kind', models.CharField(choices=[('pdf', 'PDF'), ('jpeg', 'JPEG picture'), ('png', 'PNG picture'), ('gif', 'GIF picture'), ('webp', 'WebP picture'), ('heic', 'HEIC picture'), ('tiff', 'TIFF picture'), ('text', 'Plain text'), ('docx', 'Word document'), ('xlsx', 'Excel workbook'), ('pptx', 'PowerPoint presentation'), ('odt', 'OpenDocument text'), ('ods', 'OpenDocument spreadsheet'), ('odp', 'OpenDocument presentation'), ('doc', 'Word 97 document'), ('xls', 'Excel 97 workbook')], max_length=10)),
                ('size', models.PositiveBigIntegerField()),
                ('pages', models.PositiveIntegerField(default=0)),
                ('sha256', models.CharField(max_length=64)),
                ('status', models.CharField(choices=[('pending', 'Waiting for the virus scan'), ('ready', 'Ready'), ('refused', 'Refused: the virus scan found something'), ('lost', 'Not in the file store any more'), ('purged', 'Deleted for good')], default='ready', max_length=10)),
                ('stored_at', models.DateTimeField(default=django.utils.timezone.now)),
            ], options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('kind__in', ['pdf', 'jpeg', 'png', 'gif', 'webp', 'heic', 'tiff', 'text', 'docx', 'xlsx', 'pptx', 'odt', 'ods', 'odp', 'doc', 'xls'])), name='stored_file_kind_is_known', violation_error_message='Files of this kind are not kept.'),
                    models.CheckConstraint(condition=models.Q(('status__in', ['pending', 'ready', 'refused', 'lost', 'purged'])), name='stored_file_status_is_known', violation_error_message='Choose one of the listed states.'),
                    models.CheckConstraint(condition=models.Q(('size__gt', 0), models.Q(('key', ''), _negated=True)), name='stored_file_is_not_empty', violation_error_message='An empty file is not kept.'),
                    models.UniqueConstraint(records.migrations._fields.KeyHash('key'), name='stored_file_key_once', violation_error_message='Another row has this key.'),
                ],
                'indexes': [
                    models.Index(condition=models.Q(('status', 'pending')), fields=['id'], name='stored_file_pending'),
                    models.Index(django.db.models.functions.text.Left('key', 9), name='stored_file_folder'),
                ],
            }),
            History('DocumentCheck', by_time=True),
            History('ClientPhoto'),
            History('ClientFile', by_time=True),
            History('StoredFile'),
            pgtrigger.migrations.AddTrigger(model_name='clientfile', trigger=pgtrigger.compiler.Trigger(name='follows_merge', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE survivor bigint;', func='\n    SELECT merged_into_id INTO survivor FROM clients_client WHERE id = NEW.client_id FOR KEY SHARE;\n    IF survivor IS NOT NULL THEN\n        NEW.client_id = survivor;\n    END IF;\n    RETURN NEW;\n', hash='d89aeef4ea41e9dc1fc83f03ce7561eebee81ef1', operation='INSERT', pgid='pgtrigger_follows_merge_c299f', table='files_clientfile', when='BEFORE'))),
            pgtrigger.migrations.AddTrigger(model_name='clientfile', trigger=pgtrigger.compiler.Trigger(name='release_file_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."release_id" IS NOT NULL)', declare='DECLARE kept files_clientfile%ROWTYPE;', func="\n    IF TG_OP = 'UPDATE' THEN\n        kept := OLD;\n        kept.client_id := NEW.client_id;\n        kept.date_updated := NEW.date_updated;\n        kept.updated_by_id := NEW.updated_by_id;\n        IF NEW IS NOT DISTINCT FROM kept THEN\n            RETURN NEW;\n        END IF;\n    END IF;\n    RAISE EXCEPTION 'The file of a release is never changed or deleted. Revoke the release.'\n    USING ERRCODE = 'check_violation', CONSTRAINT = 'release_file_stays';\n", hash='a42aa5cc20ebf207850d7506043b3252bb8dff46', operation='UPDATE OR DELETE', pgid='pgtrigger_release_file_stays_3286a', table='files_clientfile', when='BEFORE'))),
            pgtrigger.migrations.AddTrigger(model_name='clientphoto', trigger=pgtrigger.compiler.Trigger(name='follows_merge', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE survivor bigint;', func='\n    SELECT merged_into_id INTO survivor FROM clients_client WHERE id = NEW.client_id FOR KEY SHARE;\n    IF survivor IS NOT NULL THEN\n        NEW.client_id = survivor;\n    END IF;\n    RETURN NEW;\n', hash='7a14857ea4e4729b8aaf0e01dea5952e5b524105', operation='INSERT', pgid='pgtrigger_follows_merge_4a663', table='files_clientphoto', when='BEFORE'))),
            pgtrigger.migrations.AddTrigger(model_name='documentcheck', trigger=pgtrigger.compiler.Trigger(name='follows_merge', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE survivor bigint;', func='\n    SELECT merged_into_id INTO survivor FROM clients_client WHERE id = NEW.client_id FOR KEY SHARE;\n    IF survivor IS NOT NULL THEN\n        NEW.client_id = survivor;\n    END IF;\n    RETURN NEW;\n', hash='d16a7c1d0e21f01d40e544bccc3f77d3f659d89e', operation='INSERT', pgid='pgtrigger_follows_merge_8905a', table='files_documentcheck', when='BEFORE'))),
            pgtrigger.migrations.AddTrigger(model_name='storedfile', trigger=pgtrigger.compiler.Trigger(name='release_file_stays', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE kept files_storedfile%ROWTYPE;', func="\n    IF NOT EXISTS (\n        SELECT 1 FROM files_clientfile WHERE stored_id = OLD.id AND release_id IS NOT NULL\n    ) THEN\n        RETURN COALESCE(NEW, OLD);\n    END IF;\n    IF TG_OP = 'UPDATE' AND NEW.status <> 'purged' THEN\n        kept := OLD;\n        kept.status := NEW.status;\n        kept.thumbnail_key := NEW.thumbnail_key;\n        IF NEW IS NOT DISTINCT FROM kept THEN\n            RETURN NEW;\n        END IF;\n    END IF;\n    RAISE EXCEPTION 'The file of a release is never changed or deleted. Revoke the release.'\n    USING ERRCODE = 'check_violation', CONSTRAINT = 'release_file_stays';\n", hash='31e348e51d22c7981a17587fbc934e7f8936ada8', operation='UPDATE OR DELETE', pgid='pgtrigger_release_file_stays_89c8c', table='files_storedfile', when='BEFORE'))),
        ]),
    ]
