from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

import clients.fields


class Migration(migrations.Migration):
    """What rules in SQL may know of an SSN, and the looks at a list; no row is read or written."""

    dependencies = [("clients", "0009_merges")]

    operations = [
        migrations.AddField(
            model_name="client",
            name="ssn_shape",
            field=clients.fields.SSNShapeField(
                "ssn", db_default="", default="", editable=False, max_length=10
            ),
        ),
        AddConstraintNotValid(
            model_name="client",
            constraint=models.CheckConstraint(
                condition=models.Q(("ssn_shape__in", ["", "whole", "part", "impossible"])),
                name="client_ssn_shape_is_known",
                violation_error_message="The shape of an SSN is one of those that are known.",
            ),
        ),
        migrations.AlterField(
            model_name="clientaccess",
            name="kind",
            field=models.CharField(
                choices=[
                    ("view", "Viewed"),
                    ("change", "Opened for change"),
                    ("ssn", "Revealed SSN"),
                    ("list", "Listed"),
                ],
                default="view",
                max_length=10,
            ),
        ),
        migrations.RemoveConstraint(model_name="clientaccess", name="access_kind_is_known"),
        AddConstraintNotValid(
            model_name="clientaccess",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["view", "change", "ssn", "list"])),
                name="access_kind_is_known",
                violation_error_message="Choose a kind of access.",
            ),
        ),
    ]
