from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('outbox', '0002_mail_about_transfers'),
    ]

    operations = [
        ValidateConstraint(model_name='delivery', name='delivery_kind_is_known'),
    ]
