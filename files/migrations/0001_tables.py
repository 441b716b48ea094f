import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
import records.migrations._fields
import uuid
from django.conf import settings
from django.db import migrations, models

from records.migrations._at_once import AtOnce


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
            migrations.CreateModel(name='DocumentCheckEvent', fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('visibility', models.CharField(choices=[('all', 'All organizations'), ('own', 'Own organization only')], default='all', max_length=3)),
                ('date_created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('date_updated', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('date_deleted', models.DateTimeField(blank=True, editable=False, null=True)),
                ('checklist', models.CharField(choices=[('homeless', 'Homeless'), ('disability', 'Disability')], max_length=10)),
                ('item', models.CharField(max_length=150, verbose_name='item requiring verification')),
                ('acceptable_document', models.CharField(max_length=150)),
                ('comments', models.TextField(blank=True, max_length=4000)),
                ('verified_on', models.DateField(default=django.utils.timezone.localdate, verbose_name='verification date')),
                ('client', models.ForeignKey(db_constraint=False, editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='clients.client')),
                ('created_by', models.ForeignKey(db_constraint=False, db_index=False, editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('deleted_by', models.ForeignKey(blank=True, db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='agencies.organization')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='files.documentcheck')),
                ('updated_by', models.ForeignKey(db_constraint=False, db_index=False, editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('stored', models.ForeignKey(blank=True, db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='files.storedfile')),
            ], options={
                'abstract': False,
                'indexes': [
                    django.contrib.postgres.indexes.BrinIndex(autosummarize=True, fields=['pgh_created_at'], name='documentcheck_written_at'),
                ],
            }),
            migrations.CreateModel(name='ClientPhotoEvent', fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('visibility', models.CharField(choices=[('all', 'All organizations'), ('own', 'Own organization only')], default='all', max_length=3)),
                ('date_created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('date_updated', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('date_deleted', models.DateTimeField(blank=True, editable=False, null=True)),
                ('token', records.migrations._fields.UniqueKeyField(editable=False, max_length=32)),
                ('client', models.ForeignKey(db_constraint=False, editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='clients.client')),
                ('created_by', models.ForeignKey(db_constraint=False, db_index=False, editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('deleted_by', models.ForeignKey(blank=True, db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='agencies.organization')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='files.clientphoto')),
                ('updated_by', models.ForeignKey(db_constraint=False, db_index=False, editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('stored', models.ForeignKey(db_constraint=False, db_index=False, editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='files.storedfile')),
            ], options={
                'abstract': False,
            }),
            migrations.CreateModel(name='ClientFileEvent', fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('visibility', models.CharField(choices=[('all', 'All organizations'), ('own', 'Own organization only')], default='all', max_length=3)),
                ('date_created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('date_updated', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('date_deleted', models.DateTimeField(blank=True, editable=False, null=True)),
                ('document_name', models.CharField(max_length=150)),
                ('category', models.CharField(blank=True, choices=[('id', 'Identification'), ('birth', 'Birth certificate'), ('ssn', 'Social Security card'), ('income', 'Income and benefits'), ('housing', 'Lease and housing'), ('consent', 'Consent and release'), ('letter', 'Letter or reference'), ('other', 'Other')], max_length=10)),
                ('expires_on', models.DateField(blank=True, null=True, verbose_name='expires on')),
                ('client', models.ForeignKey(db_constraint=False, editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='clients.client')),
                ('created_by', models.ForeignKey(db_constraint=False, db_index=False, editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('deleted_by', models.ForeignKey(blank=True, db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='agencies.organization')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='files.clientfile')),
                ('updated_by', models.ForeignKey(db_constraint=False, db_index=False, editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('stored', models.ForeignKey(db_constraint=False, db_index=False, editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='files.storedfile')),
                ('release', models.ForeignKey(blank=True, db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='clients.release')),
            ], options={
                'abstract': False,
                'indexes': [
                    django.contrib.postgres.indexes.BrinIndex(autosummarize=True, fields=['pgh_created_at'], name='clientfile_written_at'),
                ],
            }),
            migrations.CreateModel(name='StoredFileEvent', fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('key', records.migrations._fields.UniqueKeyField(max_length=64)),
                ('thumbnail_key', models.CharField(blank=True, max_length=64)),
                ('kind', models.CharField(choices=[('pdf', 'PDF'), ('jpeg', 'JPEG picture'), ('png', 'PNG picture'), ('gif', 'GIF picture'), ('webp', 'WebP picture'), ('heic', 'HEIC picture'), ('tiff', 'TIFF picture'), ('text', 'Plain text'), ('docx', 'Word document'), ('xlsx', 'Excel workbook'), ('pptx', 'PowerPoint presentation'), ('odt', 'OpenDocument text'), ('ods', 'OpenDocument spreadsheet'), ('odp', 'OpenDocument presentation'), ('doc', 'Word 97 document'), ('xls', 'Excel 97 workbook')], max_length=10)),
                ('size', models.PositiveBigIntegerField()),
                ('pages', models.PositiveIntegerField(default=0)),
                ('sha256', models.CharField(max_length=64)),
                ('status', models.CharField(choices=[('pending', 'Waiting for the virus scan'), ('ready', 'Ready'), ('refused', 'Refused: the virus scan found something'), ('lost', 'Not in the file store any more'), ('purged', 'Deleted for good')], default='ready', max_length=10)),
                ('stored_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='files.storedfile')),
            ], options={
                'abstract': False,
            }),
            pgtrigger.migrations.AddTrigger(model_name='clientfile', trigger=pgtrigger.compiler.Trigger(name='follows_merge', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE survivor bigint;', func='\n    SELECT merged_into_id INTO survivor FROM clients_client WHERE id = NEW.client_id FOR KEY SHARE;\n    IF survivor IS NOT NULL THEN\n        NEW.client_id = survivor;\n    END IF;\n    RETURN NEW;\n', hash='d89aeef4ea41e9dc1fc83f03ce7561eebee81ef1', operation='INSERT', pgid='pgtrigger_follows_merge_c299f', table='files_clientfile', when='BEFORE'))),
            pgtrigger.migrations.AddTrigger(model_name='clientfile', trigger=pgtrigger.compiler.Trigger(name='release_file_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."release_id" IS NOT NULL)', declare='DECLARE kept files_clientfile%ROWTYPE;', func="\n    IF TG_OP = 'UPDATE' THEN\n        kept := OLD;\n        kept.client_id := NEW.client_id;\n        kept.date_updated := NEW.date_updated;\n        kept.updated_by_id := NEW.updated_by_id;\n        IF NEW IS NOT DISTINCT FROM kept THEN\n            RETURN NEW;\n        END IF;\n    END IF;\n    RAISE EXCEPTION 'The file of a release is never changed or deleted. Revoke the release.'\n    USING ERRCODE = 'check_violation', CONSTRAINT = 'release_file_stays';\n", hash='a42aa5cc20ebf207850d7506043b3252bb8dff46', operation='UPDATE OR DELETE', pgid='pgtrigger_release_file_stays_3286a', table='files_clientfile', when='BEFORE'))),
            pgtrigger.migrations.AddTrigger(model_name='clientfile', trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "files_clientfileevent" ("category", "client_id", "created_by_id", "date_created", "date_deleted", "date_updated", "deleted_by_id", "document_name", "expires_on", "id", "organization_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "release_id", "stored_id", "updated_by_id", "visibility") VALUES (NEW."category", NEW."client_id", NEW."created_by_id", NEW."date_created", NEW."date_deleted", NEW."date_updated", NEW."deleted_by_id", NEW."document_name", NEW."expires_on", NEW."id", NEW."organization_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."release_id", NEW."stored_id", NEW."updated_by_id", NEW."visibility"); RETURN NULL;', hash='e1de891aa851014cbe55dcdf9443dfb005c6f101', operation='INSERT', pgid='pgtrigger_insert_insert_0c849', table='files_clientfile', when='AFTER'))),
            pgtrigger.migrations.AddTrigger(model_name='clientfile', trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "files_clientfileevent" ("category", "client_id", "created_by_id", "date_created", "date_deleted", "date_updated", "deleted_by_id", "document_name", "expires_on", "id", "organization_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "release_id", "stored_id", "updated_by_id", "visibility") VALUES (NEW."category", NEW."client_id", NEW."created_by_id", NEW."date_created", NEW."date_deleted", NEW."date_updated", NEW."deleted_by_id", NEW."document_name", NEW."expires_on", NEW."id", NEW."organization_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."release_id", NEW."stored_id", NEW."updated_by_id", NEW."visibility"); RETURN NULL;', hash='74fcf3075797419e77316c1f6b8908aa55891109', operation='UPDATE', pgid='pgtrigger_update_update_4f20e', table='files_clientfile', when='AFTER'))),
            pgtrigger.migrations.AddTrigger(model_name='clientfile', trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "files_clientfileevent" ("category", "client_id", "created_by_id", "date_created", "date_deleted", "date_updated", "deleted_by_id", "document_name", "expires_on", "id", "organization_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "release_id", "stored_id", "updated_by_id", "visibility") VALUES (OLD."category", OLD."client_id", OLD."created_by_id", OLD."date_created", OLD."date_deleted", OLD."date_updated", OLD."deleted_by_id", OLD."document_name", OLD."expires_on", OLD."id", OLD."organization_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."release_id", OLD."stored_id", OLD."updated_by_id", OLD."visibility"); RETURN NULL;', hash='55159543e444e27e3faecfdcd1bb24e25ed74e60', operation='DELETE', pgid='pgtrigger_delete_delete_ed0b1', table='files_clientfile', when='AFTER'))),
            pgtrigger.migrations.AddTrigger(model_name='clientphoto', trigger=pgtrigger.compiler.Trigger(name='follows_merge', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE survivor bigint;', func='\n    SELECT merged_into_id INTO survivor FROM clients_client WHERE id = NEW.client_id FOR KEY SHARE;\n    IF survivor IS NOT NULL THEN\n        NEW.client_id = survivor;\n    END IF;\n    RETURN NEW;\n', hash='7a14857ea4e4729b8aaf0e01dea5952e5b524105', operation='INSERT', pgid='pgtrigger_follows_merge_4a663', table='files_clientphoto', when='BEFORE'))),
            pgtrigger.migrations.AddTrigger(model_name='clientphoto', trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "files_clientphotoevent" ("client_id", "created_by_id", "date_created", "date_deleted", "date_updated", "deleted_by_id", "id", "organization_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "stored_id", "token", "updated_by_id", "visibility") VALUES (NEW."client_id", NEW."created_by_id", NEW."date_created", NEW."date_deleted", NEW."date_updated", NEW."deleted_by_id", NEW."id", NEW."organization_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."stored_id", NEW."token", NEW."updated_by_id", NEW."visibility"); RETURN NULL;', hash='b8acc3f4308fd69cb469afa9abc52c07019a9b93', operation='INSERT', pgid='pgtrigger_insert_insert_00c4d', table='files_clientphoto', when='AFTER'))),
            pgtrigger.migrations.AddTrigger(model_name='clientphoto', trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "files_clientphotoevent" ("client_id", "created_by_id", "date_created", "date_deleted", "date_updated", "deleted_by_id", "id", "organization_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "stored_id", "token", "updated_by_id", "visibility") VALUES (NEW."client_id", NEW."created_by_id", NEW."date_created", NEW."date_deleted", NEW."date_updated", NEW."deleted_by_id", NEW."id", NEW."organization_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."stored_id", NEW."token", NEW."updated_by_id", NEW."visibility"); RETURN NULL;', hash='987586dec9578fb9078161d259e5e6f7ab2d12df', operation='UPDATE', pgid='pgtrigger_update_update_01427', table='files_clientphoto', when='AFTER'))),
            pgtrigger.migrations.AddTrigger(model_name='clientphoto', trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "files_clientphotoevent" ("client_id", "created_by_id", "date_created", "date_deleted", "date_updated", "deleted_by_id", "id", "organization_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "stored_id", "token", "updated_by_id", "visibility") VALUES (OLD."client_id", OLD."created_by_id", OLD."date_created", OLD."date_deleted", OLD."date_updated", OLD."deleted_by_id", OLD."id", OLD."organization_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."stored_id", OLD."token", OLD."updated_by_id", OLD."visibility"); RETURN NULL;', hash='b46d9e5f53cee8b1046679da73a15aaf1d7ebc1e', operation='DELETE', pgid='pgtrigger_delete_delete_4a704', table='files_clientphoto', when='AFTER'))),
            pgtrigger.migrations.AddTrigger(model_name='documentcheck', trigger=pgtrigger.compiler.Trigger(name='follows_merge', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE survivor bigint;', func='\n    SELECT merged_into_id INTO survivor FROM clients_client WHERE id = NEW.client_id FOR KEY SHARE;\n    IF survivor IS NOT NULL THEN\n        NEW.client_id = survivor;\n    END IF;\n    RETURN NEW;\n', hash='d16a7c1d0e21f01d40e544bccc3f77d3f659d89e', operation='INSERT', pgid='pgtrigger_follows_merge_8905a', table='files_documentcheck', when='BEFORE'))),
            pgtrigger.migrations.AddTrigger(model_name='documentcheck', trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "files_documentcheckevent" ("acceptable_document", "checklist", "client_id", "comments", "created_by_id", "date_created", "date_deleted", "date_updated", "deleted_by_id", "id", "item", "organization_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "stored_id", "updated_by_id", "verified_on", "visibility") VALUES (NEW."acceptable_document", NEW."checklist", NEW."client_id", NEW."comments", NEW."created_by_id", NEW."date_created", NEW."date_deleted", NEW."date_updated", NEW."deleted_by_id", NEW."id", NEW."item", NEW."organization_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."stored_id", NEW."updated_by_id", NEW."verified_on", NEW."visibility"); RETURN NULL;', hash='610d46c396639d5069d77768f3f1323efcc7427f', operation='INSERT', pgid='pgtrigger_insert_insert_44ba7', table='files_documentcheck', when='AFTER'))),
            pgtrigger.migrations.AddTrigger(model_name='documentcheck', trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "files_documentcheckevent" ("acceptable_document", "checklist", "client_id", "comments", "created_by_id", "date_created", "date_deleted", "date_updated", "deleted_by_id", "id", "item", "organization_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "stored_id", "updated_by_id", "verified_on", "visibility") VALUES (NEW."acceptable_document", NEW."checklist", NEW."client_id", NEW."comments", NEW."created_by_id", NEW."date_created", NEW."date_deleted", NEW."date_updated", NEW."deleted_by_id", NEW."id", NEW."item", NEW."organization_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."stored_id", NEW."updated_by_id", NEW."verified_on", NEW."visibility"); RETURN NULL;', hash='28e0e1c49f2d04d91e91534cb77d6b365ba904f1', operation='UPDATE', pgid='pgtrigger_update_update_c7d61', table='files_documentcheck', when='AFTER'))),
            pgtrigger.migrations.AddTrigger(model_name='documentcheck', trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "files_documentcheckevent" ("acceptable_document", "checklist", "client_id", "comments", "created_by_id", "date_created", "date_deleted", "date_updated", "deleted_by_id", "id", "item", "organization_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "stored_id", "updated_by_id", "verified_on", "visibility") VALUES (OLD."acceptable_document", OLD."checklist", OLD."client_id", OLD."comments", OLD."created_by_id", OLD."date_created", OLD."date_deleted", OLD."date_updated", OLD."deleted_by_id", OLD."id", OLD."item", OLD."organization_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."stored_id", OLD."updated_by_id", OLD."verified_on", OLD."visibility"); RETURN NULL;', hash='e6020ccdba529b861971d46bb62bf098d16ca734', operation='DELETE', pgid='pgtrigger_delete_delete_b7810', table='files_documentcheck', when='AFTER'))),
            pgtrigger.migrations.AddTrigger(model_name='storedfile', trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "files_storedfileevent" ("id", "key", "kind", "pages", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sha256", "size", "status", "stored_at", "thumbnail_key") VALUES (NEW."id", NEW."key", NEW."kind", NEW."pages", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."sha256", NEW."size", NEW."status", NEW."stored_at", NEW."thumbnail_key"); RETURN NULL;', hash='32168f22474faaf0a2a2e5ab94a2f1327a39f501', operation='INSERT', pgid='pgtrigger_insert_insert_a0d7d', table='files_storedfile', when='AFTER'))),
            pgtrigger.migrations.AddTrigger(model_name='storedfile', trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "files_storedfileevent" ("id", "key", "kind", "pages", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sha256", "size", "status", "stored_at", "thumbnail_key") VALUES (NEW."id", NEW."key", NEW."kind", NEW."pages", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."sha256", NEW."size", NEW."status", NEW."stored_at", NEW."thumbnail_key"); RETURN NULL;', hash='3a11c3c5c3ed328fe594b42838297164eb880dc7', operation='UPDATE', pgid='pgtrigger_update_update_8c2ef', table='files_storedfile', when='AFTER'))),
            pgtrigger.migrations.AddTrigger(model_name='storedfile', trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "files_storedfileevent" ("id", "key", "kind", "pages", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sha256", "size", "status", "stored_at", "thumbnail_key") VALUES (OLD."id", OLD."key", OLD."kind", OLD."pages", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."sha256", OLD."size", OLD."status", OLD."stored_at", OLD."thumbnail_key"); RETURN NULL;', hash='2e6e5a88c99add47db8bb9b2340149dd6447b1e7', operation='DELETE', pgid='pgtrigger_delete_delete_ad157', table='files_storedfile', when='AFTER'))),
            pgtrigger.migrations.AddTrigger(model_name='storedfile', trigger=pgtrigger.compiler.Trigger(name='release_file_stays', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE kept files_storedfile%ROWTYPE;', func="\n    IF NOT EXISTS (\n        SELECT 1 FROM files_clientfile WHERE stored_id = OLD.id AND release_id IS NOT NULL\n    ) THEN\n        RETURN COALESCE(NEW, OLD);\n    END IF;\n    IF TG_OP = 'UPDATE' AND NEW.status <> 'purged' THEN\n        kept := OLD;\n        kept.status := NEW.status;\n        kept.thumbnail_key := NEW.thumbnail_key;\n        IF NEW IS NOT DISTINCT FROM kept THEN\n            RETURN NEW;\n        END IF;\n    END IF;\n    RAISE EXCEPTION 'The file of a release is never changed or deleted. Revoke the release.'\n    USING ERRCODE = 'check_violation', CONSTRAINT = 'release_file_stays';\n", hash='31e348e51d22c7981a17587fbc934e7f8936ada8', operation='UPDATE OR DELETE', pgid='pgtrigger_release_file_stays_89c8c', table='files_storedfile', when='BEFORE'))),
            pgtrigger.migrations.AddTrigger(model_name='documentcheckevent', trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='9b6fc0496aa89d1747b0c4ff8fadd579504cc595', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_9b70d', table='files_documentcheckevent', when='BEFORE'))),
            pgtrigger.migrations.AddTrigger(model_name='clientphotoevent', trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='4fd31d0d516d91f60f0e882feeeb286a3de6c527', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_71587', table='files_clientphotoevent', when='BEFORE'))),
            pgtrigger.migrations.AddTrigger(model_name='clientfileevent', trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='bc5b4ab443f54611a359ab7d59ba8781b50ac3e8', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_8ad52', table='files_clientfileevent', when='BEFORE'))),
            pgtrigger.migrations.AddTrigger(model_name='storedfileevent', trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='87c00a10d7d7fa3c851b8d6ac1c82626e991377c', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_0014f', table='files_storedfileevent', when='BEFORE'))),
        ]),
    ]
