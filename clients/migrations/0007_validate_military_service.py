from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0006_military_service"),
    ]

    operations = [
        ValidateConstraint(model_name="client", name="client_served_before_separated"),
    ]
