from django.db import migrations, models
from django.db.models import CASCADE, Q, UniqueConstraint
from django.utils import timezone

from records.migrations._at_once import AtOnce
from records.migrations._tables import USER, Key, Table, check, each


class Migration(migrations.Migration):
    initial = True

    dependencies = [('agencies', '0001_tables')]

    operations = [AtOnce([
        Table('StoredCounts', [
            ('fingerprint', models.CharField(max_length=64)),
            *each(models.DateField(blank=True, null=True), 'active_from', 'active_to', 'entered_since'),
            ('opened_at', models.DateTimeField(default=timezone.now)),
            *each(models.DateTimeField(blank=True, null=True), 'queued_at', 'counted_at'),
            *each(models.PositiveSmallIntegerField(default=0), 'attempts', 'steps_done', 'steps'),
            *each(models.JSONField(blank=True, default=dict), 'counts', 'marks'),
            ('asked_by', Key(USER, CASCADE, related_name='+', db_index=False)),
            ('organization', Key('agencies.organization', CASCADE, blank=True, null=True, related_name='+', db_index=False)),
            ('project', Key('agencies.project', CASCADE, blank=True, null=True, related_name='+', db_index=False)),
            ('rows', models.JSONField(blank=True, default=dict, db_default={})),
            UniqueConstraint(name='stored_counts_once', fields=['fingerprint'], violation_error_message='The counts of these rights and filters are kept already.'),
            check('stored_counts_have_a_time', Q(counted_at=None, counts={}) | Q(counted_at__isnull=False), 'Say when this was counted.'),
        ], ordering=['pk'], verbose_name='stored counts', verbose_name_plural='stored counts'),
    ])]
