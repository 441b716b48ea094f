from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('agencies', '0003_exchange_of_hmis_csv'),
    ]

    operations = [
        ValidateConstraint(model_name='securityalert', name='security_alert_kind_is_known'),
        ValidateConstraint(model_name='securityevent', name='security_event_kind_is_known'),
        ValidateConstraint(model_name='usecount', name='use_kind_is_known'),
    ]
