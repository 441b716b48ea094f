import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

from clients.double_names import last_part, name_parts
from clients.models.spelling import slips
from hud.text import normalised


def fill(apps, schema_editor):
    """Give names that were saved before this their keys and their spellings."""
    NameSpelling = apps.get_model("clients", "NameSpelling")
    pairs = set()
    for name in ("Client", "ClientAlias"):
        model = apps.get_model("clients", name)
        for row in model._base_manager.only("pk", "first_name", "last_name").iterator():
            if part := last_part(row.last_name):
                model._base_manager.filter(pk=row.pk).update(last_part_key=part)
            first, last = normalised(row.first_name), normalised(row.last_name)
            pairs |= {(word, word) for word in name_parts(row.last_name)}
            pairs |= {(word, first) for word in name_parts(row.first_name)}
            pairs |= {(key, key) for key in (first, last) if key}
    NameSpelling.objects.all().delete()
    NameSpelling.objects.bulk_create(
        [NameSpelling(part=part, key=key, slips=slips(part)) for part, key in sorted(pairs)],
        batch_size=5000,
    )


class Migration(migrations.Migration):
    dependencies = [("clients", "0003_double_names_and_search_indexes")]

    operations = [
        migrations.RemoveIndex(model_name="namespelling", name="spelling_trigrams"),
        migrations.RemoveIndex(model_name="namespelling", name="spelling_slips"),
        migrations.RemoveField(model_name="namespelling", name="slips"),
        migrations.AddField(
            model_name="namespelling",
            name="slips",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.IntegerField(), default=list, size=None
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="namespelling",
            index=django.contrib.postgres.indexes.GinIndex(
                fastupdate=False, fields=["slips"], name="spelling_slips"
            ),
        ),
    ]
