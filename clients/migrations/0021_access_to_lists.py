import django.contrib.postgres.fields
import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

KNOWN = models.CheckConstraint(
    condition=models.Q(('kind__in', ['view', 'change', 'ssn', 'list', 'copy', 'export', 'refused'])),
    name='access_kind_is_known',
    violation_error_message='Choose a kind of access.',
)
ONE_OR_LIST = models.CheckConstraint(
    condition=models.Q(models.Q(('client__isnull', False), ('listed__isnull', True)), models.Q(('client__isnull', True), ('listed__isnull', False), models.Q(('listed', []), _negated=True)), _connector='OR'),
    name='access_to_one_or_to_a_list',
    violation_error_message='Name one client, or those on the list.',
)


class Migration(migrations.Migration):
    """Adds to a table that may be large: nothing here reads or rewrites its rows."""

    dependencies = [
        ('clients', '0020_copies_in_the_access_log'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='clientaccess',
            options={'ordering': ['-at', '-id'], 'verbose_name_plural': 'client accesses'},
        ),
        migrations.AddField(
            model_name='clientaccess',
            name='listed',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, null=True, size=None, verbose_name='Client IDs on the list'),
        ),
        migrations.AddField(
            model_name='clientaccess',
            name='request_id',
            field=models.CharField(blank=True, db_default='', default='', max_length=36, verbose_name='request ID'),
        ),
        migrations.AlterField(
            model_name='clientaccess',
            name='client',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='accesses', to='clients.client'),
        ),
        migrations.AlterField(
            model_name='clientaccess',
            name='kind',
            field=models.CharField(choices=[('view', 'Viewed'), ('change', 'Opened for change'), ('ssn', 'Revealed SSN'), ('list', 'Listed'), ('copy', 'Made a copy of the record'), ('export', 'Exported'), ('refused', 'Refused')], default='view', max_length=10),
        ),
        migrations.RemoveConstraint(
            model_name='clientaccess',
            name='access_kind_is_known',
        ),
        AddConstraintNotValid(model_name='clientaccess', constraint=KNOWN),
        AddConstraintNotValid(model_name='clientaccess', constraint=ONE_OR_LIST),
    ]
