from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('casenotes', '0005_rules_that_rows_may_break'),
    ]

    operations = [
        ValidateConstraint('service', 'service_amount_not_negative'),
        ValidateConstraint('service', 'service_assistance_ends_after_start'),
    ]
