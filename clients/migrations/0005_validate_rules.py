from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('clients', '0004_rules_that_rows_may_break'),
    ]

    operations = [
        ValidateConstraint('client', 'client_has_a_name'),
        ValidateConstraint('client', 'client_ssn_quality_fits'),
        ValidateConstraint('client', 'client_dob_quality_fits'),
        ValidateConstraint('client', 'client_race_or_reason'),
    ]
