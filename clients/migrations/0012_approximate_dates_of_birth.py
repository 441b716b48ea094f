from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import ExtractYear

NAMES = [models.F("last_key"), models.F("first_key")]


class Migration(migrations.Migration):
    """Indexes on the year of birth, made beside the writers."""

    atomic = False
    dependencies = [("clients", "0011_judge_the_ssns_on_file")]

    operations = [
        AddIndexConcurrently(
            model_name="client",
            index=models.Index(
                ExtractYear("dob"),
                *NAMES,
                condition=models.Q(dob__isnull=False),
                name="client_birth_year_name",
            ),
        ),
        AddIndexConcurrently(
            model_name="client",
            index=models.Index(
                ExtractYear("dob"),
                *NAMES,
                condition=models.Q(dob_data_quality=2),
                name="client_rough_dob_name",
            ),
        ),
    ]
