import django.contrib.postgres.functions
import django.db.models.functions.comparison
import django.db.models.functions.text
import records.migrations._fields
from django.conf import settings
from django.db import migrations, models

from records.migrations._indexes import UniqueByHash


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('agencies', '0008_sharing'),
        ('clients', '0013_smaller_indexes'),
        ('enrollments', '0015_validate_draft_kinds'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [UniqueByHash([
        migrations.AlterField(
            model_name='disability',
            name='key',
            field=records.migrations._fields.UniqueKeyField(editable=False, max_length=32),
        ),
        migrations.AlterField(
            model_name='employmenteducation',
            name='key',
            field=records.migrations._fields.UniqueKeyField(editable=False, max_length=32),
        ),
        migrations.AlterField(
            model_name='enrollment',
            name='enrollment_id',
            field=records.migrations._fields.UniqueKeyField(editable=False, max_length=32),
        ),
        migrations.AlterField(
            model_name='enrollment',
            name='exit_id',
            field=records.migrations._fields.UniqueKeyField(db_default=django.db.models.functions.text.Replace(django.db.models.functions.comparison.Cast(django.contrib.postgres.functions.RandomUUID(), models.TextField()), models.Value('-'), models.Value('')), editable=False, max_length=32),
        ),
        migrations.AlterField(
            model_name='healthanddv',
            name='key',
            field=records.migrations._fields.UniqueKeyField(editable=False, max_length=32),
        ),
        migrations.AlterField(
            model_name='household',
            name='household_id',
            field=records.migrations._fields.UniqueKeyField(editable=False, max_length=32),
        ),
        migrations.AlterField(
            model_name='incomebenefits',
            name='key',
            field=records.migrations._fields.UniqueKeyField(editable=False, max_length=32),
        ),
        migrations.AlterField(
            model_name='youtheducationstatus',
            name='key',
            field=records.migrations._fields.UniqueKeyField(editable=False, max_length=32),
        ),
        migrations.AddConstraint(
            model_name='disability',
            constraint=models.UniqueConstraint(records.migrations._fields.KeyHash('key'), name='disability_key_once', violation_error_message='Another row has this key.'),
        ),
        migrations.AddConstraint(
            model_name='employmenteducation',
            constraint=models.UniqueConstraint(records.migrations._fields.KeyHash('key'), name='employmenteducation_key_once', violation_error_message='Another row has this key.'),
        ),
        migrations.AddConstraint(
            model_name='enrollment',
            constraint=models.UniqueConstraint(records.migrations._fields.KeyHash('enrollment_id'), name='enrollment_key_once', violation_error_message='Another row has this key.'),
        ),
        migrations.AddConstraint(
            model_name='enrollment',
            constraint=models.UniqueConstraint(records.migrations._fields.KeyHash('exit_id'), name='exit_key_once', violation_error_message='Another row has this key.'),
        ),
        migrations.AddConstraint(
            model_name='healthanddv',
            constraint=models.UniqueConstraint(records.migrations._fields.KeyHash('key'), name='healthanddv_key_once', violation_error_message='Another row has this key.'),
        ),
        migrations.AddConstraint(
            model_name='household',
            constraint=models.UniqueConstraint(records.migrations._fields.KeyHash('household_id'), name='household_key_once', violation_error_message='Another row has this key.'),
        ),
        migrations.AddConstraint(
            model_name='incomebenefits',
            constraint=models.UniqueConstraint(records.migrations._fields.KeyHash('key'), name='incomebenefits_key_once', violation_error_message='Another row has this key.'),
        ),
        migrations.AddConstraint(
            model_name='youtheducationstatus',
            constraint=models.UniqueConstraint(records.migrations._fields.KeyHash('key'), name='youtheducationstatus_key_once', violation_error_message='Another row has this key.'),
        ),
    ])]
