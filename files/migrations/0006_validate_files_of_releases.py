from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('files', '0005_file_of_a_release'),
    ]

    operations = [
        ValidateConstraint(model_name='clientfile', name='file_of_release_is_consent'),
        ValidateConstraint(model_name='clientfile', name='file_of_release_is_not_deleted'),
    ]
