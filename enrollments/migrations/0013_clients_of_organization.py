from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('enrollments', '0012_versions_by_time'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='enrollment',
            index=models.Index(models.F('organization'), models.OrderBy(models.F('client'), descending=True), name='enrollment_clients_newest'),
        ),
    ]
