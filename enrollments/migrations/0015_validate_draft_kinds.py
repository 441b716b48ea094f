from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('enrollments', '0014_household_changes'),
    ]

    operations = [
        ValidateConstraint('intakedraft', 'draft_kind_is_known'),
    ]
