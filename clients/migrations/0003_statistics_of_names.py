from django.db import migrations

# Let the planner know names well: with the usual sample it takes a common beginning for a rare
# one, and sorts all of its rows where the index has them in order.
STATISTICS = "ALTER TABLE {} ALTER COLUMN first_key SET STATISTICS {}, ALTER COLUMN last_key SET STATISTICS {}"
TABLES = ("clients_client", "clients_clientalias")

# ANALYZE is the owner's alone, and find_duplicates runs as the server's role (docs/adr/0036). It
# takes no argument, and its search path is fixed: whoever calls it can choose nothing.
ANALYZE = """
CREATE FUNCTION clients_analyze() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    ANALYZE clients_client;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("clients", "0002_initial")]

    operations = [
        *(
            migrations.RunSQL(
                STATISTICS.format(table, 1000, 1000), STATISTICS.format(table, -1, -1)
            )
            for table in TABLES
        ),
        migrations.RunSQL(ANALYZE, "DROP FUNCTION clients_analyze()"),
    ]
