from django.db import migrations


def queue(apps, schema_editor):
    """Duplicate reports that the help desk has not been told of yet."""
    report = apps.get_model('clients', 'DuplicateReport')
    delivery = apps.get_model('outbox', 'Delivery')
    waiting = report._base_manager.filter(mailed_at=None, date_deleted=None).order_by('pk')
    delivery.objects.bulk_create(
        delivery(kind='duplicate_report', about=pk) for pk in waiting.values_list('pk', flat=True)
    )


class Migration(migrations.Migration):

    dependencies = [
        ('outbox', '0003_validate_kinds'),
        ('clients', '0009_merges'),
    ]

    operations = [
        migrations.RunPython(queue, migrations.RunPython.noop, elidable=True),
    ]
