import uuid

from django.db import migrations, models
from django.db.models import CASCADE, PROTECT, F, Index, Q
from django.utils import timezone

from records.migrations._at_once import AtOnce
from records.migrations._tables import USER, Key, Record, Silent, Table, check, deleted_newest, filled


class Migration(migrations.Migration):
    initial = True

    dependencies = [('agencies', '0001_tables'), ('clients', '0001_tables'), ('enrollments', '0001_tables')]

    operations = [AtOnce([
        Table('CalendarFeed', [
            ('user', models.OneToOneField(USER, primary_key=True, serialize=False, related_name='calendar_feed', on_delete=CASCADE)),
            ('key', models.UUIDField(unique=True, default=uuid.uuid4, editable=False)),
            ('created_at', models.DateTimeField(default=timezone.now, editable=False)),
        ]),
        Record('Task', [
            ('visibility', models.CharField(max_length=3, default='own', editable=False, choices=[('all', 'All organizations'), ('own', 'Own organization only')])),
            ('public_id', models.UUIDField(unique=True, default=uuid.uuid4, editable=False)),
            *filled('text', models.CharField(verbose_name='task', max_length=200), 'task_says_what', 'Enter what is to be done.'),
            ('due_on', models.DateField(verbose_name='due on')),
            ('done_at', models.DateTimeField(blank=True, null=True, editable=False)),
            ('assigned_to', Key(USER, PROTECT, verbose_name='assigned to', related_name='tasks', db_index=False)),
            ('client', Key('clients.client', PROTECT, editable=False, related_name='%(class)ss')),
            ('done_by', Silent(USER, blank=True, null=True, editable=False)),
            ('enrollment', Key('enrollments.enrollment', PROTECT, blank=True, null=True, related_name='tasks')),
            check('task_done_by_somebody', Q(done_at=None, done_by=None) | Q(done_at__isnull=False, done_by__isnull=False), 'A task that is done needs who and when.'),
            check('task_stays_in_organization', Q(visibility='own'), 'A task is seen by its own organization alone.'),
            Index(name='task_client_due', fields=['client', 'due_on', 'id'], condition=Q(date_deleted=None, done_at=None)),
            Index(name='task_assignee_due', fields=['assigned_to', 'due_on', 'id'], condition=Q(date_deleted=None, done_at=None)),
            Index('assigned_to', F('done_at').desc(), F('id').desc(), name='task_assignee_done', condition=Q(date_deleted=None, done_at__isnull=False)),
            Index(name='task_giver_due', fields=['created_by', 'due_on', 'id'], condition=Q(date_deleted=None, done_at=None)),
            deleted_newest('task_deleted_newest'),
        ], ordering=['due_on', 'pk'], history={}),
    ])]
