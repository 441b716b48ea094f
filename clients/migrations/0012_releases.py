import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.utils.timezone
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from records.migrations._at_once import AtOnce

KINDS = [('signed', 'Signed on the screen'), ('typed', 'Signed with a typed name'), ('uploaded', 'Uploaded document'), ('verbal', 'Verbal'), ('refused', 'Refused')]
SIGNED_BY = [('client', 'Client'), ('guardian', 'Parent or guardian')]
REASONS = [('client', 'The client revoked it'), ('guardian', 'The parent or guardian revoked it'), ('merge', 'Decided after a merge'), ('mistake', 'Recorded by mistake')]
COUNTS = models.Q(('revoked_at', None), ('undecided', False), models.Q(('kind', 'refused'), _negated=True))


def said():
    """The columns of a release that its versions have too."""
    return [
        ('kind', models.CharField(choices=KINDS, max_length=10)),
        ('signed_by', models.CharField(choices=SIGNED_BY, db_default='client', default='client', max_length=10)),
        ('guardian_name', models.TextField(blank=True, verbose_name='name of the parent or guardian')),
        ('answered_on', models.DateField(default=django.utils.timezone.localdate, verbose_name='date of the answer')),
        ('begins_on', models.DateField(default=django.utils.timezone.localdate, verbose_name='begins on')),
        ('ends_on', models.DateField(blank=True, null=True, verbose_name='ends on')),
        ('text_hash', models.CharField(blank=True, editable=False, max_length=64)),
        ('date_created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
        ('revoked_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='revoked')),
        ('revoked_reason', models.CharField(blank=True, choices=REASONS, editable=False, max_length=10, verbose_name='reason')),
        ('undecided', models.BooleanField(db_default=False, default=False, editable=False)),
    ]


def protected(to, **options):
    return models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=to, **options)


def of_event(to, **options):
    return models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=to, **options)


ORGANIZATION, USER = 'agencies.organization', settings.AUTH_USER_MODEL
COVERS = {'blank': True, 'help_text': 'Leave it empty for every organization.', 'null': True, 'verbose_name': 'organization'}
REVOKED_BY = {'blank': True, 'editable': False, 'null': True}


class Migration(migrations.Migration):

    dependencies = [
        ('agencies', '0008_sharing'),
        ('clients', '0011_pairs_of_organizations'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [AtOnce([
        migrations.CreateModel(
            name='Release',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                *said(),
                ('replaced_on', models.DateField(blank=True, editable=False, null=True)),
                ('excludes', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, db_default=[], default=list, editable=False, size=None)),
                ('client', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='clients.client')),
                ('covers', protected(ORGANIZATION, **COVERS)),
                ('created_by', protected(USER, editable=False)),
                ('organization', protected(ORGANIZATION)),
                ('revoked_by', protected(USER, **REVOKED_BY)),
                ('witness', protected(USER)),
            ],
            options={
                'verbose_name': 'release of information',
                'verbose_name_plural': 'releases of information',
                'ordering': ['-answered_on', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='ReleaseEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                *said(),
                ('client', of_event('clients.client', editable=False)),
                ('covers', of_event(ORGANIZATION, db_index=False, **COVERS)),
                ('created_by', of_event(USER, db_index=False, editable=False)),
                ('organization', of_event(ORGANIZATION, db_index=False)),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='clients.release')),
                ('revoked_by', of_event(USER, db_index=False, **REVOKED_BY)),
                ('witness', of_event(USER, db_index=False)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddIndex(
            model_name='release',
            index=models.Index(condition=COUNTS, fields=['client'], name='release_in_force'),
        ),
        migrations.AddIndex(
            model_name='release',
            index=models.Index(models.F('client'), models.OrderBy(models.F('answered_on'), descending=True), name='release_of_client'),
        ),
        migrations.AddIndex(
            model_name='release',
            index=models.Index(fields=['date_created'], name='release_together'),
        ),
        migrations.AddIndex(
            model_name='release',
            index=models.Index(condition=COUNTS & models.Q(('replaced_on', None)), fields=['ends_on'], name='release_ending'),
        ),
        migrations.AddIndex(
            model_name='release',
            index=models.Index(condition=models.Q(('replaced_on', None), ('revoked_at', None), ('undecided', True)), fields=['client'], name='release_undecided'),
        ),
        migrations.AddIndex(
            model_name='releaseevent',
            index=django.contrib.postgres.indexes.BrinIndex(autosummarize=True, fields=['pgh_created_at'], name='release_written_at'),
        ),
        *(
            migrations.AddConstraint(
                model_name='release',
                constraint=models.CheckConstraint(condition=condition, name=name, violation_error_message=message),
            )
            for name, condition, message in (
                (
                    'release_kind_is_known',
                    models.Q(('kind__in', ['signed', 'typed', 'uploaded', 'verbal', 'refused'])),
                    'Choose how the client answered.',
                ),
                (
                    'release_ends_after_start',
                    models.Q(('ends_on', None), ('ends_on__gte', models.F('begins_on')), _connector='OR'),
                    'A release cannot end before it begins.',
                ),
                (
                    'release_begins_with_its_answer',
                    models.Q(('begins_on__gte', models.F('answered_on'))),
                    'A release cannot begin before the client has answered.',
                ),
                (
                    'release_refused_has_no_term',
                    models.Q(models.Q(('kind', 'refused'), _negated=True), models.Q(('begins_on', models.F('answered_on')), ('ends_on', None)), _connector='OR'),
                    'A refusal counts from its day until another answer.',
                ),
                (
                    'release_text_is_signed',
                    models.Q(models.Q(('kind__in', ['signed', 'typed']), ('text_hash__regex', '^[0-9a-f]{64}$')), models.Q(('kind__in', ['uploaded', 'verbal', 'refused']), ('text_hash', '')), _connector='OR'),
                    'What is signed here has a text, and nothing else has one.',
                ),
                (
                    'release_signed_by_is_known',
                    models.Q(('signed_by__in', ['client', 'guardian'])),
                    'Choose who signed: the client, or a parent or guardian.',
                ),
                (
                    'release_guardian_signs',
                    models.Q(('signed_by', 'guardian'), ('guardian_name', ''), _connector='OR'),
                    'Name a parent or guardian only where one signed.',
                ),
                (
                    'release_revoked_by_somebody',
                    models.Q(models.Q(('revoked_at', None), ('revoked_by', None), ('revoked_reason', '')), models.Q(('revoked_at__isnull', False), ('revoked_by__isnull', False), ('revoked_reason__in', ['client', 'guardian', 'merge', 'mistake'])), _connector='OR'),
                    'What is revoked has a reason, a user and a moment.',
                ),
            )
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='release',
            trigger=pgtrigger.compiler.Trigger(name='follows_merge', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE survivor bigint;', func='\n    SELECT merged_into_id INTO survivor FROM clients_client WHERE id = NEW.client_id FOR KEY SHARE;\n    IF survivor IS NOT NULL THEN\n        NEW.client_id = survivor;\n    END IF;\n    RETURN NEW;\n', hash='21207eddc9da81020e838c23583280fea369aeb9', operation='INSERT', pgid='pgtrigger_follows_merge_899fd', table='clients_release', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='release',
            trigger=pgtrigger.compiler.Trigger(name='latest_counts', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    PERFORM 1 FROM clients_client WHERE id = NEW.client_id FOR NO KEY UPDATE;\n    UPDATE clients_release answer SET\n        replaced_on = LEAST(CASE\n            WHEN answer.signed_by = 'guardian' AND answer.kind <> 'refused'\n                AND COALESCE(answer.ends_on, 'infinity') >= adult.since THEN adult.since\n        END, (\n            SELECT min(later.begins_on) FROM clients_release later\n            WHERE later.client_id = answer.client_id AND later.revoked_reason <> 'mistake'\n                AND NOT later.undecided\n                AND (later.answered_on, later.id) > (answer.answered_on, answer.id)\n                AND (later.covers_id IS NOT DISTINCT FROM answer.covers_id\n                    OR (later.kind = 'refused' AND later.covers_id IS NULL))\n        )),\n        excludes = COALESCE((\n            SELECT array_agg(DISTINCT refusal.covers_id) FROM clients_release refusal\n            WHERE refusal.client_id = answer.client_id AND refusal.revoked_reason <> 'mistake'\n                AND refusal.kind = 'refused' AND refusal.covers_id IS NOT NULL\n                AND answer.covers_id IS NULL AND answer.kind <> 'refused'\n                AND ((refusal.answered_on, refusal.id) > (answer.answered_on, answer.id)\n                    OR NOT EXISTS (\n                        SELECT FROM clients_release later\n                        WHERE later.client_id = refusal.client_id\n                            AND later.covers_id = refusal.covers_id\n                            AND later.revoked_reason <> 'mistake' AND NOT later.undecided\n                            AND (later.answered_on, later.id) > (refusal.answered_on, refusal.id)\n                    ))\n        ), '{}')\n    FROM clients_client client, LATERAL (\n        SELECT (dob + interval '18 years')::date + CASE\n            WHEN extract(day FROM dob) > extract(day FROM dob + interval '18 years') THEN 1 ELSE 0\n        END AS since FROM (SELECT client.dob) born\n    ) adult\n    WHERE answer.client_id IN (NEW.client_id, OLD.client_id) AND client.id = answer.client_id;\n    RETURN NULL;\n", hash='71380421f66f786bfa2a14a9424087cda051377d', operation='INSERT OR UPDATE OF "client_id", "revoked_reason", "undecided"', pgid='pgtrigger_latest_counts_75cfb', table='clients_release', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='client',
            trigger=pgtrigger.compiler.Trigger(name='guardians_until_18', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."dob" IS DISTINCT FROM (NEW."dob"))', func="\n    UPDATE clients_release SET undecided = undecided\n    WHERE client_id = NEW.id AND signed_by = 'guardian';\n    RETURN NULL;\n", hash='ba3dae46ae9d958ded909f47b0f86974ecfe44e3', operation='UPDATE OF "dob"', pgid='pgtrigger_guardians_until_18_80023', table='clients_client', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='release',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='8b33043b0f2c0b34e3b2accaf3e824004754fda6', operation='DELETE', pgid='pgtrigger_never_deleted_23e99', table='clients_release', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='release',
            trigger=pgtrigger.compiler.Trigger(name='never_edited', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."organization_id" IS DISTINCT FROM (NEW."organization_id") OR OLD."covers_id" IS DISTINCT FROM (NEW."covers_id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."signed_by" IS DISTINCT FROM (NEW."signed_by") OR OLD."witness_id" IS DISTINCT FROM (NEW."witness_id") OR OLD."answered_on" IS DISTINCT FROM (NEW."answered_on") OR OLD."begins_on" IS DISTINCT FROM (NEW."begins_on") OR OLD."ends_on" IS DISTINCT FROM (NEW."ends_on") OR OLD."text_hash" IS DISTINCT FROM (NEW."text_hash") OR OLD."date_created" IS DISTINCT FROM (NEW."date_created") OR OLD."created_by_id" IS DISTINCT FROM (NEW."created_by_id"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='1047ac2584874d738434f12bea791d88db0b8b7a', operation='UPDATE', pgid='pgtrigger_never_edited_b12f5', table='clients_release', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='release',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "clients_releaseevent" ("answered_on", "begins_on", "client_id", "covers_id", "created_by_id", "date_created", "ends_on", "guardian_name", "id", "kind", "organization_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revoked_at", "revoked_by_id", "revoked_reason", "signed_by", "text_hash", "undecided", "witness_id") VALUES (NEW."answered_on", NEW."begins_on", NEW."client_id", NEW."covers_id", NEW."created_by_id", NEW."date_created", NEW."ends_on", NEW."guardian_name", NEW."id", NEW."kind", NEW."organization_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."revoked_at", NEW."revoked_by_id", NEW."revoked_reason", NEW."signed_by", NEW."text_hash", NEW."undecided", NEW."witness_id"); RETURN NULL;', hash='4d5e0f023aaf6601a63faad1176b4ef1868d3d18', operation='INSERT', pgid='pgtrigger_insert_insert_c7080', table='clients_release', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='release',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."answered_on" IS DISTINCT FROM (NEW."answered_on") OR OLD."begins_on" IS DISTINCT FROM (NEW."begins_on") OR OLD."client_id" IS DISTINCT FROM (NEW."client_id") OR OLD."covers_id" IS DISTINCT FROM (NEW."covers_id") OR OLD."created_by_id" IS DISTINCT FROM (NEW."created_by_id") OR OLD."date_created" IS DISTINCT FROM (NEW."date_created") OR OLD."ends_on" IS DISTINCT FROM (NEW."ends_on") OR OLD."guardian_name" IS DISTINCT FROM (NEW."guardian_name") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."organization_id" IS DISTINCT FROM (NEW."organization_id") OR OLD."revoked_at" IS DISTINCT FROM (NEW."revoked_at") OR OLD."revoked_by_id" IS DISTINCT FROM (NEW."revoked_by_id") OR OLD."revoked_reason" IS DISTINCT FROM (NEW."revoked_reason") OR OLD."signed_by" IS DISTINCT FROM (NEW."signed_by") OR OLD."text_hash" IS DISTINCT FROM (NEW."text_hash") OR OLD."undecided" IS DISTINCT FROM (NEW."undecided") OR OLD."witness_id" IS DISTINCT FROM (NEW."witness_id"))', func='INSERT INTO "clients_releaseevent" ("answered_on", "begins_on", "client_id", "covers_id", "created_by_id", "date_created", "ends_on", "guardian_name", "id", "kind", "organization_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revoked_at", "revoked_by_id", "revoked_reason", "signed_by", "text_hash", "undecided", "witness_id") VALUES (NEW."answered_on", NEW."begins_on", NEW."client_id", NEW."covers_id", NEW."created_by_id", NEW."date_created", NEW."ends_on", NEW."guardian_name", NEW."id", NEW."kind", NEW."organization_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."revoked_at", NEW."revoked_by_id", NEW."revoked_reason", NEW."signed_by", NEW."text_hash", NEW."undecided", NEW."witness_id"); RETURN NULL;', hash='4972f5c7506228aade9a5196cdaebf50404098f5', operation='UPDATE', pgid='pgtrigger_update_update_5fc5d', table='clients_release', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='release',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "clients_releaseevent" ("answered_on", "begins_on", "client_id", "covers_id", "created_by_id", "date_created", "ends_on", "guardian_name", "id", "kind", "organization_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revoked_at", "revoked_by_id", "revoked_reason", "signed_by", "text_hash", "undecided", "witness_id") VALUES (OLD."answered_on", OLD."begins_on", OLD."client_id", OLD."covers_id", OLD."created_by_id", OLD."date_created", OLD."ends_on", OLD."guardian_name", OLD."id", OLD."kind", OLD."organization_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."revoked_at", OLD."revoked_by_id", OLD."revoked_reason", OLD."signed_by", OLD."text_hash", OLD."undecided", OLD."witness_id"); RETURN NULL;', hash='edaf6de562b11ecd8583e203ebec8788dad9e14a', operation='DELETE', pgid='pgtrigger_delete_delete_2572a', table='clients_release', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='releaseevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='52eac8e9b338a06a1a08fbdb0c99aa1af5158dfa', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_c6b1b', table='clients_releaseevent', when='BEFORE')),
        ),
    ])]
