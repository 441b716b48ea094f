from django.db import migrations

COLUMNS = [
    (table, column)
    for table in ("clients_client", "clients_clientalias")
    for column in ("first_key", "last_key")
]


class Migration(migrations.Migration):
    """Let the planner know names well: with the usual sample it takes a common beginning for a rare
    one, and sorts all of its rows where the index has them in order."""

    dependencies = [("clients", "0004_slips_of_two_letters")]

    operations = [
        migrations.RunSQL(
            f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 1000",
            f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS -1",
        )
        for table, column in COLUMNS
    ]
