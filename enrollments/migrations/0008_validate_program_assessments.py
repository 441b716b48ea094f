from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("enrollments", "0007_program_assessments"),
    ]

    operations = [
        ValidateConstraint(model_name="disability", name="hiv_answers_of_hiv"),
        ValidateConstraint(model_name="disability", name="count_that_is_available"),
        ValidateConstraint(model_name="disability", name="source_of_a_count"),
        ValidateConstraint(model_name="healthanddv", name="due_date_of_a_pregnancy"),
        ValidateConstraint(model_name="incomebenefits", name="reason_not_insured"),
        ValidateConstraint(model_name="incomebenefits", name="reason_without_assistance"),
    ]
