import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from records.migrations._at_once import AtOnce


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('agencies', '0001_tables'),
    ]

    operations = [
        AtOnce([
            migrations.CreateModel(name='StoredCounts', fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fingerprint', models.CharField(max_length=64)),
                ('active_from', models.DateField(blank=True, null=True)),
                ('active_to', models.DateField(blank=True, null=True)),
                ('entered_since', models.DateField(blank=True, null=True)),
                ('opened_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('queued_at', models.DateTimeField(blank=True, null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('steps_done', models.PositiveSmallIntegerField(default=0)),
                ('steps', models.PositiveSmallIntegerField(default=0)),
                ('counted_at', models.DateTimeField(blank=True, null=True)),
                ('counts', models.JSONField(blank=True, default=dict)),
                ('marks', models.JSONField(blank=True, default=dict)),
                ('asked_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='agencies.organization')),
                ('project', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='agencies.project')),
                ('rows', models.JSONField(blank=True, db_default={}, default=dict)),
            ], options={
                'constraints': [
                    models.UniqueConstraint(fields=('fingerprint',), name='stored_counts_once', violation_error_message='The counts of these rights and filters are kept already.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('counted_at', None), ('counts', {})), ('counted_at__isnull', False), _connector='OR'), name='stored_counts_have_a_time', violation_error_message='Say when this was counted.'),
                ],
                'ordering': ['pk'],
                'verbose_name': 'stored counts',
                'verbose_name_plural': 'stored counts',
            }),
        ]),
    ]
