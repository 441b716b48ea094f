import pgtrigger
from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models, transaction

from hud.rules.ssn import shape

BATCH = 2000
# Nothing is changed that anybody may read: it is no event in the history of a client.
HISTORY = [f"clients.Client:{name}" for name in ("insert_insert", "update_update")]


def judge(apps, schema_editor):
    """Write the shape of each SSN on file, a batch in a transaction; begun again, it goes on."""
    model = apps.get_model("clients", "Client")
    waiting = model._base_manager.exclude(ssn="").filter(ssn_shape="").order_by("pk")
    last = 0
    while batch := list(waiting.filter(pk__gt=last).values_list("pk", "ssn")[:BATCH]):
        last = batch[-1][0]
        by_shape = {}
        for pk, ssn in batch:
            by_shape.setdefault(shape(ssn).value, []).append(pk)
        with transaction.atomic(), pgtrigger.ignore(*HISTORY):
            for value, ids in by_shape.items():
                # By what it is now: whoever saved the client meanwhile has judged the newer number.
                rows = model._base_manager.filter(pk__in=ids, ssn_shape="")
                rows.update(ssn_shape=value)


class Migration(migrations.Migration):
    """Locks no table: an index beside the writers, and the SSNs of a large table batch by batch."""

    atomic = False
    dependencies = [("clients", "0010_ssn_shape_and_listed_clients")]

    operations = [
        migrations.RunPython(judge, migrations.RunPython.noop),
        ValidateConstraint("client", "client_ssn_shape_is_known"),
        ValidateConstraint("clientaccess", "access_kind_is_known"),
        AddIndexConcurrently(
            model_name="clientaccess",
            index=models.Index(
                condition=models.Q(("kind", "list"), _negated=True),
                fields=["user", "-at"],
                name="access_looks_by_user",
            ),
        ),
    ]
