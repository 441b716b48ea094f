import django.contrib.postgres.functions
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
import records.migrations._fields
from django.conf import settings
from django.db import migrations, models

from records.migrations._indexes import DropFieldIndexes


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('agencies', '0004_validate_kinds'),
    ]

    operations = [DropFieldIndexes([
        migrations.AlterField(
            model_name='affiliation',
            name='affiliation_id',
            field=records.migrations._fields.UniqueKeyField(editable=False, max_length=32, unique=True),
        ),
        migrations.AlterField(
            model_name='affiliationevent',
            name='affiliation_id',
            field=records.migrations._fields.UniqueKeyField(editable=False, max_length=32),
        ),
        migrations.AlterField(
            model_name='affiliationevent',
            name='created_by',
            field=models.ForeignKey(db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='affiliationevent',
            name='res_project',
            field=models.ForeignKey(db_constraint=False, db_index=False, help_text='The project whose residents this one serves.', on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='agencies.project', verbose_name='residential project'),
        ),
        migrations.AlterField(
            model_name='affiliationevent',
            name='updated_by',
            field=models.ForeignKey(db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='attemptcount',
            name='key',
            field=records.migrations._fields.UniqueKeyField(max_length=64, primary_key=True, serialize=False),
        ),
        migrations.AlterField(
            model_name='ceparticipation',
            name='ce_participation_id',
            field=records.migrations._fields.UniqueKeyField(editable=False, max_length=32, unique=True),
        ),
        migrations.AlterField(
            model_name='ceparticipationevent',
            name='ce_participation_id',
            field=records.migrations._fields.UniqueKeyField(editable=False, max_length=32),
        ),
        migrations.AlterField(
            model_name='ceparticipationevent',
            name='created_by',
            field=models.ForeignKey(db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='ceparticipationevent',
            name='updated_by',
            field=models.ForeignKey(db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='funder',
            name='funder_id',
            field=records.migrations._fields.UniqueKeyField(editable=False, max_length=32, unique=True),
        ),
        migrations.AlterField(
            model_name='funderevent',
            name='created_by',
            field=models.ForeignKey(db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='funderevent',
            name='funder_id',
            field=records.migrations._fields.UniqueKeyField(editable=False, max_length=32),
        ),
        migrations.AlterField(
            model_name='funderevent',
            name='updated_by',
            field=models.ForeignKey(db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='hmisparticipation',
            name='hmis_participation_id',
            field=records.migrations._fields.UniqueKeyField(editable=False, max_length=32, unique=True),
        ),
        migrations.AlterField(
            model_name='hmisparticipationevent',
            name='created_by',
            field=models.ForeignKey(db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='hmisparticipationevent',
            name='hmis_participation_id',
            field=records.migrations._fields.UniqueKeyField(editable=False, max_length=32),
        ),
        migrations.AlterField(
            model_name='hmisparticipationevent',
            name='updated_by',
            field=models.ForeignKey(db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='inventory',
            name='inventory_id',
            field=records.migrations._fields.UniqueKeyField(editable=False, max_length=32, unique=True),
        ),
        migrations.AlterField(
            model_name='inventoryevent',
            name='created_by',
            field=models.ForeignKey(db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='inventoryevent',
            name='inventory_id',
            field=records.migrations._fields.UniqueKeyField(editable=False, max_length=32),
        ),
        migrations.AlterField(
            model_name='inventoryevent',
            name='updated_by',
            field=models.ForeignKey(db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='membership',
            name='user',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='membershipevent',
            name='organization',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='agencies.organization'),
        ),
        migrations.AlterField(
            model_name='organization',
            name='organization_id',
            field=records.migrations._fields.UniqueKeyField(editable=False, max_length=32, unique=True),
        ),
        migrations.AlterField(
            model_name='organizationevent',
            name='created_by',
            field=models.ForeignKey(db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='organizationevent',
            name='organization_id',
            field=records.migrations._fields.UniqueKeyField(editable=False, max_length=32),
        ),
        migrations.AlterField(
            model_name='organizationevent',
            name='updated_by',
            field=models.ForeignKey(db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='project',
            name='project_id',
            field=records.migrations._fields.UniqueKeyField(editable=False, max_length=32, unique=True),
        ),
        migrations.AlterField(
            model_name='projectcoc',
            name='project_coc_id',
            field=records.migrations._fields.UniqueKeyField(editable=False, max_length=32, unique=True),
        ),
        migrations.AlterField(
            model_name='projectcocevent',
            name='created_by',
            field=models.ForeignKey(db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='projectcocevent',
            name='project_coc_id',
            field=records.migrations._fields.UniqueKeyField(editable=False, max_length=32),
        ),
        migrations.AlterField(
            model_name='projectcocevent',
            name='updated_by',
            field=models.ForeignKey(db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='projectevent',
            name='created_by',
            field=models.ForeignKey(db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='projectevent',
            name='organization',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='agencies.organization'),
        ),
        migrations.AlterField(
            model_name='projectevent',
            name='project_id',
            field=records.migrations._fields.UniqueKeyField(editable=False, max_length=32),
        ),
        migrations.AlterField(
            model_name='projectevent',
            name='updated_by',
            field=models.ForeignKey(db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='securityalert',
            name='seen_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='user',
            name='user_id',
            field=records.migrations._fields.UniqueKeyField(db_default=django.db.models.functions.text.Replace(django.db.models.functions.comparison.Cast(django.contrib.postgres.functions.RandomUUID(), models.CharField()), models.Value('-'), models.Value('')), editable=False, max_length=32, unique=True),
        ),
        migrations.AlterField(
            model_name='usersession',
            name='key_hash',
            field=records.migrations._fields.UniqueKeyField(max_length=64, primary_key=True, serialize=False),
        ),
    ], plain={"agencies_affiliationevent": ['created_by_id', 'res_project_id', 'updated_by_id'], "agencies_ceparticipationevent": ['created_by_id', 'updated_by_id'], "agencies_funderevent": ['created_by_id', 'updated_by_id'], "agencies_hmisparticipationevent": ['created_by_id', 'updated_by_id'], "agencies_inventoryevent": ['created_by_id', 'updated_by_id'], "agencies_membership": ['user_id'], "agencies_membershipevent": ['organization_id'], "agencies_organizationevent": ['created_by_id', 'updated_by_id'], "agencies_projectcocevent": ['created_by_id', 'updated_by_id'], "agencies_projectevent": ['created_by_id', 'organization_id', 'updated_by_id'], "agencies_securityalert": ['seen_by_id']}, like={"agencies_affiliation": ['affiliation_id'], "agencies_attemptcount": ['key'], "agencies_ceparticipation": ['ce_participation_id'], "agencies_funder": ['funder_id'], "agencies_hmisparticipation": ['hmis_participation_id'], "agencies_inventory": ['inventory_id'], "agencies_organization": ['organization_id'], "agencies_project": ['project_id'], "agencies_projectcoc": ['project_coc_id'], "agencies_user": ['user_id'], "agencies_usersession": ['key_hash']})]
