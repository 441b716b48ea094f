from django.db import migrations


def delete_unverified(apps, schema_editor):
    """Requests for a new password made them until now, and they bar users from a second factor.

    Nobody verifies an address here: a user's is the one that an officer invited.
    """
    apps.get_model("account", "EmailAddress").objects.filter(verified=False).delete()


class Migration(migrations.Migration):

    dependencies = [
        ("account", "0009_emailaddress_unique_primary_email"),
        ("agencies", "0006_attempt_counts"),
    ]

    operations = [migrations.RunPython(delete_unverified, migrations.RunPython.noop, elidable=True)]
