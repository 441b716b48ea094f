from django.db import migrations

# From here on the form writes both.
AMOUNTS = """
    UPDATE casenotes_service SET fa_amount = units
    FROM casenotes_servicetype AS kind
    WHERE kind.id = service_type_id AND kind.unit = 'dollars' AND kind.record_type IN (151, 152)
        AND fa_amount IS NULL;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("casenotes", "0006_validate_rules"),
    ]

    operations = [migrations.RunSQL(AMOUNTS, migrations.RunSQL.noop)]
