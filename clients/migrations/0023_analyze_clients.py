from django.db import migrations

# ANALYZE is the owner's alone, and find_duplicates runs as the server's role (docs/adr/0036). It
# takes no argument, and its search path is fixed: whoever calls it can choose nothing.
CREATE = """
CREATE FUNCTION clients_analyze() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    ANALYZE clients_client;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("clients", "0022_index_listed_clients")]

    operations = [migrations.RunSQL(CREATE, "DROP FUNCTION clients_analyze()")]
