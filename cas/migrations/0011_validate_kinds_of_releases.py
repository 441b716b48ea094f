from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('cas', '0010_notifications_of_releases'),
    ]

    operations = [
        ValidateConstraint('notification', 'notification_kind_is_known'),
    ]
