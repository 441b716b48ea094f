import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from records.migrations._at_once import AtOnce

CHOICES = [('open', 'Open'), ('parts', 'Consent for parts'), ('required', 'Consent required')]
HELP = 'Left empty, as the CoC shares. An agency may only share less.'
# A new organization waits for a change of this row, and follows it.
THE_ONE = """
    INSERT INTO agencies_sharingpolicy (id, policy, date_updated) VALUES (1, 'open', now())
    ON CONFLICT (id) DO NOTHING
"""


class Migration(migrations.Migration):

    dependencies = [
        ('agencies', '0007_document_contact'),
    ]

    operations = [AtOnce([
        migrations.CreateModel(
            name='SharingPolicy',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ('policy', models.CharField(choices=CHOICES, db_default='open', default='open', max_length=8)),
                ('date_updated', models.DateTimeField(auto_now=True)),
                ('updated_by', models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'sharing policy',
                'verbose_name_plural': 'sharing policy',
            },
        ),
        migrations.CreateModel(
            name='SharingPolicyEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.PositiveSmallIntegerField(default=1, editable=False, serialize=False)),
                ('policy', models.CharField(choices=CHOICES, db_default='open', default='open', max_length=8)),
                ('date_updated', models.DateTimeField(auto_now=True)),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='agencies.sharingpolicy')),
                ('updated_by', models.ForeignKey(db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddConstraint(
            model_name='sharingpolicy',
            constraint=models.CheckConstraint(condition=models.Q(('id', 1)), name='sharing_policy_once', violation_error_message='The CoC has one sharing policy.'),
        ),
        migrations.AddConstraint(
            model_name='sharingpolicy',
            constraint=models.CheckConstraint(condition=models.Q(('policy__in', ['open', 'parts', 'required'])), name='sharing_policy_is_known', violation_error_message='Choose open, consent for parts, or consent required.'),
        ),
        *(
            operation
            for model in ('organization', 'organizationevent')
            for operation in (
                migrations.AddField(
                    model_name=model,
                    name='sharing',
                    field=models.CharField(blank=True, choices=CHOICES, db_default='', default='', help_text=HELP, max_length=8, verbose_name='sharing of its clients'),
                ),
                migrations.AddField(
                    model_name=model,
                    name='sharing_in_force',
                    field=models.CharField(choices=CHOICES, db_default='open', default='open', editable=False, max_length=8),
                ),
            )
        ),
        migrations.AddConstraint(
            model_name='organization',
            constraint=models.CheckConstraint(condition=models.Q(('sharing__in', ['', 'open', 'parts', 'required'])), name='organization_sharing_is_known', violation_error_message='Choose open, consent for parts, or consent required.'),
        ),
        migrations.AddConstraint(
            model_name='organization',
            constraint=models.CheckConstraint(condition=models.Q(('sharing_in_force__in', ['open', 'parts', 'required']), models.Q(models.Q(('sharing', 'parts'), _negated=True), ('sharing_in_force__in', ['parts', 'required']), _connector='OR'), models.Q(models.Q(('sharing', 'required'), _negated=True), ('sharing_in_force', 'required'), _connector='OR')), name='organization_sharing_in_force', violation_error_message='An agency shares no more than it has chosen.'),
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='organization',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='organization',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='organization',
            name='delete_delete',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organization',
            trigger=pgtrigger.compiler.Trigger(name='keeps_sharing_in_force', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE common text;', func="\n    SELECT policy INTO common FROM agencies_sharingpolicy FOR SHARE;\n    NEW.sharing_in_force = CASE\n        WHEN 'required' IN (NEW.sharing, COALESCE(common, '')) THEN 'required'\n        WHEN 'parts' IN (NEW.sharing, COALESCE(common, '')) THEN 'parts'\n        ELSE 'open'\n    END;\n    RETURN NEW;\n", hash='5515be131ec7e563fbf230ecd8dd78a4ea4c5041', operation='INSERT OR UPDATE OF "sharing", "sharing_in_force"', pgid='pgtrigger_keeps_sharing_in_force_64438', table='agencies_organization', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organization',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "agencies_organizationevent" ("allows_emergency_access", "created_by_id", "date_created", "date_deleted", "date_updated", "document_contact", "id", "is_cas", "organization_common_name", "organization_id", "organization_name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sharing", "sharing_in_force", "updated_by_id", "victim_service_provider") VALUES (NEW."allows_emergency_access", NEW."created_by_id", NEW."date_created", NEW."date_deleted", NEW."date_updated", NEW."document_contact", NEW."id", NEW."is_cas", NEW."organization_common_name", NEW."organization_id", NEW."organization_name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."sharing", NEW."sharing_in_force", NEW."updated_by_id", NEW."victim_service_provider"); RETURN NULL;', hash='d314bdf005f29044cd8f92ae398c943005569a78', operation='INSERT', pgid='pgtrigger_insert_insert_3fa71', table='agencies_organization', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organization',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."allows_emergency_access" IS DISTINCT FROM (NEW."allows_emergency_access") OR OLD."created_by_id" IS DISTINCT FROM (NEW."created_by_id") OR OLD."date_created" IS DISTINCT FROM (NEW."date_created") OR OLD."date_deleted" IS DISTINCT FROM (NEW."date_deleted") OR OLD."date_updated" IS DISTINCT FROM (NEW."date_updated") OR OLD."document_contact" IS DISTINCT FROM (NEW."document_contact") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_cas" IS DISTINCT FROM (NEW."is_cas") OR OLD."organization_common_name" IS DISTINCT FROM (NEW."organization_common_name") OR OLD."organization_id" IS DISTINCT FROM (NEW."organization_id") OR OLD."organization_name" IS DISTINCT FROM (NEW."organization_name") OR OLD."sharing" IS DISTINCT FROM (NEW."sharing") OR OLD."sharing_in_force" IS DISTINCT FROM (NEW."sharing_in_force") OR OLD."updated_by_id" IS DISTINCT FROM (NEW."updated_by_id") OR OLD."victim_service_provider" IS DISTINCT FROM (NEW."victim_service_provider"))', func='INSERT INTO "agencies_organizationevent" ("allows_emergency_access", "created_by_id", "date_created", "date_deleted", "date_updated", "document_contact", "id", "is_cas", "organization_common_name", "organization_id", "organization_name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sharing", "sharing_in_force", "updated_by_id", "victim_service_provider") VALUES (NEW."allows_emergency_access", NEW."created_by_id", NEW."date_created", NEW."date_deleted", NEW."date_updated", NEW."document_contact", NEW."id", NEW."is_cas", NEW."organization_common_name", NEW."organization_id", NEW."organization_name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."sharing", NEW."sharing_in_force", NEW."updated_by_id", NEW."victim_service_provider"); RETURN NULL;', hash='50c7115fc9d9818cb7b707bf51ed9d006083e5c5', operation='UPDATE', pgid='pgtrigger_update_update_a7cdc', table='agencies_organization', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organization',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "agencies_organizationevent" ("allows_emergency_access", "created_by_id", "date_created", "date_deleted", "date_updated", "document_contact", "id", "is_cas", "organization_common_name", "organization_id", "organization_name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sharing", "sharing_in_force", "updated_by_id", "victim_service_provider") VALUES (OLD."allows_emergency_access", OLD."created_by_id", OLD."date_created", OLD."date_deleted", OLD."date_updated", OLD."document_contact", OLD."id", OLD."is_cas", OLD."organization_common_name", OLD."organization_id", OLD."organization_name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."sharing", OLD."sharing_in_force", OLD."updated_by_id", OLD."victim_service_provider"); RETURN NULL;', hash='37b1c702fbaf0b031d49c74e65d42338d19d280e', operation='DELETE', pgid='pgtrigger_delete_delete_7bbb7', table='agencies_organization', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sharingpolicy',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='04d186c20ca95da3b5ad15a6c91e7163e41da7ae', operation='DELETE', pgid='pgtrigger_never_deleted_546d2', table='agencies_sharingpolicy', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sharingpolicy',
            trigger=pgtrigger.compiler.Trigger(name='organizations_follow', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n    UPDATE agencies_organization SET sharing = sharing;\n    RETURN NULL;\n', hash='e37fec387dfcf40e8c30da1d0462d0b6569a8d17', operation='INSERT OR UPDATE OF "policy"', pgid='pgtrigger_organizations_follow_c1b75', table='agencies_sharingpolicy', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sharingpolicy',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "agencies_sharingpolicyevent" ("date_updated", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy", "updated_by_id") VALUES (NEW."date_updated", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."policy", NEW."updated_by_id"); RETURN NULL;', hash='280d07cb522e845bd641a70899344bd99f4e6a35', operation='INSERT', pgid='pgtrigger_insert_insert_2fbd8', table='agencies_sharingpolicy', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sharingpolicy',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "agencies_sharingpolicyevent" ("date_updated", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy", "updated_by_id") VALUES (NEW."date_updated", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."policy", NEW."updated_by_id"); RETURN NULL;', hash='c3483b7f6d0ee7b9403538239e71d9138768ad47', operation='UPDATE', pgid='pgtrigger_update_update_467e7', table='agencies_sharingpolicy', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sharingpolicy',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "agencies_sharingpolicyevent" ("date_updated", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy", "updated_by_id") VALUES (OLD."date_updated", OLD."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."policy", OLD."updated_by_id"); RETURN NULL;', hash='26bc8997b5b5eead0e7de4d7c4f161a48f035852', operation='DELETE', pgid='pgtrigger_delete_delete_1ba75', table='agencies_sharingpolicy', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sharingpolicyevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='448c76c914bf703be91d619eccd73eb50d57053c', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_b1c6f', table='agencies_sharingpolicyevent', when='BEFORE')),
        ),
    ]), migrations.RunSQL(THE_ONE, migrations.RunSQL.noop)]
