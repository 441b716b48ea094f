from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('enrollments', '0003_rules_that_rows_may_break'),
    ]

    operations = [
        ValidateConstraint('currentlivingsituation', 'subsidy_of_a_subsidized_rental'),
        ValidateConstraint('currentlivingsituation', 'next_home_of_who_has_to_leave'),
        ValidateConstraint('enrollment', 'exit_not_before_entry'),
    ]
