from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("enrollments", "0005_program_questions"),
    ]

    operations = [
        ValidateConstraint(model_name="enrollment", name="program_answers_only_at_exit"),
    ]
