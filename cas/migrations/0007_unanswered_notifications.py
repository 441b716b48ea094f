from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('cas', '0006_look_at_changes'),
        ('clients', '0011_pairs_of_organizations'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='notification',
            index=models.Index(condition=models.Q(('dismissed_at', None), ('opened_at', None), ('resolved_at', None)), fields=['created_at', 'id'], name='notification_unanswered'),
        ),
    ]
