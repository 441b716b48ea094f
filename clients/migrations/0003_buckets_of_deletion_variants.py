"""A smaller index of misspelled names (docs/search.md)."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

BUCKETS = """
CREATE OR REPLACE FUNCTION clients_deletion_buckets(variants integer[]) RETURNS integer[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT ARRAY(SELECT variant & 2097151 FROM unnest(variants) AS variant) $$
"""


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("clients", "0002_stored_duplicate_keys")]

    operations = [
        migrations.RunSQL(BUCKETS, "DROP FUNCTION clients_deletion_buckets"),
        # An interrupted run leaves one that nobody may use.
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS spelling_buckets", ""),
        AddIndexConcurrently(
            "namespelling",
            django.contrib.postgres.indexes.GinIndex(
                models.Func(
                    models.F("deletion_variants"),
                    function="clients_deletion_buckets",
                    output_field=django.contrib.postgres.fields.ArrayField(models.IntegerField()),
                ),
                name="spelling_buckets",
                fastupdate=False,
            ),
        ),
        RemoveIndexConcurrently("namespelling", "spelling_deletions"),
    ]
