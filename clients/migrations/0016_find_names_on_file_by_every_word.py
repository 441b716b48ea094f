import pgtrigger
from django.db import connection, migrations, transaction

from clients.models.spelling import slips
from clients.name_forms import name_forms
from hud.text import normalised

BATCH = 2000
# Nothing is changed that anybody may read: it is no event in the history of a client.
HISTORY = [
    f"clients.{model}:{name}"
    for model in ("Client", "ClientAlias")
    for name in ("insert_insert", "update_update")
]


def derive(apps, schema_editor):
    """Write the name forms of those on file, a batch in a transaction; begun again, it goes on."""
    for name in ("Client", "ClientAlias"):
        model = apps.get_model("clients", name)
        last = 0
        middle = "middle_name" if name == "Client" else "last_name"
        rows = model._base_manager.filter(name_forms="").order_by("pk")
        columns = ["pk", "first_name", middle, "last_name"]
        while batch := list(rows.filter(pk__gt=last).values_list(*columns)[:BATCH]):
            last = batch[-1][0]
            with transaction.atomic(), pgtrigger.ignore(*HISTORY):
                write(model, batch, has_middle=name == "Client")
            if name == "Client":
                remember(apps, batch)


def write(model, batch, *, has_middle):
    forms = {
        pk: name_forms(first, middle if has_middle else "", last)
        for pk, first, middle, last in batch
    }
    lines = {
        pk: "\n".join("\t".join(key[:200] for key in form) for form in found)
        for pk, found in forms.items()
        if found
    }
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {model._meta.db_table} AS named SET name_forms = found.forms"  # noqa: S608
            " FROM unnest(%s::bigint[], %s::text[]) AS found(id, forms)"
            # By what it is now: whoever saved the row meanwhile has derived the newer forms.
            " WHERE named.id = found.id AND named.name_forms = ''",
            [list(lines), list(lines.values())],
        )


def remember(apps, batch):
    """Middle names are looked up in the dictionary of spellings too."""
    spelling = apps.get_model("clients", "NameSpelling")
    words = {
        normalised(word) for _, _, middle, _ in batch for word in [*middle.split(), middle]
    }
    rows = [
        spelling(part=word, key=word, slips=slips(word)) for word in sorted(words) if len(word) > 1
    ]
    spelling.objects.bulk_create(rows, ignore_conflicts=True)


class Migration(migrations.Migration):
    """Locks no table: each batch is a transaction of its own."""

    atomic = False
    dependencies = [("clients", "0015_names_by_every_word")]

    operations = [migrations.RunPython(derive, migrations.RunPython.noop)]
