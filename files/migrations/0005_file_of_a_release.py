import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

from records.migrations._at_once import AtOnce


class Migration(migrations.Migration):

    dependencies = [
        ('clients', '0012_releases'),
        ('files', '0004_files_by_folder'),
    ]


    operations = [AtOnce([
        migrations.AddField(
            model_name='clientfile',
            name='release',
            field=models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clients.release'),
        ),
        migrations.AddField(
            model_name='clientfileevent',
            name='release',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='clients.release'),
        ),
        # Its index has the files of releases alone: there are none yet.
        migrations.AddConstraint(
            model_name='clientfile',
            constraint=models.UniqueConstraint(condition=models.Q(('release__isnull', False)), fields=('release',), name='one_file_of_a_release', violation_error_message='This release has its file already.'),
        ),
        AddConstraintNotValid(
            model_name='clientfile',
            constraint=models.CheckConstraint(condition=models.Q(('release', None), ('category', 'consent'), _connector='OR'), name='file_of_release_is_consent', violation_error_message='The file of a release is filed under Consent and release.'),
        ),
        AddConstraintNotValid(
            model_name='clientfile',
            constraint=models.CheckConstraint(condition=models.Q(('release', None), ('date_deleted', None), _connector='OR'), name='file_of_release_is_not_deleted', violation_error_message='The file of a release is not deleted. Revoke the release.'),
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='clientfile',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='clientfile',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='clientfile',
            name='delete_delete',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='clientfile',
            trigger=pgtrigger.compiler.Trigger(name='release_file_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."release_id" IS NOT NULL)', declare='DECLARE kept files_clientfile%ROWTYPE;', func="\n    IF TG_OP = 'UPDATE' THEN\n        kept := OLD;\n        kept.client_id := NEW.client_id;\n        kept.date_updated := NEW.date_updated;\n        kept.updated_by_id := NEW.updated_by_id;\n        IF NEW IS NOT DISTINCT FROM kept THEN\n            RETURN NEW;\n        END IF;\n    END IF;\n    RAISE EXCEPTION 'The file of a release is never changed or deleted. Revoke the release.'\n    USING ERRCODE = 'check_violation', CONSTRAINT = 'release_file_stays';\n", hash='a42aa5cc20ebf207850d7506043b3252bb8dff46', operation='UPDATE OR DELETE', pgid='pgtrigger_release_file_stays_3286a', table='files_clientfile', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='clientfile',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "files_clientfileevent" ("category", "client_id", "created_by_id", "date_created", "date_deleted", "date_updated", "deleted_by_id", "document_name", "expires_on", "id", "organization_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "release_id", "stored_id", "updated_by_id", "visibility") VALUES (NEW."category", NEW."client_id", NEW."created_by_id", NEW."date_created", NEW."date_deleted", NEW."date_updated", NEW."deleted_by_id", NEW."document_name", NEW."expires_on", NEW."id", NEW."organization_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."release_id", NEW."stored_id", NEW."updated_by_id", NEW."visibility"); RETURN NULL;', hash='e1de891aa851014cbe55dcdf9443dfb005c6f101', operation='INSERT', pgid='pgtrigger_insert_insert_0c849', table='files_clientfile', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='clientfile',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "files_clientfileevent" ("category", "client_id", "created_by_id", "date_created", "date_deleted", "date_updated", "deleted_by_id", "document_name", "expires_on", "id", "organization_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "release_id", "stored_id", "updated_by_id", "visibility") VALUES (NEW."category", NEW."client_id", NEW."created_by_id", NEW."date_created", NEW."date_deleted", NEW."date_updated", NEW."deleted_by_id", NEW."document_name", NEW."expires_on", NEW."id", NEW."organization_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."release_id", NEW."stored_id", NEW."updated_by_id", NEW."visibility"); RETURN NULL;', hash='74fcf3075797419e77316c1f6b8908aa55891109', operation='UPDATE', pgid='pgtrigger_update_update_4f20e', table='files_clientfile', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='clientfile',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "files_clientfileevent" ("category", "client_id", "created_by_id", "date_created", "date_deleted", "date_updated", "deleted_by_id", "document_name", "expires_on", "id", "organization_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "release_id", "stored_id", "updated_by_id", "visibility") VALUES (OLD."category", OLD."client_id", OLD."created_by_id", OLD."date_created", OLD."date_deleted", OLD."date_updated", OLD."deleted_by_id", OLD."document_name", OLD."expires_on", OLD."id", OLD."organization_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."release_id", OLD."stored_id", OLD."updated_by_id", OLD."visibility"); RETURN NULL;', hash='55159543e444e27e3faecfdcd1bb24e25ed74e60', operation='DELETE', pgid='pgtrigger_delete_delete_ed0b1', table='files_clientfile', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='storedfile',
            trigger=pgtrigger.compiler.Trigger(name='release_file_stays', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE kept files_storedfile%ROWTYPE;', func="\n    IF NOT EXISTS (\n        SELECT 1 FROM files_clientfile WHERE stored_id = OLD.id AND release_id IS NOT NULL\n    ) THEN\n        RETURN COALESCE(NEW, OLD);\n    END IF;\n    IF TG_OP = 'UPDATE' AND NEW.status <> 'purged' THEN\n        kept := OLD;\n        kept.status := NEW.status;\n        kept.thumbnail_key := NEW.thumbnail_key;\n        IF NEW IS NOT DISTINCT FROM kept THEN\n            RETURN NEW;\n        END IF;\n    END IF;\n    RAISE EXCEPTION 'The file of a release is never changed or deleted. Revoke the release.'\n    USING ERRCODE = 'check_violation', CONSTRAINT = 'release_file_stays';\n", hash='31e348e51d22c7981a17587fbc934e7f8936ada8', operation='UPDATE OR DELETE', pgid='pgtrigger_release_file_stays_89c8c', table='files_storedfile', when='BEFORE')),
        ),
    ])]
