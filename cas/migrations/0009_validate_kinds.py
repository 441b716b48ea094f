from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('cas', '0008_notifications_of_tasks'),
    ]

    operations = [
        ValidateConstraint('notification', 'notification_kind_is_known'),
    ]
